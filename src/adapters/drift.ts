/** What a move from one OpenAPI document to another changes, and whom it breaks. */
import type { Fragment } from '../core/schema.ts'

/** An OpenAPI 3.0 document, as far as it is compared. */
export interface Document {
  info?: { version?: string }
  servers?: { url: string }[]
  paths: Record<string, Record<string, any>>
  components?: Record<string, Record<string, Fragment>>
}

export type Party = 'reader' | 'writer'

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

/** What a consumer uses: whole operations, or only these places in them. */
export type Uses = Map<string, ReadonlySet<string> | 'all'>

/** The differences of the operations that both documents have, and which ones only one has. */
export function compareDocuments(from: Document, to: Document, uses?: Uses): Difference[] {
  const found = new Map<string, Difference>()
  const [before, after] = [operationsOf(from), operationsOf(to)]
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const used = uses ? uses.get(id) : 'all'
    if (!used) continue
    const note: Note = (kind, at, what, breaks, path) => {
      if (used !== 'all' && path !== '' && !used.has(path)) return
      const key = `${kind} ${at} ${what}`
      const known = found.get(key) ?? { kind, at, what, breaks, places: [] }
      known.breaks = [...new Set([...known.breaks, ...breaks])]
      known.places.push({ operation: id, path })
      found.set(key, known)
    }
    compareOperation(before.get(id), after.get(id), { from, to, note })
  }
  return [...found.values()].sort((a, b) => b.breaks.length - a.breaks.length || (a.at < b.at ? -1 : 1))
}

/** What the interactions of a Pact file use of a document's operations. @returns undefined when none of them is of this API */
export function usesOf(pact: any, document: Document): Uses {
  const uses: Uses = new Map()
  const prefixes = (document.servers ?? [{ url: '' }]).map(({ url }) => url.replace(/\/$/, ''))
  for (const { request, response } of pact.interactions ?? []) {
    for (const [id, { path, method }] of operationsOf(document)) {
      const pattern = new RegExp(
        `^(?:${prefixes.map(escape).join('|')})/*${path
          .slice(1)
          .split(/\{[^}]+\}/)
          .map(escape)
          .join('[^/]+')}$`,
      )
      if (method !== String(request.method).toLowerCase() || !pattern.test(request.path)) continue
      const places = new Set(uses.get(id) === 'all' ? [] : (uses.get(id) as Set<string> | undefined))
      for (const one of pathsIn(contentOf(response?.body), '$')) places.add(`${response.status} ${one}`)
      for (const one of pathsIn(contentOf(request.body), '$')) places.add(`body ${one}`)
      for (const name of Object.keys(request.query ?? {})) places.add(`?${name}`)
      uses.set(id, places)
    }
  }
  return uses
}

const contentOf = (body: any): unknown => (body && typeof body === 'object' && 'content' in body ? body.content : body)

function pathsIn(value: unknown, path: string): string[] {
  if (value === null || typeof value !== 'object') return [path]
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => pathsIn(item, `${path}[]`))]
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsIn(one, `${path}.${key}`))]
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

// ---- one operation

interface Stated {
  path: string
  method: string
  operation: any
}

type Note = (kind: Difference['kind'], at: string, what: string, breaks: Party[], path: string) => void

interface Comparing {
  from: Document
  to: Document
  note: Note
}

function operationsOf({ paths }: Document): Map<string, Stated> {
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => (operation?.operationId ? [[operation.operationId as string, { path, method, operation }] as const] : [])),
    ),
  )
}

const titleOf = ({ path, method }: Stated) => `${method.toUpperCase()} ${path}`

function compareOperation(before: Stated | undefined, after: Stated | undefined, on: Comparing): void {
  const both: Party[] = ['reader', 'writer']
  if (!after) return on.note('removed', titleOf(before!), 'is gone', both, '')
  if (!before) return on.note('added', titleOf(after), 'is new', [], '')
  if (titleOf(before) !== titleOf(after)) on.note('renamed', titleOf(before), `is now ${titleOf(after)}`, both, '')
  compareParameters(before, after, on)
  compareBodies(before, after, on)
  for (const [status, response] of Object.entries<any>(before.operation.responses ?? {})) {
    const other = after.operation.responses?.[status]
    const at = `${titleOf(before)} ${status}`
    if (!other) on.note('removed', at, 'is no longer documented', status.startsWith('2') ? ['reader'] : [], '')
    else compareSchemas(jsonOf(response, on.from), jsonOf(other, on.to), { ...on, at, path: `${status} $`, by: 'reader', met: new Set() })
  }
}

