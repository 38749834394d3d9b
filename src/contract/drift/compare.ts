/** What a move from one OpenAPI document to another changes, and whom it breaks. */
import type { Fragment } from '../../schema/words.ts'
import { deref, operationsOf, type Document, type Stated } from './document.ts'
import { isUsed, type Uses } from './uses.ts'

export { operationsOf, type Document } from './document.ts'
export { usesOf, type Uses } from './uses.ts'

const PARTIES = ['reader', 'writer'] as const

export type Party = (typeof PARTIES)[number]

export interface Difference {
  kind: 'added' | 'removed' | 'renamed' | 'retyped'
  /** What it is that differs: `OAuth2Provider.redirect_uris`, `GET /core/users/ ?type`. */
  at: string
  what: string
  /** Whom it breaks: who reads answers, who writes requests, or nobody. What an answer may be more than before breaks a reader, what a request may be no longer a writer. */
  breaks: Party[]
  /** Every place where it is met: `200 $.user.groups_obj` in an operation. */
  places: { operation: string; path: string }[]
}

/** The differences of the operations that both documents have, and which ones only one has. */
export function compareDocuments(from: Document, to: Document, uses?: Uses): Difference[] {
  const found = new Map<string, Difference>()
  const [before, after] = [operationsOf(from), operationsOf(to)]
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const used = uses ? uses.get(id) : 'all'
    if (!used) continue
    const note: Note = (kind, at, what, breaks, path, felt = path) => {
      if (used !== 'all' && !isUsed(felt, used)) return
      const key = `${kind} ${at} ${what}`
      const known: Difference = found.get(key) ?? { kind, at, what, breaks: [], places: [] }
      known.breaks = PARTIES.filter((party) => known.breaks.includes(party) || breaks.includes(party))
      known.places.push({ operation: id, path })
      found.set(key, known)
    }
    compareOperation(before.get(id), after.get(id), { from, to, note })
  }
  return [...found.values()].sort(
    (a, b) => b.breaks.length - a.breaks.length || (`${a.at} ${a.what}` < `${b.at} ${b.what}` ? -1 : 1),
  )
}

// ---- one operation

/** @param felt the place that a consumer uses who is to hear of it, which is `path` when it is not given; '' for whoever uses the operation */
type Note = (
  kind: Difference['kind'],
  at: string,
  what: string,
  breaks: readonly Party[],
  path: string,
  felt?: string,
) => void

interface Comparing {
  from: Document
  to: Document
  note: Note
}

const titleOf = ({ path, method }: Stated) => `${method.toUpperCase()} ${path}`

function compareOperation(before: Stated | undefined, after: Stated | undefined, on: Comparing): void {
  if (!after) return on.note('removed', titleOf(before!), 'is gone', PARTIES, '')
  if (!before) return on.note('added', titleOf(after), 'is new', [], '')
  const [was, is] = [titleOf(before), titleOf(after)]
  const isSame = was.replace(/\{[^}]+\}/g, '{}') === is.replace(/\{[^}]+\}/g, '{}')
  if (was !== is) on.note('renamed', was, `is now ${is}`, isSame ? [] : PARTIES, '')
  compareParameters(before, after, on)
  compareBodies(before, after, on)
  const [old, now] = [before, after].map(({ operation }) => (operation.responses ?? {}) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ]
  for (const [status, response] of Object.entries(old)) {
    const place = placeOf(on, `${was} ${status}`, `${status} $`, 'reader')
    if (!Object.hasOwn(now, status))
      on.note('removed', place.at, 'is no longer documented', status.startsWith('2') ? ['reader'] : [], '')
    else compareContents(deref(response, on.from), deref(now[status], on.to), place)
  }
  for (const status of Object.keys(now))
    if (!Object.hasOwn(old, status)) on.note('added', `${is} ${status}`, 'is documented now', [], `${status} $`)
}

const placeOf = (on: Comparing, at: string, path: string, by: Party): Place => ({
  ...on,
  at,
  path,
  by,
  widened: by === 'reader' ? [by] : [],
  narrowed: by === 'writer' ? [by] : [],
  met: new Set(),
})

/** Of a response or a request's body: what it is in JSON. */
function compareContents(before: any, after: any, place: Place): void {
  const [old, now] = [before, after].map(
    (described): Fragment | undefined =>
      described?.content?.['application/json'] && (described.content['application/json'].schema ?? {}),
  )
  if (old && !now) place.note('removed', place.at, 'is no longer JSON', [place.by], place.path)
  if (!old && now) place.note('added', place.at, 'is JSON now', [], place.path)
  compareSchemas(old, now, place)
}

