/** A deleted row is gone from every answer, with the rows that depend on it. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mock, type Mock, type MockOptions } from '../../src/entries/index.ts'
import { bearer, clientOf, readyMock, rowsOf, worldOf, type Client, type Row } from '../support/client.ts'
import {
  ADMINS,
  adminOf,
  DEVELOPERS,
  findRow,
  NOT_FOUND,
  observed,
  recordedWorld,
  STAFF,
} from '../support/recordings.ts'
import { runsOf } from '../support/tier.ts'

const NO_CHOICE = ['Select a valid choice. That choice is not one of the available choices.']
const GRANTS = ['authorization_codes', 'access_tokens', 'refresh_tokens'] as const
/** How many rows each of the lists has at the start. */
const COUNTS = [27, 8, 5, 10, 8, 4, 3, 3]
const LISTS = [
  ...GRANTS.map((kind) => `/oauth2/${kind}/`),
  '/core/tokens/',
  '/core/users/',
  '/core/groups/',
  '/providers/oauth2/',
  '/core/applications/',
]
/** Rows of each kind that can be deleted by request. */
const DELETABLE = ['/oauth2/authorization_codes/1/', '/core/users/8/', '/providers/oauth2/1/', `/core/groups/${STAFF}/`]

async function startMock(options: MockOptions = {}): Promise<Mock> {
  const authentik = observed({ now: '2024-09-27T14:26:18.306Z', ...options })
  await authentik.ready
  return authentik
}
const startClient = async () => adminOf(await startMock())

const resultsOf = async (client: Client, path: string): Promise<Row[]> => (await client.get(path)).json.results
const countOf = async (client: Client, path: string): Promise<number> => (await client.get(path)).json.pagination.count
const countAll = (client: Client) => Promise.all(LISTS.map((path) => countOf(client, path)))
const destroy = async (client: Client, path: string) => {
  const { status, text } = await client.delete(path)
  expect([status, text]).toEqual([204, ''])
}
/** @returns the pk of a new provider */
async function createProvider(client: Client, name: string): Promise<number> {
  const { authorization_flow } = findRow(recordedWorld.providers, 'name', 'Demo')
  return (await client.post('/providers/oauth2/', { name, authorization_flow })).json.pk
}

describe.each(GRANTS)('one of the %s', (kind) => {
  const path = `/oauth2/${kind}/`
  const size = recordedWorld[kind].length - 1
  const page = async (client: Client) => {
    const { json } = await client.get(`${path}?ordering=pk&page_size=${size}`)
    return [json.pagination, json.results.map((row: Row) => row.pk)]
  }

  it('can be deleted once, and is then not found', async () => {
    const client = await startClient()
    await destroy(client, `${path}1/`)
    for (const rest of ['1/', '1/used_by/'])
      expect(await client.get(path + rest)).toMatchObject({ status: 404, json: NOT_FOUND })
    expect(await client.delete(`${path}1/`)).toMatchObject({ status: 404, json: NOT_FOUND })
  })

  it.each([
    ['?user=8', 404, NOT_FOUND],
    ['?user=abc', 400, { user: NO_CHOICE }],
  ])('is not deleted when it does not pass a filter: %s', async (query, status, json) => {
    const client = await startClient()
    expect(await client.delete(`${path}1/${query}`)).toMatchObject({ status, json })
    expect((await client.get(`${path}1/`)).status).toBe(200)
  })

  it('leaves the list one row shorter when it is deleted, and without the last page when that is empty', async () => {
    const client = await startClient()
    const pks = recordedWorld[kind].map((row: Row) => row.pk)
    expect(await page(client)).toEqual([
      { next: 2, previous: 0, count: size + 1, current: 1, total_pages: 2, start_index: 1, end_index: size },
      pks.slice(0, -1),
    ])
    await destroy(client, `${path}1/`)
    expect(await page(client)).toEqual([
      { next: 0, previous: 0, count: size, current: 1, total_pages: 1, start_index: 1, end_index: size },
      pks.slice(1),
    ])
    expect(await client.get(`${path}?page_size=${size}&page=2`)).toMatchObject({
      status: 404,
      json: { detail: 'Invalid page.' },
    })
  })

  it('is gone from the list in every order, with every filter, and for its owner', async () => {
    const client = await startClient()
    const countEverywhere = async () => {
      const lists = await Promise.all(
        ['', '?ordering=-expires', '?user=7', '?provider=1', '?user=7&provider=1&page_size=3'].map((query) =>
          client.get(path + query),
        ),
      )
      return [...lists, await client.get(path, { as: 'seed-alice' })].map(({ json }) => [
        json.pagination.count,
        json.results.some((row: Row) => row.pk === 1),
      ])
    }
    const counts = await countEverywhere()
    await destroy(client, `${path}1/`)
    expect(await countEverywhere()).toEqual(counts.map(([count]) => [count - 1, false]))
  })
})

