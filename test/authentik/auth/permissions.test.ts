/** Who may do what, by which credentials, and how each is told (FACTS 1.1 to 1.4, 7). */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mock, type Mock } from '../../../src/entries/index.ts'
import { readJson } from '../../support/files.ts'

const world = readJson('fixtures/recordings/2024.8.4.world.json')
const DENIED = '403 You do not have permission to perform this action.'
const INVALID = '403 Token invalid/expired'
const MISSING = '403 Authentication credentials were not provided.'
const NOT_FOUND = '404 Not found.'
const KINDS = ['authorization_codes', 'access_tokens', 'refresh_tokens']
const CODES = '/oauth2/authorization_codes/'
const CODE = `${CODES}1/`
const DEVELOPERS = '/core/groups/c2e91a5a-76a4-43ce-b921-7188ce36a448/'

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })
const CALLERS = {
  'a superuser': bearer('seed-token-akadmin'),
  alice: bearer('seed-token-alice'),
  'another user': bearer('seed-token-bob'),
  'an external user': bearer('seed-token-dave'),
  'a service account': bearer('seed-token-svc'),
  'an internal service account': bearer(world.secret_key),
  'a user with permissions': bearer('seed-token-viewer'),
  'an inactive user': bearer('seed-token-carol'),
  nobody: {},
}
type Who = keyof typeof CALLERS
type Listed = number | string

async function made(fidelity: 'documented' | 'observed' = 'observed'): Promise<Mock> {
  const own = mock({ world, release: '2024.8.4', fidelity })
  await own.ready
  return own
}

async function ask(own: Mock, method: string, path: string, headers: Record<string, string> = {}) {
  const response = await own.fetch(new Request(`http://authentik.test/api/v3${path}`, { method, headers }))
  const text = await response.text()
  return { status: response.status, body: text && JSON.parse(text) }
}

/** An answer in short: its status, and what is wrong. */
async function tell(...asked: Parameters<typeof ask>): Promise<string> {
  const { status, body } = await ask(...asked)
  return body.detail ? `${status} ${body.detail}` : String(status)
}

/** How many rows a list has, or what is wrong. */
async function count(own: Mock, path: string, headers: Record<string, string>): Promise<Listed> {
  const { status, body } = await ask(own, 'GET', path, headers)
  return body.pagination?.count ?? `${status} ${body.detail}`
}

/** Who, what is said of one of alice's to GET, used_by and DELETE, and how many there are in a list of each kind. */
const GRANTS: [Who, string, string, string, ...Listed[]][] = [
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
  const [at, path] = [KINDS.indexOf(kind), `/oauth2/${kind}/`]
  const mayView = at === 0
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
    'answers %s: %s to GET, %s to used_by, %s to DELETE',
    async (who, retrieve, usedBy, destroy, ...lists) => {
      const own = await made()
      expect(await count(own, path, CALLERS[who])).toBe(lists[at])
      expect(await tell(own, 'GET', `${path}1/`, CALLERS[who])).toBe(retrieve)
      expect(await tell(own, 'GET', `${path}1/used_by/`, CALLERS[who])).toBe(usedBy)
      expect(await tell(own, 'DELETE', `${path}1/`, CALLERS[who])).toBe(destroy)
      expect(await tell(own, 'GET', `${path}1/`, CALLERS['a superuser'])).toBe(destroy === '204' ? NOT_FOUND : '200')
    },
  )

  it('is deleted by its owner, and shows them what uses it, only with the permission for its kind', async () => {
    const own = await made()
    const rows = own.world.named(kind)
    await rows.create({ ...rows.get(1), pk: 100, user: 12, [mayView ? 'code' : 'token']: 'of-viewer' })
    const headers = CALLERS['a user with permissions']
    expect([await count(own, path, headers), await tell(own, 'GET', `${path}100/`, headers)]).toEqual([1, '200'])
    expect(await tell(own, 'GET', `${path}100/used_by/`, headers)).toBe(mayView ? '200' : DENIED)
    expect(await tell(own, 'DELETE', `${path}100/`, headers)).toBe(mayView ? '204' : DENIED)
  })
})

const refusedAlike = (status: string, ...who: Who[]) =>
  who.map((one) => [one, status, status, status, status] as [Who, string, string, string, Listed])
