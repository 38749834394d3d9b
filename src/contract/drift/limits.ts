/** Compares what limits the values of one type: numbers, lengths, patterns, and lists of what is allowed. */
import type { Position } from './position.ts'
import { isTighter, LIMITS, type Limit, type Shape } from './shape.ts'

/** Compares how large, long or many a value can be. */
export function compareLimits(oldShape: Shape, newShape: Shape, position: Position): void {
  const { record, subject, path, brokenByMore, brokenByLess } = position
  for (const [keyword, { isUpper, unit }] of LIMITS) {
    const describe = (limit: Limit | undefined) => {
      if (!limit) return `any number${unit && ` of ${unit}`}`
      const words = limit.isExclusive ? (isUpper ? 'less than' : 'more than') : isUpper ? 'at most' : 'at least'
      return `${words} ${limit.value}${unit && ` ${unit}`}`
    }
    const [oldLimit, newLimit] = [oldShape.limits.get(keyword), newShape.limits.get(keyword)]
    const isLess = isTighter(newLimit, oldLimit, isUpper)
    if (!isLess && !isTighter(oldLimit, newLimit, isUpper)) continue
    const change = `${unit ? 'has' : 'is'} ${describe(newLimit)}, not ${describe(oldLimit)}`
    record('retyped', subject, change, isLess ? brokenByLess : brokenByMore, path)
  }
}

/** Compares patterns, of which nobody can tell which allows more, divisors, and whether items may be there twice. */
export function comparePatterns(oldShape: Shape, newShape: Shape, position: Position): void {
  const { record, subject, path, brokenByMore, brokenByLess } = position
  const breaksFor = (isMore: boolean, isLess: boolean) => [
    ...(isMore ? brokenByMore : []),
    ...(isLess ? brokenByLess : []),
  ]
  const [oldPatterns, newPatterns] = [oldShape.patterns, newShape.patterns]
  const [isMore, isLess] = [
    oldPatterns.some((pattern) => !newPatterns.includes(pattern)),
    newPatterns.some((pattern) => !oldPatterns.includes(pattern)),
  ]
  if (isMore || isLess) {
    const describe = (patterns: readonly string[]) =>
      patterns.length ? `the pattern ${patterns.join(' and ')}` : 'no pattern'
    const change = `has ${describe(newPatterns)}, not ${describe(oldPatterns)}`
    record('retyped', subject, change, breaksFor(isMore, isLess), path)
  }
  const [oldDivisors, newDivisors] = [oldShape.divisors, newShape.divisors]
  if (String(oldDivisors) !== String(newDivisors)) {
    const divides = (divisors: readonly number[], multiples: readonly number[]) =>
      divisors.every((divisor) => multiples.some((multiple) => Number.isInteger(multiple / divisor)))
    const describe = (divisors: readonly number[]) => divisors.map((divisor) => `of ${divisor}`).join(' and ')
    const change = newDivisors.length
      ? `can only be a multiple ${describe(newDivisors)}`
      : `need not be a multiple ${describe(oldDivisors)}`
    const breaks = breaksFor(!divides(oldDivisors, newDivisors), !divides(newDivisors, oldDivisors))
    record('retyped', subject, change, breaks, path)
  }
  if (!oldShape.hasUniqueItems && newShape.hasUniqueItems)
    record('retyped', subject, 'can no longer have an item twice', brokenByLess, path)
  if (oldShape.hasUniqueItems && !newShape.hasUniqueItems)
    record('retyped', subject, 'can have an item twice', brokenByMore, path)
}

/** Compares which values are allowed. */
export function compareChoices(
  oldChoices: readonly string[] | undefined,
  newChoices: readonly string[] | undefined,
  { record, subject, path, brokenByMore, brokenByLess }: Position,
): void {
  if (!oldChoices && newChoices)
    record('retyped', subject, `can only be one of ${newChoices.join(', ')}`, brokenByLess, path)
  if (oldChoices && !newChoices) record('retyped', subject, 'can be anything', brokenByMore, path)
  if (!oldChoices || !newChoices) return
  const added = newChoices.filter((choice) => !oldChoices.includes(choice))
  const removed = oldChoices.filter((choice) => !newChoices.includes(choice))
  if (added.length) record('retyped', subject, `can also be ${added.join(', ')}`, brokenByMore, path)
  if (removed.length) record('retyped', subject, `can no longer be ${removed.join(', ')}`, brokenByLess, path)
}
