/** What the fake control API answers, in the form of the real one. */
import type {
  GrantRecord,
  GrantStep,
  JournalEntry,
  MintedGrant,
  MockStatus,
  NamedScenario,
  NamespaceRecord,
  OperationRecord,
  Scenario,
} from '../../../src/control/types.ts'
import { readJson } from '../../support/files.ts'
import type { Canned } from './fake-control.ts'

/** What time it is in the world. */
export const NOW = '2024-09-27T14:26:18.306Z'
const later = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1000).toISOString()

const world = readJson('fixtures/world.json')

const STATUS: MockStatus = {
  version: '0.1.0',
  release: '2024.8.3',
  fidelity: 'documented',
  seed: 1,
  basePath: '/',
  namespace: null,
  clock: { now: NOW, frozen: true },
  rows: Object.fromEntries(
    Object.entries<unknown>(world).flatMap(([name, rows]) => (Array.isArray(rows) ? [[name, rows.length]] : [])),
  ),
  keys: { applications: 'slug', api_tokens: 'identifier', authenticated_sessions: 'uuid' },
  operations: { supported: 120, documented: 875 },
  deviations: [],
  tokens: { superuser: 'superuser-token', user: null },
  releases: ['2024.2.0', '2024.8.3', '2026.8.3'],
}

/** A header that a shell, or a program, must not take for code. */
export const ODD = `'"$(exit 1)\\\`id\`; \\' # %0a`

/** A grant of Alice. */
export function grantOf(changes: Partial<GrantRecord> = {}): GrantRecord {
  const [, , user] = world.users
  return {
    kind: 'authorization_codes',
    pk: 21,
    user: { pk: user.pk, username: user.username, name: user.name, avatar: user.avatar },
    provider: { pk: 5, name: 'Provider for spa', client_id: 'spa' },
    application: { slug: 'spa', name: 'Single page' },
    scope: ['openid', 'profile', 'email'],
    created: later(-20),
    expires: later(40),
    state: 'active',
    life: [],
    ...changes,
  }
}

const STEPS: GrantStep['step'][] = ['authorize', 'login', 'consent', 'mint', 'exchange', 'read']
const LIFE: GrantStep[] = STEPS.map((step, index) => ({
  entry: index + 1,
  step,
  time: later(index - 8),
  status: step === 'authorize' || step === 'mint' ? 302 : 200,
  milliseconds: 1.25 * (index + 1),
}))

/** An entry of the journal. */
export function entryOf(changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id: 6,
    received: '2026-01-02T03:04:05.678Z',
    time: later(-3),
    milliseconds: 2.345,
    kind: 'api',
    operationId: 'core_users_me_retrieve',
    user: 'akadmin',
    outcome: 'answered',
    scenario: null,
    request: {
      method: 'GET',
      path: '/api/v3/core/users/me/',
      query: '',
      headers: [
        { name: 'Authorization', value: 'Bearer ••••' },
        { name: 'Host', value: '127.0.0.1' },
      ],
      body: '',
    },
    response: {
      status: 200,
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      body: JSON.stringify({ user: { pk: 1, username: 'akadmin' }, original: null, extra: true }),
    },
    reasons: ['The token authentik-bootstrap-token is that of akadmin.', 'A superuser may all.'],
    changes: [],
    ...changes,
  }
}

const ENTRIES: JournalEntry[] = [
  entryOf(),
  entryOf({
    id: 5,
    kind: 'oauth',
    operationId: null,
    user: 'alice',
    request: {
      method: 'POST',
      path: '/application/o/token/',
      query: '',
      headers: [
        { name: 'Content-Type', value: 'application/x-www-form-urlencoded' },
        { name: 'X-Odd', value: ODD },
      ],
      body: "grant_type=authorization_code&code=••••&state=it's",
    },
    changes: [{ resource: 'authorization_codes', key: 21, action: 'delete' }],
    reasons: ['The code is of this client, and its verifier fits.'],
  }),
  entryOf({
    id: 4,
    operationId: 'rbac_roles_list',
    outcome: 'not-emulated',
    user: null,
    request: { method: 'GET', path: '/api/v3/rbac/roles/', query: 'ordering=name', headers: [], body: '' },
    response: {
      status: 501,
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      body: '{"detail":"authentik has this operation and the mock has not."}',
    },
    reasons: ['The mock has no roles. The nearest operation is core_groups_list.'],
  }),
  entryOf({
    id: 3,
    operationId: 'core_applications_list',
    outcome: 'scenario',
    scenario: 'slow',
    user: 'alice',
    request: { method: 'GET', path: '/api/v3/core/applications/', query: 'search=a', headers: [], body: '' },
    response: null,
    reasons: ['The scenario slow reset the connection.'],
  }),
]

