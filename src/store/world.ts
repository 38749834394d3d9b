/** What one mock knows, what time it is there, and its chance. */
import { EPOCH, type Clock } from './clock.ts'
import { MockError, worldError } from './mock-error.ts'
import { createRandom, type Random, type RandomState } from './random.ts'
import { hasIntegerKey, keyOf, onDelete, type Resource, type RowSource, type SeedOptions } from './resource.ts'
import { freeze, Table, type Key, type RowAction, type TableSnapshot } from './table.ts'
import type { WorldRules } from './row.ts'
import type { CheckedWorld, WorldFile } from './world-file.ts'
import { WriteQueue } from './write-queue.ts'

/** A field that holds the key, or keys, of rows elsewhere. */
export interface Pointer {
  resource: Resource
  field: string
}

/** What a world was at some time. Its rows are frozen and shared, so that it costs little. */
export interface WorldSnapshot {
  readonly tables: ReadonlyMap<string, TableSnapshot<object>>
  readonly permissions: Record<string, string[]>
  readonly secretKey: string
  readonly aside: Readonly<Record<string, unknown>>
  readonly random: RandomState
}

/** What a world is beside its rows. */
export interface WorldState {
  /** The highest number that a key ever was, by the name of the resource: no row gets one up to it. */
  readonly highest: Readonly<Record<string, number>>
  readonly random: RandomState
}

/** Hears of a row that was made, changed or deleted; of all of them at once it hears nothing. */
export type RowListener = (resource: Resource, action: RowAction, row: object) => void

/** What became of a row for which there is no table. */
interface AsideChange {
  resource: Resource
  action: RowAction
  row: object
}

/**
 * What a seed gave last, by what it depends on: to seed takes most of the time in which a mock is made, and a program's
 * tests make many that begin alike.
 */
let lastSeeded: { name: string; resources: readonly Resource[]; snapshot: WorldSnapshot } | undefined
/** How many rows it may have. */
const MAX_SEEDED_ROWS = 1000

/** What no release forbids. */
const ANY_RELEASE: WorldRules = { maxLengths: () => new Map(), allowsOwnParent: true, dependents: () => [] }

/** Everything that one mock knows. Whoever changes it takes a turn in its queue. */
export class World implements RowSource {
  readonly clock: Clock
  readonly random: Random = createRandom(0)
  readonly queue = new WriteQueue()
  readonly resources: readonly Resource[]
  /** What the release allows that the world is of. */
  readonly rules: WorldRules
  #tables: ReadonlyMap<string, Table<object>>
  #pointers = new Map<string, readonly Pointer[]>()
  #snapshots = new WeakSet<WorldSnapshot>()
  #isFilling = false
  #changes = 0
  #listeners = new Set<RowListener>()
  #memory = new Map<(world: World) => unknown, unknown>()
  #permissions: Record<string, string[]> = freeze({})
  #secretKey = ''
  #aside: Readonly<Record<string, unknown>> = {}

  /** @param resources in an order in which the seed of each needs only those before it */
  constructor(resources: readonly Resource[], clock: Clock, rules: WorldRules = ANY_RELEASE) {
    this.clock = clock
    this.rules = rules
    this.resources = resources
    this.#tables = new Map(resources.map((resource) => [resource.name, this.#createTable(resource)]))
  }

  /** Another number after every change of a row. */
  get changes(): number {
    return this.#changes
  }

  /** What each user may do beyond their own, by username: authentik's permission codenames. */
  get permissions(): Readonly<Record<string, readonly string[]>> {
    return this.#permissions
  }

  /** Says anew what a user may do. @param codenames of all that they may */
  permit(username: string, codenames: readonly string[]): void {
    this.#permissions = freeze({ ...this.#permissions, [username]: [...codenames] })
    this.#changes++
  }

  /** authentik's SECRET_KEY, which also speaks for the embedded outpost. */
  get secretKey(): string {
    return this.#secretKey
  }

  /** What the world file had for which there is no table. */
  get aside(): Readonly<Record<string, unknown>> {
    return this.#aside
  }

