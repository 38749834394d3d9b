/** Scenarios that have a name: what authentik was seen, or is known, to do in a bad hour. */
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { oauth2Providers } from '../authentik/resources/oauth2-providers.ts'
import { cookieOf } from '../http/cookies.ts'
import { SESSION_COOKIE } from '../authentik/auth/sessions.ts'
import { isSafe, type Call, type Reply } from '../http/message.ts'
import { json } from '../rest/dispatch.ts'
import { componentsOf } from '../rest/deviation.ts'
import type { Serializer } from '../rest/operation.ts'
import { componentOf } from '../schema/words.ts'
import { isObject, readKey } from '../schema/json.ts'
import type { World } from '../store/world.ts'
import { replyWhileBroken, replyWhileStarting, throttled } from './status-replies.ts'
import type { Target } from './target.ts'
import type { NamedScenario, ScenarioDefinition } from './types.ts'

/** What an answer is changed from. */
export interface AlteredSubject {
  world: World
  release: AuthentikRelease
  serializer: Serializer
  call: Call
}

/** What a named scenario does. */
export interface NamedRule extends NamedScenario {
  /** Which requests it is for. */
  concerns(call: Call, target: Target): boolean
  /** What is said beside it where nobody says otherwise. */
  defaults?: Partial<ScenarioDefinition>
  /** The answer in place of the mock's. */
  reply?(call: Call, release: AuthentikRelease): Reply
  /** Whether the front gives that answer, so that authentik's own headers are not on it. */
  isOfFront?: true
  /** The mock's answer, changed. */
  alter?(reply: Reply, subject: AlteredSubject): Reply
  /** Why it cannot be in a release; undefined where it can. */
  findObstacle?(release: AuthentikRelease): string | undefined
}

const ofApi = (_call: Call, { kind }: Target) => kind === 'api'
const hasToken = (call: Call, target: Target) =>
  target.kind === 'api' && /^\s*bearer\s+\S/i.test(call.header('authorization') ?? '')
const hasCredentials = (call: Call, target: Target) =>
  hasToken(call, target) || (target.kind === 'api' && cookieOf(call, SESSION_COOKIE) !== undefined)

/** All of them; a new one is an entry here. */
export const NAMED_RULES: readonly NamedRule[] = [
  {
    name: 'starting',
    description: 'authentik is starting: its front answers with 502, from 2025.10 on with 503 and Retry-After.',
    concerns: () => true,
    reply: (call, { behaviour }) => replyWhileStarting(call, behaviour.startingStatus),
    isOfFront: true,
  },
  {
    name: 'token-expired',
    description: 'Every bearer token of the API is refused with 403, as an expired one is.',
    concerns: hasToken,
    reply: () => json(403, { detail: 'Token invalid/expired' }),
  },
  {
    name: 'permission-missing',
    description: 'The API refuses whoever is known with 403: they lack the permission.',
    concerns: hasCredentials,
    reply: () => json(403, { detail: 'You do not have permission to perform this action.' }),
  },
  {
    name: 'rate-limited',
    description: 'The API throttles: 429 with Retry-After.',
    concerns: ofApi,
    reply: () => throttled(1),
  },
  {
    name: 'csrf-failed',
    description: 'What a session changes through the API is refused with 403: the CSRF token is missing.',
    concerns: (call, target) =>
      target.kind === 'api' && !isSafe(call.method) && cookieOf(call, SESSION_COOKIE) !== undefined,
    reply: () => json(403, { detail: 'CSRF Failed: CSRF token missing.' }),
  },
  {
    name: 'slow',
    description: 'Every answer takes one to three seconds.',
    concerns: () => true,
    defaults: { latency: [1000, 3000] },
  },
  {
    name: 'leaks-client-secret',
    description:
      "Codes and tokens show their provider's client_secret to their user (CVE-2026-40166), in releases that were cured of it.",
    concerns: (_call, { operation }) =>
      operation !== undefined && /^oauth2_(?:authorization_codes|access_tokens|refresh_tokens)_/.test(operation.id),
    alter: leakSecrets,
    findObstacle: (release) =>
      leaksByItself(release)
        ? `${release.version} shows it by itself: it was cured in 2025.12.5 and 2026.2.3`
        : undefined,
  },
  {
    name: 'html-error-500',
    description: 'The API is broken: 500 and an HTML page to GET, an empty 405 to anything else, as it was recorded.',
    concerns: ofApi,
    reply: replyWhileBroken,
  },
]

/** Whether the nested provider of a grant is documented with its secret. */
function leaksByItself(release: AuthentikRelease): boolean {
  const grant = componentsOf(release).get('ExpiringBaseGrantModel')
  const provider = grant && componentOf(grant).shape?.['provider']
  return provider !== undefined && 'client_secret' in (componentOf(provider).shape ?? {})
}

/** Shows each nested provider whole, as a release did before it was cured. */
function leakSecrets(reply: Reply, subject: AlteredSubject): Reply {
  if (reply.status !== 200 || reply.body === '') return reply
  const leak = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(leak)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, key === 'provider' ? toWhole(item, subject) : leak(item)]),
    )
  }
  return { ...reply, body: JSON.stringify(leak(JSON.parse(reply.body))) }
}

/** A provider with all that the release shows of one. */
function toWhole(provider: unknown, { world, release, serializer, call }: AlteredSubject): unknown {
  const row = world.table(oauth2Providers).get(readKey(provider, 'pk') as number)
  const operation = release.operations.find(({ id }) => id === 'providers_oauth2_retrieve')
  const schema = operation?.responses[operation.status]
  if (!row || !operation || !schema) return provider
  const caller = {
    user: undefined,
    superuser: true,
    internal: false,
    may: () => true,
    objects: () => new Set<string>(),
  }
  const context = { world, release, serializer, call, caller, operation, params: {}, query: new URLSearchParams() }
  return JSON.parse(serializer.serialize(schema, row, context))
}
