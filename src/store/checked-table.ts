/** The tables of a world as a program sees them: whatever it makes or changes is checked as a world file is. */
import { quote } from '../schema/json.ts'
import { once } from '../schema/lazily.ts'
import { nearestTo } from '../schema/nearest.ts'
import type { RowPlace } from './checked-row.ts'
import { MockError } from './mock-error.ts'
import { keyOf, type Resource, type RowOf } from './resource.ts'
import { toKept, type NamedSource } from './row.ts'
import type { Key, Table } from './table.ts'
import type { World } from './world.ts'

const loadWriting = once(() => import('./checked-row.ts'))

/** The rows of one resource, for a program. Rows are frozen; every change waits its turn. */
export class CheckedTable<Row extends object> {
  readonly #place: RowPlace<Row>

  constructor(place: RowPlace<Row>) {
    this.#place = place
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
    return this.#world.queue.run(async () => (await loadWriting()).create(this.#place, row))
  }

  /**
   * Changes the row with this key; what the changes leave out, or have as undefined, stays.
   * @throws MockError ERR_WORLD when there is no such row, or what it would become does not fit
   * @example await world.users.update(2, { is_active: false })
   * @example await world.access_tokens.update(1, { expires: '-1s' })
   */
  async update(key: Key, changes: Partial<Row>): Promise<Row> {
    return this.#world.queue.run(async () => (await loadWriting()).update(this.#place, this.#read(key), changes))
  }

  /** Deletes a row, and what cannot do without it. @returns whether there was such a row */
  async delete(key: Key): Promise<boolean> {
    return this.#world.queue.run(() => this.#table.delete(this.#read(key)))
  }

  get #world(): World {
    return this.#place.world
  }

  get #resource(): Resource {
    return this.#place.resource
  }

  get #table(): Table<Row> {
    return this.#world.tableNamed(this.#resource.name)
  }

  /** A key as it is kept: a UUID in capitals is that in lower case. */
  #read = (key: Key): Key => toKept(this.#resource, this.#resource.key, key) as Key
}

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
    resources.map((resource) => [resource.name, new CheckedTable({ world, resource, source })]),
  ) as unknown as Tables<Resources>
}
