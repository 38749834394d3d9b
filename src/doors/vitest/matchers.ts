/** What Vitest's `expect` is given: matchers of what was asked of a mock, and of what it answered. */
import { expect } from 'vitest'
import { DEFAULT_RELEASE } from '../../authentik/releases/index.ts'
import type { ControlledMock } from '../../control/control.ts'
import type { JournalFilter } from '../../control/types.ts'
import { readKey } from '../../schema/json.ts'
import { labelOf, lineOf, searchFor, type AskedMatch, type Endpoint, type IsLike } from './asked.ts'
import { componentFaults, type ComponentMatch } from './component.ts'
import { listeningMock } from './listening.ts'
import type { ComponentName, OperationName } from './names.ts'

/** What is said of a value: whether a component of authentik is like it. */
export interface ComponentMatchers<Result> {
  /**
   * The value is as the component of the release's OpenAPI document says.
   * @throws TypeError for a component that the release has not
   * @example expect(await response.json()).toMatchComponent('ExpiringBaseGrantModel')
   * @example expect(body).toEqual({ pagination: expect.anything(), results: [expect.toMatchComponent('User')] })
   */
  toMatchComponent(name: ComponentName, options?: ComponentMatch): Result
}

/** What is said of a mock, and of values. */
export interface AuthentikMatchers<Result = void> extends ComponentMatchers<Result> {
  /**
   * The mock was asked for an operation, or for an endpoint that has no operationId.
   * @throws TypeError for an operation that the release has not
   * @example expect(authentik).toHaveBeenAsked('core_users_list', { query: { page: 2 }, status: 200 })
   * @example expect(authentik).toHaveBeenAsked({ method: 'POST', path: '/application/o/token/' }, { times: 1 })
   */
  toHaveBeenAsked(operation: OperationName | Endpoint, match?: AskedMatch): Result
  /**
   * Nothing was asked by another method than GET, HEAD, OPTIONS and TRACE.
   * @param filter narrows down which requests are meant
   * @example expect(authentik).toHaveNoWrites({ kind: 'api' }) // a login may have written
   */
  toHaveNoWrites(filter?: JournalFilter): Result
}

declare global {
  // Its type parameters differ from Vitest to Vitest where `Matchers` is extended, and there are none here.
  // oxlint-disable-next-line typescript/no-namespace
  namespace Chai {
    // oxlint-disable-next-line typescript/no-empty-object-type
    interface Assertion extends AuthentikMatchers {}
  }
}

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-explicit-any
  interface AsymmetricMatchersContaining extends ComponentMatchers<any> {}
}

/** What a matcher has of Vitest. */
interface MatcherContext {
  isNot?: boolean
  customTesters?: readonly unknown[]
  equals(actual: unknown, expected: unknown, testers?: unknown[]): boolean
  utils: { subsetEquality: unknown; iterableEquality: unknown }
}

/** What a matcher comes to. */
interface MatcherResult {
  pass: boolean
  message(): string
}

/** How many requests a failure lists. */
const MAX_LINES = 30

function toHaveBeenAsked(
  this: MatcherContext,
  received: unknown,
  operation: OperationName | Endpoint,
  match: AskedMatch = {},
): MatcherResult {
  const authentik = requireMock(received)
  const { count, lines } = searchFor(authentik, operation, match, isLikeIn(this))
  const { times } = match
  const conditions = Object.keys(match).length ? ` with ${print(match)}` : ''
  const expectation = `The mock of ${authentik.release} was expected ${this.isNot ? 'not ' : ''}to be asked for ${labelOf(operation)}${conditions}`
  return {
    pass: times === undefined ? count > 0 : count === times,
    message: () => [`${expectation}. ${timesOf(count)}`, ...listOf('Asked, the nearest first', lines)].join('\n'),
  }
}

function toHaveNoWrites(this: MatcherContext, received: unknown, filter: JournalFilter = {}): MatcherResult {
  const writes = requireMock(received).journal.writes(filter)
  return {
    pass: writes.length === 0,
    message: () =>
      writes.length === 0
        ? 'A request that changes something was expected, and none came.'
        : [
            'No request that changes something was expected.',
            ...listOf(
              'Asked',
              writes.map((entry) => lineOf(entry)),
            ),
          ].join('\n'),
  }
}

function toMatchComponent(
  this: MatcherContext,
  received: unknown,
  name: ComponentName,
  match: ComponentMatch = {},
): MatcherResult {
  const defaultRelease = listeningMock()?.release ?? DEFAULT_RELEASE
  const faults = componentFaults(received, name, defaultRelease, match)
  const { release = defaultRelease } = match
  return {
    pass: faults.length === 0,
    message: () =>
      faults.length === 0
        ? `The value was expected not to be as ${name} of ${release} is.`
        : [
            `The value was expected to be as ${name} of ${release} is.${excerptOf(received)}`,
            ...listOf('What is wrong', faults),
          ].join('\n'),
  }
}

/** Adds the matchers to `expect`. To do so again changes nothing. */
export function addMatchers(): void {
  const matchers = { toHaveBeenAsked, toHaveNoWrites, toMatchComponent }
  expect.extend(matchers as unknown as Parameters<typeof expect.extend>[0])
}

const timesOf = (count: number) =>
  count === 0 ? 'No such request came.' : count === 1 ? 'One such request came.' : `${count} such requests came.`

/** A value that is short, such as an error of authentik in place of a row; of a row the paths say enough. */
function excerptOf(value: unknown): string {
  const text = print(value) ?? String(value)
  return text.length > 200 ? '' : ` It is ${text}`
}

/** A list of lines below its title, which ends where there are many. */
function listOf(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return ['Nothing was asked.']
  const hidden = lines.length - MAX_LINES
  return [
    `${title}:`,
    ...lines.slice(0, MAX_LINES).map((line) => `  ${line}`),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
  ]
}

/** A value as a message shows it: an asymmetric matcher by its name, such as `Any<Number>`. */
const print = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, item: unknown) => {
    if (typeof readKey(item, 'asymmetricMatch') !== 'function') return item
    const { toAsymmetricMatcher } = item as { toAsymmetricMatcher?(): string }
    return toAsymmetricMatcher?.call(item) ?? String(item)
  })

/** Compares as `toMatchObject` does. */
function isLikeIn({ equals, utils, customTesters = [] }: MatcherContext): IsLike {
  const testers = [...customTesters, utils.iterableEquality, utils.subsetEquality]
  return (actual, expected) => equals(actual, expected, testers)
}

/** @throws TypeError for what has no journal */
function requireMock(received: unknown): ControlledMock {
  if (typeof readKey(readKey(received, 'journal'), 'writes') === 'function') return received as ControlledMock
  throw new TypeError(
    'Failed to look for a request: what expect() was given is no mock under control. Give what setupAuthentikMock() or control() gave.',
  )
}
