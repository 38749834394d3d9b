/** Rows as a caller sees them: who may see which, filters, search, order (FACTS 1.1, 3). */
import type { Key } from '../store/table.ts'
import { Refused, type Condition } from './filters.ts'
import type { Caller, Context } from './operation.ts'
import type { Extract } from '../store/sorted-index.ts'
import { parseOrdering, type Ordering } from './pagination.ts'
import { invalid, notFound, permissionDenied, Problem } from './errors.ts'
import { lastOf, toInteger } from './python.ts'
import type { Behaviour } from './behaviour.ts'
import type { Known, Resource } from '../store/resource.ts'

export interface Viewset<Row extends object> {
  resource: Resource<Row>
  sees: Sees<Row>
  /** What `?ordering=` can name. */
  orderings?: Record<string, Extract<Row>>
  byDefault?: Ordering
  /** The texts that `?search=` looks in. */
  search?(row: Row, known: Known, behaviour: Behaviour): readonly string[]
}

/**
 * The rows that a caller sees: those with these values, all for an empty object, none for undefined.
 * @throws Problem 403 for a caller who is not even told that there is nothing
 */
export type Sees<Row extends object> = (caller: Caller) => Partial<Row> | undefined

/** Rows for whoever has the permission to view them; an internal service account sees none (authentik's ObjectFilter). */
export const whereViewable =
  (model: string): Sees<any> =>
  (caller) => {
    if (caller.may(`view_${model}`)) return {}
    if (caller.internal) return undefined
    throw permissionDenied()
  }

/** A superuser sees all, anyone else their own; no permission widens that (FACTS 1.1). */
export const whereOwn: Sees<{ user: number }> = (caller) => (caller.superuser ? {} : { user: caller.user! })

export const whereAny: Sees<any> = () => ({})

/** The row whose uses are asked for; in releases that do not ask for the permission to view it, among those that a caller sees anyway. */
export function findUsed<Row extends object>(context: Context, set: Viewset<Row>, key: Key | undefined): Row {
  const { resource, sees } = set
  const viewable = whereViewable(resource.django!.model)
  const guarded: Sees<Row> = (caller) => viewable(caller) && sees(caller)
  return findRow(context, { resource, sees: context.release.behaviour.guardsUsedBy ? guarded : sees }, key)
}

/** All rows that a caller sees and asks for, in the order asked for. @throws Problem 400 for a filter that cannot be, 403 */
export function listRows<Row extends object>(context: Context, set: Viewset<Row>): readonly Row[] {
  const seen = set.sees(context.caller)
  const { where, tests } = narrow(context, set)
  if (!seen || !agree(seen, where)) return []
  const { orderings = {}, byDefault = [] } = set
  const order = parseOrdering(context.query, Object.keys(orderings), byDefault).map(([by, down]) => ({
    by,
    down,
    value: orderings[by]!,
  }))
  const rows = context.world.rows(set.resource).list({ where: { ...where, ...seen }, order })
  return tests.length ? rows.filter((row) => tests.every((test) => test(row, context.world))) : rows
}

/**
 * The row that a path names, when the caller sees it and it passes the filters, which hold there too.
 * @param key what the path says, read; undefined for what is no key
 * @throws Problem 400, 403, 404
 */
export function findRow<Row extends object>(
  context: Context,
  set: Viewset<Row>,
  key: Key | undefined,
  field = set.resource.key,
): Row {
  const { world, caller, release } = context
  const seen = set.sees(caller)
  const { where, tests } = narrow(context, set)
  if (key === undefined) throw notFound()
  const rows = world.rows(set.resource)
  const row = field === set.resource.key ? rows.get(key) : rows.find(field, key as never)
  if (!row || !seen || !agree(row, seen) || !agree(row, where) || !tests.every((test) => test(row, world)))
    throw notFound(release.behaviour.namesModel ? set.resource.django?.className : undefined)
  return row
}

/** Deletes a row that the caller sees, and what cannot do without it. @throws Problem 403 without the permission */
export async function deleteRow<Row extends object>(
  { caller, world }: Context,
  { resource }: Viewset<Row>,
  row: Row,
): Promise<void> {
  if (!caller.may(`delete_${resource.django!.model}`)) throw permissionDenied()
  await world.rows(resource).delete(row[resource.key] as Key)
}

/** The key that a path's `{id}` names. Anything that Python's `int()` reads is an id (FACTS 1.2). */
export function idIn({ params }: Context): number | undefined {
  const id = toInteger(params['id']!)
  return id === undefined ? undefined : Number(id)
}

type Test<Row> = (row: Row, known: Known) => boolean

function narrow<Row extends object>(
  { query, world, operation, release }: Context,
  { search }: Viewset<Row>,
): { where: Partial<Row>; tests: Test<Row>[] } {
  const { filters = {} } = operation
  const where: Partial<Row> = {}
  const tests: Test<Row>[] = []
  if (query.size === 0) return { where, tests }
  const add = (condition: Condition<Row> | undefined) => {
    if (typeof condition === 'function') tests.push(condition)
    else Object.assign(where, condition)
  }
  const wrong: Record<string, string[]> = {}
  for (const [name, filter] of Object.entries(filters)) {
    if (filter.late) continue
    try {
      add(filter.read(query.getAll(name), world))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      wrong[name] = [error.message]
    }
  }
  if (Object.keys(wrong).length) throw invalid(wrong)
  for (const [name, filter] of Object.entries(filters)) if (filter.late) add(filter.read(query.getAll(name), world))
  const searched = lastOf(query, 'search') ?? ''
  if (release.behaviour.refusesNul && searched.includes('\0'))
    throw new Problem(400, ['Null characters are not allowed.'])
  const words = search && wordsOf(searched)
  if (words?.length)
    tests.push((row, known) =>
      words.every((word) => search!(row, known, release.behaviour).some((text) => text.toLowerCase().includes(word))),
    )
  return { where, tests }
}

const wordsOf = (search: string) =>
  search.replaceAll('\0', '').replaceAll(',', ' ').toLowerCase().split(/\s+/).filter(Boolean)

const agree = <Row extends object>(row: Partial<Row>, values: Partial<Row>) =>
  Object.entries(values).every(([field, value]) => !(field in row) || row[field as keyof Row] === value)
