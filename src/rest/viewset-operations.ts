/** The operations that REST framework gives a resource: list, retrieve, create, update, partial_update, destroy, used_by. */
import { integer, list, nameOf, type Schema } from '../schema/words.ts'
import { readOnce } from '../schema/lazily.ts'
import { keyOf, modelNameOf } from '../store/resource.ts'
import type { Key } from '../store/table.ts'
import type { Fields, RowOfFields } from './field.ts'
import {
  LIST_QUERY,
  operation,
  type Change,
  type Context,
  type Documented,
  type Method,
  type Operation,
  type View,
} from './operation.ts'
import { paginated, toPage, type Ordering, type Page } from './pagination.ts'
import type { RestResource } from './resource.ts'
import { USED_BY_VIEW, UsedBy } from './used-by.ts'
import {
  findRow,
  findUsed,
  idIn,
  listRows,
  requirePermission,
  whereAny,
  whereViewable,
  type Lookup,
  type Sees,
  type Viewset,
} from './viewset.ts'

const SUFFIXES = {
  list: 'list',
  retrieve: 'retrieve',
  create: 'create',
  update: 'update',
  partial_update: 'partial_update',
  destroy: 'destroy',
  used_by: 'used_by_list',
} as const

/** What can be done with the rows of a resource. */
export type Action = keyof typeof SUFFIXES

/** The start of the operationIds below a path: `core_applications` for `/core/applications/`. */
type PrefixOf<Path extends string> = Path extends `/${infer Tag}/${infer Name}/` ? `${Tag}_${Replaced<Name>}` : string
type Replaced<Name extends string> = Name extends `${infer Start}/${infer Rest}` ? `${Start}_${Replaced<Rest>}` : Name

/** How the paths of a resource behave. */
export interface ViewsetOptions<F extends Fields, Path extends string, A extends Action> {
  /** Such as `/core/applications/`. */
  path: Path
  actions: readonly A[]
  /** Who sees which rows in a list. @default whoever has the permission to view them */
  sees?: Sees
  /** Who sees which rows by their own path. @default as in a list */
  seesInstance?: Sees
  /** The order of a list when nobody says: `-` before a field for downwards. */
  ordering: readonly string[]
  /** Whether a release knows what `?ordering=` names. @default it does */
  orders?(name: string, context: Context): boolean
  /** How a path names a row. @default by its integer pk, called `id` */
  lookup?: {
    parameter: string
    schema: Schema
    field?: keyof RowOfFields<F> & string
    read(text: string): Key | undefined
  }
  /** What the view is called. @default the class, with spaces */
  title?: string
  /** What authentik says of it when asked by OPTIONS. @default the class, as a viewset */
  description?: string
  /** Whom no permission is asked of. */
  open?: View['open']
  /** The lines of releases that have it. @default every line */
  lines?: string
  /** The field that holds whose a row is: its owner needs no permission to change or delete it. */
  owner?: keyof RowOfFields<F> & string
  /** Who is told what uses which rows. @default whoever has the permission to view them, of those that they see */
  usedBySees?: Sees
  /** Lets through who may delete a row. @default whoever has the permission. @throws Problem 403 */
  mayDestroy?(context: Context): void
  /** Lets through who may make a row, before a body is read. @throws Problem 403 */
  mayCreate?(context: Context): void
  /** Loads what a body is read with. */
  prepare?(): Promise<void>
  /**
   * What becomes of a body before it is written.
   * @param row the one that is changed; undefined for a new one
   * @throws Problem 400 for what cannot be
   */
  write?(
    values: Record<string, unknown>,
    context: Context,
    row?: RowOfFields<F>,
  ): Record<string, unknown> | Promise<Record<string, unknown>>
  /** What follows from a row that was written. @param values what the body said */
  written?(row: RowOfFields<F>, context: Context, change: Change, values: Readonly<Record<string, unknown>>): unknown
  /** Methods that authentik has and the mock has not: on the list, and on the path of one row. */
  missing?: { list?: readonly Method[]; instance?: readonly Method[] }
  /** What OPTIONS says of the fields of a body. */
  describeBody?: NonNullable<View['describeBody']>
  /** Query parameters of a list beside those of every list. */
  listQuery?: Record<string, Documented>
  /** Query parameters of one row that is shown. */
  query?: Record<string, Documented>
  /** What a search box may offer, in releases that say. */
  autocomplete?(context: Context): object | Promise<object>
  /** The rows, where no table has them; they may be loaded first. */
  rows?(context: Context): Promise<readonly RowOfFields<F>[]>
  /**
   * Keeps a row that was written, where no table has the rows.
   * @returns the row as it is shown
   */
  keep?(change: Change, row: RowOfFields<F>, context: Context): Promise<RowOfFields<F>>
  /** What a list shows of a page. */
  show?(page: Page<RowOfFields<F>>, context: Context): unknown
}

