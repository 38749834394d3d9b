/** Says something of a world once, however often it comes up. */
import type { Log } from '../../http/log.ts'
import type { World } from '../../store/world.ts'

/** What was said of each world already, by its subject. */
const subjectsByWorld = new WeakMap<World, Set<string>>()

/** How many subjects are remembered: who asks for something else each time is told of no longer. */
const MAX_SUBJECTS = 1000

/** Says something, unless it was said of the same subject before. @param log without it, it is not taken as said */
export function logOnce(
  subject: string,
  message: string,
  { world, log }: { world: World; log?: Log | undefined },
): void {
  const subjects = subjectsByWorld.get(world) ?? new Set<string>()
  if (!log || subjects.has(subject) || subjects.size >= MAX_SUBJECTS) return
  subjectsByWorld.set(world, subjects.add(subject))
  log(message)
}
