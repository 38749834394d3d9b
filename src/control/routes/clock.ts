/** The clock: what it shows, and what is done to it. */
import { toInstant, type Clock } from '../../store/clock.ts'
import { MockError } from '../../store/mock-error.ts'
import { controlError } from '../grants.ts'
import type { ControlRoute } from '../control-route.ts'
import { answers, bodies } from '../schemas.ts'
import { readDuration } from '../times.ts'
import type { ClockChange, ClockState } from '../types.ts'

/** What a clock shows. */
export const clockState = (clock: Clock): ClockState => ({ now: toInstant(clock.now()), frozen: clock.isFrozen() })

/** Changes a clock. @throws MockError ERR_CONTROL, ERR_CLOCK */
export function changeClock(clock: Clock, { now, frozen, moveBy }: ClockChange): void {
  const milliseconds = typeof moveBy === 'string' ? readDuration(moveBy) : moveBy
  if (moveBy !== undefined && milliseconds === undefined)
    throw controlError([
      `moveBy: ${JSON.stringify(moveBy)} is no duration; write milliseconds, or one such as +61s or -1h`,
    ])
  const wasFrozen = clock.isFrozen()
  if (now !== undefined) setClock(clock, now)
  if (milliseconds !== undefined) clock.move(milliseconds)
  if (frozen ?? wasFrozen) clock.freeze()
  else clock.run()
}

/** @throws MockError ERR_CONTROL for what is no instant */
function setClock(clock: Clock, now: string): void {
  try {
    clock.freeze(now)
  } catch (error) {
    if (!(error instanceof MockError)) throw error
    throw controlError([`now: ${error.message}`])
  }
}

/** The routes. */
export const clockRoutes: readonly ControlRoute[] = [
  {
    path: '/-/mock/api/clock/',
    methods: {
      GET: {
        summary: 'What the clock shows.',
        answer: answers.clock,
        run: ({ namespace }) => clockState(namespace.clock),
      },
      PATCH: {
        summary: 'Sets, stops or moves the clock; `moveBy` is in milliseconds, or a duration such as `+61s`.',
        body: bodies.clock,
        answer: answers.clock,
        run({ namespace, body }) {
          changeClock(namespace.clock, body as ClockChange)
          return clockState(namespace.clock)
        },
      },
    },
  },
]
