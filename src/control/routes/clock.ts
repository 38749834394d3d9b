/** The clock: what it shows, and what is done to it. */
import type { Clock } from '../../store/clock.ts'
import { MockError } from '../../store/mock-error.ts'
import { clockState, keepClock, restoreClock } from '../clock-state.ts'
import { controlError } from '../control-error.ts'
import type { ControlRoute } from '../control-route.ts'
import { answers, bodies } from '../schemas.ts'
import { readDuration } from '../../store/relative-time.ts'
import type { ClockChange } from '../types.ts'

/** Changes a clock: all that is asked, or nothing. @throws MockError ERR_CONTROL with the path of what is wrong */
function changeClock(clock: Clock, { now, frozen, moveBy }: ClockChange): void {
  const isFrozen = frozen ?? clock.isFrozen()
  const origin = keepClock(clock)
  const problems = [
    ...(now === undefined ? [] : problemsOf('now', () => clock.freeze(now))),
    ...(moveBy === undefined ? [] : problemsOf('moveBy', () => clock.move(toMilliseconds(moveBy)))),
  ]
  if (problems.length) {
    restoreClock(clock, origin)
    throw controlError(problems)
  }
  if (isFrozen) clock.freeze()
  else clock.run()
}

function problemsOf(field: string, change: () => void): string[] {
  try {
    change()
    return []
  } catch (error) {
    if (!(error instanceof MockError)) throw error
    return [`${field}: ${error.message.replace(/\.$/, '')}`]
  }
}

/** @throws MockError ERR_CLOCK for what is no duration */
function toMilliseconds(duration: number | string): number {
  const milliseconds = typeof duration === 'string' ? readDuration(duration) : duration
  if (milliseconds !== undefined) return milliseconds
  throw new MockError(
    'ERR_CLOCK',
    `${JSON.stringify(duration)} is no duration. Write milliseconds, or one such as +61s or -1h.`,
  )
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
