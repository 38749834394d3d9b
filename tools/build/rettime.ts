/** What dist/ has in place of rettime, by which @msw/data tells of each change: nobody listens. */

/** A change that nobody hears of, and nobody prevents. */
export class TypedEvent {
  readonly defaultPrevented = false
}

/** Tells nobody. */
export class Emitter {
  readonly listenerCount = (): number => 0
  readonly emit = (): void => {}
}
