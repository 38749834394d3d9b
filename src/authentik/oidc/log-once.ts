/** Says something of a world once, however often it comes up. */
import type { Log } from '../../http/log.ts'
import type { World } from '../../store/world.ts'

/** What was said of each world already, by its subject. */
const subjectsByWorld = new WeakMap<World, Set<string>>()

/** Says something, unless it was said of the same subject before. @param log without it, it is not taken as said */
export function logOnce(
  subject: string,
  message: string,
  { world, log }: { world: World; log?: Log | undefined },
): void {
  const subjects = subjectsByWorld.get(world) ?? new Set<string>()
  if (!log || subjects.has(subject)) return
  subjectsByWorld.set(world, subjects.add(subject))
  log(message)
}
