/** Which caller may do what, with which credentials, and how a caller without the permission is refused. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fidelity, Mock } from '../../../src/entries/index.ts'
import { clientOf, namesIn, readyMock, rowsOf, type RequestOptions } from '../../support/client.ts'
import { findRow, recordedWorld } from '../../support/recordings.ts'

const DENIED = '403 You do not have permission to perform this action.'
const INVALID = '403 Token invalid/expired'
const MISSING = '403 Authentication credentials were not provided.'
const NOT_FOUND = '404 Not found.'
const KINDS = ['authorization_codes', 'access_tokens', 'refresh_tokens']
const CODES = '/oauth2/authorization_codes/'
const CODE = `${CODES}1/`
const DEVELOPERS = '/core/groups/c2e91a5a-76a4-43ce-b921-7188ce36a448/'

const CALLERS = {
  'a superuser': { as: 'seed-akadmin' },
  alice: { as: 'seed-alice' },
  'another user': { as: 'seed-bob' },
  'an external user': { as: 'seed-dave' },
  'a service account': { as: 'seed-svc' },
  'an internal service account': { token: recordedWorld.secret_key },
  'a user with permissions': { as: 'seed-viewer' },
  'an inactive user': { as: 'seed-carol' },
  nobody: {},
} satisfies Record<string, RequestOptions>
type Caller = keyof typeof CALLERS
/** How many rows a list has, or why it is refused. */
type Count = number | string

const startMock = (fidelity: Fidelity = 'observed') =>
  readyMock({ world: recordedWorld, release: '2024.8.4', fidelity })

/** An answer in short: its status, and what is wrong. */
async function outcome(authentik: Mock, method: string, path: string, caller?: RequestOptions): Promise<string> {
  const { status, json } = await clientOf(authentik).send(method, path, undefined, caller)
  return json?.detail ? `${status} ${json.detail}` : String(status)
}

/** How many rows a list has, or what is wrong. */
async function countIn(authentik: Mock, path: string, caller: RequestOptions): Promise<Count> {
  const { status, json } = await clientOf(authentik).get(path, caller)
  return json.pagination?.count ?? `${status} ${json.detail}`
}

/** A caller, what one of alice's grants answers them to GET, used_by and DELETE, and how many a list of each kind has. */
const GRANTS: [Caller, string, string, string, ...Count[]][] = [
  ['a superuser', '200', '200', '204', 27, 8, 5],
  ['alice', '200', DENIED, DENIED, 7, 6, 4],
  ['another user', NOT_FOUND, DENIED, NOT_FOUND, 16, 1, 1],
  ['an external user', NOT_FOUND, DENIED, NOT_FOUND, 1, 0, 0],
  ['a service account', NOT_FOUND, DENIED, NOT_FOUND, 1, 0, 0],
  ['an internal service account', NOT_FOUND, NOT_FOUND, NOT_FOUND, 0, 0, 0],
  ['an inactive user', INVALID, INVALID, INVALID, INVALID, INVALID, INVALID],
  ['nobody', NOT_FOUND, DENIED, NOT_FOUND, MISSING, MISSING, MISSING],
]

