/** What one mock knows, what time it is there, and its dice. */
import { EPOCH, type Clock } from './clock.ts'
import { freeze, Rows, type Key } from './table.ts'
import { createDice, type Dice } from './random.ts'
import { keysIn, type Known, type Resource, type SeedOptions } from './resource.ts'
import type { WorldFile } from './world-file.ts'

export interface World extends Known {
  readonly clock: Clock
  readonly dice: Dice
  /** What each user may do beyond their own, by username: authentik's permission codenames. */
  readonly permissions: Record<string, string[]>
  /** authentik's SECRET_KEY, which also speaks for the embedded outpost. */
  readonly secretKey: string
  /** Another number after every change, also of the clock's hands. */
  readonly version: number
  /** The rows of a resource, to read and to change. */
  rows<Row extends object>(of: Resource<Row>): Rows<Row>
  /** The same by the name in a world file: `authorization_codes`. */
  named(resource: string): Rows<any>
  /** The fields in which other rows point at those of a resource. */
  pointingAt(of: Resource): readonly Pointer[]
  /** Replaces everything known by what a checked file says. */
  load(file: WorldFile): Promise<void>
  /**
   * Replaces everything known by what the seed gives.
   * @param began the whole minute that rows about to expire are counted from, in milliseconds since 1970
   */
  seed(seed: number, options: SeedOptions, began: number): Promise<void>
  /** Everything known, in the form of a world file. */
  toJSON(): WorldFile
}

/** A field that holds the key, or keys, of rows elsewhere. */
export interface Pointer {
  from: Resource
  field: string
}

/** @param resources in an order in which each points only at those before it */
export function createWorld(resources: readonly Resource[], clock: Clock): World {
  const dice = createDice(0)
  let changes = 0
  const tables = new Map<Resource, Rows<any>>(
    resources.map((one) => [
      one,
      new Rows<any>(
        one.model,
        one.key,
        one.unique,
        () => changes++,
        (key) => letGo(one, key),
      ),
    ]),
  )
  const byName = new Map([...tables].map(([{ name }, rows]) => [name, rows]))
  const pointers = new Map<Resource, Pointer[]>(
    resources.map((of) => [
      of,
      resources.flatMap((from) =>
        Object.entries(from.references ?? {}).flatMap(([field, target]) => (target === of ? [{ from, field }] : [])),
      ),
    ]),
  )
  let permissions: Record<string, string[]> = freeze({})
  let secretKey = ''

  const world: World = {
    clock,
    dice,
    get version() {
      return changes + clock.moves
    },
    get permissions() {
      return permissions
    },
    get secretKey() {
      return secretKey
    },
    pointingAt: (of) => pointers.get(of)!,
    rows: (of) => tables.get(of)!,
    named: (name) => byName.get(name)!,

    async load(file) {
      for (const [{ name }, rows] of tables) {
        rows.clear()
        for (const row of file[name] as object[]) await rows.create(row)
      }
      permissions = freeze(file.permissions)
      secretKey = file.secret_key
      dice.seed('loaded')
    },

    async seed(seed, options, began) {
      const { createFaker } = await import('./faker.ts')
      const faker = createFaker(dice, EPOCH)
      for (const [one, rows] of tables) {
        rows.clear()
        const count = one.count?.(options) ?? 0
        for (let number = 1; number <= count; number++) {
          dice.seed(seed, one.name, number)
          await rows.create(one.seed!({ number, faker, dice, known: world, began }))
        }
      }
      dice.seed(seed)
      permissions = freeze({})
      secretKey = dice.key(50)
    },

    toJSON() {
      const listed = [...tables].map(([one, rows]) => [
        one.name,
        [...rows.all()].map((row) => toRecord(one, row, world)),
      ])
      return { ...Object.fromEntries(listed), permissions, secret_key: secretKey }
    },
  }
  return world

  /** As authentik's database does: what cannot do without the row goes along, what can points at nothing. */
  function letGo(of: Resource, key: Key): Promise<void> | undefined {
    return pointers.get(of)!.length ? settle(of, key) : undefined
  }

  async function settle(of: Resource, key: Key): Promise<void> {
    for (const { from, field } of pointers.get(of)!) {
      const rows = tables.get(from)!
      // Collected first: what is deleted on the way would upset the walk.
      const pointing = [...rows.all()].filter((row) => keysIn(row[field]).includes(key))
      for (const row of pointing) {
        const value: unknown = row[field]
        if (Array.isArray(value))
          await rows.update(row[from.key], (draft) => void (draft[field] = value.filter((one) => one !== key)))
        else if (isNullable(from, field)) await rows.update(row[from.key], (draft) => void (draft[field] = null))
        else await rows.delete(row[from.key])
      }
    }
  }
}

const isNullable = (of: Resource, field: string) => of.model.shape[field]!.safeParse(null).success

/** A row with what follows from others, in the order of its model. */
function toRecord(of: Resource, row: object, known: Known): object {
  const whole: Record<string, unknown> = { ...row, ...of.derive?.(row, known) }
  return Object.fromEntries(
    Object.keys(of.model.shape).flatMap((field) => (whole[field] === undefined ? [] : [[field, whole[field]]])),
  )
}
