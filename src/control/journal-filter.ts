/** Which entries of the journal are meant: what a filter may say, and what is wrong with one. */
import { isObject } from '../schema/json.ts'
import { controlError } from './control-error.ts'
import { choice, findProblems, flag, method, path, text, whole, type FieldForm } from './field-form.ts'
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

const number = whole('a whole number', 0)

/** What each field of a filter may be. */
const FORMS = {
  operationId: text,
  method,
  path,
  status: number,
  kind: choice(...REQUEST_KINDS),
  outcome: choice(...OUTCOMES),
  user: text,
  scenario: text,
  after: number,
  writes: flag,
} satisfies Readonly<Record<keyof JournalFilter, FieldForm>>
const FIELDS: ReadonlyMap<string, FieldForm> = new Map(Object.entries(FORMS))

/**
 * Checks a filter: one that says what there is not would mean no entry, or every one.
 * @param findMistake what is wrong with the id of an operation
 * @throws MockError ERR_CONTROL
 */
export function checkFilter(filter: JournalFilter, findMistake: (operationId: string) => string | undefined): void {
  if (!isObject(filter)) throw controlError([`filter: is no object; give one such as {"status": 200}`])
  const problems = findProblems(filter, FIELDS)
  if (problems.length) throw controlError(problems)
  const { operationId } = filter
  const mistake = typeof operationId === 'string' ? findMistake(operationId) : undefined
  if (mistake !== undefined) throw controlError([mistake])
}

/** Whether a path is the one that is meant, or begins as it says: `/api/v3/core/*`. */
export const matchesPath = (requestPath: string, pattern: string): boolean =>
  pattern.endsWith('*') ? requestPath.startsWith(pattern.slice(0, -1)) : requestPath === pattern