describe.each(KINDS)('one of alice’s %s', (kind) => {
  const path = `/oauth2/${kind}/`
  const mayView = kind === 'authorization_codes'
  const permitted: (typeof GRANTS)[number] = [
    'a user with permissions',
    NOT_FOUND,
    mayView ? NOT_FOUND : DENIED,
    NOT_FOUND,
    0,
    0,
    0,
  ]

  it.each([...GRANTS, permitted])(
    'answers %s with %s to GET, %s to GET of used_by and %s to DELETE',
    async (caller, retrieve, usedBy, destroy, ...lists) => {
      const authentik = await startMock()
      expect(await countIn(authentik, path, CALLERS[caller])).toBe(lists[KINDS.indexOf(kind)])
      expect(await outcome(authentik, 'GET', `${path}1/`, CALLERS[caller])).toBe(retrieve)
      expect(await outcome(authentik, 'GET', `${path}1/used_by/`, CALLERS[caller])).toBe(usedBy)
      expect(await outcome(authentik, 'DELETE', `${path}1/`, CALLERS[caller])).toBe(destroy)
      expect(await outcome(authentik, 'GET', `${path}1/`, CALLERS['a superuser'])).toBe(
        destroy === '204' ? NOT_FOUND : '200',
      )
    },
  )

  it('can be deleted by its owner, and shows its owner what uses it, only with the permission for its kind', async () => {
    const authentik = await startMock()
    const rows = rowsOf(authentik, kind)
    await rows.create({ ...rows.get(1), pk: 100, user: 12, [mayView ? 'code' : 'token']: 'of-viewer' })
    const viewer = CALLERS['a user with permissions']
    expect([await countIn(authentik, path, viewer), await outcome(authentik, 'GET', `${path}100/`, viewer)]).toEqual([
      1,
      '200',
    ])
    expect(await outcome(authentik, 'GET', `${path}100/used_by/`, viewer)).toBe(mayView ? '200' : DENIED)
    expect(await outcome(authentik, 'DELETE', `${path}100/`, viewer)).toBe(mayView ? '204' : DENIED)
  })
})

/** A caller, what a row answers them to GET, used_by and DELETE, and how many of them a list has. */
type Answers = [caller: Caller, retrieve: string, usedBy: string, destroy: string, list: Count]

const refusedAlike = (status: string, ...callers: Caller[]): Answers[] =>
  callers.map((caller) => [caller, status, status, status, status])
const REFUSALS: Answers[] = [
  ...refusedAlike(DENIED, 'alice', 'another user', 'an external user', 'a service account'),
  ...refusedAlike(INVALID, 'an inactive user'),
  ['an internal service account', NOT_FOUND, NOT_FOUND, NOT_FOUND, 0],
  ['nobody', DENIED, DENIED, DENIED, MISSING],
]

describe.each([
  { what: 'a user, also to themselves,', path: '/core/users/7/', permitted: DENIED, count: 8 },
  { what: 'a provider, also to its users,', path: '/providers/oauth2/1/', permitted: '204', count: 3 },
])('$what is shown to callers with the permission:', ({ path, permitted, count }) => {
  it.each<Answers>([
    ['a superuser', '200', '200', '204', count],
    ['a user with permissions', '200', '200', permitted, count],
    ...REFUSALS,
  ])(
    '%s gets %s to GET, %s to GET of used_by, %s to DELETE, and %s rows in the list',
    async (caller, retrieve, usedBy, destroy, list) => {
      const authentik = await startMock()
      expect(await countIn(authentik, path.replace(/[^/]+\/$/, ''), CALLERS[caller])).toBe(list)
      expect(await outcome(authentik, 'GET', path, CALLERS[caller])).toBe(retrieve)
      expect(await outcome(authentik, 'GET', `${path}used_by/`, CALLERS[caller])).toBe(usedBy)
      expect(await outcome(authentik, 'DELETE', path, CALLERS[caller])).toBe(destroy)
    },
  )
})

describe('a group, also to its members, is shown to callers with the permission:', () => {
  const rows = REFUSALS.map(([caller, retrieve, , destroy, list]) => [caller, retrieve, destroy, list] as const)
  it.each([['a superuser', '200', '204', 4] as const, ['a user with permissions', '200', DENIED, 4] as const, ...rows])(
    '%s gets %s to GET, %s to DELETE, and %s rows in the list',
    async (caller, ...answers) => {
      const authentik = await startMock()
      const list = await countIn(authentik, '/core/groups/', CALLERS[caller])
      expect([
        await outcome(authentik, 'GET', DEVELOPERS, CALLERS[caller]),
        await outcome(authentik, 'DELETE', DEVELOPERS, CALLERS[caller]),
        list,
      ]).toEqual(answers)
    },
  )
})

