/** What is deleted stays deleted, everywhere, and takes along what cannot do without it (FACTS 4). */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mock, type Mock, type MockOptions } from '../../src/entries/index.ts'
import { readJson } from '../support/files.ts'

const world = readJson('fixtures/recordings/2024.8.4.world.json')
const NOT_FOUND = { detail: 'Not found.' }
const NO_CHOICE = ['Select a valid choice. That choice is not one of the available choices.']
const GRANTS = ['authorization_codes', 'access_tokens', 'refresh_tokens'] as const
const STAFF = '5fd0a2d6-ad46-4341-bd04-c823aab242b6'
const DEVELOPERS = 'c2e91a5a-76a4-43ce-b921-7188ce36a448'
const ADMINS = '2c4db276-bf6c-49f1-a266-d66ffcca99fe'
/** How many rows the lists have at the start. */
const ALL = [27, 8, 5, 10, 8, 4, 3, 3]
/** One of each that can be deleted by request. */
const SOME = ['/oauth2/authorization_codes/1/', '/core/users/8/', '/providers/oauth2/1/', `/core/groups/${STAFF}/`]

async function made(options: MockOptions = {}): Promise<Mock> {
  const own = mock({ world, release: '2024.8.4', fidelity: 'observed', now: '2024-09-27T14:26:18.306Z', ...options })
  await own.ready
  return own
}

const bearer = (username: string) => ({ Authorization: `Bearer seed-token-${username}` })

/** Asks as akadmin, unless other headers are given. */
async function ask(
  own: Mock,
  method: string,
  path: string,
  headers: Record<string, string> = bearer('akadmin'),
  body?: object,
) {
  const init = {
    method,
    headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  }
  const response = await own.fetch(new Request(`http://authentik.test/api/v3${path}`, init))
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
}

const results = async (own: Mock, path: string): Promise<any[]> => (await ask(own, 'GET', path)).body.results
const count = async (own: Mock, path: string): Promise<number> => (await ask(own, 'GET', path)).body.pagination.count
const LISTS = [
  ...GRANTS.map((kind) => `oauth2/${kind}`),
  'core/tokens',
  'core/users',
  'core/groups',
  'providers/oauth2',
  'core/applications',
]
const counts = (own: Mock) => Promise.all(LISTS.map((path) => count(own, `/${path}/`)))
const whole = (own: Mock) => JSON.parse(JSON.stringify(own.world))
const destroy = async (own: Mock, path: string) => {
  const { status, body } = await ask(own, 'DELETE', path)
  expect([status, body]).toEqual([204, ''])
}
/** @returns the pk of a new provider */
const make = async (own: Mock, name: string): Promise<number> =>
  (
    await ask(own, 'POST', '/providers/oauth2/', undefined, {
      name,
      authorization_flow: world.providers[0].authorization_flow,
    })
  ).body.pk