/** The operations of a resource, and how its rows are found by their path. */
export interface ViewsetOperations<F extends Fields, Path extends string, A extends Action> {
  operations: Operation<`${PrefixOf<Path>}_${(typeof SUFFIXES)[A]}`>[]
  viewset: Viewset<RowOfFields<F>>
  /** What operations on the path of one row share. */
  instance: Pick<Operation, 'tag' | 'resource' | 'view' | 'parameters' | 'lines'>
  /** The row that the path names, whoever may see it. @throws Problem 404 */
  findAny(context: Context): RowOfFields<F>
  /** The row that the path names. @throws Problem 400, 403, 404 */
  find(context: Context): RowOfFields<F>
}

/**
 * The operations of a resource.
 * @example viewsetOperations(applications, { path: '/core/applications/', actions: ['list'], ordering: ['name'] })
 */
export function viewsetOperations<F extends Fields, const Path extends string, const A extends Action>(
  resource: RestResource<F>,
  options: ViewsetOptions<F, Path, A>,
): ViewsetOperations<F, Path, A> {
  const parts = partsOf(resource, options)
  const prefix = options.path.slice(1, -1).replaceAll('/', '_')
  const toOperation = (action: A) => operation(withId(`${prefix}_${SUFFIXES[action]}`, ACTIONS[action](parts)))
  return {
    operations: options.actions.map(toOperation) as Operation<never>[],
    viewset: parts.viewset,
    find: parts.find,
    instance: parts.instance,
    findAny: (context) => findRow(context, { resource, sees: whereAny }, parts.lookup(context)),
  }
}

/** What an action on one row is, beside what its path says. */
export interface RowAction<Row, Id extends string> {
  id: Id
  method: Method
  /** The last segment of the path: `set_password`. */
  name: string
  summary: string
  /** What authentik says of it when asked by OPTIONS. */
  description?: string
  query?: Operation['query']
  lines?: string
  headers?: Operation['headers']
  observed?: Operation['observed']
  body?(): Schema
  /** @default 204 without a body */
  responses?(): Operation['responses']
  /** Finds the row. @default among those that the caller sees */
  find?(context: Context): Row
  resolve(row: Row, context: Context): unknown
}

/**
 * An operation on a path below that of one row.
 * @example rowAction(viewset, { id: 'core_users_set_password_create', method: 'POST', name: 'set_password', ... })
 */
export function rowAction<F extends Fields, const Id extends string>(
  { instance, find }: Pick<ViewsetOperations<F, string, Action>, 'instance' | 'find'>,
  action: RowAction<RowOfFields<F>, Id>,
): Operation<Id> {
  const { id, method, name, summary, description = '', lines, query, headers, body, responses, observed } = action
  const findOne = action.find ?? find
  return operation<Id>({
    ...instance,
    id,
    method,
    summary,
    view: {
      path: `${instance.view.path}${name}/`,
      name: name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase()),
      description,
      ...(instance.view.model !== undefined && { model: instance.view.model }),
    },
    ...(lines !== undefined && { lines }),
    ...(query && { query }),
    ...(headers && { headers }),
    ...(observed && { observed }),
    get body() {
      return body?.()
    },
    get responses() {
      return responses?.() ?? { 204: null }
    },
    resolve: (context) => action.resolve(findOne(context), context),
  })
}

/** An operation but for what follows from its action. */
type Definition = Omit<Operation, 'id' | 'status'>

const withId = (id: string, definition: Definition) => Object.assign(definition, { id })

/** What the operations of one resource have in common. */
interface Parts<F extends Fields> {
  resource: RestResource<F>
  options: ViewsetOptions<F, string, Action>
  viewset: Viewset<RowOfFields<F>>
  /** What a summary calls several of them: `authorization codes`. */
  plural: string
  /** What operations on the path of the list share. */
  collection: Pick<Definition, 'tag' | 'resource' | 'view' | 'parameters' | 'lines'>
  /** What operations on the path of one row share. */
  instance: Pick<Definition, 'tag' | 'resource' | 'view' | 'parameters' | 'lines'>
  lookup(context: Context): Lookup<RowOfFields<F>>
  find(context: Context): RowOfFields<F>
  /** The same, where the rows may have to be loaded first. */
  findOne(context: Context): RowOfFields<F> | Promise<RowOfFields<F>>
}

