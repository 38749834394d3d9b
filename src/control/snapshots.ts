/** Snapshots of one world, each under an id. */
import { toInstant } from '../store/clock.ts'
import { controlError } from './grants.ts'
import type { Namespace } from './namespace.ts'
import { notThere } from './not-there.ts'

/** How many are stored. */
const MAX_SNAPSHOTS = 100

/** Keeps the world and the clock as they are. @throws MockError ERR_CONTROL when too many are stored */
export function keepSnapshot({ authentik, clock, snapshots }: Namespace): { id: string; taken: string } {
  if (snapshots.size >= MAX_SNAPSHOTS)
    throw controlError([`snapshots: ${MAX_SNAPSHOTS} are kept; forget one with DELETE snapshots/{id}/`])
  const last = [...snapshots.keys()].map(Number).at(-1) ?? 0
  const id = String(last + 1)
  const taken = Date.now()
  const instant = { now: clock.now(), isFrozen: clock.isFrozen() }
  snapshots.set(id, { id, taken, snapshot: authentik.snapshot(), clock: instant })
  return { id, taken: toInstant(taken) }
}

/** Makes the world and the clock what they were. @throws NotThere */
export async function restoreSnapshot(id: string, { authentik, clock, snapshots }: Namespace): Promise<void> {
  const stored = snapshots.get(id)
  if (!stored) throw notThere(`snapshot "${id}"`, 'GET snapshots/')
  await authentik.restore(stored.snapshot)
  clock.freeze(stored.clock.now)
  if (!stored.clock.isFrozen) clock.run()
}
