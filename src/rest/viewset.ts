/** Rows as a caller sees them: who may see which, filters, search, order (docs/authentik.md#permissions). */
import { hasIntegerKey, keyOf, modelNameOf, type Resource, type RowSource } from '../store/resource.ts'
import { SortedIndex, type RowList, type SortKey } from '../store/sorted-index.ts'
import type { Key } from '../store/table.ts'
import { credentialsMissing, invalid, notFound, permissionDenied, Problem, ServerFault } from './errors.ts'
import { FaultyFilter, FilterError, type Filter, type RowTest } from './filters.ts'
import type { Caller, Context } from './operation.ts'
import { parseOrdering, type Ordering } from './pagination.ts'
import { lastOf, toInteger } from './python.ts'
import type { JoinedKey, Search } from './resource.ts'

/** Which rows of a resource a caller sees, and in which order. */
export interface Viewset<Row extends object> {
  resource: Resource<Row> & {
    search?: Search<Row> | undefined
    joinedOrderings?: Readonly<Record<string, JoinedKey<Row>>>
  }
  sees: Sees
  /** What `?ordering=` can name. */
  orderings?: Readonly<Record<string, SortKey<Row>>>
  defaultOrdering?: Ordering
  /** Whether a release knows what `?ordering=` names. @default it does */
  orders?(name: string, context: Context): boolean
  /** The rows, where no table has them. */
  rows?: readonly Row[] | undefined
}

/**
 * The rows that a caller sees: those with these values, all for an empty object, those that pass a test, or none for
 * undefined.
 * @param rows where no table has them
 * @throws Problem 403 for a caller who is not even told that there is nothing
 */
export type Sees = (
  caller: Caller,
  resource: Resource,
  context: Context,
  rows?: readonly object[],
) => Visible | undefined

type Visible = Values | RowTest<object>

/** Values of a row, by field. */
type Values = Readonly<Record<string, unknown>>

/**
 * All rows for whoever has the permission to view them, and single ones for who has it for those; an internal service
 * account may see none, and anyone else is refused (authentik's ObjectFilter).
 */
export const whereViewable: Sees = (caller, resource, { world }, rows) => {
  const permission = `view_${modelNameOf(resource)}`
  if (caller.may(permission)) return {}
  const keys = caller.objects(permission)
  const toKey = hasIntegerKey(resource) ? Number : String
  const isViewable = (row: object) => keys.has(String(keyOf(resource, row)))
  if (rows ? rows.some(isViewable) : [...keys].some((key) => world.table(resource)?.has(toKey(key)))) return isViewable
  if (caller.internal) return undefined
  throw permissionDenied()
}

/** A superuser sees all, anyone else their own; no permission widens that. */
export const whereOwn = ({ superuser, user }: Caller): { user?: number } | undefined => {
  if (superuser) return {}
  return user === undefined ? undefined : { user }
}

/** Everybody sees all. */
export const whereAny = (): Record<never, never> => ({})

/**
 * The row whose uses are asked for; in releases that do not ask for the permission to view it, among those that a
 * caller sees anyway.
 */
export function findUsed<Row extends object>(
  context: Context,
  { sees, ...viewset }: Viewset<Row>,
  lookup: Lookup<Row>,
): Row {
  const guarded: Sees = (caller, used, subject, rows) => {
    const viewable = whereViewable(caller, used, subject, rows)
    const visible = viewable && sees(caller, used, subject, rows)
    return visible && ((candidate) => isAmong(viewable, candidate, subject) && isAmong(visible, candidate, subject))
  }
  const isGuarded = context.release.behaviour.usedByNeedsViewPermission
  return findRow(context, { ...viewset, sees: isGuarded ? guarded : sees }, lookup)
}

/** All rows that a caller sees and asks for, in the order asked for. @throws Problem 400 for a filter that cannot be, 403 */
export function listRows<Row extends object>(context: Context, viewset: Viewset<Row>): RowList<Row> {
  const { resource, sees, orderings = {}, defaultOrdering = [] } = viewset
  const visible = sees(context.caller, resource, context, viewset.rows)
  const { where, tests } = narrow(context, viewset)
  if (!visible) return []
  const values = typeof visible === 'function' ? {} : visible
  if (typeof visible === 'function') tests.push(visible as RowTest<Row>)
  if (!agree(values, where)) return []
  const { joinedOrderings = {} } = resource
  const names = [...Object.keys(orderings), ...Object.keys(joinedOrderings)]
  const accepted = viewset.orders ? names.filter((name) => viewset.orders?.(name, context)) : names
  const ordering = parseOrdering(context.query, accepted, defaultOrdering)
  const order = ordering.flatMap(([field, descending]) => {
    const sortKey = orderings[field]
    return sortKey ? [{ field, descending, sortKey }] : []
  })
  const conditions = { where: { ...where, ...values }, order }
  const listed = viewset.rows
    ? new SortedIndex(
        viewset.rows.filter((row) => agree(row, conditions.where)),
        order,
      ).list([])
    : context.world.table(resource).list(conditions)
  const joins = ordering.flatMap(([field, descending]) => {
    const read = joinedOrderings[field]
    return read ? [{ read, sign: descending ? -1 : 1 }] : []
  })
  const rows = joins.length ? sortedBy(listed, joins, context.world) : listed
  return tests.length ? rows.filter((row) => tests.every((test) => test(row, context.world))) : rows
}