function compareParameters(before: Stated, after: Stated, on: Comparing): void {
  const [old, now] = [parametersOf(before, on.from), parametersOf(after, on.to)]
  for (const [key, one] of old) {
    const place = placeOf(on, `${titleOf(before)} ${nameOf(one)}`, nameOf(one), 'writer')
    // Whoever uses the operation has a path, and which headers a consumer sends is not looked at.
    const felt = one.in === 'query' ? place.path : ''
    const note: Note = (kind, at, what, breaks, path, by = felt && path) => on.note(kind, at, what, breaks, path, by)
    const other = now.get(key)
    if (!other) note('removed', place.at, 'has no effect any more', ['writer'], place.path)
    else {
      compareNeeds(one.required, other.required, place, '')
      compareSchemas(one.schema, other.schema, { ...place, note })
    }
  }
  for (const [key, one] of now)
    if (!old.has(key)) {
      const at = `${titleOf(after)} ${nameOf(one)}`
      if (one.required) on.note('added', at, 'is new and required', ['writer'], nameOf(one), '')
      else on.note('added', at, 'is new', [], nameOf(one))
    }
}

/** An operation's own before those of its path, and those in the path by where they stand: their names are of no account. */
function parametersOf({ path, parameters }: Stated, document: Document): Map<string, any> {
  const holes: string[] = path.match(/\{[^}]+\}/g) ?? []
  const stated = parameters.map((one) => deref(one, document)).filter(Boolean)
  return new Map(
    stated.map((one) => [
      `${one.in} ${one.in === 'path' && holes.includes(nameOf(one)) ? holes.indexOf(nameOf(one)) : one.name}`,
      one,
    ]),
  )
}

const nameOf = (parameter: any): string =>
  parameter.in === 'query'
    ? `?${parameter.name}`
    : parameter.in === 'path'
      ? `{${parameter.name}}`
      : `${parameter.in} ${parameter.name}`

function compareBodies(before: Stated, after: Stated, on: Comparing): void {
  const [old, now] = [deref(before.operation.requestBody, on.from), deref(after.operation.requestBody, on.to)]
  const place = placeOf(on, `${titleOf(before)} body`, 'body $', 'writer')
  if (!old && now)
    on.note('added', place.at, now.required ? 'is asked for' : 'can be sent', now.required ? ['writer'] : [], '')
  if (old && !now) on.note('removed', place.at, 'is no longer read', ['writer'], '')
  if (!old || !now) return
  compareNeeds(old.required, now.required, place, '')
  compareContents(old, now, place)
}

/** Whether it may be left out. */
function compareNeeds(
  was: boolean | undefined,
  is: boolean | undefined,
  { note, at, path, by }: Place,
  felt = path,
): void {
  if (was && !is) note('retyped', at, 'may be absent', by === 'reader' ? [by] : [], path)
  if (!was && is) note('retyped', at, 'is required', by === 'writer' ? [by] : [], path, felt)
}

// ---- one schema

interface Place extends Comparing {
  /** The component's key where it is in one, otherwise where in the operation it is. */
  at: string
  path: string
  /** Who meets it. */
  by: Party
  /** Whom it breaks that more is allowed here than before. */
  widened: readonly Party[]
  /** Whom it breaks that less is. */
  narrowed: readonly Party[]
  /** Components met on the way here, which may hold themselves. */
  met: ReadonlySet<string>
}

function compareSchemas(before: Fragment | undefined, after: Fragment | undefined, place: Place): void {
  if (!before || !after) return
  const [old, now] = [resolve(before, place.from), resolve(after, place.to)]
  const { note, at, path, by, met, widened, narrowed } = place
  if (old.name && now.name && old.name !== now.name) note('renamed', old.name, `is now called ${now.name}`, [], path)
  const [one, other] = [old.fragment, now.fragment]
  if (String(one['type']) !== String(other['type']))
    return note('retyped', at, `is ${typeOf(old)}, then ${typeOf(now)}`, [by], path)
  if (one['format'] !== other['format']) note('retyped', at, `is ${typeOf(old)}, then ${typeOf(now)}`, [by], path)
  if (!one['nullable'] && other['nullable']) note('retyped', at, 'can be null', widened, path)
  if (one['nullable'] && !other['nullable']) note('retyped', at, 'can no longer be null', narrowed, path)
  compareLimits(one, other, place)
  compareChoices(valuesOf(one), valuesOf(other), place)
  const key = `${old.name} ${now.name}`
  if (old.name && met.has(key)) return
  const inside = { ...place, at: now.name ?? at, met: old.name ? new Set([...met, key]) : met }
  if (one['items'] && other['items'])
    compareSchemas(one['items'] as Fragment, other['items'] as Fragment, { ...inside, at, path: `${path}[]` })
  compareMembers(one, other, place, inside)
  compareExtras(one, other, inside)
  if (one['properties'] || other['properties']) compareProperties(one, other, inside, old.name ?? at)
}

