/** What dist/ has in place of outvariant, with which @msw/data checks what it does: without the values in its messages. */

/** Something is not as it must be. */
export class InvariantError extends Error {}

/** @throws InvariantError when a condition does not hold */
export function invariant(condition: unknown, message: string): void {
  if (!condition) throw new InvariantError(message)
}

/** @throws what `create` makes of the message, when a condition does not hold */
invariant.as = (create: (message: string) => Error, condition: unknown, message: string): void => {
  if (!condition) throw create(message)
}