const ANYBODY = [
  ...refusedAlike(DENIED, 'alice', 'another user', 'an external user', 'a service account'),
  ...refusedAlike(INVALID, 'an inactive user'),
  ['an internal service account', NOT_FOUND, NOT_FOUND, NOT_FOUND, 0],
  ['nobody', DENIED, DENIED, DENIED, MISSING],
] as [Who, string, string, string, Listed][]

describe.each([
  { what: 'a user, also to themselves,', path: '/core/users/7/', permitted: DENIED, all: 8 },
  { what: 'a provider, also to its users,', path: '/providers/oauth2/1/', permitted: '204', all: 3 },
])('$what is shown by permission:', ({ path, permitted, all }) => {
  it.each([
    ['a superuser', '200', '200', '204', all],
    ['a user with permissions', '200', '200', permitted, all],
    ...ANYBODY,
  ] as typeof ANYBODY)(
    '%s gets %s to GET, %s to used_by, %s to DELETE, and %s in a list',
    async (who, retrieve, usedBy, destroy, list) => {
      const own = await made()
      expect(await count(own, path.replace(/[^/]+\/$/, ''), CALLERS[who])).toBe(list)
      expect(await tell(own, 'GET', path, CALLERS[who])).toBe(retrieve)
      expect(await tell(own, 'GET', `${path}used_by/`, CALLERS[who])).toBe(usedBy)
      expect(await tell(own, 'DELETE', path, CALLERS[who])).toBe(destroy)
    },
  )
})

describe('a group, also to its members, is shown by permission:', () => {
  const rows = ANYBODY.map(([who, retrieve, , destroy, list]) => [who, retrieve, destroy, list] as const)
  it.each([['a superuser', '200', '204', 4] as const, ['a user with permissions', '200', DENIED, 4] as const, ...rows])(
    '%s gets %s to GET, %s to DELETE, and %s in a list',
    async (who, ...told) => {
      const own = await made()
      const list = await count(own, '/core/groups/', CALLERS[who])
      expect([
        await tell(own, 'GET', DEVELOPERS, CALLERS[who]),
        await tell(own, 'DELETE', DEVELOPERS, CALLERS[who]),
        list,
      ]).toEqual(told)
    },
  )
})

describe('applications, API tokens of one’s own, oneself and the version', () => {
  const tokens: Partial<Record<Who, number>> = { 'a superuser': 10, alice: 4, 'an internal service account': 0 }
  const refusals: Partial<Record<Who, string>> = { 'an inactive user': INVALID, nobody: MISSING }

  it.each(Object.keys(CALLERS) as Who[])('need credentials and no permission: %s', async (who) => {
    const own = await made()
    expect(await count(own, '/core/applications/', CALLERS[who])).toBe(refusals[who] ?? 3)
    expect(await count(own, '/core/tokens/', CALLERS[who])).toBe(refusals[who] ?? tokens[who] ?? 1)
    for (const path of ['/core/users/me/', '/admin/version/'])
      expect(await tell(own, 'GET', path, CALLERS[who])).toBe(refusals[who] ?? '200')
  })
})

describe('a permission', () => {
  it.each([
    ['nobody', 'DELETE', MISSING],
    ['alice', 'POST', DENIED],
    ['alice', 'DELETE', DENIED],
    ['a user with permissions', 'PUT', DENIED],
    ['a user with permissions', 'DELETE', '405 Method "DELETE" not allowed.'],
    ['a superuser', 'POST', '405 Method "POST" not allowed.'],
  ] as const)('is asked for on a list before the method: %s and %s get %s', async (who, method, told) => {
    expect(await tell(await made(), method, CODES, CALLERS[who])).toBe(told)
  })

  it('is not needed by the members of a group below one that makes superusers', async () => {
    const own = await made()
    const staff = [...own.world.named('groups').all()].find(({ name }) => name === 'staff')
    await own.world.named('groups').update(staff.pk, (draft) => void (draft.is_superuser = true))
    expect([await count(own, CODES, CALLERS.alice), await count(own, '/core/users/', CALLERS.alice)]).toEqual([27, 8])
    expect(await tell(own, 'DELETE', `${CODES}6/`, CALLERS.alice)).toBe('204')
  })

  it('to view makes no list longer: only a superuser sees the codes of another user', async () => {
    const own = await made()
    const asking = ['a superuser', 'alice', 'another user', 'a user with permissions'] as const
    expect(await Promise.all(asking.map((who) => count(own, `${CODES}?user=7`, CALLERS[who])))).toEqual([7, 7, 0, 0])
  })
})

