/** Statistics of a few values, of which some were measured while something else ran. */

/** Returns the median of some values, NaN when there are none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)

/**
 * Returns the value below which a share of some values lies, between two values where it falls between them; NaN when there
 * are none.
 * @example quantile([1, 2, 3, 4], 0.5) // 2.5
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * share
  const [lower = NaN, upper = NaN] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]]
  return lower + (upper - lower) * (position - Math.floor(position))
}
