/** Writes an entry of the journal: what was recorded of a request, with who asked, for what, and why it was answered so. */
import { isSuperuser, users } from '../authentik/resources/users.ts'
import { cookieOf } from '../http/cookies.ts'
import { SESSION_COOKIE } from '../authentik/auth/sessions.ts'
import { NEEDED } from '../rest/dispatch.ts'
import { readKey } from '../schema/json.ts'
import { toInstant } from '../store/clock.ts'
import type { World } from '../store/world.ts'
import type { Telling } from './journal.ts'
import type { Masking } from './mask.ts'
import type { RequestRecord } from './recorded-request.ts'
import type { Target } from './target.ts'
import type { JournalEntry, NamedValue } from './types.ts'

/** What an entry is written from, beside the request. */
export interface EntrySubject {
  world: World
  find(method: string, path: string): Target
  /** Made for each telling, because the world knows other secrets by then. */
  masking(): Masking
}

/** An entry, masked unless it is told in clear. */
export function toEntry(
  request: RequestRecord,
  subject: EntrySubject,
  { clear = false, brief = false }: Telling = {},
): JournalEntry {
  const { id, received, time, milliseconds, method, outcome, scenario = null, status, fault } = request
  const target = subject.find(method, request.path)
  const mask = clear ? undefined : subject.masking()
  const toHeaders = (headers: () => NamedValue[]) => (brief ? [] : mask ? mask.headers(headers()) : headers())
  const toBody = (content: string, type: string | undefined) =>
    mask && content !== '' ? mask.body(content, type) : content
  const query = mask ? mask.query(request.query) : request.query
  // What is wrong stands in the body of an error, which is short.
  const replyBody =
    brief && status < 400
      ? ''
      : toBody(request.replyBody, request.replyHeaders.find(([name]) => name === 'Content-Type')?.[1])
  return {
    id,
    received: toInstant(received),
    time: toInstant(time),
    milliseconds: Math.round(milliseconds * 1000) / 1000,
    kind: target.kind,
    operationId: target.operation?.id ?? null,
    user: usernameOf(request.user, subject.world) ?? null,
    outcome,
    scenario,
    request: {
      method,
      path: mask ? mask.path(request.path) : request.path,
      query,
      headers: toHeaders(() => pairsOf(request.headers)),
      body: brief ? '' : toBody(request.body, headerIn(request, 'content-type')),
    },
    response:
      fault === 'reset' || status === 0
        ? null
        : {
            status,
            headers: toHeaders(() => request.replyHeaders.map(([name, value]) => ({ name, value }))),
            body: brief ? '' : replyBody,
          },
    reasons: reasonsOf(request, { body: replyBody, query }, target, subject).map((reason) =>
      mask ? mask.path(reason) : reason,
    ),
    changes: [...(request.changes ?? [])],
  }
}

const usernameOf = (key: number | undefined, world: World) =>
  key === undefined ? undefined : (world.table(users).get(key)?.username ?? `user ${key}, who is not there any more`)

/** Headers from names and values in turn. */
function pairsOf(headers: readonly string[]): NamedValue[] {
  const pairs: NamedValue[] = []
  for (let index = 0; index < headers.length; index += 2)
    pairs.push({ name: headers[index] ?? '', value: headers[index + 1] ?? '' })
  return pairs
}

/** A header of a recorded request, by its lower-case name. */
const headerIn = ({ headers }: Pick<RequestRecord, 'headers'>, name: string): string | undefined =>
  pairsOf(headers).find((header) => header.name.toLowerCase() === name)?.value

/** The key of the session that a recorded request shows. */
export const sessionIn = (request: Pick<RequestRecord, 'headers'>): string | undefined =>
  cookieOf({ header: (name: string) => headerIn(request, name) } as Parameters<typeof cookieOf>[0], SESSION_COOKIE)

/** What a reason may say of a request and its answer: as they are told, be it masked or in clear. */
interface Texts {
  body: string
  query: string
}

/** Why a request was answered so. */
function reasonsOf(request: RequestRecord, texts: Texts, target: Target, { world }: EntrySubject): string[] {
  const { outcome, scenario } = request
  const { body } = texts
  if (outcome === 'refused') return [`It was refused before the mock saw it: ${body.trim()}`]
  if (outcome === 'failed') return ['The mock failed: its log says why.']
  // On a path that the API has not, nobody asks who the caller is.
  const caller = target.params ? [callerReason(request, world)] : []
  if (outcome === 'scenario') return [...caller, `The scenario ${scenario} decided.`]
  if (outcome === 'not-emulated') return [...caller, request.reason ?? 'The mock does not answer this.']
  if (request.reason) return [request.reason]
  if (target.kind === 'oauth' && request.status >= 400) return [detailOf(body)].filter(Boolean)
  return [...caller, ...(target.kind === 'api' ? apiReasons(request, texts, target, world) : [])].filter(Boolean)
}

/** Who was found to ask, and by what. */
function callerReason(request: RequestRecord, world: World): string {
  const { user } = request
  const authorization = headerIn(request, 'authorization')
  const credentials = authorization?.includes(' ')
    ? `the header Authorization: ${authorization.split(' ')[0]}`
    : sessionIn(request) && 'the cookie of a session'
  if (user === undefined)
    return credentials
      ? `The caller is nobody: ${credentials} is not good here.`
      : 'The caller is nobody: no credentials were sent.'
  const row = world.table(users).get(user)
  const kind = row && isSuperuser(row, world) ? 'a superuser' : 'an ordinary user'
  return `The caller is ${usernameOf(user, world)}, ${kind}, by ${credentials ?? 'the credentials of the request'}.`
}

/** What decided on an answer of the API. */
function apiReasons(
  { method, status, user, rowExists }: RequestRecord,
  { body, query }: Texts,
  { operation, params }: Target,
  world: World,
): string[] {
  if (status === 405 && body !== '') return [`authentik has the path, and no ${method} on it.`]
  if (status === 405) return ['authentik has nothing on this path, and answers all but GET there with 405.']
  if (!operation) return [status === 404 ? 'authentik has nothing on this path.' : detailOf(body)]
  const { model } = operation.view
  const isOrdinary = user !== undefined && !isSuperuserKey(user, world)
  if (status === 403 && user !== undefined)
    return [
      detailOf(body),
      ...(model ? [`It takes the permission ${NEEDED.get(method) ?? 'view'}_${model}, or a superuser.`] : []),
    ]
  if (status === 404 && rowExists === true)
    return [`The row ${Object.values(params ?? {}).join(', ')} is there, and the caller may not see it.`]
  if (status === 404) return [`There is no row ${Object.values(params ?? {}).join(', ')}.`]
  if (status >= 400) return [detailOf(body)]
  if (isOrdinary && operation.filters)
    return ['An ordinary user is shown their own rows alone, where authentik filters by owner.']
  return query === '' || !operation.filters ? [] : [`The filters of the query decided which rows: ${query}.`]
}

const isSuperuserKey = (key: number, world: World) => {
  const row = world.table(users).get(key)
  return row !== undefined && isSuperuser(row, world)
}

/** What an error says of itself. */
function detailOf(body: string): string {
  try {
    const value: unknown = JSON.parse(body)
    const detail = readKey(value, 'detail')
    return typeof detail === 'string' ? `authentik says: ${detail}` : `authentik says: ${body}`
  } catch {
    return body === '' ? '' : 'The body says why.'
  }
}