describe('nobody', () => {
  it.each([
    [NOT_FOUND, ['GET', 'DELETE'], KINDS.map((kind) => `/oauth2/${kind}/1/`)],
    [DENIED, ['GET'], [`${CODE}used_by/`, '/core/users/7/', DEVELOPERS, '/providers/oauth2/1/']],
    [MISSING, ['GET', 'POST'], [CODES, '/core/users/', '/providers/oauth2/']],
  ])('is told of credentials as documented, where a running server says %s', async (told, methods, paths) => {
    const voices = await Promise.all([made('documented'), made()])
    for (const method of methods)
      for (const path of paths)
        expect(await Promise.all(voices.map((own) => tell(own, method, path)))).toEqual([MISSING, told])
  })

  it('reads the configuration, which a bad token does not', async () => {
    const own = await made()
    expect([await tell(own, 'GET', '/root/config/'), await tell(own, 'GET', '/root/config/', bearer('nope'))]).toEqual([
      '200',
      INVALID,
    ])
  })
})

describe('a bearer', () => {
  it.each(['api', 'app_password', 'recovery', 'verification'])(
    'that is an API token works for the intent api, in its own case of letters: %s',
    async (intent) => {
      const own = await made()
      await own.world
        .named('api_tokens')
        .create({ identifier: 'made', key: 'made-key', intent, user: 7, expiring: false })
      const told = [await tell(own, 'GET', CODE, bearer('made-key')), await tell(own, 'GET', CODE, bearer('MADE-KEY'))]
      expect(told).toEqual([intent === 'api' ? '200' : INVALID, INVALID])
    },
  )

  it('that is an expired API token is refused, and deleted on the way', async () => {
    const own = await made()
    const listed = async () =>
      (await ask(own, 'GET', '/core/tokens/', CALLERS.alice)).body.results.map((token: any) => token.identifier)
    expect(await listed()).toEqual(['seed-alice', 'seed-apppw', 'seed-expired', 'seed-recovery'])
    expect(await tell(own, 'GET', CODE, bearer('seed-token-expired'))).toBe(INVALID)
    expect(await listed()).toEqual(['seed-alice', 'seed-apppw', 'seed-recovery'])
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
    expect(await count(await made(), CODES, bearer(key))).toBe(listed)
  })

  it('that is an access token works until it expires', async () => {
    const own = await made()
    own.clock.freeze('2099-01-01T00:00:00Z')
    expect(await tell(own, 'GET', CODE, bearer('seed-access-api'))).toBe('200')
    own.clock.move(1)
    expect(await tell(own, 'GET', CODE, bearer('seed-access-api'))).toBe(INVALID)
  })

  it.each(['seed-token-alice', 'seed-access-api'])('works while its user is active: %s', async (key) => {
    const own = await made()
    const set = (active: boolean) => own.world.named('users').update(7, (draft) => void (draft.is_active = active))
    await set(false)
    expect(await tell(own, 'GET', CODE, bearer(key))).toBe(INVALID)
    await set(true)
    expect(await tell(own, 'GET', CODE, bearer(key))).toBe('200')
  })
})

const SIGNS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
/** As Django writes a secret where pages can be read: a mask, and the secret shifted by it. */
const masked = (secret: string, mask: string) =>
  mask +
  Array.from(secret, (sign, at) => SIGNS[(SIGNS.indexOf(sign) + SIGNS.indexOf(mask[at]!)) % SIGNS.length]).join('')

