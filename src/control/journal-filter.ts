/** Which entries of the journal are meant: what a filter may say, and what is wrong with one. */
import { isObject } from '../schema/json.ts'
import { controlError, noSuch } from './control-error.ts'
import type { JournalFilter, Outcome, RequestKind } from './types.ts'

/** The kinds of requests, and what becomes of one. */
export const REQUEST_KINDS = ['api', 'oauth', 'flow', 'page', 'unknown'] as const satisfies readonly RequestKind[]
export const OUTCOMES = [
  'answered',
  'not-emulated',
  'refused',
  'scenario',
  'failed',
] as const satisfies readonly Outcome[]

const isText = (value: unknown) => typeof value === 'string'
const isWhole = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0
const listed = (names: readonly string[]) => names.map((name) => `"${name}"`).join(' or ')

/** What each field of a filter may be. */
const FORMS: Readonly<Record<keyof JournalFilter, { meaning: string; isFit(value: unknown): boolean }>> = {
  operationId: { meaning: 'a text', isFit: isText },
  method: { meaning: 'a text', isFit: isText },
  path: {
    meaning: 'a path that begins with a slash',
    isFit: (value) => typeof value === 'string' && value.startsWith('/'),
  },
  status: { meaning: 'a whole number', isFit: isWhole },
  kind: { meaning: listed(REQUEST_KINDS), isFit: (value) => REQUEST_KINDS.some((kind) => kind === value) },
  outcome: { meaning: listed(OUTCOMES), isFit: (value) => OUTCOMES.some((outcome) => outcome === value) },
  user: { meaning: 'a text', isFit: isText },
  scenario: { meaning: 'a text', isFit: isText },
  after: { meaning: 'a whole number', isFit: isWhole },
  writes: { meaning: 'true or false', isFit: (value) => typeof value === 'boolean' },
}

const FIELDS = Object.keys(FORMS) as (keyof JournalFilter)[]

/**
 * Checks a filter: one that says what there is not would mean no entry, or every one.
 * @param findMistake what is wrong with the id of an operation
 * @throws MockError ERR_CONTROL
 */
export function checkFilter(filter: JournalFilter, findMistake: (operationId: string) => string | undefined): void {
  if (!isObject(filter)) throw controlError([`filter: is no object; give one such as {"status": 200}`])
  const problems = Object.entries(filter).flatMap(([name, value]) => {
    const form = FIELDS.includes(name as keyof JournalFilter) ? FORMS[name as keyof JournalFilter] : undefined
    if (!form) return [noSuch('field', name, FIELDS)]
    return value === undefined || form.isFit(value) ? [] : [`${name}: ${JSON.stringify(value)} is not ${form.meaning}`]
  })
  const { operationId } = filter
  const mistake = typeof operationId === 'string' ? findMistake(operationId) : undefined
  if (mistake !== undefined) problems.push(mistake)
  if (problems.length) throw controlError(problems)
}

/** Whether a path is the one that is meant, or begins as it says: `/api/v3/core/*`. */
export const matchesPath = (path: string, pattern: string): boolean =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
