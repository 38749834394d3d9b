/** Deletes what has expired at the minutes at which authentik's worker does, but only when somebody asks (docs/authentik.md#time-and-expiry). */
import type { Instant } from '../../store/clock.ts'
import { keyOf, type Resource } from '../../store/resource.ts'
import type { World, WorldSnapshot } from '../../store/world.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { authenticatedSessions } from '../resources/authenticated-sessions.ts'
import { authorizationCodes } from '../resources/authorization-codes.ts'
import { deviceTokens } from '../resources/device-tokens.ts'
import { events } from '../resources/events.ts'
import { refreshTokens } from '../resources/refresh-tokens.ts'
import { userConsents } from '../resources/user-consents.ts'

/** What expires of what the login makes, and events. A session comes before its tokens, which go with it. */
const RESOURCES: readonly Resource[] = [
  authenticatedSessions,
  authorizationCodes,
  accessTokens,
  refreshTokens,
  deviceTokens,
  userConsents,
  events,
]

/**
 * The rows that the login made, and those of a world file that expire while the mock runs. Others, which a seed or a
 * program gave, or which a file has as expired, stay though they expire; so does what was deleted here and comes back
 * with a snapshot.
 */
const passingByWorld = new WeakMap<World, WeakSet<object>>()

/**
 * Has a row deleted when it has expired.
 * @returns the row
 */
export function cleanUpLater<Row extends object>(row: Row, world: World): Row {
  let passing = passingByWorld.get(world)
  if (!passing) passingByWorld.set(world, (passing = new WeakSet()))
  passing.add(row)
  return row
}

/**
 * Has the rows of a world that was loaded deleted when they have expired.
 * @param began when the mock began with a file, in milliseconds since 1970; undefined for one that began with a seed
 * @param start the rows that it began with; others of them were made by a login before
 */
export function cleanUpLoaded(world: World, began: number | undefined, start?: WorldSnapshot): void {
  for (const resource of RESOURCES) {
    const table = world.table<{ expires: Instant | null }>(resource)
    const first = new Set(start?.tables.get(resource.name)?.rows.map((row) => keyOf(resource, row)))
    for (const row of table.values()) {
      const isFirst = start === undefined || first.has(keyOf(resource, row))
      const isOfFile = began !== undefined && row.expires !== null && Date.parse(row.expires) > began
      if (isFirst ? isOfFile : row.expires !== null) cleanUpLater(row, world)
    }
  }
}

/** Removes what had expired by an instant, in milliseconds since 1970. */
type Removal = (instant: number) => void

/** When a world was cleaned up last, and what is looked through beside its rows. */
interface CleanUp {
  last: number | undefined
  readonly removals: Set<Removal>
}

const newCleanUp = (): CleanUp => ({ last: undefined, removals: new Set() })

/** Has something beside the rows looked through whenever the world is cleaned up. */
export const onCleanUp = (world: World, removal: Removal): void => void world.remember(newCleanUp).removals.add(removal)

const MINUTE = 60_000

/** The last instant at which authentik cleaned up: every five minutes from the second on, `2-59/5`. */
const lastCleanUp = (now: number): number => Math.floor((now / MINUTE - 2) / 5) * 5 * MINUTE + 2 * MINUTE

/** Cleans a world up, unless that was done since the last of the minutes; at once when there is nothing to do. */
export function cleanUp(world: World): void | Promise<void> {
  const state = world.remember(newCleanUp)
  const due = lastCleanUp(world.clock.now())
  if (state.last === due) return
  state.last = due
  for (const removal of state.removals) removal(due)
  const passing = passingByWorld.get(world)
  return passing && deleteExpired(passing, world, due)
}

/** Deletes what is over. What lives on is put into a new set, because one that was large stays as large. */
async function deleteExpired(passing: WeakSet<object>, world: World, due: number): Promise<void> {
  const lasting = new WeakSet()
  for (const resource of RESOURCES) {
    const table = world.table<{ expires: Instant | null }>(resource)
    for (const row of table.values()) {
      if (row.expires === null || !passing.has(row)) continue
      if (Date.parse(row.expires) <= due) await table.delete(keyOf(resource, row))
      else lasting.add(row)
    }
  }
  passingByWorld.set(world, lasting)
}