describe('a session', () => {
  const FROM_HEADER = "403 CSRF Failed: CSRF token from the 'X-Authentik-Csrf' HTTP header"
  const untrusted = (origin: string) =>
    `403 CSRF Failed: Origin checking failed - ${origin} does not match any trusted origins.`
  const wrong = 'x'.repeat(32)

  it.each(['GET', 'HEAD', 'OPTIONS'])('needs its cookie alone for %s', async (method) => {
    const own = await made()
    const { Cookie } = await own.logIn('alice')
    expect([await tell(own, method, CODE, { Cookie }), await count(own, CODES, { Cookie })]).toEqual(['200', 7])
  })

  it.each<
    [
      string,
      { cookie?: (given: string) => string; token?: (given: string) => string | undefined; Origin?: string },
      string,
    ]
  >([
    ['what the login gave', {}, '204'],
    ['no token', { token: () => undefined }, '403 CSRF Failed: CSRF token missing.'],
    ['no cookie', { cookie: (given) => given.split(';')[0]! }, '403 CSRF Failed: CSRF cookie not set.'],
    ['another token', { token: () => wrong }, `${FROM_HEADER} incorrect.`],
    ['another token, masked', { token: () => masked(wrong, wrong) }, `${FROM_HEADER} incorrect.`],
    ['a token too short', { token: (given) => given.slice(1) }, `${FROM_HEADER} has incorrect length.`],
    ['an empty token', { token: () => '' }, `${FROM_HEADER} has incorrect length.`],
    ['a token with other signs', { token: (given) => `-${given.slice(1)}` }, `${FROM_HEADER} has invalid characters.`],
    ['a cookie too long', { cookie: (given) => `${given}x` }, '403 CSRF Failed: CSRF cookie has incorrect length.'],
    ['its own origin', { Origin: 'http://authentik.test' }, '204'],
    ['the origin of another host', { Origin: 'http://evil.example' }, untrusted('http://evil.example')],
    ['the origin of another scheme', { Origin: 'https://authentik.test' }, untrusted('https://authentik.test')],
    ['an opaque origin and no token', { Origin: 'null', token: () => undefined }, untrusted('null')],
  ])(
    'deletes what its CSRF cookie, token and origin allow: with %s',
    async (_, { cookie = (given) => given, token = (given) => given, Origin }, told) => {
      const own = await made()
      const { Cookie, 'X-authentik-CSRF': csrf } = await own.logIn('akadmin')
      const shown = token(csrf)
      const headers = {
        Cookie: cookie(Cookie),
        ...(shown === undefined ? {} : { 'X-authentik-CSRF': shown }),
        ...(Origin ? { Origin } : {}),
      }
      expect(await tell(own, 'DELETE', CODE, headers)).toBe(told)
      expect(await tell(own, 'GET', CODE, CALLERS['a superuser'])).toBe(told === '204' ? NOT_FOUND : '200')
    },
  )

  it('shows its CSRF token behind any mask, in the header and also in the cookie', async () => {
    const own = await made()
    const { Cookie, 'X-authentik-CSRF': csrf } = await own.logIn('alice')
    const mask = fc.string({ unit: fc.constantFrom(...SIGNS), minLength: 32, maxLength: 32 })
    await fc.assert(
      fc.asyncProperty(mask, mask, async (first, second) => {
        for (const cookie of [Cookie, Cookie.replace(csrf, masked(csrf, second))])
          expect(await tell(own, 'DELETE', CODE, { Cookie: cookie, 'X-authentik-CSRF': masked(csrf, first) })).toBe(
            DENIED,
          )
      }),
    )
  })

  it.each([
    ['Bearer nope', INVALID],
    ['Basic dTpw', '403 Unsupported authentication type'],
    ['Bearer seed-token-bob', NOT_FOUND],
    ['Bearer', '200'],
  ])('is looked at after the Authorization header: beside %s it gets %s', async (Authorization, told) => {
    const own = await made()
    expect(await tell(own, 'GET', CODE, { ...(await own.logIn('akadmin')), Authorization })).toBe(told)
  })

  it('asks no CSRF token of a bearer', async () => {
    const own = await made()
    const { Cookie } = await own.logIn('alice')
    expect(await tell(own, 'DELETE', CODE, { Cookie, ...CALLERS['a superuser'] })).toBe('204')
  })

  it.each([
    ['deleted', (own: Mock) => own.world.named('sessions').delete([...own.world.named('sessions').all()][0].uuid)],
    [
      'of an inactive user',
      (own: Mock) => own.world.named('users').update(7, (draft) => void (draft.is_active = false)),
    ],
    ['of a deleted user', (own: Mock) => own.world.named('users').delete(7)],
  ])('that is %s is nobody’s', async (_, end) => {
    for (const [fidelity, told] of [['documented', MISSING] as const, ['observed', NOT_FOUND] as const]) {
      const own = await made(fidelity)
      const { Cookie } = await own.logIn('alice')
      expect(await count(own, CODES, { Cookie })).toBe(7)
      await end(own)
      expect([
        await count(own, CODES, { Cookie }),
        await tell(own, 'GET', CODE, { Cookie }),
        await tell(own, 'DELETE', CODE, { Cookie }),
      ]).toEqual([MISSING, told, told])
    }
  })
})