const valuesOf = (fragment: Fragment) =>
  (fragment['enum'] as unknown[] | undefined)?.map((value) => JSON.stringify(value))

const LIMITS = [
  ['maxLength', Infinity, 'at most', 'characters'],
  ['minLength', 0, 'at least', 'characters'],
  ['maxItems', Infinity, 'at most', 'items'],
  ['minItems', 0, 'at least', 'items'],
  ['maximum', Infinity, 'at most', ''],
  ['minimum', -Infinity, 'at least', ''],
] as const

function compareLimits(one: Fragment, other: Fragment, { note, at, path, widened, narrowed }: Place): void {
  for (const [limit, unlimited, words, unit] of LIMITS) {
    if (one[limit] === other[limit]) continue
    const [was, is] = [one[limit], other[limit]].map((value) => (value as number | undefined) ?? unlimited) as [
      number,
      number,
    ]
    const say = (count: number) =>
      count === unlimited ? `any number${unit && ` of ${unit}`}` : `${words} ${count}${unit && ` ${unit}`}`
    if (was !== is)
      note(
        'retyped',
        at,
        `${unit ? 'has' : 'is'} ${say(is)}, not ${say(was)}`,
        is > was === unlimited > 0 ? widened : narrowed,
        path,
      )
  }
  if (one['pattern'] === other['pattern']) return
  const [was, is] = [one['pattern'], other['pattern']].map((pattern) =>
    pattern === undefined ? 'no pattern' : `the pattern ${String(pattern)}`,
  )
  note('retyped', at, `has ${is}, not ${was}`, other['pattern'] === undefined ? [] : narrowed, path)
}

function compareChoices(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
  { note, at, path, widened, narrowed }: Place,
  tell = (choice: string) => choice,
): void {
  if (!one && !other) return
  const list = (choices: readonly string[]) => choices.map(tell).join(', ')
  if (!one) return note('retyped', at, `can only be one of ${list(other!)}`, narrowed, path)
  if (!other) return note('retyped', at, 'can be anything', widened, path)
  const [more, fewer] = [
    other.filter((choice) => !one.includes(choice)),
    one.filter((choice) => !other.includes(choice)),
  ]
  if (more.length) note('retyped', at, `can also be ${list(more)}`, widened, path)
  if (fewer.length) note('retyped', at, `can no longer be ${list(fewer)}`, narrowed, path)
}

/** Of which schemas it is one: the same by what they say, and then compared inside. */
function compareMembers(one: Fragment, other: Fragment, place: Place, inside: Place): void {
  for (const word of ['oneOf', 'anyOf']) {
    const [old, now] = [
      (one[word] as Fragment[] | undefined)?.map(textOf),
      (other[word] as Fragment[] | undefined)?.map(textOf),
    ]
    compareChoices(old, now, place, (member) => typeOf(resolve(JSON.parse(member) as Fragment, place.to)))
    for (const member of old ?? [])
      if (now?.includes(member)) compareSchemas(JSON.parse(member) as Fragment, JSON.parse(member) as Fragment, inside)
  }
}

/** A schema's text, without prose and the same in any order of its keywords. */
const textOf = (fragment: Fragment): string =>
  JSON.stringify(fragment, (key, value: any) => {
    if (typeof value === 'string' && (key === 'description' || key === 'title')) return undefined
    if (Array.isArray(value)) return key === 'required' ? value.toSorted() : value
    return value && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value
  })

/** What is under the keys that a schema does not name. */
function compareExtras(one: Fragment, other: Fragment, { note, widened, narrowed, ...place }: Place): void {
  if (one['additionalProperties'] === other['additionalProperties'] && !one['additionalProperties']) return
  const [was, is] = [extrasOf(one), extrasOf(other)]
  const [at, path] = [`${place.at}.*`, `${place.path}.*`]
  if (was === is) return
  if (was === false) note('retyped', at, 'can be there', widened, path)
  else if (is === false) note('retyped', at, 'can no longer be there', narrowed, path)
  else if (was === true) note('retyped', at, `can only be ${typeOf(resolve(is as Fragment, place.to))}`, narrowed, path)
  else if (is === true) note('retyped', at, 'can be anything', widened, path)
  else compareSchemas(was, is, { ...place, note, widened, narrowed, at, path })
}

