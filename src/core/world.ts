/** What one mock knows, what time it is there, and its dice. */
import { EPOCH, type Clock } from './clock.ts'
import { freeze, Rows } from './collection.ts'
import { createDice, type Dice } from './dice.ts'
import type { Known, Resource, SeedOptions } from './resource.ts'
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

/** @param resources in an order in which each points only at those before it */
export function createWorld(resources: readonly Resource[], clock: Clock): World {
  const dice = createDice(0)
  let changes = 0
  const tables = new Map<Resource, Rows<any>>(resources.map((one) => [one, new Rows<any>(one.model, one.key, one.unique, () => changes++)]))
  const byName = new Map([...tables].map(([{ name }, rows]) => [name, rows]))
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
      const listed = [...tables].map(([one, rows]) => [one.name, [...rows.all()].map((row) => toRecord(one, row, world))])
      return { ...Object.fromEntries(listed), permissions, secret_key: secretKey }
    },
  }
  return world
}

/** A row with what follows from others, in the order of its model. */
function toRecord(of: Resource, row: object, known: Known): object {
  const whole: Record<string, unknown> = { ...row, ...of.derive?.(row, known) }
  return Object.fromEntries(Object.keys(of.model.shape).flatMap((field) => (whole[field] === undefined ? [] : [[field, whole[field]]])))
}
