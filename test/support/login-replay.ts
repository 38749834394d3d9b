/** Plays recorded requests, such as those of a login, again, in their order, as the browsers and clients that sent them did. */
import type { Mock, Reply } from '../../src/entries/index.ts'
import type { Row } from './client.ts'
import { readLines } from './files.ts'
import { replay, type Recording } from './recordings.ts'

/** What differs between a recorded answer and the mock's. */
export interface Difference {
  name: string
  parts: string[]
}

/** Names of values that a server makes up, or that tell the moment. */
const MADE_UP = new Set([
  'n',
  'x5c',
  'x5t',
  'x5t#S256',
  'kid',
  'last_login',
  'last_updated',
  'date_joined',
  'password_change_date',
  'num_pk',
  'request_id',
  'token',
  'user_code',
  'device_code',
  'verification_uri_complete',
  'expires',
  'exp',
  'iat',
  'auth_time',
  'uid',
  'sid',
  'jti',
  'id_token',
  'access_token',
  'refresh_token',
])
/** Lists, and texts of several words, that a server writes in no order. */
const UNORDERED = new Set(['scope', 'scopes_supported', 'claims_supported', 'property_mappings', 'groups'])

const HEADERS = ['content-type', 'allow', 'location', 'cache-control', 'pragma', 'www-authenticate', 'x-frame-options']
const CORS = ['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-allow-methods']