describe('a deleted user', () => {
  it('takes their codes, tokens and sessions along, but not those of other users', async () => {
    const authentik = await startMock()
    const client = adminOf(authentik)
    const [bob, alice] = [await authentik.logIn('bob'), await authentik.logIn('alice')]
    const kinds = [...GRANTS, 'api_tokens'] as const
    const rest = kinds.map((kind) => [kind, worldOf(authentik)[kind].filter((row) => row.user !== 8)])
    expect(await countAll(client)).toEqual(COUNTS)
    await destroy(client, '/core/users/8/')
    expect(await countAll(client)).toEqual([11, 7, 4, 9, 7, 4, 3, 3])
    expect(worldOf(authentik)).toMatchObject(Object.fromEntries(rest))
    expect(worldOf(authentik).authenticated_sessions.map(({ user }) => user)).toEqual([7])
    expect(await client.get('/core/users/me/', { as: null, headers: bob })).toMatchObject({
      status: 403,
      json: { detail: 'Authentication credentials were not provided.' },
    })
    expect(await client.get('/core/users/me/', { token: 'seed-token-bob' })).toMatchObject({
      status: 403,
      json: { detail: 'Token invalid/expired' },
    })
    for (const headers of [alice, bearer('seed-token-alice')])
      expect((await client.get('/core/users/me/', { as: null, headers })).json.user.username).toBe('alice')
  })

  it.each(GRANTS.map((kind) => [kind, findRow(recordedWorld[kind], 'user', 8).pk] as const))(
    'is not found by their %s: %i',
    async (kind, pk) => {
      const client = await startClient()
      expect((await client.get(`/oauth2/${kind}/${pk}/`)).status).toBe(200)
      await destroy(client, '/core/users/8/')
      expect(await client.get(`/oauth2/${kind}/${pk}/`)).toMatchObject({ status: 404, json: NOT_FOUND })
      expect(await client.get(`/oauth2/${kind}/?user=8`)).toMatchObject({ status: 400, json: { user: NO_CHOICE } })
    },
  )

  it('is in no group, in no path and in no search result', async () => {
    const client = await startClient()
    const membership = async () => [
      (await client.get(`/core/groups/${DEVELOPERS}/`)).json.users_obj.map((user: Row) => user.username).sort(),
      (await client.get('/core/users/paths/')).json.paths,
      await countOf(client, '/core/users/?groups_by_name=developers'),
      await countOf(client, '/core/users/?search=bob'),
      (await client.get('/providers/oauth2/1/used_by/')).json.some((row: Row) => row.name.endsWith('for user 8')),
    ]
    expect(await membership()).toEqual([
      ['alice', 'bob'],
      ['goauthentik.io/outposts', 'goauthentik.io/service-accounts', 'users', 'users/team'],
      2,
      1,
      true,
    ])
    await destroy(client, '/core/users/8/')
    expect(await membership()).toEqual([
      ['alice'],
      ['goauthentik.io/outposts', 'goauthentik.io/service-accounts', 'users'],
      1,
      0,
      false,
    ])
    expect(await client.get('/core/users/8/')).toMatchObject({ status: 404, json: NOT_FOUND })
  })
})