  /**
   * Keeps what there is no table for, in the place of what was there under the keys.
   * @param change what became of one row of it, of which listeners hear
   */
  keepAside(values: Readonly<Record<string, unknown>> | undefined, change?: AsideChange): void {
    if (!values) return
    this.#aside = freeze({ ...this.#aside, ...values })
    this.#changes++
    if (!change) return
    const { resource, action, row } = change
    for (const listener of this.#listeners) listener(resource, action, row)
  }

  /** Calls a listener, which may not throw, with each row that is changed. @returns what stops that */
  onRow(listener: RowListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /**
   * Another world of the same form, which begins as this one was at some time. Rows are frozen, and shared.
   * @param snapshot one of this world
   */
  fork(clock: Clock, snapshot: WorldSnapshot): World {
    const world = new World(this.resources, clock, this.rules)
    world.#snapshots = this.#snapshots
    world.restore(snapshot)
    return world
  }

  /** The rows of a resource, to read and, in turn, to change. */
  table<Row extends object>({ name }: Resource<Row>): Table<Row> {
    return this.tableNamed(name)
  }

  /** The same by the name in a world file: `authorization_codes`. */
  tableNamed<Row extends object>(name: string): Table<Row> {
    return this.#tables.get(name) as unknown as Table<Row>
  }

  /**
   * What is known beside the rows, such as the flow that a browser is in. It is in no file and no snapshot, and forgotten
   * when the rows become others.
   * @param make makes it when it is first asked for, and stands for it after that
   */
  remember<Value>(make: (world: World) => Value): Value {
    if (!this.#memory.has(make)) this.#memory.set(make, make(this))
    return this.#memory.get(make) as Value
  }

  /** The fields in which rows point at those of a resource. */
  pointersTo({ name }: Resource): readonly Pointer[] {
    const pointers = this.#pointers.get(name) ?? this.#findPointers(name)
    this.#pointers.set(name, pointers)
    return pointers
  }

  /**
   * Replaces everything known by what a checked file says.
   * @param state makes what follows as it would have been
   * @throws MockError ERR_WORLD for permissions that there are not
   */
  async load({ rows, source, permissions, secretKey, aside }: CheckedWorld, state?: WorldState): Promise<void> {
    const problems = await this.rules.findPermissionFaults?.(permissions, source)
    if (problems?.length) throw worldError(problems)
    this.#memory.clear()
    this.#aside = freeze(aside)
    await this.#fill(async () => {
      for (const [resource, list] of rows) {
        const table = this.table(resource)
        table.clear()
        for (const row of list) await table.create(row)
        table.reserve(state?.highest[resource.name] ?? 0)
      }
      for (const resource of rows.keys()) await this.#normalise(resource)
    })
    this.#permissions = freeze(permissions)
    this.#secretKey = secretKey
    if (state) this.random.restore(state.random)
    else this.random.seed('loaded')
  }

  /**
   * Replaces everything known by what the seed gives.
   * @param began the whole minute that rows about to expire are counted from, in milliseconds since 1970
   */
  async seed(seed: number, options: SeedOptions, began: number): Promise<void> {
    const { random, resources } = this
    const name = JSON.stringify([seed, options, began])
    if (lastSeeded?.name === name && lastSeeded.resources === resources) {
      this.#become(lastSeeded.snapshot)
      return
    }
    // All at once, and before anything is awaited: Jest loads no module between two tests.
    const [{ createFaker }, ...seeds] = await Promise.all([
      import('./faker.ts'),
      ...resources.map((resource) => resource.seed ?? resource.loadSeed?.()),
    ])
    const faker = createFaker(random, EPOCH)
    await this.#fill(async () => {
      for (const [index, resource] of resources.entries()) {
        const table = this.table(resource)
        const makeRow = seeds[index]
        table.clear()
        for (let number = 1; number <= resource.count(options); number++) {
          random.seed(seed, resource.name, number)
          const row = makeRow?.({ number, faker, random, world: this, began })
          if (row) await table.create(row)
        }
      }
    })
    random.seed(seed)
    this.#permissions = freeze({})
    this.#aside = freeze({})
    this.#secretKey = random.key(50)
    const count = [...this.#tables.values()].reduce((sum, { size }) => sum + size, 0)
    if (count <= MAX_SEEDED_ROWS) lastSeeded = { name, resources, snapshot: this.#describe() }
  }

  /** Brings the rows of a file to the form in which they are kept beside all others. */
  async #normalise(resource: Resource): Promise<void> {
    if (!resource.normalise) return
    const table = this.table(resource)
    for (const row of Array.from(table.values())) {
      const normal = await resource.normalise(row, this)
      if (normal !== row) await table.update(keyOf(resource, row), (draft) => void Object.assign(draft, normal))
    }
  }