const hide = (text: string) =>
  text
    .replace(/\/if\/flow\/[^/?]+|executor\/[^/?]+/g, '/flow')
    .replace(
      /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*|\{\{[^}]+\}\}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:[0-9a-f]{32}){1,2}/g,
      '*',
    )
    .replace(/((?:code|state|token|expires_in)=)[^&#]*/g, '$1*')

/** Sends the requests of a recording to a mock. @returns the answers that differ, by their names */
export async function replayLogin(
  file: string,
  authentik: Mock,
): Promise<{ names: string[]; differences: Difference[] }> {
  const recordings: Recording[] = readLines(`fixtures/recordings/${file}.jsonl`)
  const values = new Map<string, string>()
  const jars = new Map<string, Map<string, string>>()
  const differences: Difference[] = []
  for (const { name, request, response } of recordings) {
    const jar = request['jar'] ? (jars.get(request['jar']) ?? new Map<string, string>()) : undefined
    if (jar) jars.set(request['jar'], jar)
    const reply = await replay(authentik, fill(request, values, jar))
    if (jar) keepCookies(reply, jar)
    save(request['save'] ?? {}, reply, values)
    const parts = differ(response, request['method'] === 'HEAD' ? { ...reply, body: '' } : reply)
    if (parts.length) differences.push({ name, parts })
  }
  return { names: recordings.map(({ name }) => name), differences }
}

/** A request with what earlier answers gave, and the cookies of its browser. */
function fill(request: Row, values: ReadonlyMap<string, string>, jar: Map<string, string> | undefined): Row {
  const put = (text: string) =>
    text.replace(/\{\{([^}|]+)(\|q)?\}\}/g, (whole, key: string, quoted?: string) => {
      const value = values.get(key)
      return value === undefined ? whole : quoted ? encodeURIComponent(value) : value
    })
  const filled: Row = JSON.parse(JSON.stringify(request), (_, value) =>
    typeof value === 'string' ? put(value) : value,
  )
  const pairs: [string, string][] = Array.isArray(filled['headers'])
    ? filled['headers']
    : Object.entries(filled['headers'] ?? {})
  const csrf = jar?.get('authentik_csrf')
  if (jar?.size) pairs.push(['Cookie', [...jar].map((pair) => pair.join('=')).join('; ')])
  if (filled['csrf'] && csrf !== undefined) pairs.push(['X-authentik-CSRF', csrf])
  return { ...filled, headers: pairs }
}

function keepCookies({ headers }: Reply, jar: Map<string, string>): void {
  for (const [name, value] of headers) {
    const [, key = '', text = ''] = (name === 'Set-Cookie' && /^([^=]+)=([^;]*)/.exec(value)) || []
    if (/; Max-Age=0;/.test(value)) jar.delete(key)
    else if (key) jar.set(key, text)
  }
}

function save(rules: Record<string, string | string[]>, { headers, body }: Reply, values: Map<string, string>): void {
  for (const [key, specs] of Object.entries(rules))
    for (const spec of [specs].flat()) {
      const [kind, ...rest] = spec.split(':')
      const location = headers.find(([name]) => name === 'Location')?.[1] ?? ''
      const value =
        kind === 'json'
          ? readPath(body, rest.join(':'))
          : new RegExp(rest.slice(kind === 'header' ? 1 : 0).join(':')).exec(kind === 'header' ? location : body)?.[1]
      if (value === undefined) continue
      values.set(key, kind === 'json' ? value : decodeURIComponent(value))
      break
    }
}

function readPath(text: string, path: string): string | undefined {
  try {
    const value = path.split('.').reduce<any>((node, step) => node?.[step], JSON.parse(text))
    return value === undefined || value === null ? undefined : String(value)
  } catch {
    return undefined
  }
}

function differ(response: Row, { status, headers, body }: Reply): string[] {
  const parts: string[] = []
  if (status !== response['status']) parts.push(`status ${status}, not ${response['status']}`)
  const sent = (name: string) => headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
  for (const name of [...HEADERS, ...CORS]) {
    const [value, recorded] = [sent(name).join(), [response['headers'][name] ?? []].flat().join()]
    if (hide(value) !== hide(recorded)) parts.push(`${name}: ${value}, not ${recorded}`)
  }
  const cookies = (list: readonly string[]) =>
    list.map((cookie) => cookie.replace(/=[^;]*/, '=*').replace(/expires=[^;]*/i, 'expires=*')).toSorted()
  const recordedCookies = cookies([response['headers']['set-cookie'] ?? []].flat())
  if (cookies(sent('set-cookie')).join() !== recordedCookies.join()) parts.push('cookies')
  if (response['body']?.html) return parts
  if (typeof response['body'] === 'string') return body === response['body'] ? parts : [...parts, `body: ${body}`]
  if (!/^[{[]/.test(body)) return [...parts, `body: ${body.slice(0, 80)}`]
  const answer: Row = JSON.parse(body)
  parts.push(...compare(response['body'], answer, ''))
  const tokens = Object.values(answer).flatMap((value) => (String(value).startsWith('eyJ') ? [payloadOf(value)] : []))
  const jwts: Row[] = response['jwts'] ?? []
  jwts.forEach(({ payload }, index) => parts.push(...compare(payload, tokens[index] ?? {}, `jwt ${index}`)))
  return parts
}

const payloadOf = (token: string): Row =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))

/** Where two values differ, but for what is made up. */
function compare(recorded: any, answer: any, path: string, key = ''): string[] {
  if (recorded === '{{html-page}}') return String(answer).startsWith('<!doctype html>') ? [] : [path]
  // What a recording names was made while it was taken.
  if (typeof recorded === 'string' && /^\{\{[^}]+\}\}$/.test(recorded)) return typeof answer === 'string' ? [] : [path]
  if (MADE_UP.has(key)) return typeof recorded === typeof answer ? [] : [path]
  if (UNORDERED.has(key)) return wordsOf(recorded) === wordsOf(answer) ? [] : [path]
  if (typeof recorded !== 'object' || recorded === null)
    return recorded === answer || (typeof recorded === 'string' && hide(recorded) === hide(String(answer)))
      ? []
      : [path]
  const keys = Object.keys(recorded)
  if (keys.join() !== Object.keys(answer ?? {}).join())
    return [`${path}: has ${Object.keys(answer ?? {})}, not ${keys}`]
  return keys.flatMap((name) => compare(recorded[name], answer[name], `${path}.${name}`, name))
}

const wordsOf = (value: any) =>
  (typeof value === 'string' ? value.split(' ') : (value ?? []).map((item: unknown) => hide(JSON.stringify(item))))
    .toSorted()
    .join()