describe('applications, the caller’s own API tokens, the caller and the version', () => {
  const tokens: Partial<Record<Caller, number>> = { 'a superuser': 10, alice: 4, 'an internal service account': 0 }
  const refusals: Partial<Record<Caller, string>> = { 'an inactive user': INVALID, nobody: MISSING }

  it.each(Object.keys(CALLERS) as Caller[])(
    'are shown to every caller with credentials, without a permission: %s',
    async (caller) => {
      const authentik = await startMock()
      expect(await countIn(authentik, '/core/applications/', CALLERS[caller])).toBe(refusals[caller] ?? 3)
      expect(await countIn(authentik, '/core/tokens/', CALLERS[caller])).toBe(refusals[caller] ?? tokens[caller] ?? 1)
      for (const path of ['/core/users/me/', '/admin/version/'])
        expect(await outcome(authentik, 'GET', path, CALLERS[caller])).toBe(refusals[caller] ?? '200')
    },
  )
})

describe('a permission', () => {
  it.each([
    ['nobody', 'DELETE', MISSING],
    ['alice', 'POST', DENIED],
    ['alice', 'DELETE', DENIED],
    ['a user with permissions', 'PUT', DENIED],
    ['a user with permissions', 'DELETE', '405 Method "DELETE" not allowed.'],
    ['a superuser', 'POST', '405 Method "POST" not allowed.'],
  ] as const)('is checked on a list before the method is: %s who sends %s gets %s', async (caller, method, answer) => {
    expect(await outcome(await startMock(), method, CODES, CALLERS[caller])).toBe(answer)
  })

  it('is not needed by the members of a group below one that makes superusers', async () => {
    const authentik = await startMock()
    const staff = findRow(rowsOf(authentik, 'groups').list(), 'name', 'staff')
    await rowsOf(authentik, 'groups').update(staff.pk, { is_superuser: true })
    expect([
      await countIn(authentik, CODES, CALLERS.alice),
      await countIn(authentik, '/core/users/', CALLERS.alice),
    ]).toEqual([27, 8])
    expect(await outcome(authentik, 'DELETE', `${CODES}6/`, CALLERS.alice)).toBe('204')
  })

  it('to view codes adds none to a list, because only a superuser sees the codes of another user', async () => {
    const authentik = await startMock()
    const callers = ['a superuser', 'alice', 'another user', 'a user with permissions'] as const
    expect(await Promise.all(callers.map((caller) => countIn(authentik, `${CODES}?user=7`, CALLERS[caller])))).toEqual([
      7, 7, 0, 0,
    ])
  })
})

describe('a caller without credentials', () => {
  it.each([
    [NOT_FOUND, ['GET', 'DELETE'], KINDS.map((kind) => `/oauth2/${kind}/1/`)],
    [DENIED, ['GET'], [`${CODE}used_by/`, '/core/users/7/', DEVELOPERS, '/providers/oauth2/1/']],
    [MISSING, ['GET', 'POST'], [CODES, '/core/users/', '/providers/oauth2/']],
  ])(
    'is told that credentials are missing, as documented, where a running server says %s',
    async (answer, methods, paths) => {
      const voices = await Promise.all([startMock('documented'), startMock()])
      for (const method of methods)
        for (const path of paths)
          expect(await Promise.all(voices.map((authentik) => outcome(authentik, method, path)))).toEqual([
            MISSING,
            answer,
          ])
    },
  )

  it('can read the configuration, which a caller with a wrong token cannot', async () => {
    const authentik = await startMock()
    expect([
      await outcome(authentik, 'GET', '/root/config/'),
      await outcome(authentik, 'GET', '/root/config/', { token: 'nope' }),
    ]).toEqual(['200', INVALID])
  })
})

