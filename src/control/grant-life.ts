/** The life of a grant as its requests tell it: authorize, login, consent, code, token, reads. */
import { SESSION_COOKIE } from '../authentik/auth/sessions.ts'
import { toInstant } from '../store/clock.ts'
import { sessionIn } from './entry.ts'
import type { Journal } from './journal.ts'
import type { RequestRecord } from './recorded-request.ts'
import type { Target } from './target.ts'
import type { GrantKind, GrantStep } from './types.ts'

/** What a life is read from. */
export interface LifeSubject {
  journal: Journal
  find(method: string, path: string): Target
}

/** Where the API shows each kind. */
const SEGMENTS: ReadonlyMap<string, GrantKind> = new Map([
  ['oauth2_authorization_codes', 'authorization_codes'],
  ['oauth2_access_tokens', 'access_tokens'],
  ['oauth2_refresh_tokens', 'refresh_tokens'],
])

/** Reads the journal once, and gives the life of each grant from it. */
export function lifeOf({ journal, find }: LifeSubject): (kind: GrantKind, row: { pk: number }) => GrantStep[] {
  const requests = [...journal.requests()]
  const sessions = new Map<RequestRecord, string[]>()
  /** The sessions that a request shows, or is given: read when they are first asked for. */
  const sessionsOf = (request: RequestRecord): string[] => {
    const present = sessions.get(request) ?? sessionsIn(request)
    sessions.set(request, present)
    return present
  }
  const steps = new Map<string, GrantStep[]>()
  const add = (key: string, step: GrantStep) => void steps.set(key, [...(steps.get(key) ?? []), step])
  requests.forEach((request, index) => {
    for (const { resource, key, action } of request.changes ?? []) {
      // After a snapshot is restored, another row may have the key of one that was there before.
      if (action === 'create') steps.delete(`${resource}/${key}`)
      for (const step of stepsOfChange({ requests, index, sessionsOf }, resource, action))
        add(`${resource}/${key}`, step)
    }
    const read = readOf(request, find)
    if (read !== undefined) add(read, toStep(request, 'read'))
  })
  return (kind, { pk }) => steps.get(`${kind}/${pk}`) ?? []
}

const toStep = (request: RequestRecord, step: GrantStep['step']): GrantStep => ({
  entry: request.id,
  step,
  time: toInstant(request.time),
  status: request.status,
  milliseconds: request.milliseconds,
})

/** The grant that a request of the API names. */
function readOf({ method, path }: RequestRecord, find: LifeSubject['find']): string | undefined {
  if (!path.includes('/oauth2/') || method === 'DELETE') return undefined
  const { operation, params } = find(method, path)
  const kind = operation && [...SEGMENTS].find(([start]) => operation.id.startsWith(start))?.[1]
  return kind && params?.['id'] !== undefined ? `${kind}/${params['id']}` : undefined
}

/** A request among all. */
interface Place {
  requests: readonly RequestRecord[]
  index: number
  sessionsOf(request: RequestRecord): string[]
}

function stepsOfChange(place: Place, resource: string, action: string): GrantStep[] {
  const request = place.requests[place.index]
  if (!request) return []
  if (action === 'create') {
    // Whoever is logged in and has consented gets a code at once; and who consents, by the same request.
    const step = stepBefore(request) ?? (request.method === 'POST' && FLOW.test(request.path) ? 'consent' : undefined)
    return [...wayTo(place), ...(step ? [toStep(request, step)] : []), toStep(request, 'mint')]
  }
  // A refresh token that is exchanged stays, and is marked.
  const isToken = request.path.endsWith('/application/o/token/')
  if (isToken && resource !== 'access_tokens') return [toStep(request, 'exchange')]
  if (request.path.endsWith('/application/o/revoke/')) return [toStep(request, 'revoke')]
  if (action === 'delete') return [toStep(request, 'delete')]
  // What changes a device's token is that somebody lets it in.
  return resource === 'device_tokens' ? [...wayTo(place), toStep(request, 'consent')] : []
}

/** Where flows are played: by a program, and by a page. */
const FLOW = /\/(?:api\/v3\/flows\/executor|if\/flow)\//

/**
 * What the same browser asked before a code was minted, from the authorization on. That is asked twice where there is a
 * login between, with the same parameters; another one belongs to another code.
 */
function wayTo({ requests, index, sessionsOf }: Place): GrantStep[] {
  const last = requests[index]
  const sessions = new Set(last && sessionsOf(last))
  const steps: GrantStep[] = []
  let parameters = authorizationIn(last)
  for (let place = index - 1; place >= 0 && sessions.size > 0; place--) {
    const request = requests[place]
    const keys = request ? sessionsOf(request) : []
    if (!request || !keys.some((key) => sessions.has(key))) continue
    // What the browser did before that belongs to another code.
    const isMint = request.changes?.some(
      ({ resource, action }) => resource === 'authorization_codes' && action === 'create',
    )
    if (isMint) break
    for (const key of keys) sessions.add(key)
    const present = authorizationIn(request)
    if (present !== undefined && parameters !== undefined && present !== parameters) break
    parameters ??= present
    const step = stepBefore(request)
    if (step) steps.unshift(toStep(request, step))
  }
  const first = steps.findIndex(({ step }) => step === 'authorize')
  return steps.slice(Math.max(first, 0))
}

/** The parameters of an authorization request, in one order; undefined for another request. */
function authorizationIn(request: RequestRecord | undefined): string | undefined {
  if (!request?.path.endsWith('/application/o/authorize/')) return undefined
  const parameters = new URLSearchParams(request.query)
  parameters.sort()
  return parameters.toString()
}

/** What a request did on the way to a code. */
function stepBefore({ method, path, body, changes }: RequestRecord): GrantStep['step'] | undefined {
  if (path.endsWith('/application/o/authorize/')) return 'authorize'
  if (changes?.some(({ resource }) => resource === 'user_consents')) return 'consent'
  if (method === 'POST' && /consent/.test(body)) return 'consent'
  return changes?.some(({ resource }) => resource === 'authenticated_sessions') ? 'login' : undefined
}

const SESSION = new RegExp(`^${SESSION_COOKIE}=([^;]+)`)

/** The sessions that a request shows, or is given. */
function sessionsIn(request: RequestRecord): string[] {
  const cookie = sessionIn(request)
  const replyKeys = request.replyHeaders.flatMap(([name, value]) =>
    name === 'Set-Cookie' ? (SESSION.exec(value)?.slice(1) ?? []) : [],
  )
  return [...(cookie === undefined ? [] : [cookie]), ...replyKeys]
}