  /** Has all rows replaced, of which no listener hears one by one. */
  async #fill(task: () => Promise<void>): Promise<void> {
    this.#isFilling = true
    try {
      await task()
    } finally {
      this.#isFilling = false
    }
  }

  /** What it is beside its rows. */
  state(): WorldState {
    const highest = Object.fromEntries([...this.#tables].map(([name, table]) => [name, table.highest]))
    return { highest, random: this.random.state() }
  }

  /** The world as it is. */
  snapshot(): WorldSnapshot {
    const snapshot = this.#describe()
    this.#snapshots.add(snapshot)
    return snapshot
  }

  #describe(): WorldSnapshot {
    return {
      tables: new Map([...this.#tables].map(([name, table]) => [name, table.snapshot()])),
      permissions: this.#permissions,
      secretKey: this.#secretKey,
      aside: this.#aside,
      random: this.random.state(),
    }
  }

  /** Makes the world what it was. @throws MockError ERR_WORLD for what is no snapshot of this world */
  restore(snapshot: WorldSnapshot): void {
    if (!this.#snapshots.has(snapshot)) {
      const remedy = 'Give what its own snapshot() gave.'
      throw new MockError('ERR_WORLD', `Failed to restore the world: this is no snapshot of it. ${remedy}`)
    }
    this.#become(snapshot)
  }

  #become({ tables, permissions, secretKey, aside, random }: WorldSnapshot): void {
    for (const [name, table] of this.#tables) table.restore(tables.get(name) ?? { rows: [], highest: 0 })
    this.#permissions = permissions
    this.#secretKey = secretKey
    this.#aside = aside
    this.random.restore(random)
    this.#memory.clear()
  }

  /** Everything known, in the form of a world file. */
  toJSON(): WorldFile {
    const rowsOf = (resource: Resource) =>
      [...this.table(resource).values()].map((row) => toRecord(resource, row, this))
    return {
      ...Object.fromEntries(this.resources.map((resource) => [resource.name, rowsOf(resource)])),
      permissions: this.#permissions,
      secret_key: this.#secretKey,
      ...this.#aside,
    }
  }

  #createTable(resource: Resource): Table<object> {
    return new Table<Record<string, unknown>>({
      name: resource.name,
      key: resource.key,
      get model() {
        return resource.model
      },
      get unique() {
        return resource.unique
      },
      onChange: (action, row, previous) => {
        this.#changes++
        const { permitted } = resource
        if (permitted && row && action !== 'create')
          this.#renamePermissions((previous ?? row)[permitted], action === 'update' ? row[permitted] : undefined)
        if (!row || action === 'restore' || this.#isFilling) return
        if (action !== 'create') this.keepAside(resource.leave?.(previous ?? row, this))
        for (const listener of this.#listeners) listener(resource, action, row)
      },
      cascade: (key) =>
        this.pointersTo(resource).length || this.rules.dependents(resource).length
          ? this.#cascade(resource, key)
          : undefined,
    }) as unknown as Table<object>
  }

  /** Has what a user may do follow them to another name, where nobody inherits it; without one it is gone. */
  #renamePermissions(current: unknown, name?: unknown): void {
    if (current === name || !Object.hasOwn(this.#permissions, String(current))) return
    const { [String(current)]: codenames = [], ...rest } = this.#permissions
    this.#permissions = freeze(name === undefined ? rest : { ...rest, [String(name)]: codenames })
  }

  #findPointers(name: string): Pointer[] {
    return this.resources.flatMap((resource) =>
      Object.entries(resource.references).flatMap(([field, target]) => {
        if (!this.#tables.has(target))
          throw new TypeError(`${resource.name}.${field} refers to "${target}", which is no resource.`)
        return target === name ? [{ resource, field }] : []
      }),
    )
  }

  /** As authentik's database does: what cannot do without the row goes along, what can points at nothing. */
  async #cascade(target: Resource, key: Key): Promise<void> {
    for (const { resource, field } of this.pointersTo(target)) {
      const table = this.tableNamed<Record<string, unknown>>(resource.name)
      const isNullable = onDelete(resource, field) === 'set_null'
      for (const row of table.pointing(field, key)) {
        const rowKey = keyOf(resource, row)
        const value = row[field]
        const rest = Array.isArray(value) ? value.filter((item) => item !== key) : null
        if (rest || isNullable) await table.update(rowKey, (draft) => void (draft[field] = rest))
        else await table.delete(rowKey)
      }
    }
    const row = this.table(target).get(key)
    for (const dependent of this.rules.dependents(target))
      await this.#deleteWhere(dependent.resource, dependent.field, row?.[dependent.origin])
  }

  async #deleteWhere(name: string, field: string, value: Key): Promise<void> {
    const table = this.tableNamed<Record<string, unknown>>(name)
    const resource = this.resources.find((candidate) => candidate.name === name)!
    for (const row of table.pointing(field, value)) await table.delete(keyOf(resource, row))
  }
}

/** The key of a row to be made, by the name of its field: the next number, or a UUID. */
export function newKey(resource: Resource, world: World): Record<string, Key> {
  const key = hasIntegerKey(resource) ? world.table(resource).next() : world.random.uuid()
  return { [resource.key]: key }
}

/** A row with what follows from others, in the order of its model. */
function toRecord(resource: Resource, row: object, source: RowSource): object {
  const whole: Record<string, unknown> = { ...row, ...resource.derive?.(row, source) }
  return Object.fromEntries(
    Object.keys(resource.model.shape).flatMap((field) => (whole[field] === undefined ? [] : [[field, whole[field]]])),
  )
}
