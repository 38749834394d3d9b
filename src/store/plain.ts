/** Values of a world that others hand in, copied: what is not JSON is refused before anything looks into it. */
import { MAX_DEPTH, type JsonObject } from '../schema/json.ts'
import { isKept, unkept } from './data-error.ts'

/** How many values are refused before the rest is left alone: a value that holds itself would have no end of them. */
const MAX_REFUSALS = 100

/** Where a value stands: the steps that lead to it. */
type Steps = (string | number)[]

/** A copy of a JSON value, and what is wrong with what it was made from. */
export interface Plain<T> {
  value: T
  /** Each with the path of the value. */
  problems: string[]
}

/**
 * Copies a value that is JSON; a member that is undefined is left out, as JSON leaves it out.
 * @param root what the value is called in a path; empty for a world file
 * @param outerDepth how many levels stand around the value of a field: a file has a list of rows, a row is one
 * @returns a copy that shares nothing with the value, without what the problems are about
 */
export function toPlain(value: unknown, root: string, outerDepth: number): Plain<unknown> {
  const problems: string[] = []
  const steps: Steps = []
  let refusals = 0
  const refuse = (reason: string, depth = steps.length) => {
    refusals++
    const problem = `${toPath(steps.slice(0, depth), root)}: ${reason}`
    if (problem !== problems.at(-1)) problems.push(problem)
    return undefined
  }

  function copy(item: unknown): unknown {
    if (refusals >= MAX_REFUSALS) return undefined
    if (typeof item === 'string') return isKept(item) ? item : refuse(unkept(item))
    if (item === null || typeof item === 'boolean') return item
    // The sum makes 0 of -0, which JSON cannot tell from it.
    if (typeof item === 'number') return Number.isFinite(item) ? item + 0 : refuse(`is ${item}, and no number of JSON`)
    if (typeof item !== 'object') return refuse(noJson(item, steps.length > 0))
    if (steps.length >= outerDepth + MAX_DEPTH) return refuse(TOO_DEEP, outerDepth)
    return Array.isArray(item) ? copyList(item) : copyObject(item)
  }

  function copyList(list: readonly unknown[]): unknown[] {
    const copies: unknown[] = []
    for (const [index, member] of list.entries()) {
      if (refusals >= MAX_REFUSALS) break
      steps.push(index)
      copies.push(copy(member))
      steps.pop()
    }
    return copies
  }

  function copyObject(object: object): JsonObject | undefined {
    if (!isPlain(object)) return refuse(noJson(object, steps.length > 0))
    const isOutside = steps.length < outerDepth
    const copies: [string, unknown][] = []
    for (const [key, member] of Object.entries(object)) {
      if (member === undefined) continue
      steps.push(key)
      if (isOutside && key === '__proto__') refuse('is a key that no world can have')
      else if (!isKept(key)) refuse(unkept(key))
      else copies.push([key, copy(member)])
      steps.pop()
    }
    // An assignment to the key __proto__, which free JSON may have, would set the prototype.
    return Object.fromEntries(copies)
  }

  return { value: copy(value), problems }
}

const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`

/** An object of no class, of this realm or another: a test environment has an Object of its own. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function noJson(value: unknown, isInRow: boolean): string {
  const kind = kindOf(value)
  return `is ${kind}, and no JSON${kind === 'a Date' && isInRow ? '; write an instant as a text, such as 2024-09-27T14:26:18Z' : ''}`
}

/** What a value is that is no JSON: `a function`, `a Date`. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value === 'bigint') return 'a BigInt'
  if (typeof value !== 'object') return `a ${typeof value}`
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  return tag === 'Object' ? 'an object of a class' : `a ${tag}`
}

/** A path as messages write it: `users[2].groups`. */
export const toPath = (steps: readonly PropertyKey[], root: string): string =>
  steps.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${String(step)}` : String(step)),
    root,
  ) || 'the file'
