/** Tells quickly whether two parts of two documents are the same, so that only what differs is looked at closely. */
import { componentNameOf, follow, isObject, referenceOf, type Document } from './document.ts'

/** The keywords that say nothing about a request or an answer. */
const PROSE = /^(x-(?!nullable$).*|\$comment|description|title|summary|tags|externalDocs|examples?)$/

/** Tells whether a keyword says nothing about a request or an answer. */
export const isProse = (keyword: string) => PROSE.test(keyword)

/** The keywords whose value has names for keys, which may be words of prose. */
const MAPS: ReadonlySet<string> = new Set(
  [
    'properties patternProperties dependentSchemas $defs definitions schemas headers content responses parameters',
    'requestBodies securitySchemes callbacks links pathItems paths mapping encoding variables scopes flows default const',
  ].flatMap((line) => line.split(' ')),
)

/** The keywords whose value is a list in any order. */
const SETS: ReadonlySet<string> = new Set(['required', 'enum', 'type'])

interface Pair {
  oldValue: unknown
  newValue: unknown
  keyword: string
  /** Whether the keys are names. */
  isMap: boolean
  /** The pair that this pair stands in, which differs when this one does. */
  outer?: Pair | undefined
}

/**
 * Makes a function that tells whether two values say the same, prose aside. A value that refers to itself is the same as
 * another when no difference is found on the way round. What was found is kept, so that a component is looked at once.
 */
export function createIsEqual(baseline: Document, candidate: Document): (a: unknown, b: unknown) => boolean {
  const results = new WeakMap<object, WeakMap<object, boolean>>()
  const resultFor = (oldValue: object, newValue: object) => results.get(oldValue)?.get(newValue)
  const keep = (oldValue: object, newValue: object, result: boolean) => {
    const resultsOfValue = results.get(oldValue) ?? new WeakMap<object, boolean>()
    results.set(oldValue, resultsOfValue.set(newValue, result))
  }
  return (oldRoot, newRoot) => {
    const pairs: Pair[] = [{ oldValue: oldRoot, newValue: newRoot, keyword: '', isMap: false }]
    const assumed = new Map<object, Set<object>>()
    const inner: [object, object][] = []
    for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
      const [oldValue, newValue] = [enter(pair.oldValue, baseline), enter(pair.newValue, candidate)]
      const entered: Pair = { ...pair, oldValue, newValue }
      const differ = () => {
        for (let outer: Pair | undefined = entered; outer; outer = outer.outer)
          if (isObject(outer.oldValue) && isObject(outer.newValue)) keep(outer.oldValue, outer.newValue, false)
        return false
      }
      if (oldValue === FAILED || newValue === FAILED) return differ()
      const oldName = componentNameOf(referenceOf(pair.oldValue) ?? '')
      const newName = componentNameOf(referenceOf(pair.newValue) ?? '')
      if (oldName && newName && oldName !== newName) return differ()
      if (typeof oldValue !== 'object' || typeof newValue !== 'object' || !oldValue || !newValue) {
        if (oldValue !== newValue) return differ()
        continue
      }
      const result = resultFor(oldValue, newValue)
      if (result === false) return differ()
      const partners = assumed.get(oldValue) ?? new Set()
      if (result || partners.has(newValue)) continue
      assumed.set(oldValue, partners.add(newValue))
      inner.push([oldValue, newValue])
      const members = membersOf(entered)
      if (!members) return differ()
      for (const member of members) pairs.push({ ...member, outer: entered })
    }
    for (const [oldValue, newValue] of inner) keep(oldValue, newValue, true)
    return true
  }
}

const FAILED = Symbol('no such value')

/** Returns what is behind a reference. One with further keywords beside it is not looked into here. */
function enter(value: unknown, document: Document): unknown {
  if (referenceOf(value) === undefined) return value
  if (Object.keys(Object(value)).some((keyword) => keyword !== '$ref' && !isProse(keyword))) return FAILED
  const { value: target, failure } = follow(value, document)
  return failure === undefined ? target : FAILED
}

/** Returns the members of two values in pairs; undefined where one has what the other has not. */
function membersOf({ oldValue, newValue, keyword, isMap }: Pair): Pair[] | undefined {
  if (Array.isArray(oldValue) || Array.isArray(newValue)) {
    if (!Array.isArray(oldValue) || !Array.isArray(newValue) || oldValue.length !== newValue.length) return undefined
    const sort = (list: readonly unknown[]) => (SETS.has(keyword) ? list.toSorted() : list)
    const newItems = sort(newValue)
    return sort(oldValue).map((item, index) => ({
      oldValue: item,
      newValue: newItems[index],
      keyword: '',
      isMap: false,
    }))
  }
  if (!isObject(oldValue) || !isObject(newValue)) return undefined
  const keysOf = (value: object) => Object.keys(value).filter((key) => isMap || !isProse(key))
  const [oldKeys, newKeys] = [keysOf(oldValue), keysOf(newValue)]
  if (oldKeys.length !== newKeys.length || oldKeys.some((key) => !Object.hasOwn(newValue, key))) return undefined
  return oldKeys.map((key) => ({
    oldValue: oldValue[key],
    newValue: newValue[key],
    keyword: isMap ? '' : key,
    isMap: !isMap && MAPS.has(key),
  }))
}
