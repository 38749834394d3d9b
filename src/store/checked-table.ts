/** The tables of a world as a program sees them: whatever it makes or changes is checked as a world file is. */
import { isObject, quote, readKey } from '../schema/json.ts'
import { nearestTo } from '../schema/nearest.ts'
import { MockError } from './mock-error.ts'
import { toPlain } from './plain.ts'
import { fromNow } from './relative-time.ts'
import { keyOf, type FileRow, type Resource, type RowOf } from './resource.ts'
import { checkDerived, checkOwnParent, checkRow, readRow, toKept, type NamedSource } from './row.ts'
import type { Key, Table } from './table.ts'
import { newKey, type World } from './world.ts'

/** The rows of one resource, for a program. Rows are frozen; every change waits its turn. */
export class CheckedTable<Row extends object> {
  readonly #world: World
  readonly #resource: Resource
  readonly #source: NamedSource

  constructor(world: World, resource: Resource, source: NamedSource) {
    this.#world = world
    this.#resource = resource
    this.#source = source
  }

  /** How many rows there are. */
  get size(): number {
    return this.#table.size
  }

  /** The row with this key. @example world.users.get(2)?.username */
  get(key: Key): Row | undefined {
    return this.#table.get(this.#read(key))
  }

  /** Whether there is a row with this key. */
  has(key: Key): boolean {
    return this.#table.has(this.#read(key))
  }

  /**
   * The first row with this value, at once where the field is unique.
   * @throws MockError ERR_WORLD for a field that there is not
   * @example world.users.find('username', 'akadmin')
   */
  find<Field extends keyof Row>(field: Field, value: Row[Field]): Row | undefined {
    const { key, unique, name, model } = this.#resource
    if (typeof field !== 'string' || !Object.hasOwn(model.shape, field)) throw fieldError(name, field, model.shape)
    const sought = toKept(this.#resource, String(field), value) as Row[Field]
    if (field === key || unique.includes(String(field))) return this.#table.find(field, sought)
    for (const row of this.#table.values()) if (row[field] === sought) return row
    return undefined
  }

  /** All rows, in the order of their creation. */
  values(): IterableIterator<Row> {
    return this.#table.values()
  }

  /**
   * Makes a row; what is left out is as a world file has it by default, and a key that is left out is a new one.
   * @throws MockError ERR_WORLD for a row that does not fit, or does not fit in with the others
   * @example await world.authorization_codes.create({ user: 2, provider: 1, scope: 'openid', expires: null })
   */
  async create(row: Partial<Row>): Promise<Row> {
    return this.#world.queue.run(async () =>
      this.#table.create(await this.#normalise(this.#check(this.#withKey(this.#copy(row))))),
    )
  }

  /**
   * Changes the row with this key; what the changes leave out, or have as undefined, stays.
   * @throws MockError ERR_WORLD when there is no such row, or what it would become does not fit
   * @example await world.users.update(2, { is_active: false })
   * @example await world.access_tokens.update(1, { expires: '-1s' })
   */
  async update(key: Key, changes: Partial<Row>): Promise<Row> {
    return this.#world.queue.run(async () => {
      const rowKey = this.#read(key)
      const current = this.#table.require(rowKey)
      const copy = this.#copy(changes)
      const problems = this.#keyProblems(rowKey, copy)
      if (problems.length) throw rowError(this.#resource, problems)
      const checked = await this.#normalise(this.#check(copy, current))
      return this.#table.update(rowKey, (draft) => void Object.assign(draft, checked))
    })
  }

  /** Deletes a row, and what cannot do without it. @returns whether there was such a row */
  async delete(key: Key): Promise<boolean> {
    return this.#world.queue.run(() => this.#table.delete(this.#read(key)))
  }