describe('a bearer token', () => {
  it.each(['api', 'app_password', 'recovery', 'verification'])(
    'that is an API token works only when its intent is api and its letters have the same case: %s',
    async (intent) => {
      const authentik = await startMock()
      await rowsOf(authentik, 'api_tokens').create({
        identifier: 'made',
        key: 'made-key',
        intent,
        user: 7,
        expiring: false,
      })
      const answers = [
        await outcome(authentik, 'GET', CODE, { token: 'made-key' }),
        await outcome(authentik, 'GET', CODE, { token: 'MADE-KEY' }),
      ]
      expect(answers).toEqual([intent === 'api' ? '200' : INVALID, INVALID])
    },
  )

  it('that is an expired API token is refused, and deleted by the request that sent it', async () => {
    const authentik = await startMock()
    const identifiers = () => namesIn(clientOf(authentik), '/core/tokens/', CALLERS.alice)
    expect(await identifiers()).toEqual(['seed-alice', 'seed-apppw', 'seed-expired', 'seed-recovery'])
    expect(await outcome(authentik, 'GET', CODE, { token: 'seed-token-expired' })).toBe(INVALID)
    expect(await identifiers()).toEqual(['seed-alice', 'seed-apppw', 'seed-recovery'])
  })

  it.each([
    ['an access token with the scope goauthentik.io/api', 7, 'seed-access-api'],
    ['an access token of a superuser with that scope', 27, 'seed-access-adminapi'],
    ['an access token that was revoked, which is not looked at,', 7, 'seed-access-revoked'],
    ['an access token without the scope', INVALID, 'seed-access-live'],
    ['an access token with a scope that only begins like it', INVALID, 'seed-access-apix'],
    ['a refresh token', INVALID, 'seed-refresh-live'],
    ['a code', INVALID, 'seed-code-spaces'],
  ])('that is %s lists %s', async (_, listed, key) => {
    expect(await countIn(await startMock(), CODES, { token: key })).toBe(listed)
  })

  it('that is an access token works until it expires', async () => {
    const authentik = await startMock()
    authentik.clock.freeze('2099-01-01T00:00:00Z')
    expect(await outcome(authentik, 'GET', CODE, { token: 'seed-access-api' })).toBe('200')
    authentik.clock.move(1)
    expect(await outcome(authentik, 'GET', CODE, { token: 'seed-access-api' })).toBe(INVALID)
  })

  it.each(['seed-token-alice', 'seed-access-api'])('works while its user is active: %s', async (key) => {
    const authentik = await startMock()
    const set = (active: boolean) => rowsOf(authentik, 'users').update(7, { is_active: active })
    await set(false)
    expect(await outcome(authentik, 'GET', CODE, { token: key })).toBe(INVALID)
    await set(true)
    expect(await outcome(authentik, 'GET', CODE, { token: key })).toBe('200')
  })
})

const SIGNS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
/** Django writes a secret into pages as a mask and the secret shifted by that mask. */
const masked = (secret: string, mask: string) =>
  mask +
  Array.from(
    secret,
    (sign, index) => SIGNS[(SIGNS.indexOf(sign) + SIGNS.indexOf(mask.charAt(index))) % SIGNS.length],
  ).join('')

