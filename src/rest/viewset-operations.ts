/** The operations that REST framework gives a resource: list, retrieve, create, update, partial_update, destroy, used_by. */
import { integer, list, toOpenApi, type Schema } from '../schema/words.ts'
import { modelNameOf } from '../store/resource.ts'
import type { Key } from '../store/table.ts'
import { permissionDenied } from './errors.ts'
import type { Field, Fields, RowOfFields } from './field.ts'
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
import { parseBody, type FieldRules } from './parse-body.ts'
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
  sees?: Sees<RowOfFields<F>>
  /** Who sees which rows by their own path. @default as in a list */
  seesInstance?: Sees<RowOfFields<F>>
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
  autocomplete?: object
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
  type Row = RowOfFields<F>
  const {
    path,
    actions,
    sees = whereViewable as Sees<Row>,
    seesInstance = sees,
    open,
    missing = {},
    autocomplete,
  } = options
  const { django, names, filters, component, request, patch } = resource
  const { parameter, schema: keySchema, field, read } = { ...BY_ID, ...options.lookup }
  const title = options.title ?? spaced(django.className)
  const model = modelNameOf(resource)
  const guard = { description: `${django.className} Viewset`, model, ...(open && { open }) }
  const viewset: Viewset<Row> = {
    resource,
    sees,
    orderings: resource.orderings,
    defaultOrdering: options.ordering.map(toOrder),
  }
  const lookup = (context: Context): Lookup<Row> => ({
    key: read(context.params[parameter] ?? ''),
    field: (field ?? resource.key) as Lookup<Row>['field'],
  })
  const find = (context: Context) => findRow(context, { ...viewset, sees: seesInstance }, lookup(context))
  const [, tag = ''] = path.split('/')
  const plural = `${names.noun.replace(/^an? /, '')}s`

  const common = { tag, resource }
  const collection = {
    ...common,
    view: { ...guard, path, name: `${title} List`, ...(missing.list && { missing: missing.list }) },
    parameters: {},
  }
  const instance = {
    ...common,
    view: {
      ...guard,
      path: `${path}{${parameter}}/`,
      name: `${title} Instance`,
      ...(missing.instance && { missing: missing.instance }),
      find,
    },
    parameters: { [parameter]: { schema: keySchema, description: `Which of the ${plural}.` } },
    filters,
  }
  const update = (partial: boolean) => async (context: Context) => {
    const row = find(context)
    if (!context.caller.may(`change_${model}`)) throw permissionDenied()
    const values = await parseRow(resource, context, partial, row)
    return context.world.table(resource).update(row[resource.key] as Key, (draft) => void Object.assign(draft, values))
  }
  const byAction: Record<Action, Omit<Operation, 'id' | 'status'>> = {
    list: {
      ...collection,
      method: 'GET',
      summary: `Lists the ${plural} that the caller may see.`,
      filters,
      query: { ...LIST_QUERY, ...options.listQuery },
      responses: { 200: paginated(componentName(resource), component) },
      resolve(context) {
        const page = toPage(listRows(context, viewset), context, autocomplete)
        return options.show ? options.show(page, context) : page
      },
    },
    create: {
      ...collection,
      method: 'POST',
      summary: `Makes ${names.noun}; what the body leaves out is as authentik has it by default.`,
      body: request,
      responses: { 201: component },
      resolve: async (context) => createRow(resource, context, await parseRow(resource, context, false)),
    },
    retrieve: {
      ...instance,
      ...(options.query && { query: options.query }),
      method: 'GET',
      summary: `Shows ${names.noun}.`,
      responses: { 200: component },
      resolve: find,
    },
    update: {
      ...instance,
      method: 'PUT',
      summary: `Changes ${names.noun}; what the body leaves out stays.`,
      body: request,
      responses: { 200: component },
      resolve: update(false),
    },
    partial_update: {
      ...instance,
      method: 'PATCH',
      summary: `Changes what the body says of ${names.noun}.`,
      body: patch,
      responses: { 200: component },
      resolve: update(true),
    },
    destroy: {
      ...instance,
      method: 'DELETE',
      summary: `Deletes ${names.noun}, and what cannot do without it.`,
      responses: { 204: null },
      resolve: (context) => deleteRow(context, resource, find(context)),
    },
    used_by: {
      ...common,
      method: 'GET',
      view: { ...USED_BY_VIEW, path: `${path}{${parameter}}/used_by/`, model },
      parameters: instance.parameters,
      filters: {},
      summary: `Lists what uses ${names.noun}.`,
      responses: { 200: list(UsedBy) },
      resolve(context) {
        const visible = seesInstance === whereViewable ? whereAny : seesInstance
        return usedBy(resource, findUsed(context, { resource, sees: visible as Sees<Row> }, lookup(context)), context)
      },
    },
  }
  const prefix = path.slice(1, -1).replace('/', '_')
  const toOperation = (action: A) => operation({ ...byAction[action], id: `${prefix}_${SUFFIXES[action]}` })
  return { operations: actions.map(toOperation) as Operation<never>[], viewset, find }
}

const BY_ID = {
  parameter: 'id',
  schema: integer(),
  field: undefined,
  read: (text: string) => idIn({ params: { id: text } }),
}

const toOrder = (field: string): Ordering[number] => [field.replace(/^-/, ''), field.startsWith('-')]

/** A class's name with spaces, as REST framework writes it: `Authorization Code`. */
const spaced = (className: string) => className.replace(/([a-z])([A-Z])/g, '$1 $2')

const componentName = ({ component }: RestResource) =>
  String((toOpenApi(component)['$ref'] as string).split('/').at(-1))

/** A row of a body's values, with what authentik makes up: a new key, a client's secret. */
export function createRow<F extends Fields>(
  resource: RestResource<F>,
  { world }: Context,
  values: Record<string, unknown>,
): Promise<RowOfFields<F>> {
  const { key, generated } = resource
  const table = world.table(resource)
  const isInteger = toOpenApi(resource.model.shape[key] ?? integer())['type'] === 'integer'
  const generatedValues = Object.entries(generated).map(([field, make]) => [field, make(world.random)])
  const row = {
    [key]: isInteger ? table.next() : world.random.uuid(),
    ...Object.fromEntries(generatedValues),
    ...values,
  }
  return table.create(row as RowOfFields<F>)
}

/**
 * A body's values for a row.
 * @param row the one that is changed, whose unique values it may keep
 * @throws Problem 400, 415
 */
export function parseRow<F extends Fields>(
  resource: RestResource<F>,
  { call, release, operation: { body = resource.request }, world }: Context,
  partial: boolean,
  row?: RowOfFields<F>,
): Promise<Record<string, unknown>> {
  const table = world.table(resource)
  const takenMessage = (name: string, { unique }: Field, value: unknown) => {
    if (!unique || [undefined, row].includes(table.find(name as never, value as never))) return undefined
    return `${unique.model ?? resource.django.verboseName ?? resource.django.className} with this ${unique.label ?? name} already exists.`
  }
  const toRules = (name: string, field: Field): FieldRules => ({
    exists: (key) => (field.exists ? field.exists(key, world) : world.tableNamed(field.references ?? '').has(key)),
    check: (value) => takenMessage(name, field, value) ?? field.check?.(value),
  })
  const fields: [string, Field][] = Object.entries(resource.fields)
  const rules = Object.fromEntries(fields.map(([name, field]) => [name, toRules(name, field)]))
  return parseBody(call, body, { partial, jsonParser: release.behaviour.jsonParser, rules })
}
