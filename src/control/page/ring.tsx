/** The ring that runs down to the end of a grant. */
import { formatDuration, formatShortDuration } from './format.ts'

/** How far the ring reaches around, in its own units. */
const LENGTH = 2 * Math.PI * 20

/** What the ring shows, all in milliseconds since 1970. */
interface RingProps {
  start: number
  /** Null for what never ends. */
  end: number | null
  now: number
  /** Whether it counts at all: what was revoked does not. */
  isRunning: boolean
}

/** A ring that is as long as what is left of a lifetime, with the time that is left. */
export function Ring({ start, end, now, isRunning }: RingProps) {
  const remaining = end === null ? Infinity : Math.max(0, end - now)
  const share = !isRunning ? 0 : end === null ? 1 : Math.min(1, remaining / Math.max(1, end - start))
  const text = !isRunning ? '–' : end === null ? '∞' : formatShortDuration(remaining)
  const label = !isRunning
    ? 'It runs no more'
    : end === null
      ? 'It never expires'
      : `Time left: ${formatDuration(remaining)}`
  return (
    <svg class={share < 0.2 ? 'ring low' : 'ring'} viewBox="0 0 48 48" role="img" aria-label={label}>
      <circle class="track" cx="24" cy="24" r="20" />
      <circle
        class="left"
        cx="24"
        cy="24"
        r="20"
        stroke-dasharray={`${LENGTH * share} ${LENGTH}`}
        transform="rotate(-90 24 24)"
      />
      <text x="24" y="24" text-anchor="middle" dominant-baseline="central">
        {text}
      </text>
    </svg>
  )
}