function partsOf<F extends Fields>(resource: RestResource<F>, options: ViewsetOptions<F, string, Action>): Parts<F> {
  const { path, sees = whereViewable, seesInstance = sees, open, missing = {}, ordering } = options
  const { django, noun } = resource
  const { parameter, schema, field = resource.key, read } = { ...BY_ID, ...options.lookup }
  const title = options.title ?? spaced(django.className)
  const plural = `${noun.replace(/^an? /, '')}s`
  const viewset: Viewset<RowOfFields<F>> = readOnce({
    resource,
    sees,
    get orderings() {
      return resource.orderings
    },
    ...(options.orders && { orders: options.orders }),
    defaultOrdering: ordering.map(toOrder),
  })
  const lookup = ({ params }: Context) => ({ key: read(params[parameter] ?? ''), field })
  const find = (context: Context) => findRow(context, { resource, sees: seesInstance }, lookup(context))
  /** The row that the path names, where no table has the rows. */
  const findLoaded = async (context: Context) =>
    findRow(context, { resource, sees: seesInstance, rows: await options.rows?.(context) }, lookup(context))
  const findOne = options.rows ? findLoaded : find
  const common = {
    tag: path.split('/')[1] ?? '',
    resource,
    ...(options.lines !== undefined && { lines: options.lines }),
  }
  const guard = {
    description: options.description ?? `${django.className} Viewset`,
    model: modelNameOf(resource),
    ...(open && { open }),
  }
  return {
    resource,
    options,
    viewset,
    plural,
    collection: {
      ...common,
      view: {
        ...guard,
        path,
        name: `${title} List`,
        missing: missing.list ?? [],
        ...(options.describeBody && { describeBody: options.describeBody }),
      },
      parameters: {},
    },
    instance: {
      ...common,
      view: {
        ...guard,
        path: `${path}{${parameter}}/`,
        name: `${title} Instance`,
        missing: missing.instance ?? [],
        find: findOne,
      },
      parameters: { [parameter]: { schema, description: `Which of the ${plural}.` } },
    },
    lookup,
    find,
    findOne,
  }
}

/** What reads a body and makes a row of it: it is loaded with the first body, because many a page only reads. */
let writing: typeof import('./write-row.ts') | undefined
const loadWriting = async () => (writing ??= await import('./write-row.ts'))