/** @returns true for anything, which `{}` says too */
function extrasOf(fragment: Fragment): Fragment | boolean {
  const stated = (fragment['additionalProperties'] ?? true) as Fragment | boolean
  return stated !== false && Object.keys(stated).length === 0 ? true : stated
}

/** @param had what had the keys that are gone, which another component may stand for now */
function compareProperties(one: Fragment, other: Fragment, place: Place, had: string): void {
  const { note, at, path, by, from, to } = place
  const [old, now] = [one, other].map((fragment) => (fragment['properties'] ?? {}) as Record<string, Fragment>) as [
    Record<string, Fragment>,
    Record<string, Fragment>,
  ]
  const [needed, needs] = [one, other].map(
    (fragment) => new Set((fragment['required'] as string[] | undefined) ?? []),
  ) as [Set<string>, Set<string>]
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(now, key))
  const added = Object.keys(now).filter((key) => !Object.hasOwn(old, key))
  for (const key of gone) {
    const heir = heirOf(
      key,
      added,
      (candidate) => typeOf(resolve(old[key]!, from)) === typeOf(resolve(now[candidate]!, to)),
    )
    if (heir) added.splice(added.indexOf(heir), 1)
    const what = heir ? `is now called ${heir}` : by === 'reader' ? 'is gone' : 'has no effect any more'
    note(
      heir ? 'renamed' : 'removed',
      `${had}.${key}`,
      what,
      [by],
      `${path}.${key}`,
      by === 'writer' && heir && needs.has(heir) ? path : undefined,
    )
  }
  for (const key of added)
    // Whoever sends the object has to send the key from now on.
    if (by === 'writer' && needs.has(key))
      note('added', `${at}.${key}`, 'is new and required', ['writer'], `${path}.${key}`, path)
    else note('added', `${at}.${key}`, `is new: ${typeOf(resolve(now[key]!, to))}`, [], `${path}.${key}`)
  for (const key of Object.keys(old).filter((name) => Object.hasOwn(now, name))) {
    const inside = { ...place, at: `${at}.${key}`, path: `${path}.${key}` }
    compareNeeds(needed.has(key), needs.has(key), inside, by === 'writer' ? path : inside.path)
    compareSchemas(old[key], now[key], inside)
  }
}

/** The new key that an old one probably became: of the same type, and with a word of its name. */
function heirOf(key: string, added: readonly string[], isAlike: (candidate: string) => boolean): string | undefined {
  const words = key.split('_')
  const shared = (candidate: string) => candidate.split('_').filter((word) => words.includes(word)).length
  const [best] = added
    .filter((candidate) => shared(candidate) > 0 && isAlike(candidate))
    .sort((a, b) => shared(b) - shared(a))
  return best
}

interface Resolved {
  /** Of the component that it refers to. */
  name?: string
  fragment: Fragment
}

/** A schema with what its `$ref`, or an `allOf` of one, says. */
function resolve(fragment: Fragment | null, document: Document): Resolved {
  if (!fragment) return { fragment: {} }
  const inner = (fragment['allOf'] as Fragment[] | undefined)?.[0]
  if (inner) {
    const { name, fragment: referred } = resolve(inner, document)
    const { allOf: _, ...own } = fragment
    return { ...(name === undefined ? {} : { name }), fragment: { ...referred, ...own } }
  }
  const ref = fragment['$ref'] as string | undefined
  return ref === undefined ? { fragment } : { name: ref.split('/').at(-1)!, fragment: deref(fragment, document) }
}

function typeOf({ name, fragment }: Resolved): string {
  const { type, format, items, oneOf, anyOf } = fragment as {
    type?: string
    format?: string
    items?: Fragment
    oneOf?: Fragment[]
    anyOf?: Fragment[]
  }
  if (type === 'array')
    return `a list of ${items?.['$ref'] ? String(items['$ref']).split('/').at(-1) : typeOf({ fragment: items ?? {} })}`
  return (
    name ??
    [type ?? (oneOf || anyOf ? 'one of several' : 'anything'), format && `(${format})`].filter(Boolean).join(' ')
  )
}