describe('a deleted provider', () => {
  it('takes its codes and tokens along, and leaves its application without a provider', async () => {
    const client = await startClient()
    await destroy(client, '/providers/oauth2/1/')
    expect(await client.get('/providers/oauth2/1/')).toMatchObject({ status: 404, json: NOT_FOUND })
    expect(await countAll(client)).toEqual([16, 0, 0, 10, 8, 4, 2, 3])
    expect(
      (await resultsOf(client, '/oauth2/authorization_codes/')).filter(({ provider }) => provider.pk === 1),
    ).toEqual([])
    expect(await client.get('/oauth2/authorization_codes/?provider=1')).toMatchObject({
      status: 400,
      json: { provider: NO_CHOICE },
    })
    expect(
      (await resultsOf(client, '/core/applications/')).map((application) => [
        application.slug,
        application.provider,
        application.provider_obj && application.provider_obj.name,
      ]),
    ).toEqual([
      ['demo', null, null],
      ['orphan', null, null],
      ['spa', 2, 'SPA'],
    ])
  })

  it('takes along its access tokens, which no longer give access to the API', async () => {
    const client = await startClient()
    const accessToken = { token: 'seed-access-api' }
    expect((await client.get('/core/users/me/', accessToken)).status).toBe(200)
    await destroy(client, '/providers/oauth2/1/')
    expect(await client.get('/core/users/me/', accessToken)).toMatchObject({
      status: 403,
      json: { detail: 'Token invalid/expired' },
    })
  })

  it('does not leave its pk to a new provider', async () => {
    const client = await startClient()
    await destroy(client, '/providers/oauth2/3/')
    expect(await createProvider(client, 'one')).toBe(4)
    await destroy(client, '/providers/oauth2/4/')
    expect([
      await createProvider(client, 'another'),
      (await resultsOf(client, '/providers/oauth2/')).map(({ pk }) => pk).sort(),
    ]).toEqual([5, [1, 2, 5]])
  })
})

describe('a deleted group', () => {
  it.each([
    ['the groups below it', STAFF, [{ parent: null, parent_name: null }], [DEVELOPERS]],
    ['its members', DEVELOPERS, [], []],
  ])('is removed from %s', async (_, pk, children, memberships) => {
    const authentik = await startMock()
    const client = adminOf(authentik)
    await rowsOf(authentik, 'groups').delete(pk)
    expect(await client.get(`/core/groups/${pk}/`)).toMatchObject({ status: 404, json: NOT_FOUND })
    expect(await countOf(client, '/core/groups/')).toBe(3)
    expect(
      (await resultsOf(client, '/core/groups/'))
        .filter((group) => group.pk === DEVELOPERS)
        .map(({ parent, parent_name }) => ({ parent, parent_name })),
    ).toEqual(children)
    for (const user of [
      (await client.get('/core/users/7/')).json,
      (await client.get('/oauth2/authorization_codes/1/')).json.user,
    ])
      expect([user.groups, user.groups_obj.map((row: Row) => row.pk)]).toEqual([memberships, memberships])
    expect(
      (await client.get('/core/users/me/', { as: 'seed-alice' })).json.user.groups.map((row: Row) => row.pk),
    ).toEqual(memberships)
  })

  it('no longer makes its members superusers', async () => {
    const client = await startClient()
    await destroy(client, `/core/groups/${ADMINS}/`)
    expect(await countOf(client, '/oauth2/authorization_codes/')).toBe(2)
    expect((await client.get('/core/users/')).status).toBe(403)
  })
})

describe('a world', () => {
  const rows = Object.entries(recordedWorld).flatMap(([name, list]) =>
    Array.isArray(list) ? list.map((row) => ({ name, key: row[name === 'api_tokens' ? 'identifier' : 'pk'] })) : [],
  )

  it('is consistent whatever is deleted from it, and the same as at the start after a reset', async () => {
    const authentik = await startMock()
    const start = worldOf(authentik)
    await fc.assert(
      fc.asyncProperty(fc.subarray(rows, { minLength: 1, maxLength: 12 }), async (sample) => {
        for (const { name, key } of sample) await rowsOf(authentik, name).delete(key)
        expect(sample.filter(({ name, key }) => rowsOf(authentik, name).has(key))).toEqual([])
        const world = worldOf(authentik)
        expect(worldOf(await startMock({ world }))).toEqual(world)
        await authentik.reset()
        expect(worldOf(authentik)).toEqual(start)
      }),
      { numRuns: runsOf(40) },
    )
  })

  it('has after a reset the rows that were deleted by request, and none of those that were made', async () => {
    const authentik = await startMock()
    const client = adminOf(authentik)
    const codes = await resultsOf(client, '/oauth2/authorization_codes/')
    const session = await authentik.logIn('alice')
    expect(await createProvider(client, 'new')).toBe(4)
    for (const path of DELETABLE) await destroy(client, path)
    await authentik.reset()
    expect(await countAll(client)).toEqual(COUNTS)
    expect(await resultsOf(client, '/oauth2/authorization_codes/')).toEqual(codes)
    expect((await client.get('/core/users/me/', { as: null, headers: session })).status).toBe(403)
  })

  it('is not shared by two mocks, and the file that both were made from does not change', async () => {
    const world = structuredClone(recordedWorld)
    const [authentik, twin] = [await startMock({ world }), await startMock({ world })]
    const session = await authentik.logIn('alice')
    for (const path of DELETABLE) await destroy(adminOf(authentik), path)
    expect([await countAll(adminOf(twin)), world]).toEqual([COUNTS, recordedWorld])
    for (const [server, status] of [[authentik, 200] as const, [twin, 403] as const])
      expect((await clientOf(server).get('/core/users/me/', { headers: session })).status).toBe(status)
  })
})