/** What the release documents of `core_users_me_retrieve`, in short. */
export const OPERATION: OperationRecord = {
  operationId: 'core_users_me_retrieve',
  method: 'GET',
  path: '/api/v3/core/users/me/',
  summary: 'Get information about current user',
  documented: {
    responses: {
      '200': {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                user: { type: 'object' },
                original: { type: 'object', nullable: true },
                brand: { type: 'string', format: 'uuid' },
              },
              required: ['user', 'brand'],
            },
          },
        },
      },
    },
  },
  releases: [
    { release: '2026.8.3', added: ['flags'], removed: ['original'], missing: false },
    { release: '2024.2.0', added: [], removed: [], missing: true },
  ],
}

const NAMED_SCENARIOS: NamedScenario[] = [
  { name: 'token-expired', description: 'A token that was good is refused as one that expired.' },
  { name: 'rate-limited', description: 'Every request is answered with 429 and Retry-After.' },
]

/** A scenario that holds. */
export const SCENARIO: Scenario = { id: 's1', name: 'token-expired', user: 'alice', count: 3, struck: 2 }

const NAMESPACES: NamespaceRecord[] = [
  { name: 'worker 1', used: '2026-01-02T03:04:05Z', requests: 12 },
  { name: 'worker-2', used: '2026-01-02T03:05:05Z', requests: 0 },
]

const MINTED: MintedGrant = { kind: 'authorization_codes', pk: 22, value: 'the-minted-code', expires: later(60) }

/** Rows as a page of them. */
export const toRows = (rows: object[]) => ({ count: rows.length, rows })

/** All answers. */
export const cannedAnswers = (): [string, Canned][] => [
  ['GET status/', STATUS],
  [
    'GET grants/',
    [
      grantOf({ life: LIFE }),
      grantOf({ kind: 'access_tokens', pk: 13, created: null, expires: later(3600 * 30), state: 'active' }),
      grantOf({ kind: 'refresh_tokens', pk: 7, state: 'revoked', created: later(-90) }),
    ],
  ],
  ['GET journal/', ENTRIES],
  ...ENTRIES.map((entry): [string, Canned] => [`GET journal/${entry.id}/`, entry]),
  ['GET journal/6/?clear=true', entryOf({ request: { ...entryOf().request, body: 'a secret in clear' } })],
  ['GET operations/core_users_me_retrieve/', OPERATION],
  ['GET scenarios/', { active: [SCENARIO], named: NAMED_SCENARIOS }],
  ['POST scenarios/', { id: 's2', struck: 0 }],
  ['GET namespaces/', NAMESPACES],
  ['GET snapshots/', [{ id: 'snapshot-1', taken: '2026-01-02T03:04:05Z' }]],
  ['PATCH clock/', { now: NOW, frozen: true }],
  ['POST grants/', MINTED],
  ['POST sessions/', { Cookie: 'authentik_session=abc', 'X-authentik-CSRF': 'def' }],
  ['POST tokens/', { identifier: 'mock-1', key: 'the-new-key' }],
  [
    'GET difference/',
    {
      users: { created: [{ pk: 9 }], updated: [{ key: 2, before: { name: 'A' }, after: { name: 'B' } }], deleted: [] },
    },
  ],
  ...Object.entries<unknown>(world).flatMap(([name, rows]): [string, Canned][] =>
    Array.isArray(rows) ? [[`GET world/${name}/`, toRows(rows)]] : [],
  ),
  ['GET world/users/2/', world.users[1]],
  ['PATCH world/users/2/', world.users[1]],
]