const jsonOf = (described: any, document: Document): Fragment | undefined => deref(described, document)?.content?.['application/json']?.schema

function compareParameters(before: Stated, after: Stated, on: Comparing): void {
  const listed = ({ operation }: Stated, document: Document) =>
    new Map((operation.parameters ?? []).map((one: any) => deref(one, document)).map((one: any) => [`${one.in} ${one.name}`, one]))
  const [old, now] = [listed(before, on.from), listed(after, on.to)] as Map<string, any>[]
  for (const [key, one] of old!) {
    const at = `${titleOf(before)} ${nameOf(one)}`
    const other = now!.get(key)
    if (!other) on.note('removed', at, 'has no effect any more', ['writer'], nameOf(one))
    else compareSchemas(one.schema, other.schema, { ...on, at, path: nameOf(one), by: 'writer', met: new Set() })
  }
  for (const [key, one] of now!)
    if (!old!.has(key)) on.note('added', `${titleOf(after)} ${nameOf(one)}`, one.required ? 'is new and required' : 'is new', one.required ? ['writer'] : [], nameOf(one))
}

const nameOf = (parameter: any) => (parameter.in === 'query' ? `?${parameter.name}` : `{${parameter.name}}`)

function compareBodies(before: Stated, after: Stated, on: Comparing): void {
  const [old, now] = [before.operation.requestBody, after.operation.requestBody]
  const at = `${titleOf(before)} body`
  if (!old && now) on.note('added', at, now.required ? 'is asked for' : 'can be sent', now.required ? ['writer'] : [], '')
  if (old && !now) on.note('removed', at, 'is no longer read', ['writer'], '')
  if (old && now) compareSchemas(jsonOf(old, on.from), jsonOf(now, on.to), { ...on, at, path: 'body $', by: 'writer', met: new Set() })
}

// ---- one schema

interface Place extends Comparing {
  /** The component's key where it is in one, otherwise where in the operation it is. */
  at: string
  path: string
  /** Who meets it. */
  by: Party
  /** Components met on the way here, which may hold themselves. */
  met: ReadonlySet<string>
}

function compareSchemas(before: Fragment | undefined, after: Fragment | undefined, place: Place): void {
  if (!before || !after) return
  const [old, now] = [resolve(before, place.from), resolve(after, place.to)]
  const { note, at, path, by, met } = place
  const widened = by === 'reader' ? ([by] as Party[]) : []
  const narrowed = by === 'writer' ? ([by] as Party[]) : []
  if (old.name && now.name && old.name !== now.name) note('renamed', old.name, `is now called ${now.name}`, [], path)
  const [one, other] = [old.fragment, now.fragment]
  if (one['type'] !== other['type']) return note('retyped', at, `is ${typeOf(old)}, then ${typeOf(now)}`, [by], path)
  if (one['format'] !== other['format']) note('retyped', at, `is ${typeOf(old)}, then ${typeOf(now)}`, [by], path)
  if (!one['nullable'] && other['nullable']) note('retyped', at, 'can be null', widened, path)
  if (one['nullable'] && !other['nullable']) note('retyped', at, 'can no longer be null', narrowed, path)
  compareLimits(one, other, place, widened, narrowed)
  compareEnums(one['enum'] as unknown[] | undefined, other['enum'] as unknown[] | undefined, place, widened, narrowed)
  if (one['items'] && other['items']) compareSchemas(one['items'] as Fragment, other['items'] as Fragment, { ...place, path: `${path}[]` })
  const key = `${old.name} ${now.name}`
  if (!one['properties'] && !other['properties']) return
  if (old.name && met.has(key)) return
  compareProperties(one, other, { ...place, at: now.name ?? at, met: new Set([...met, key]) })
}

function compareLimits(one: Fragment, other: Fragment, { note, at, path }: Place, widened: Party[], narrowed: Party[]): void {
  for (const [limit, unlimited, words] of [
    ['maxLength', Infinity, 'at most'],
    ['minLength', 0, 'at least'],
  ] as const) {
    const [was, is] = [one[limit], other[limit]].map((value) => (value as number | undefined) ?? unlimited) as [number, number]
    const say = (count: number) => (count === unlimited ? 'any number of characters' : `${words} ${count} characters`)
    if (was !== is) note('retyped', at, `has ${say(is)}, not ${say(was)}`, is > was === unlimited > 0 ? widened : narrowed, path)
  }
  if (one['pattern'] !== other['pattern']) note('retyped', at, `has the pattern ${String(other['pattern'])}, not ${String(one['pattern'])}`, [], path)
}