describe('a mock that begins like the last', () => {
  const begin = (options: MockOptions) => readyMock({ token: 'key', now: '2024-09-27T14:26:18.306Z', ...options })
  const fileOf = ({ world }: Mock) => JSON.stringify(world)

  it('has its rows and draws what it drew, and neither hears of what the other changes', async () => {
    const [first, second] = [await begin({ seed: 7 }), await begin({ seed: 7 })]
    const start = fileOf(first)
    expect(fileOf(second)).toBe(start)
    const creations = [first, second].map((authentik) => authentik.world.groups.create({ name: 'editors' }))
    const [group, twin] = await Promise.all(creations)
    expect(twin).toEqual(group)
    await first.world.users.delete(1)
    expect(second.world.users.get(1)?.username).toBe('akadmin')
    await Promise.all([first.reset(), second.reset()])
    expect([fileOf(first), fileOf(second)]).toEqual([start, start])
  })

  it.each<[string, MockOptions]>([
    ['seed', { seed: 8 }],
    ['number of codes', { codes: 3 }],
    ['minute of its clock', { now: '2024-09-27T14:27:18.306Z' }],
  ])('has other rows with another %s', async (_, options) => {
    const start = fileOf(await begin({ seed: 7 }))
    expect(fileOf(await begin({ seed: 7, ...options }))).not.toBe(start)
    expect(fileOf(await begin({ seed: 7 }))).toBe(start)
  })
})

describe('an operation of authentik that the mock does not have', () => {
  const SIGNING_KEY = String(recordedWorld.providers.find(({ signing_key }) => signing_key)?.['signing_key'])
  const PARAMETERS: Record<string, string> = {
    id: '7',
    group_uuid: STAFF,
    slug: 'default-provider-authorization-implicit-consent',
    kp_uuid: SIGNING_KEY,
    pm_uuid: String(recordedWorld.scope_mappings[0]?.['pk']),
  }
  /** Whether the recorded world has a row that the path can name: of stages and policies it says nothing. */
  const isNamed = (path: string) => !/\{(?!\w*\})|\{(fsb_uuid|policy_uuid|stage_uuid)\}/.test(path)
  const missing = mock().operations.flatMap(({ id, method: documentedMethod, view }) =>
    documentedMethod === 'GET'
      ? (isNamed(view.path) ? (view.missing ?? []) : []).map(
          (method) =>
            [
              method,
              view.path.replace(/\{(\w+)\}/, (_, name: string) => String(PARAMETERS[name])),
              `GET /api/v3${view.path} (${id})`,
            ] as const,
        )
      : [],
  )

  it.each(missing)('is answered with 501 and the nearest operation: %s %s', async (method, path, nearest) => {
    const messages: string[] = []
    const authentik = await startMock({ log: (message) => messages.push(message) })
    const world = worldOf(authentik)
    const { status, headers, json } = await adminOf(authentik).send(method, path)
    expect([status, headers.get('X-Authentik-Mock')]).toEqual([501, 'not-emulated'])
    expect(json.detail).toContain(`${method} /api/v3${path} is not emulated. Nearest: ${nearest}`)
    expect([messages, worldOf(authentik)]).toEqual([[json.detail], world])
  })

  // Every user may make API tokens, so that no caller lacks that permission.
  it.each(missing.filter(([, path]) => path !== '/core/tokens/'))(
    'is refused to callers without the permission for it: %s %s',
    async (method, path) => {
      expect(await (await startClient()).send(method, path, undefined, { as: 'seed-alice' })).toMatchObject({
        status: 403,
        json: { detail: 'You do not have permission to perform this action.' },
      })
    },
  )
})
