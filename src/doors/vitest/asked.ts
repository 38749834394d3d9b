/** Finds which requests of a journal a test means, and tells what was asked instead. */
import { noSuch } from '../../control/control-error.ts'
import type { ControlledMock } from '../../control/control.ts'
import { nearestIn } from '../../control/nearest.ts'
import type { JournalEntry, RequestKind } from '../../control/types.ts'
import { decodePath } from '../../http/path.ts'
import { copyOf, isObject, parseJson, readKey, quote } from '../../schema/json.ts'
import { unlikeness } from '../../schema/nearest.ts'
import { whereElse } from './elsewhere.ts'
import type { OperationName } from './names.ts'

/** What has no operationId, such as the endpoints of OAuth and the pages of a login. */
export interface Endpoint {
  method?: string
  /** A path, or its beginning with `*` at the end. */
  path?: string
  kind?: RequestKind
}

/** What a request has to be like. What is left out is not asked, and each value may be an asymmetric matcher. */
export interface AskedMatch {
  /** Some parameters of the path, by their names in authentik's document. */
  params?: object
  /** The path, or its beginning with `*` at the end. */
  path?: string
  /** Some parameters of the query, decoded; of several with a name a list. */
  query?: object
  /** Some of the body: of JSON and of a form an object, else the text. */
  body?: unknown
  /** Some headers, by names of any case. */
  headers?: object
  /** Who asked, by username; null for nobody in particular. */
  user?: unknown
  /** The status of the answer. */
  status?: unknown
  /** How often such a request came. @default once or more often */
  times?: number
}

/** Compares as `toMatchObject` does: an object may have more keys than are expected. */
export type IsLike = (actual: unknown, expected: unknown) => boolean

/** What was looked for, and what there was. */
export interface Search {
  /** How many requests are meant. */
  count: number
  /** All requests, the nearest first, a line for each; secrets are masked. */
  lines: string[]
}

/** Where a request differs: the keys that lead there, such as `query` and `page`. */
type Fault = readonly string[]

const FIELDS = ['params', 'path', 'query', 'body', 'headers', 'user', 'status', 'times'] satisfies (keyof AskedMatch)[]
const ENDPOINT_FIELDS = ['method', 'path', 'kind'] as const satisfies (keyof Endpoint)[]

/**
 * Looks for requests.
 * @throws TypeError for an operation, or a field, that there is not
 * @throws MockError ERR_CONTROL for a method, a path or a kind that cannot be
 */
export function searchFor(
  authentik: ControlledMock,
  subject: OperationName | Endpoint,
  match: AskedMatch,
  isLike: IsLike,
): Search {
  const { journal } = authentik
  checkSubject(authentik, subject)
  checkMatch(match)
  const filter = typeof subject === 'string' ? { operationId: subject } : subject
  const idsOf = (entries: readonly JournalEntry[]) => new Set(entries.map(({ id }) => id))
  const [targets, paths] = [filter, match.path === undefined ? {} : { path: match.path }].map((condition) =>
    idsOf(journal.find(condition, { brief: true })),
  )
  const endpoints = endpointFields(subject).map(
    (field) => [[field], idsOf(journal.find({ [field]: readKey(subject, field) }, { brief: true }))] as const,
  )
  const maskedEntries = journal.find()
  const findings = journal.find({}, { clear: true }).map((entry, index) => {
    const isTarget = targets?.has(entry.id) ?? false
    const template = authentik.operations.find(({ id }) => id === entry.operationId)?.view.path
    const pathFaults = paths?.has(entry.id) ? [] : [['path']]
    const faults = isTarget
      ? [...pathFaults, ...faultsOf(readRequest(entry, template), match, isLike)]
      : endpoints.filter(([, ids]) => !ids.has(entry.id)).map(([fault]) => fault)
    const masked = maskedEntries[index] ?? entry
    return { isTarget, faults, line: lineOf(masked, faults, readRequest(masked, template)), entry }
  })
  const rank = ({ isTarget, faults, entry }: (typeof findings)[number]) =>
    isTarget ? faults.length : 100 + unlikeness(labelLike(subject, entry), labelOf(subject))
  return {
    count: findings.filter(({ isTarget, faults }) => isTarget && faults.length === 0).length,
    lines: findings.sort((a, b) => rank(a) - rank(b)).map(({ line }) => line),
  }
}