/** Rows in the order of what stands in others; those that tie stay as they are. */
const sortedBy = <Row extends object>(
  rows: RowList<Row>,
  joins: readonly { read: JoinedKey<Row>; sign: number }[],
  source: RowSource,
): Row[] =>
  rows.slice(0, rows.length).toSorted((a, b) => {
    for (const { read, sign } of joins) {
      const [first, second] = [read(a, source), read(b, source)]
      if (first !== second) return first < second ? -sign : sign
    }
    return 0
  })

/** How a path names a row. */
export interface Lookup<Row extends object> {
  /** What the path says, read; undefined for what is no key. */
  key: Key | undefined
  /** The field that holds it. */
  field: keyof Row & string
}

/**
 * The row that a path names, when the caller sees it and it passes the filters, which hold there too.
 * @throws Problem 400, 403, 404
 */
export function findRow<Row extends object>(context: Context, viewset: Viewset<Row>, { key, field }: Lookup<Row>): Row {
  const { world, caller, release } = context
  const { resource, sees } = viewset
  const visible = sees(caller, resource, context, viewset.rows)
  const { where, tests } = narrow(context, viewset)
  if (key === undefined) throw notFound()
  const row = viewset.rows
    ? viewset.rows.find((candidate) => candidate[field] === key)
    : world.table(resource).find(field, key as never)
  const isVisible = row && visible && isAmong(visible, row, context) && agree(row, where)
  if (!isVisible || !tests.every((test) => test(row, world)))
    throw notFound(release.behaviour.notFoundNamesModel ? resource.django.className : undefined)
  return row
}

/** Whether a row is among those that a caller sees. */
const isAmong = (visible: Visible, row: object, { world }: Context) =>
  typeof visible === 'function' ? visible(row, world) : agree(row, visible)

/** Lets through who may do something to a row, or owns it. @throws Problem 403 */
export function requirePermission<Row extends object>(
  caller: Caller,
  action: 'change' | 'delete' | 'view',
  resource: Resource<Row>,
  row: Row,
  owner?: unknown,
): void {
  const isOwner = owner !== undefined && owner === caller.user
  if (!isOwner && !caller.may(`${action}_${modelNameOf(resource)}`, keyOf(resource, row))) throw permissionDenied()
}

/** Lets through what the caller may do. @throws Problem 403, for those whom nobody knows in other words */
export function requireAllowed(isAllowed: boolean, { user }: Caller): void {
  if (isAllowed) return
  throw user === undefined ? credentialsMissing() : permissionDenied()
}

/** The key that a path's `{id}` names. Anything that Python's `int()` reads is an id. */
export function idIn({ params }: Pick<Context, 'params'>): number | undefined {
  const text = params['id'] ?? ''
  // Most are plain, and need no number of any length.
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const id = toInteger(text)
  return id === undefined ? undefined : Number(id)
}

interface Narrowing<Row extends object> {
  where: Record<string, unknown>
  tests: RowTest<Row>[]
}

function narrow<Row extends object>(context: Context, { resource }: Viewset<Row>): Narrowing<Row> {
  const { query, operation } = context
  const narrowing: Narrowing<Row> = { where: {}, tests: [] }
  if (query.size === 0) return narrowing
  const { filters = {} } = operation
  readFilters(context, Object.entries(filters), narrowing)
  const words = searchedWords(context)
  const { search } = resource
  const { searchFindsBooleans } = context.release.behaviour
  if (search && words.length)
    narrowing.tests.push((row, source) => {
      const texts = search(row, source, searchFindsBooleans).map((text) => text.toLowerCase())
      return words.every((word) => texts.some((text) => text.includes(word)))
    })
  return narrowing
}

/** @throws Problem 400 with what is wrong, by filter */
function readFilters<Row extends object>(
  { query, world, serializer }: Context,
  filters: readonly [string, Filter<Row>][],
  { where, tests }: Narrowing<Row>,
): void {
  const errors: Record<string, string[]> = {}
  const read = (name: string, filter: Filter<Row>) => {
    const condition = filter.read(query.getAll(name), world)
    if (typeof condition === 'function') tests.push(condition as RowTest<Row>)
    else Object.assign(where, condition)
  }
  for (const [name, filter] of filters) {
    if (filter.late) continue
    try {
      read(name, filter)
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      if (error instanceof FaultyFilter && serializer.has(error.deviation)) throw new ServerFault()
      errors[name] = [error.message]
    }
  }
  if (Object.keys(errors).length) throw invalid(errors)
  for (const [name, filter] of filters) if (filter.late) read(name, filter)
}

function searchedWords({ query, release }: Context): string[] {
  const search = lastOf(query, 'search') ?? ''
  if (release.behaviour.searchRefusesNul && search.includes('\0'))
    throw new Problem(400, ['Null characters are not allowed.'])
  const words = search.replaceAll('\0', '').replaceAll(',', ' ').toLowerCase().split(/\s+/)
  return [...new Set(words)].filter(Boolean)
}

const agree = <Row extends object>(row: Partial<Row>, values: Partial<Row>) =>
  Object.entries(values).every(([field, value]) => !(field in row) || row[field as keyof Row] === value)