function compareEnums(one: readonly unknown[] | undefined, other: readonly unknown[] | undefined, { note, at, path }: Place, widened: Party[], narrowed: Party[]): void {
  if (!one && !other) return
  if (!one) return note('retyped', at, `can only be one of ${list(other!)}`, narrowed, path)
  if (!other) return note('retyped', at, 'can be anything', widened, path)
  const [more, fewer] = [other.filter((value) => !one.includes(value)), one.filter((value) => !other.includes(value))]
  if (more.length) note('retyped', at, `can also be ${list(more)}`, widened, path)
  if (fewer.length) note('retyped', at, `can no longer be ${list(fewer)}`, narrowed, path)
}

const list = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ')

function compareProperties(one: Fragment, other: Fragment, place: Place): void {
  const { note, at, path, by, from, to } = place
  const [old, now] = [one, other].map((fragment) => (fragment['properties'] ?? {}) as Record<string, Fragment>) as [Record<string, Fragment>, Record<string, Fragment>]
  const [needed, needs] = [one, other].map((fragment) => new Set((fragment['required'] as string[] | undefined) ?? [])) as [Set<string>, Set<string>]
  const gone = Object.keys(old).filter((key) => !(key in now))
  const added = Object.keys(now).filter((key) => !(key in old))
  for (const key of gone) {
    const heir = heirOf(key, added, (candidate) => typeOf(resolve(old[key]!, from)) === typeOf(resolve(now[candidate]!, to)))
    if (heir) added.splice(added.indexOf(heir), 1)
    note(heir ? 'renamed' : 'removed', `${at}.${key}`, heir ? `is now called ${heir}` : by === 'reader' ? 'is gone' : 'has no effect any more', [by], `${path}.${key}`)
  }
  for (const key of added) {
    const isNeeded = by === 'writer' && needs.has(key)
    note('added', `${at}.${key}`, isNeeded ? 'is new and required' : `is new: ${typeOf(resolve(now[key]!, to))}`, isNeeded ? ['writer'] : [], `${path}.${key}`)
  }
  for (const key of Object.keys(old).filter((name) => name in now)) {
    const inside = { ...place, at: `${at}.${key}`, path: `${path}.${key}` }
    if (needed.has(key) && !needs.has(key)) note('retyped', inside.at, 'may be absent', by === 'reader' ? [by] : [], inside.path)
    if (!needed.has(key) && needs.has(key)) note('retyped', inside.at, 'is required', by === 'writer' ? [by] : [], inside.path)
    compareSchemas(old[key], now[key], inside)
  }
}

/** The new key that an old one probably became: of the same type, and with a word of its name. */
function heirOf(key: string, added: readonly string[], isAlike: (candidate: string) => boolean): string | undefined {
  const words = key.split('_')
  const shared = (candidate: string) => candidate.split('_').filter((word) => words.includes(word)).length
  const [best] = added.filter((candidate) => shared(candidate) > 0 && isAlike(candidate)).sort((a, b) => shared(b) - shared(a))
  return best
}

interface Resolved {
  /** Of the component that it refers to. */
  name?: string
  fragment: Fragment
}

/** A schema with what its `$ref`, or an `allOf` of one, says. */
function resolve(fragment: Fragment, document: Document): Resolved {
  const inner = (fragment['allOf'] as Fragment[] | undefined)?.[0]
  if (inner) {
    const { name, fragment: referred } = resolve(inner, document)
    const { allOf: _, ...own } = fragment
    return { ...(name === undefined ? {} : { name }), fragment: { ...referred, ...own } }
  }
  const ref = fragment['$ref'] as string | undefined
  return ref === undefined ? { fragment } : { name: ref.split('/').at(-1)!, fragment: deref(fragment, document) }
}

function deref(described: any, document: Document): any {
  const ref = described?.$ref as string | undefined
  if (ref === undefined) return described
  const [, , kind, name] = ref.split('/')
  return document.components?.[kind!]?.[name!] ?? {}
}

function typeOf({ name, fragment }: Resolved): string {
  const { type, format, items } = fragment as { type?: string; format?: string; items?: Fragment }
  if (type === 'array') return `a list of ${items?.['$ref'] ? String(items['$ref']).split('/').at(-1) : typeOf({ fragment: items ?? {} })}`
  return name ?? [type ?? 'anything', format && `(${format})`].filter(Boolean).join(' ')
}