/** The fields by which an endpoint is meant. */
const endpointFields = (subject: OperationName | Endpoint) =>
  typeof subject === 'string' ? [] : ENDPOINT_FIELDS.filter((field) => subject[field] !== undefined)

/** One line about a request, as it is masked. */
export function lineOf(entry: JournalEntry, faults: readonly Fault[] = [], request = readRequest(entry)): string {
  const { method, path, query } = entry.request
  const target = query === '' ? path : `${path}?${query}`
  const answer = entry.response?.status ?? 'no answer'
  const differences = faults.map((fault) => `${fault.join('.')} is ${print(fault.reduce<unknown>(readKey, request))}`)
  if (isWithoutSlash(entry)) differences.push(`add the slash, ${path}/`)
  const reason = differences.length ? `: ${differences.join(', ')}` : ''
  return `${method} ${target} (${[entry.operationId, answer, entry.user].filter((part) => part !== null).join(', ')})${reason}`
}

/** Whether authentik knows the path with a slash at its end alone. */
export const isWithoutSlash = ({ response }: JournalEntry) =>
  response?.headers.some(({ name, value }) => name === 'X-Authentik-Mock' && value === 'add the slash') ?? false

/** What is compared of a request. */
interface ReadRequest {
  method: string
  kind: RequestKind
  params: Record<string, string>
  path: string
  query: Record<string, string | string[]>
  headers: Record<string, string>
  body: unknown
  /** The body as it was sent. */
  text: string
  user: string | null
  status: number | undefined
}

/** @param template the path of the operation, as OpenAPI writes it */
function readRequest(entry: JournalEntry, template = ''): ReadRequest {
  const { method, path, query, headers, body } = entry.request
  const headerList = headers.map(({ name, value }) => [name.toLowerCase(), value] as const)
  return {
    method,
    kind: entry.kind,
    params: paramsOf(path, template),
    path,
    query: toRecord(new URLSearchParams(query)),
    headers: Object.fromEntries(headerList),
    body: readBody(body, Object.fromEntries(headerList)['content-type']),
    text: body,
    user: entry.user,
    status: entry.response?.status,
  }
}

/** The parameters of a path: what stands before it, such as a base path, is in no template. */
function paramsOf(path: string, template: string): Record<string, string> {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  const groups = new RegExp(`${pattern}$`, 'u').exec(path)?.groups ?? {}
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodePath(value)]))
}

function readBody(text: string, type = ''): unknown {
  if (text === '') return undefined
  if (type.startsWith('application/x-www-form-urlencoded')) return toRecord(new URLSearchParams(text))
  return parseJson(text) ?? text
}

const toRecord = (parameters: URLSearchParams) =>
  Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )

/** The fields in which a request is not as it has to be, such as `query.page`. */
function faultsOf(request: ReadRequest, match: AskedMatch, isLike: IsLike): Fault[] {
  const texts = (['params', 'query', 'headers'] as const).flatMap((field) =>
    Object.entries(match[field] ?? {}).flatMap(([name, expected]) => {
      const key = field === 'headers' ? name.toLowerCase() : name
      return isTextLike(request[field][key], expected, isLike) ? [] : [[field, key]]
    }),
  )
  const values = (['user', 'status'] as const).filter(
    (field) => match[field] !== undefined && !isLike(request[field], match[field]),
  )
  return [
    ...texts,
    ...values.map((field) => [field]),
    ...(match.body === undefined ? [] : bodyFaults(request, match.body, isLike)),
  ]
}