/** The operation of each action. */
const ACTIONS: Record<Action, <F extends Fields>(parts: Parts<F>) => Definition> = {
  list: ({ resource, options, viewset, plural, collection }) => ({
    ...collection,
    method: 'GET',
    summary: `Lists the ${plural} that the caller may see.`,
    get filters() {
      return resource.filters
    },
    query: { ...LIST_QUERY, ...options.listQuery },
    get responses() {
      return { 200: paginated(nameOf(resource.component), resource.component) }
    },
    resolve(context) {
      const answer = (autocomplete: object | undefined, rows?: readonly RowOfFields<typeof resource.fields>[]) => {
        const page = toPage(listRows(context, rows ? { ...viewset, rows } : viewset), context, autocomplete)
        return options.show ? options.show(page, context) : page
      }
      const autocomplete = options.autocomplete?.(context)
      if (!options.rows && !(autocomplete instanceof Promise)) return answer(autocomplete)
      return Promise.all([autocomplete, options.rows?.(context)]).then(([search, rows]) => answer(search, rows))
    },
  }),
  create: ({ resource, options, collection }) => ({
    ...collection,
    method: 'POST',
    summary: `Makes ${resource.noun}; what the body leaves out is as authentik has it by default.`,
    get body() {
      return resource.request
    },
    get responses() {
      return { 201: resource.component }
    },
    resolve: async (context) => {
      await options.mayCreate?.(context)
      await options.prepare?.()
      const { asSent, createRow, newRow, parseRow } = await loadWriting()
      const values = await parseRow(resource, context, false)
      const written = (await options.write?.(values, context)) ?? values
      const row = options.keep
        ? await options.keep('created', newRow(resource, context, written), context)
        : await createRow(resource, context, written)
      await context.audit?.('created', resource, row, context, {})
      await options.written?.(row, context, 'created', values)
      return asSent(resource, row, values, context)
    },
  }),
  retrieve: ({ resource, options, instance }) => ({
    ...instance,
    method: 'GET',
    summary: `Shows ${resource.noun}.`,
    get filters() {
      return resource.filters
    },
    ...(options.query && { query: options.query }),
    get responses() {
      return { 200: resource.component }
    },
    resolve: (context) => instance.view.find?.(context),
  }),
  update: ({ resource, options, instance, findOne: find }) => ({
    ...instance,
    method: 'PUT',
    summary: `Changes ${resource.noun}; what the body leaves out stays.`,
    get filters() {
      return resource.filters
    },
    get body() {
      return resource.request
    },
    get responses() {
      return { 200: resource.component }
    },
    resolve: async (context) => updateRow(resource, options, context, await find(context), false),
  }),
  partial_update: ({ resource, options, instance, findOne: find }) => ({
    ...instance,
    method: 'PATCH',
    summary: `Changes what the body says of ${resource.noun}.`,
    get filters() {
      return resource.filters
    },
    get body() {
      return resource.patch
    },
    get responses() {
      return { 200: resource.component }
    },
    resolve: async (context) => updateRow(resource, options, context, await find(context), true),
  }),
  destroy: ({ resource, options, instance, findOne: find }) => ({
    ...instance,
    method: 'DELETE',
    summary: `Deletes ${resource.noun}, and what cannot do without it.`,
    get filters() {
      return resource.filters
    },
    responses: { 204: null },
    resolve: async (context) => {
      const row = await find(context)
      if (options.mayDestroy) options.mayDestroy(context)
      else requirePermission(context.caller, 'delete', resource, row, ownerOf(row, options))
      if (options.keep) await options.keep('deleted', row, context)
      else await context.world.table(resource).delete(keyOf(resource, row))
      await options.written?.(row, context, 'deleted', {})
      await context.audit?.('deleted', resource, row, context)
    },
  }),
  used_by: ({ resource, options, instance, lookup }) => ({
    ...instance,
    method: 'GET',
    view: { ...USED_BY_VIEW, path: `${instance.view.path}used_by/`, model: modelNameOf(resource) },
    summary: `Lists what uses ${resource.noun}.`,
    filters: {},
    get responses() {
      return { 200: list(UsedBy) }
    },
    resolve: async (context) => {
      const { sees = whereViewable, seesInstance = sees, usedBySees } = options
      const visible = seesInstance === whereViewable ? whereAny : seesInstance
      const row = usedBySees
        ? findRow(context, { resource, sees: usedBySees }, lookup(context))
        : findUsed(context, { resource, sees: visible, rows: await options.rows?.(context) }, lookup(context))
      const { usedBy } = await import('./uses.ts')
      return usedBy(resource, row, context)
    },
  }),
}

/** @throws Problem 400, 403 without the permission, 415 */
async function updateRow<F extends Fields>(
  resource: RestResource<F>,
  options: ViewsetOptions<F, string, Action>,
  context: Context,
  row: RowOfFields<F>,
  partial: boolean,
): Promise<RowOfFields<F>> {
  requirePermission(context.caller, 'change', resource, row, ownerOf(row, options))
  await options.prepare?.()
  const { asSent, parseRow } = await loadWriting()
  const parsed = await parseRow(resource, context, partial, row)
  const values = (await options.write?.(parsed, context, row)) ?? parsed
  const updated = options.keep
    ? await options.keep('updated', { ...row, ...values }, context)
    : await context.world.table(resource).update(keyOf(resource, row), (draft) => void Object.assign(draft, values))
  await context.audit?.('updated', resource, updated, context, row)
  await options.written?.(updated, context, 'updated', parsed)
  return asSent(resource, updated, parsed, context)
}

const ownerOf = <F extends Fields>(row: RowOfFields<F>, { owner }: ViewsetOptions<F, string, Action>) =>
  owner && Reflect.get(row, owner)

const BY_ID = {
  parameter: 'id',
  schema: integer(),
  read: (text: string) => idIn({ params: { id: text } }),
}

const toOrder = (field: string): Ordering[number] => [field.replace(/^-/, ''), field.startsWith('-')]

/** A class's name with spaces, as REST framework writes it: `Authorization Code`. */
const spaced = (className: string) => className.replace(/([a-z])([A-Z])/g, '$1 $2')
