/** What a field may be that a program or a request says, and what is wrong with those that were said. */
import { copyOf, quote } from '../schema/json.ts'
import { noSuch } from './control-error.ts'

/** What a field may be. */
export interface FieldForm {
  /** In words: `a status from 200 to 599`. */
  meaning: string
  isFit(value: unknown): boolean
}

/** A text, which may be empty. */
export const text: FieldForm = { meaning: 'a text', isFit: (value) => typeof value === 'string' }
/** True or false. */
export const flag: FieldForm = { meaning: 'true or false', isFit: (value) => typeof value === 'boolean' }
/** A path, or its beginning with `*` at the end. */
export const path: FieldForm = {
  meaning: 'a path that begins with a slash',
  isFit: (value) => typeof value === 'string' && value.startsWith('/'),
}

/** A method of HTTP, in letters of either case; nobody sends another. */
export const method: FieldForm = {
  meaning: 'a method, such as GET',
  isFit: (value) => typeof value === 'string' && METHODS.has(value.toUpperCase()),
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

/** One of a few texts. */
export const choice = (...names: readonly string[]): FieldForm => ({
  meaning: names.map((name) => `"${name}"`).join(' or '),
  isFit: (value) => names.some((name) => name === value),
})

/** A whole number within limits, and what it is called. */
export const whole = (meaning: string, least: number, most = Number.MAX_SAFE_INTEGER): FieldForm => ({
  meaning,
  isFit: (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
})

/** What is wrong with fields, each with its name; one that is undefined says nothing. */
export function findProblems(values: object, forms: ReadonlyMap<string, FieldForm>): string[] {
  const copy = copyOf(values)
  if (!copy) return [`${quote(values)} is no object; give one with some of ${[...forms.keys()].join(', ')}`]
  return Object.entries(copy).flatMap(([name, value]) => {
    const form = forms.get(name)
    if (!form) return [noSuch('field', name, [...forms.keys()])]
    return value === undefined || form.isFit(value) ? [] : [`${name}: ${quote(value)} is not ${form.meaning}`]
  })
}