describe.each(GRANTS)('one of the %s', (kind) => {
  const path = `/oauth2/${kind}/`
  const size = world[kind].length - 1
  const pages = async (own: Mock) => {
    const { body } = await ask(own, 'GET', `${path}?ordering=pk&page_size=${size}`)
    return [body.pagination, body.results.map((row: any) => row.pk)]
  }

  it('is deleted once, and then not found', async () => {
    const own = await made()
    await destroy(own, `${path}1/`)
    for (const rest of ['1/', '1/used_by/'])
      expect(await ask(own, 'GET', path + rest)).toMatchObject({ status: 404, body: NOT_FOUND })
    expect(await ask(own, 'DELETE', `${path}1/`)).toMatchObject({ status: 404, body: NOT_FOUND })
  })

  it.each([
    ['?user=8', 404, NOT_FOUND],
    ['?user=abc', 400, { user: NO_CHOICE }],
  ])('is not deleted when a filter leaves it out: %s', async (query, status, body) => {
    const own = await made()
    expect(await ask(own, 'DELETE', `${path}1/${query}`)).toMatchObject({ status, body })
    expect((await ask(own, 'GET', `${path}1/`)).status).toBe(200)
  })

  it('leaves the list shorter by one when it is deleted, and without a last page that has become empty', async () => {
    const own = await made()
    const pks = world[kind].map((row: any) => row.pk)
    expect(await pages(own)).toEqual([
      { next: 2, previous: 0, count: size + 1, current: 1, total_pages: 2, start_index: 1, end_index: size },
      pks.slice(0, -1),
    ])
    await destroy(own, `${path}1/`)
    expect(await pages(own)).toEqual([
      { next: 0, previous: 0, count: size, current: 1, total_pages: 1, start_index: 1, end_index: size },
      pks.slice(1),
    ])
    expect(await ask(own, 'GET', `${path}?page_size=${size}&page=2`)).toMatchObject({
      status: 404,
      body: { detail: 'Invalid page.' },
    })
  })

  it('is gone from every order, filter and list of its owner that had it before', async () => {
    const own = await made()
    const seen = async () => {
      const lists = await Promise.all(
        ['', '?ordering=-expires', '?user=7', '?provider=1', '?user=7&provider=1&page_size=3'].map((query) =>
          ask(own, 'GET', path + query),
        ),
      )
      return [...lists, await ask(own, 'GET', path, bearer('alice'))].map(({ body }) => [
        body.pagination.count,
        body.results.some((row: any) => row.pk === 1),
      ])
    }
    const before = await seen()
    await destroy(own, `${path}1/`)
    expect(await seen()).toEqual(before.map(([listed]) => [listed - 1, false]))
  })
})

describe('a deleted user', () => {
  it('takes their codes, tokens and sessions along, and those of nobody else', async () => {
    const own = await made()
    const [bob, alice] = [await own.logIn('bob'), await own.logIn('alice')]
    const others = Object.fromEntries(
      [...GRANTS, 'api_tokens'].map((kind) => [kind, whole(own)[kind].filter((row: any) => row.user !== 8)]),
    )
    expect(await counts(own)).toEqual(ALL)
    await destroy(own, '/core/users/8/')
    expect(await counts(own)).toEqual([11, 7, 4, 9, 7, 4, 3, 3])
    expect(whole(own)).toMatchObject(others)
    expect(whole(own).sessions.map((session: any) => session.user)).toEqual([7])
    expect(await ask(own, 'GET', '/core/users/me/', bob)).toMatchObject({
      status: 403,
      body: { detail: 'Authentication credentials were not provided.' },
    })
    expect(await ask(own, 'GET', '/core/users/me/', bearer('bob'))).toMatchObject({
      status: 403,
      body: { detail: 'Token invalid/expired' },
    })
    for (const headers of [alice, bearer('alice')])
      expect((await ask(own, 'GET', '/core/users/me/', headers)).body.user.username).toBe('alice')
  })

  it.each(GRANTS.map((kind) => [kind, world[kind].find((row: any) => row.user === 8).pk]))(
    'is not found by their %s: %i',
    async (kind, pk) => {
      const own = await made()
      expect((await ask(own, 'GET', `/oauth2/${kind}/${pk}/`)).status).toBe(200)
      await destroy(own, '/core/users/8/')
      expect(await ask(own, 'GET', `/oauth2/${kind}/${pk}/`)).toMatchObject({ status: 404, body: NOT_FOUND })
      expect(await ask(own, 'GET', `/oauth2/${kind}/?user=8`)).toMatchObject({ status: 400, body: { user: NO_CHOICE } })
    },
  )

  it('is a member of no group, on no path and found by no search', async () => {
    const own = await made()
    const seen = async () => [
      (await ask(own, 'GET', `/core/groups/${DEVELOPERS}/`)).body.users_obj.map((user: any) => user.username).sort(),
      (await ask(own, 'GET', '/core/users/paths/')).body.paths,
      await count(own, '/core/users/?groups_by_name=developers'),
      await count(own, '/core/users/?search=bob'),
      (await ask(own, 'GET', '/providers/oauth2/1/used_by/')).body.some((one: any) => one.name.endsWith('for user 8')),
    ]
    expect(await seen()).toEqual([
      ['alice', 'bob'],
      ['goauthentik.io/outposts', 'goauthentik.io/service-accounts', 'users', 'users/team'],
      2,
      1,
      true,
    ])
    await destroy(own, '/core/users/8/')
    expect(await seen()).toEqual([
      ['alice'],
      ['goauthentik.io/outposts', 'goauthentik.io/service-accounts', 'users'],
      1,
      0,
      false,
    ])
    expect(await ask(own, 'GET', '/core/users/8/')).toMatchObject({ status: 404, body: NOT_FOUND })
  })
})

