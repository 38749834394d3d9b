/** Snapshots of one world, each under an id. */
import { toInstant } from '../store/clock.ts'
import { keepClock, restoreClock } from './clock-state.ts'
import { controlError } from './control-error.ts'
import type { Namespace } from './namespace.ts'
import { notThere } from './not-there.ts'

/** How many are stored. */
const MAX_SNAPSHOTS = 100

/** Keeps the world and the clock as they are. @throws MockError ERR_CONTROL when too many are stored */
export function keepSnapshot(namespace: Namespace): { id: string; taken: string } {
  const { authentik, clock, snapshots } = namespace
  if (snapshots.size >= MAX_SNAPSHOTS)
    throw controlError([`snapshots: ${MAX_SNAPSHOTS} are kept; forget one with DELETE snapshots/{id}/`])
  // No id is given twice: whoever has that of a snapshot which was forgotten restores no other.
  const id = String(++namespace.snapshotCount)
  const taken = Date.now()
  snapshots.set(id, { id, taken, snapshot: authentik.snapshot(), clock: keepClock(clock) })
  return { id, taken: toInstant(taken) }
}

/** Makes the world and the clock what they were. @throws NotThere */
export async function restoreSnapshot(id: string, namespace: Namespace): Promise<void> {
  const stored = namespace.snapshots.get(id)
  if (!stored) throw notThere(`snapshot "${id}"`, 'GET snapshots/')
  const { clock, core } = namespace
  await namespace.replace(() => {
    core.world.restore(stored.snapshot)
    restoreClock(clock, stored.clock)
  })
}
