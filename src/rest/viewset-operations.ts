/** The operations that REST framework gives a resource: list, retrieve, create, update, partial_update, destroy, used_by. */
import { integer, list, nameOf, type Schema } from '../schema/words.ts'
import { keyOf, modelNameOf } from '../store/resource.ts'
import type { Key } from '../store/table.ts'
import { permissionDenied } from './errors.ts'
import type { Fields, RowOfFields } from './field.ts'
import {
  LIST_QUERY,
  operation,
  type Context,
  type Documented,
  type Method,
  type Operation,
  type View,
} from './operation.ts'
import { paginated, toPage, type Ordering, type Page } from './pagination.ts'
import type { ResourceNames, RestResource } from './resource.ts'
import { USED_BY_VIEW, UsedBy, usedBy } from './used-by.ts'
import {
  deleteRow,
  findRow,
  findUsed,
  idIn,
  listRows,
  whereAny,
  whereViewable,
  type Lookup,
  type Sees,
  type Viewset,
} from './viewset.ts'
import { createRow, parseRow } from './write-row.ts'

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
type PrefixOf<Path extends string> = Path extends `/${infer Tag}/${infer Name}/` ? `${Tag}_${Name}` : string

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
  /** How a path names a row. @default by its integer pk, called `id` */
  lookup?: {
    parameter: string
    schema: Schema
    field?: keyof RowOfFields<F> & string
    read(text: string): Key | undefined
  }
  /** What the view is called. @default the class, with spaces */
  title?: string
  /** Whom no permission is asked of. */
  open?: View['open']
  /** Methods that authentik has and the mock has not: on the list, and on the path of one row. */
  missing?: { list?: readonly Method[]; instance?: readonly Method[] }
  /** Query parameters of a list beside those of every list. */
  listQuery?: Record<string, Documented>
  /** Query parameters of one row that is shown. */
  query?: Record<string, Documented>
  /** What a search box may offer, in releases that say. */
  autocomplete?(context: Context): object
  /** What a list shows of a page. */
  show?(page: Page<RowOfFields<F>>, context: Context): unknown
}

/** The operations of a resource, and how its rows are found by their path. */
export interface ViewsetOperations<F extends Fields, Path extends string, A extends Action> {
  operations: Operation<`${PrefixOf<Path>}_${(typeof SUFFIXES)[A]}`>[]
  viewset: Viewset<RowOfFields<F>>
  /** The row that the path names. @throws Problem 400, 403, 404 */
  find(context: Context): RowOfFields<F>
}

/**
 * The operations of a resource.
 * @example viewsetOperations(applications, { path: '/core/applications/', actions: ['list'], ordering: ['name'] })
 */
export function viewsetOperations<F extends Fields, const Path extends string, const A extends Action>(
  resource: RestResource<F, string, ResourceNames>,
  options: ViewsetOptions<F, Path, A>,
): ViewsetOperations<F, Path, A> {
  const parts = partsOf(resource, options)
  const prefix = options.path.slice(1, -1).replace('/', '_')
  const toOperation = (action: A) => operation({ ...ACTIONS[action](parts), id: `${prefix}_${SUFFIXES[action]}` })
  return {
    operations: options.actions.map(toOperation) as Operation<never>[],
    viewset: parts.viewset,
    find: parts.find,
  }
}

/** An operation but for what follows from its action. */
type Definition = Omit<Operation, 'id' | 'status'>

/** What the operations of one resource have in common. */
interface Parts<F extends Fields> {
  resource: RestResource<F, string, ResourceNames>
  options: ViewsetOptions<F, string, Action>
  viewset: Viewset<RowOfFields<F>>
  /** What a summary calls several of them: `authorization codes`. */
  plural: string
  /** What operations on the path of the list share. */
  collection: Pick<Definition, 'tag' | 'resource' | 'view' | 'parameters'>
  /** What operations on the path of one row share. */
  instance: Pick<Definition, 'tag' | 'resource' | 'view' | 'parameters'>
  lookup(context: Context): Lookup<RowOfFields<F>>
  find(context: Context): RowOfFields<F>
}