/** Names the keys of a body that differ, as deep as it has keys. */
function bodyFaults({ body, text }: ReadRequest, expected: unknown, isLike: IsLike): Fault[] {
  if (isLike(text, expected)) return []
  return differencesIn(body, expected, isLike).map((keys) => ['body', ...keys])
}

/** The keys that lead to each difference; a list of another length differs as a whole. */
function differencesIn(actual: unknown, expected: unknown, isLike: IsLike): Fault[] {
  if (isLike(actual, expected)) return []
  const isList = Array.isArray(actual) && Array.isArray(expected) && actual.length === expected.length
  if (!isList && !(isObject(actual) && isObject(expected) && !isAsymmetric(expected))) return [[]]
  return Object.entries(expected as object).flatMap(([key, value]) => {
    const item = readKey(actual, key)
    if (isLike({ [key]: item }, { [key]: value })) return []
    const differences = differencesIn(item, value, isLike).map((keys) => [key, ...keys])
    return differences.length ? differences : [[key]]
  })
}

/** Compares what came as a text with a text, a number, a truth value, a list of them, or an asymmetric matcher. */
function isTextLike(actual: unknown, expected: unknown, isLike: IsLike): boolean {
  if (isAsymmetric(expected)) return isLike(actual, expected) || (isNumeric(actual) && isLike(Number(actual), expected))
  if (Array.isArray(expected)) {
    const list = actual === undefined ? [] : [actual].flat()
    return list.length === expected.length && expected.every((item, index) => isTextLike(list[index], item, isLike))
  }
  return isLike(actual, expected === undefined ? undefined : String(expected))
}

const isAsymmetric = (value: unknown) => typeof readKey(value, 'asymmetricMatch') === 'function'
const isNumeric = (value: unknown) => typeof value === 'string' && value !== '' && Number.isFinite(Number(value))

const print = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value))

/** @throws TypeError for an operation that the release has not, or a field that an endpoint has not */
function checkSubject({ operations, release }: ControlledMock, subject: unknown): void {
  if (typeof subject === 'string') {
    const { isThere, nearest } = nearestIn(operations, subject)
    if (isThere) return
    const elsewhere = whereElse(release, (candidate) => candidate.operations.some(({ id }) => id === subject))
    throw askedError(`there is no operation "${subject}" in ${release}; ${elsewhere ?? `the nearest is ${nearest}`}`)
  }
  const fields = copyOf(subject)
  if (!fields || Object.keys(fields).length === 0)
    throw askedError('what was asked is not said. Give an operationId, or an object such as { method, path }')
  checkFields(fields, ENDPOINT_FIELDS)
}

/** @throws TypeError for what no request is compared by */
function checkMatch(value: unknown): void {
  const match = copyOf(value)
  if (!match) throw askedError('the match is no object. Give one such as { status: 200 }')
  checkFields(match, FIELDS)
  for (const field of ['params', 'query', 'headers'])
    if (match[field] !== undefined && !isObject(match[field]))
      throw askedError(`${field}: ${quote(match[field])} is no object. Give one such as { name: 'value' }`)
  const { times } = match
  if (times !== undefined && !(Number.isSafeInteger(times) && Number(times) >= 0))
    throw askedError(`times: ${quote(times)} is not a whole number from 0`)
}

function checkFields(value: object, fields: readonly string[]): void {
  for (const name of Object.keys(value)) if (!fields.includes(name)) throw askedError(noSuch('field', name, fields))
}

const askedError = (reason: string) => new TypeError(`Failed to look for a request: ${reason}.`)

/** What was looked for, in a few words. */
export const labelOf = (subject: OperationName | Endpoint): string =>
  typeof subject === 'string' ? subject : Object.values(subject).join(' ')

/** The same of a request. */
function labelLike(subject: OperationName | Endpoint, entry: JournalEntry): string {
  const { method, path } = entry.request
  if (typeof subject === 'string') return entry.operationId ?? `${method} ${path}`
  const parts = { method, path, kind: entry.kind }
  return Object.keys(subject)
    .map((name) => parts[name as keyof Endpoint])
    .join(' ')
}
