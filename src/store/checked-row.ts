/** Rows that a program writes, checked as a world file is; loaded when one is written. */
import { isObject, quote, readKey } from '../schema/json.ts'
import { MockError } from './mock-error.ts'
import { toPlain } from './plain.ts'
import { fromNow } from './relative-time.ts'
import type { FileRow, Resource } from './resource.ts'
import { checkDerived, checkOwnParent, checkRow, readRow, toKept, type NamedSource } from './row.ts'
import type { Key } from './table.ts'
import { newKey, type World } from './world.ts'

/** Where rows of one resource are written. */
export interface RowPlace<Row extends object> {
  world: World
  resource: Resource<Row>
  source: NamedSource
}

/** Makes a row. @throws MockError ERR_WORLD for one that does not fit, or does not fit in with the others */
export async function create<Row extends object>(place: RowPlace<Row>, row: Partial<Row>): Promise<Row> {
  const { world, resource } = place
  const copy = toFileRow(row, place)
  const statement = resource.key in copy ? copy : { ...newKey(resource, world), ...copy }
  return world.tableNamed<Row>(resource.name).create(await check(statement, place))
}

/** Changes a row. @throws MockError ERR_WORLD when there is none, or what it would become does not fit */
export async function update<Row extends object>(place: RowPlace<Row>, key: Key, changes: Partial<Row>): Promise<Row> {
  const { world, resource } = place
  const table = world.tableNamed<Row>(resource.name)
  const current = table.require(key)
  const copy = toFileRow(changes, place)
  const problems = keyProblems(key, copy, resource)
  if (problems.length) throw rowError(resource, problems)
  const checked = await check(copy, place, current)
  return table.update(key, (draft) => void Object.assign(draft, checked))
}

/** Other rows point at a row by its key, so that it stays. */
function keyProblems(key: Key, changes: FileRow, resource: Resource): string[] {
  const { name, key: field } = resource
  const changed = toKept(resource, field, readKey(changes, field) ?? key)
  if (changed === key) return []
  return [`${name}.${field}: a key cannot be changed; create a row with the new one and delete this`]
}

/**
 * What a program says of a row, which it may change later, with instants in the place of times from now.
 * @throws MockError ERR_WORLD for what is no JSON
 */
function toFileRow(
  row: unknown,
  { resource, world }: Pick<RowPlace<object>, 'world'> & { resource: Resource },
): FileRow {
  const { name, instants } = resource
  if (!isObject(row)) throw rowError(resource, [`${name}: ${quote(row)} is no row; give an object`])
  const { value, problems } = toPlain(row, name, 1)
  if (problems.length || !isObject(value)) throw rowError(resource, problems)
  const times = instants.flatMap((field) => {
    const text = readKey(value, field)
    const instant = typeof text === 'string' ? fromNow(text, world.clock.now()) : undefined
    return instant === undefined ? [] : [[field, instant]]
  })
  return { ...value, ...Object.fromEntries(times) }
}

/**
 * Makes a whole row of what a program says of it.
 * @param current the row that is changed, whose identifiers it may keep
 */
async function check<Row extends object>(
  statement: FileRow,
  { world, resource, source }: RowPlace<Row>,
  current?: Row,
): Promise<Row> {
  const { rules, random } = world
  const problems: string[] = []
  const rows = (name: string) => [...world.tableNamed<FileRow>(name).values()]
  const completion = { rules, random: () => random, rows }
  const row = readRow(resource, { ...current, ...statement }, resource.name, completion, problems)
  if (!row) throw rowError(resource, problems)
  const fault = resource.findFault?.(row as Row)
  problems.push(...checkRow(resource, row, source, current), ...(fault ? [`${resource.name}: ${fault}`] : []))
  if (problems.length === 0 && !rules.allowsOwnParent) problems.push(...checkOwnParent(resource, row, source))
  if (problems.length === 0) problems.push(...checkDerived(resource, row, statement, source))
  if (problems.length) throw rowError(resource, problems)
  return resource.normalise ? resource.normalise(row as Row, world) : (row as Row)
}

const rowError = ({ name }: Resource, problems: string[]) =>
  new MockError('ERR_WORLD', `Failed to write a row of ${name}: ${problems.join('; ')}.`, problems)