function partsOf<F extends Fields>(
  resource: RestResource<F, string, ResourceNames>,
  options: ViewsetOptions<F, string, Action>,
): Parts<F> {
  const { path, sees = whereViewable, seesInstance = sees, open, missing = {}, ordering } = options
  const { django, names, orderings } = resource
  const { parameter, schema, field = resource.key, read } = { ...BY_ID, ...options.lookup }
  const title = options.title ?? spaced(django.className)
  const plural = `${names.noun.replace(/^an? /, '')}s`
  const viewset: Viewset<RowOfFields<F>> = { resource, sees, orderings, defaultOrdering: ordering.map(toOrder) }
  const lookup = ({ params }: Context) => ({ key: read(params[parameter] ?? ''), field })
  const instanceViewset = { ...viewset, sees: seesInstance }
  const find = (context: Context) => findRow(context, instanceViewset, lookup(context))
  const common = { tag: path.split('/')[1] ?? '', resource }
  const guard = {
    description: `${django.className} Viewset`,
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
      view: { ...guard, path, name: `${title} List`, missing: missing.list ?? [] },
      parameters: {},
    },
    instance: {
      ...common,
      view: {
        ...guard,
        path: `${path}{${parameter}}/`,
        name: `${title} Instance`,
        missing: missing.instance ?? [],
        find,
      },
      parameters: { [parameter]: { schema, description: `Which of the ${plural}.` } },
    },
    lookup,
    find,
  }
}

/** The operation of each action. */
const ACTIONS: Record<Action, <F extends Fields>(parts: Parts<F>) => Definition> = {
  list: ({ resource, options, viewset, plural, collection }) => ({
    ...collection,
    method: 'GET',
    summary: `Lists the ${plural} that the caller may see.`,
    filters: resource.filters,
    query: { ...LIST_QUERY, ...options.listQuery },
    responses: { 200: paginated(nameOf(resource.component), resource.component) },
    resolve(context) {
      const page = toPage(listRows(context, viewset), context, options.autocomplete?.(context))
      return options.show ? options.show(page, context) : page
    },
  }),
  create: ({ resource, collection }) => ({
    ...collection,
    method: 'POST',
    summary: `Makes ${resource.names.noun}; what the body leaves out is as authentik has it by default.`,
    body: resource.request,
    responses: { 201: resource.component },
    resolve: async (context) => createRow(resource, context, await parseRow(resource, context, false)),
  }),
  retrieve: ({ resource, options, instance, find }) => ({
    ...instance,
    method: 'GET',
    summary: `Shows ${resource.names.noun}.`,
    filters: resource.filters,
    ...(options.query && { query: options.query }),
    responses: { 200: resource.component },
    resolve: find,
  }),
  update: ({ resource, instance, find }) => ({
    ...instance,
    method: 'PUT',
    summary: `Changes ${resource.names.noun}; what the body leaves out stays.`,
    filters: resource.filters,
    body: resource.request,
    responses: { 200: resource.component },
    resolve: (context) => updateRow(resource, context, find(context), false),
  }),
  partial_update: ({ resource, instance, find }) => ({
    ...instance,
    method: 'PATCH',
    summary: `Changes what the body says of ${resource.names.noun}.`,
    filters: resource.filters,
    body: resource.patch,
    responses: { 200: resource.component },
    resolve: (context) => updateRow(resource, context, find(context), true),
  }),
  destroy: ({ resource, instance, find }) => ({
    ...instance,
    method: 'DELETE',
    summary: `Deletes ${resource.names.noun}, and what cannot do without it.`,
    filters: resource.filters,
    responses: { 204: null },
    resolve: (context) => deleteRow(context, resource, find(context)),
  }),
  used_by: ({ resource, options, instance, lookup }) => ({
    ...instance,
    method: 'GET',
    view: { ...USED_BY_VIEW, path: `${instance.view.path}used_by/`, model: modelNameOf(resource) },
    summary: `Lists what uses ${resource.names.noun}.`,
    filters: {},
    responses: { 200: list(UsedBy) },
    resolve(context) {
      const { sees = whereViewable, seesInstance = sees } = options
      const visible = seesInstance === whereViewable ? whereAny : seesInstance
      return usedBy(resource, findUsed(context, { resource, sees: visible }, lookup(context)), context)
    },
  }),
}

/** @throws Problem 400, 403 without the permission, 415 */
async function updateRow<F extends Fields>(
  resource: RestResource<F>,
  context: Context,
  row: RowOfFields<F>,
  partial: boolean,
): Promise<RowOfFields<F>> {
  if (!context.caller.may(`change_${modelNameOf(resource)}`)) throw permissionDenied()
  const values = await parseRow(resource, context, partial, row)
  const table = context.world.table(resource)
  return table.update(keyOf(resource, row), (draft) => void Object.assign(draft, values))
}

const BY_ID = {
  parameter: 'id',
  schema: integer(),
  read: (text: string) => idIn({ params: { id: text } }),
}

const toOrder = (field: string): Ordering[number] => [field.replace(/^-/, ''), field.startsWith('-')]

/** A class's name with spaces, as REST framework writes it: `Authorization Code`. */
const spaced = (className: string) => className.replace(/([a-z])([A-Z])/g, '$1 $2')