describe('a deleted provider', () => {
  it('takes its codes and tokens along, and leaves its application without a provider', async () => {
    const own = await made()
    await destroy(own, '/providers/oauth2/1/')
    expect(await ask(own, 'GET', '/providers/oauth2/1/')).toMatchObject({ status: 404, body: NOT_FOUND })
    expect(await counts(own)).toEqual([16, 0, 0, 10, 8, 4, 2, 3])
    expect((await results(own, '/oauth2/authorization_codes/')).filter(({ provider }) => provider.pk === 1)).toEqual([])
    expect(await ask(own, 'GET', '/oauth2/authorization_codes/?provider=1')).toMatchObject({
      status: 400,
      body: { provider: NO_CHOICE },
    })
    expect(
      (await results(own, '/core/applications/')).map((one) => [
        one.slug,
        one.provider,
        one.provider_obj && one.provider_obj.name,
      ]),
    ).toEqual([
      ['demo', null, null],
      ['orphan', null, null],
      ['spa', 2, 'SPA'],
    ])
  })

  it('takes along the access tokens that opened the API', async () => {
    const own = await made()
    const headers = { Authorization: 'Bearer seed-access-api' }
    expect((await ask(own, 'GET', '/core/users/me/', headers)).status).toBe(200)
    await destroy(own, '/providers/oauth2/1/')
    expect(await ask(own, 'GET', '/core/users/me/', headers)).toMatchObject({
      status: 403,
      body: { detail: 'Token invalid/expired' },
    })
  })

  it('does not give its pk to one that is made later', async () => {
    const own = await made()
    await destroy(own, '/providers/oauth2/3/')
    expect(await make(own, 'one')).toBe(4)
    await destroy(own, '/providers/oauth2/4/')
    expect([await make(own, 'another'), (await results(own, '/providers/oauth2/')).map(({ pk }) => pk).sort()]).toEqual(
      [5, [1, 2, 5]],
    )
  })
})

describe('a deleted group', () => {
  it.each([
    ['the groups below it', STAFF, [{ parent: null, parent_name: null }], [DEVELOPERS]],
    ['its members', DEVELOPERS, [], []],
  ])('leaves %s without it', async (_, pk, below, memberships) => {
    const own = await made()
    await own.world.named('groups').delete(pk)
    expect(await ask(own, 'GET', `/core/groups/${pk}/`)).toMatchObject({ status: 404, body: NOT_FOUND })
    expect(await count(own, '/core/groups/')).toBe(3)
    expect(
      (await results(own, '/core/groups/'))
        .filter((one) => one.pk === DEVELOPERS)
        .map(({ parent, parent_name }) => ({ parent, parent_name })),
    ).toEqual(below)
    for (const user of [
      (await ask(own, 'GET', '/core/users/7/')).body,
      (await ask(own, 'GET', '/oauth2/authorization_codes/1/')).body.user,
    ])
      expect([user.groups, user.groups_obj.map((one: any) => one.pk)]).toEqual([memberships, memberships])
    expect(
      (await ask(own, 'GET', '/core/users/me/', bearer('alice'))).body.user.groups.map((one: any) => one.pk),
    ).toEqual(memberships)
  })

  it('makes no superusers any more', async () => {
    const own = await made()
    await destroy(own, `/core/groups/${ADMINS}/`)
    expect(await count(own, '/oauth2/authorization_codes/')).toBe(2)
    expect((await ask(own, 'GET', '/core/users/')).status).toBe(403)
  })
})