  get #table(): Table<Row> {
    return this.#world.tableNamed(this.#resource.name)
  }

  /** A key as it is kept: a UUID in capitals is that in lower case. */
  #read = (key: Key): Key => toKept(this.#resource, this.#resource.key, key) as Key

  /** Other rows point at a row by its key, so that it stays. */
  #keyProblems(key: Key, changes: FileRow): string[] {
    const { name, key: field } = this.#resource
    const changed = toKept(this.#resource, field, readKey(changes, field) ?? key)
    if (changed === key) return []
    return [`${name}.${field}: a key cannot be changed; create a row with the new one and delete this`]
  }

  /** What a program says of a row, which it may change later. @throws MockError ERR_WORLD for what is no JSON */
  #copy(row: unknown): FileRow {
    const { name } = this.#resource
    if (!isObject(row)) throw rowError(this.#resource, [`${name}: ${quote(row)} is no row; give an object`])
    const { value, problems } = toPlain(row, name, 1)
    if (problems.length || !isObject(value)) throw rowError(this.#resource, problems)
    return this.#tellTimes(value)
  }

  /** Makes instants of times from now, as in a world. */
  #tellTimes(row: FileRow): FileRow {
    const times = this.#resource.instants.flatMap((field) => {
      const value = readKey(row, field)
      const instant = typeof value === 'string' ? fromNow(value, this.#world.clock.now()) : undefined
      return instant === undefined ? [] : [[field, instant]]
    })
    return { ...row, ...Object.fromEntries(times) }
  }

  #withKey(row: FileRow): FileRow {
    return this.#resource.key in row ? row : { ...newKey(this.#resource, this.#world), ...row }
  }

  async #normalise(row: Row): Promise<Row> {
    return this.#resource.normalise ? this.#resource.normalise(row, this.#world) : row
  }

  /**
   * @param statement what the program says of it
   * @param current the row that is changed, whose identifiers it may keep
   */
  #check(statement: FileRow, current?: Row): Row {
    const resource: Resource<Row> = this.#resource
    const { rules, random } = this.#world
    const problems: string[] = []
    const rows = (name: string) => [...this.#world.tableNamed<FileRow>(name).values()]
    const completion = { rules, random: () => random, rows }
    const row = readRow(resource, { ...current, ...statement }, resource.name, completion, problems)
    if (!row) throw rowError(resource, problems)
    const fault = this.#resource.findFault?.(row)
    problems.push(...checkRow(resource, row, this.#source, current), ...(fault ? [`${resource.name}: ${fault}`] : []))
    if (problems.length === 0 && !rules.allowsOwnParent) problems.push(...checkOwnParent(resource, row, this.#source))
    if (problems.length === 0) problems.push(...checkDerived(resource, row, statement, this.#source))
    if (problems.length) throw rowError(resource, problems)
    return row as Row
  }
}

const rowError = ({ name }: Resource, problems: string[]) =>
  new MockError('ERR_WORLD', `Failed to write a row of ${name}: ${problems.join('; ')}.`, problems)

function fieldError(resource: string, field: unknown, fields: object): MockError {
  const nearest = typeof field === 'string' ? nearestTo(field, Object.keys(fields)) : ''
  const remedy = nearest === '' ? 'Give the name of one' : `The nearest is ${nearest}`
  return new MockError(
    'ERR_WORLD',
    `Failed to find a row of ${resource}: there is no field ${quote(field)}. ${remedy}.`,
  )
}

/** The tables of some resources, by their names. */
export type Tables<Resources extends readonly Resource[]> = {
  readonly [Each in Resources[number] as Each['name']]: CheckedTable<RowOf<Each>>
}

/** The tables of a world, by the names of its resources. */
export function tablesOf<Resources extends readonly Resource[]>(world: World, resources: Resources) {
  const source: NamedSource = {
    table: (owner) => world.table(owner),
    tableNamed: (name) => world.tableNamed(name),
    get aside() {
      return world.aside
    },
    pathOf(owner, row) {
      const key = keyOf(owner, row)
      return world.table(owner).get(key) === row ? `${owner.name}.get(${JSON.stringify(key)})` : owner.name
    },
  }
  return Object.fromEntries(
    resources.map((resource) => [resource.name, new CheckedTable(world, resource, source)]),
  ) as unknown as Tables<Resources>
}