describe('a session', () => {
  const FROM_HEADER = "403 CSRF Failed: CSRF token from the 'X-Authentik-Csrf' HTTP header"
  const untrusted = (origin: string) =>
    `403 CSRF Failed: Origin checking failed - ${origin} does not match any trusted origins.`
  const otherToken = 'x'.repeat(32)

  it.each(['GET', 'HEAD', 'OPTIONS'])('needs nothing but its cookie for %s', async (method) => {
    const authentik = await startMock()
    const { Cookie } = await authentik.logIn('alice')
    expect([
      await outcome(authentik, method, CODE, { headers: { Cookie } }),
      await countIn(authentik, CODES, { headers: { Cookie } }),
    ]).toEqual(['200', 7])
  })

  it.each<
    [
      string,
      { cookie?: (login: string) => string; token?: (login: string) => string | undefined; Origin?: string },
      string,
    ]
  >([
    ['what the login gave', {}, '204'],
    ['no token', { token: () => undefined }, '403 CSRF Failed: CSRF token missing.'],
    ['no cookie', { cookie: (login) => login.replace(/;.*/, '') }, '403 CSRF Failed: CSRF cookie not set.'],
    ['another token', { token: () => otherToken }, `${FROM_HEADER} incorrect.`],
    ['another token, masked', { token: () => masked(otherToken, otherToken) }, `${FROM_HEADER} incorrect.`],
    ['a token too short', { token: (login) => login.slice(1) }, `${FROM_HEADER} has incorrect length.`],
    ['an empty token', { token: () => '' }, `${FROM_HEADER} has incorrect length.`],
    ['a token with other signs', { token: (login) => `-${login.slice(1)}` }, `${FROM_HEADER} has invalid characters.`],
    ['a cookie too long', { cookie: (login) => `${login}x` }, '403 CSRF Failed: CSRF cookie has incorrect length.'],
    ['its own origin', { Origin: 'http://authentik.test' }, '204'],
    ['the origin of another host', { Origin: 'http://evil.example' }, untrusted('http://evil.example')],
    ['the origin of another scheme', { Origin: 'https://authentik.test' }, untrusted('https://authentik.test')],
    ['an opaque origin and no token', { Origin: 'null', token: () => undefined }, untrusted('null')],
  ])(
    'may delete a code only when the CSRF cookie, the token and the origin are right: with %s',
    async (_, { cookie = (login) => login, token = (login) => login, Origin }, answer) => {
      const authentik = await startMock()
      const { Cookie, 'X-authentik-CSRF': csrf } = await authentik.logIn('akadmin')
      const csrfToken = token(csrf)
      const headers = {
        Cookie: cookie(Cookie),
        ...(csrfToken === undefined ? {} : { 'X-authentik-CSRF': csrfToken }),
        ...(Origin ? { Origin } : {}),
      }
      expect(await outcome(authentik, 'DELETE', CODE, { headers })).toBe(answer)
      expect(await outcome(authentik, 'GET', CODE, CALLERS['a superuser'])).toBe(answer === '204' ? NOT_FOUND : '200')
    },
  )

  it('may send its CSRF token behind any mask, in the header and in the cookie', async () => {
    const authentik = await startMock()
    const { Cookie, 'X-authentik-CSRF': csrf } = await authentik.logIn('alice')
    const mask = fc.string({ unit: fc.constantFrom(...SIGNS), minLength: 32, maxLength: 32 })
    await fc.assert(
      fc.asyncProperty(mask, mask, async (first, second) => {
        for (const cookie of [Cookie, Cookie.replace(csrf, masked(csrf, second))])
          expect(
            await outcome(authentik, 'DELETE', CODE, {
              headers: { Cookie: cookie, 'X-authentik-CSRF': masked(csrf, first) },
            }),
          ).toBe(DENIED)
      }),
    )
  })

  it.each([
    ['Bearer nope', INVALID],
    ['Basic dTpw', '403 Unsupported authentication type'],
    ['Bearer seed-token-bob', NOT_FOUND],
    ['Bearer', '200'],
  ])(
    'counts only when the Authorization header does not: with the header %s the answer is %s',
    async (Authorization, answer) => {
      const authentik = await startMock()
      expect(
        await outcome(authentik, 'GET', CODE, { headers: { ...(await authentik.logIn('akadmin')), Authorization } }),
      ).toBe(answer)
    },
  )

  it('needs no CSRF token when a bearer token is sent, too', async () => {
    const authentik = await startMock()
    const { Cookie } = await authentik.logIn('alice')
    expect(await outcome(authentik, 'DELETE', CODE, { headers: { Cookie }, ...CALLERS['a superuser'] })).toBe('204')
  })

  it.each([
    [
      'deleted',
      (authentik: Mock) =>
        rowsOf(authentik, 'authenticated_sessions').delete(rowsOf(authentik, 'authenticated_sessions').list()[0]?.uuid),
    ],
    ['of an inactive user', (authentik: Mock) => rowsOf(authentik, 'users').update(7, { is_active: false })],
    ['of a deleted user', (authentik: Mock) => rowsOf(authentik, 'users').delete(7)],
  ])('that is %s is worth as much as no credentials', async (_, end) => {
    for (const [fidelity, answer] of [['documented', MISSING] as const, ['observed', NOT_FOUND] as const]) {
      const authentik = await startMock(fidelity)
      const { Cookie } = await authentik.logIn('alice')
      expect(await countIn(authentik, CODES, { headers: { Cookie } })).toBe(7)
      await end(authentik)
      expect([
        await countIn(authentik, CODES, { headers: { Cookie } }),
        await outcome(authentik, 'GET', CODE, { headers: { Cookie } }),
        await outcome(authentik, 'DELETE', CODE, { headers: { Cookie } }),
      ]).toEqual([MISSING, answer, answer])
    }
  })
})
