/** Says when tokens are made by a clock with which no client agrees. */
import type { Log } from '../../http/log.ts'
import type { World } from '../../store/world.ts'
import { logOnce } from './log-once.ts'

/** How far the clock of a world may be behind before clients refuse its tokens as expired. */
const TOLERANCE = 5 * 60_000

/** Says once, at the first token, that the world's clock is behind the machine's, by which a client judges. */
export function noticeClock(world: World, log: Log): void {
  const lag = Date.now() - world.clock.now()
  if (lag <= TOLERANCE) return
  logOnce(
    'clock',
    `A token was made by the mock's clock, which is ${inWords(lag)} behind this machine's. A client that judges by its own clock refuses it as expired once its time is over there. Let the mock run in real time (leave --now or \`now\` out), or give the client the same time.`,
    { world, log },
  )
}

const UNITS: readonly [name: string, milliseconds: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** A duration in the largest unit of which it has at least one: `3 days`. */
function inWords(milliseconds: number): string {
  const [name, length] = UNITS.find((unit) => milliseconds >= unit[1])!
  const count = Math.floor(milliseconds / length)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