describe('a world', () => {
  const kinds = Object.keys(world).filter((name) => Array.isArray(world[name]))
  const rows = kinds.flatMap((name) =>
    world[name].map((row: any) => ({ name, key: row[name === 'api_tokens' ? 'identifier' : 'pk'] })),
  )

  it('is whole whatever is deleted from it, and as at the start after a reset', async () => {
    const own = await made()
    const start = whole(own)
    await fc.assert(
      fc.asyncProperty(fc.subarray(rows, { minLength: 1, maxLength: 12 }), async (gone) => {
        for (const { name, key } of gone) await own.world.named(name).delete(key)
        expect(gone.filter(({ name, key }) => own.world.named(name).has(key))).toEqual([])
        expect(whole(await made({ world: whole(own) }))).toEqual(whole(own))
        await own.reset()
        expect(whole(own)).toEqual(start)
      }),
      { numRuns: 40 },
    )
  })

  it('has again after a reset what was deleted by request, and has forgotten what was made', async () => {
    const own = await made()
    const before = await results(own, '/oauth2/authorization_codes/')
    const session = await own.logIn('alice')
    expect(await make(own, 'new')).toBe(4)
    for (const path of SOME) await destroy(own, path)
    await own.reset()
    expect(await counts(own)).toEqual(ALL)
    expect(await results(own, '/oauth2/authorization_codes/')).toEqual(before)
    expect((await ask(own, 'GET', '/core/users/me/', session)).status).toBe(403)
  })

  it('is not shared by two mocks, nor is the file that both were made from', async () => {
    const file = structuredClone(world)
    const [one, other] = [await made({ world: file }), await made({ world: file })]
    const session = await one.logIn('alice')
    for (const path of SOME) await destroy(one, path)
    expect([await counts(other), file]).toEqual([ALL, world])
    for (const [own, status] of [[one, 200] as const, [other, 403] as const])
      expect((await ask(own, 'GET', '/core/users/me/', session)).status).toBe(status)
  })
})

describe('what authentik can do and the mock cannot', () => {
  const stand: Record<string, string> = { id: '7', group_uuid: STAFF, slug: 'demo' }
  const missing = mock().operations.flatMap(({ id, method: own, view }) =>
    own === 'GET'
      ? (view.missing ?? []).map(
          (method) =>
            [
              method,
              view.path.replace(/\{(\w+)\}/, (_, name: string) => stand[name]!),
              `GET ${view.path} (${id})`,
            ] as const,
        )
      : [],
  )

  it.each(missing)('is answered with 501, and the nearest that it can: %s %s', async (method, path, nearest) => {
    const told: string[] = []
    const own = await made({ log: (message) => told.push(message) })
    const before = whole(own)
    const { status, headers, body } = await ask(own, method, path)
    expect([status, headers.get('X-Authentik-Mock')]).toEqual([501, 'not-emulated'])
    expect(body.detail).toContain(`${method} /api/v3${path} is not emulated. Nearest: ${nearest}`)
    expect([told, whole(own)]).toEqual([[body.detail], before])
  })

  // Everybody may make API tokens.
  it.each(missing.filter(([, path]) => path !== '/core/tokens/'))(
    'is refused to whoever may not do it on authentik either: %s %s',
    async (method, path) => {
      expect(await ask(await made(), method, path, bearer('alice'))).toMatchObject({
        status: 403,
        body: { detail: 'You do not have permission to perform this action.' },
      })
    },
  )
})
