/** Which releases there are, what each of them changed, and how their behaviour differs. */
import { queryFor } from '../../support/management.ts'
import { describe, expect, it } from 'vitest'
import type { Mock, MockOptions } from '../../../src/entries/index.ts'
import { findRelease, versions } from '../../../src/authentik/releases/index.ts'
import { clientOf, readyMock, worldOf, type Client, type RequestOptions, type Row } from '../../support/client.ts'
import { documentOf } from '../../support/documents.ts'
import { triedReleases } from '../../support/tier.ts'

const startRelease = (release: string, options: MockOptions = {}) =>
  readyMock({ release, now: '2024-09-27T14:26:18.306Z', token: 'key', fidelity: 'observed', ...options })
const superuserOf = (authentik: Mock) => clientOf(authentik, { token: 'key', headers: { Accept: 'application/json' } })
/** The superuser of a mock of the release. */
const clientFor = async (release: string, options?: MockOptions): Promise<Client> =>
  superuserOf(await startRelease(release, options))

const CODES = '/oauth2/authorization_codes/'
const schemaOf = (release: string, component: string): Row => (documentOf(release) as Row).components.schemas[component]
const keysOf = (release: string, component: string) => Object.keys(schemaOf(release, component).properties)

describe('a release', () => {
  it('is found by its version, or by its line, which means the last patch of that line', () => {
    expect(findRelease('2025.12.4').version).toBe('2025.12.4')
    expect(findRelease('latest').version).toBe(versions.at(-1))
    // authentik's client of a release has a build in its version.
    expect(findRelease('2024.8.3-1729836831').version).toBe('2024.8.3')
    // A candidate for a release is as that.
    expect(findRelease('2026.2.3-rc1').version).toBe('2026.2.3')
    expect(() => findRelease('2026.2.9-rc1')).toThrow('The nearest is 2026.2.3;')
    expect(() => findRelease('2026.2.3-rc')).toThrow('The nearest is 2026.2.3;')
    expect(() => findRelease('2024-8')).toThrow('The nearest is 2024.8.6;')
    expect(() => findRelease('2025_12')).toThrow('The nearest is 2025.12.6;')
    expect(() => findRelease('latest-rc1')).toThrow('the release "latest-rc1"')
    expect(['2024.2', '2024.8', '2025.12', '2026.8'].map((line) => findRelease(line).version)).toEqual([
      '2024.2.4',
      '2024.8.6',
      '2025.12.6',
      '2026.8.3',
    ])
  })

  it.each([
    [
      '2024.2.4',
      '2024.4.4',
      '2024.6.5',
      '2024.8.3',
      '2024.8.5',
      '2024.10.0',
      '2024.10.3',
      '2024.12.5',
      '2025.2.4',
      '2025.4.4',
    ],
    ['2025.6.4', '2025.8.6', '2025.10.4', '2025.12.4', '2025.12.5', '2026.2.2', '2026.2.3', '2026.5.6', '2026.8.3'],
  ])('can be any of %s, %s, %s and so on', (...releases) => {
    expect(releases.filter((version) => !versions.includes(version))).toEqual([])
  })

  it.each([
    ['2024.9.0', '2024.8.6'],
    ['2024.8.7', '2024.8.6'],
    ['2025.12.9', '2025.12.6'],
    ['2023.10.7', '2024.2.0'],
    ['2030.1', versions.at(-1)],
    ['v2025.4.1', '2025.4.1'],
    ['v2026.2', '2026.2.3'],
    ['2024', '2024.12.5'],
    ['26.2', expect.stringMatching(/^2026\.2/)],
  ])('that the mock does not know is refused, with the name of the nearest: %s', (release, nearest) => {
    const message = (() => {
      try {
        return findRelease(release).version
      } catch (error) {
        return (error as Error).message
      }
    })()
    expect(/The nearest is ([\d.]+);/.exec(message)?.[1]).toEqual(nearest)
  })
})

describe('what changed at a patch', () => {
  /** The versions for which something holds. */
  const holdsIn = (test: (version: string) => boolean) => versions.filter(test)
  const rangeOf = (first: string, last?: string) =>
    versions.slice(versions.indexOf(first), last === undefined ? undefined : versions.indexOf(last) + 1)

  it('redirect URIs are a list from 2024.8.5, not in 2024.10.0 to .2, and again from 2024.10.3', () => {
    const isList = (version: string) => schemaOf(version, 'OAuth2Provider').properties.redirect_uris.type === 'array'
    expect(holdsIn(isList)).toEqual([...rangeOf('2024.8.5', '2024.8.6'), ...rangeOf('2024.10.3')])
  })

  it('the application of a provider may be null from 2025.8.6, 2025.10.4, 2025.12.2 and 2026.2.0', () => {
    const mayBeNull = (version: string) =>
      schemaOf(version, 'Provider').properties.assigned_application_slug.nullable === true
    expect(holdsIn(mayBeNull)).toEqual([
      ...rangeOf('2025.8.6', '2025.8.6'),
      ...rangeOf('2025.10.4', '2025.10.4'),
      ...rangeOf('2025.12.2'),
    ])
  })

  it('the provider inside a grant is without its secret from 2025.12.5 and 2026.2.3 (CVE-2026-40166)', async () => {
    const isBare = (version: string) =>
      ['ExpiringBaseGrantModel', 'TokenModel'].every((name) =>
        schemaOf(version, name).properties.provider.$ref.endsWith('/Provider'),
      )
    expect(holdsIn(isBare)).toEqual([...rangeOf('2025.12.5', '2025.12.6'), ...rangeOf('2026.2.3')])
    for (const release of ['2025.12.4', '2025.12.5', '2026.2.2', '2026.2.3']) {
      const { provider } = (await (await clientFor(release)).get(`${CODES}1/`)).json
      expect([release, 'client_secret' in provider]).toEqual([release, !isBare(release)])
    }
  })

  it.each<[key: string, component: string, first: string, last?: string]>([
    ['version_latest_valid', 'Version', '2024.4.0'],
    ['outpost_outdated', 'Version', '2024.8.0'],
    ['invalidation_flow', 'OAuth2Provider', '2024.10.0'],
    ['encryption_key', 'OAuth2Provider', '2024.10.0'],
    ['jwks_sources', 'OAuth2Provider', '2024.2.0', '2024.10.5'],
    ['jwt_federation_providers', 'OAuth2ProviderRequest', '2024.12.0'],
    ['password_change_date', 'User', '2025.2.0'],
    ['date_joined', 'User', '2025.4.0'],
    ['last_updated', 'User', '2025.8.0'],
    ['backchannel_logout_uri', 'OAuth2Provider', '2025.8.0', '2025.8.6'],
    ['logout_method', 'PatchedOAuth2ProviderRequest', '2025.10.0'],
    ['refresh_token_threshold', 'OAuth2Provider', '2025.10.0'],
    ['cache_timeout_reputation', 'Config', '2024.2.0', '2025.8.6'],
    ['autocomplete', 'PaginatedExpiringBaseGrantModelList', '2025.8.0'],
    ['children', 'Group', '2025.8.0'],
    ['parents', 'Group', '2025.12.0'],
    ['parent', 'Group', '2024.2.0', '2025.10.4'],
    ['roles_obj', 'User', '2025.12.0'],
    ['roles', 'UserSelf', '2025.12.0'],
    ['meta_icon_url', 'Application', '2025.12.0'],
  ])('%s is in %s from %s on', (key, component, first, last) => {
    expect(holdsIn((version) => keysOf(version, component).includes(key))).toEqual(rangeOf(first, last))
  })

  it('the short form of a group is PartialGroup from 2025.10.0, and a provider needs no flow from 2026.8.0', () => {
    const has = (name: string) => (version: string) => schemaOf(version, name) !== undefined
    expect([holdsIn(has('UserGroup')), holdsIn(has('PartialGroup'))]).toEqual([
      rangeOf('2024.2.0', '2025.8.6'),
      rangeOf('2025.10.0'),
    ])
    expect(holdsIn((version) => !schemaOf(version, 'Provider').required.includes('authorization_flow'))).toEqual(
      rangeOf('2026.8.0'),
    )
  })

  it.each(triedReleases())(
    '%s answers each of its lists with the keys that it documents, and no others',
    async (version) => {
      const authentik = await startRelease(version, { fidelity: 'documented' })
      for (const operation of authentik.operations.filter(
        ({ id, query }) => query && 'ordering' in query && !/volume|top_per_user/.test(id),
      )) {
        const { status, json } = await superuserOf(authentik).get(
          `${operation.view.path}?${new URLSearchParams(queryFor(operation))}`,
        )
        expect([operation.id, status, operation.responses[200]?.parse(json)]).toEqual([operation.id, 200, json])
        expect([operation.id, operation.manages || json.results.length > 0]).toEqual([operation.id, true])
      }
    },
  )
})

describe('a world file', () => {
  /** The rows that a server of a release answers, as a world file holds them: without the objects nested in them. */
  async function worldFrom(authentik: Mock) {
    const rowsAt = async (path: string, ...nested: string[]) => {
      const { results } = (await superuserOf(authentik).get(`${path}?page_size=100&ordering=pk`)).json
      return results.map((row: object) =>
        Object.fromEntries(Object.entries(row).filter(([key]) => !nested.includes(key))),
      )
    }
    return {
      ...worldOf(authentik),
      release: authentik.release,
      users: await rowsAt('/core/users/', 'groups_obj', 'roles_obj'),
      groups: await rowsAt('/core/groups/', 'users_obj', 'roles_obj', 'parents_obj', 'children_obj'),
      providers: await rowsAt('/providers/oauth2/'),
      applications: await rowsAt('/core/applications/', 'provider_obj'),
    }
  }

  it.each(triedReleases())('of %s can be loaded, and gives the same answers', async (version) => {
    const authentik = await startRelease(version)
    const client = superuserOf(authentik)
    const copy = await clientFor(version, { world: await worldFrom(authentik) })
    for (const path of [
      '/core/users/',
      '/core/groups/',
      '/providers/oauth2/',
      '/core/applications/',
      '/oauth2/authorization_codes/',
    ])
      expect((await copy.get(path)).json).toEqual((await client.get(path)).json)
  })
})

describe('the behaviour of releases', () => {
  const read = async (release: string, path: string, options?: RequestOptions) =>
    (await clientFor(release)).get(path, options)
  const refusal = async (release: string, path: string, options?: RequestOptions) => {
    const { status, json } = await read(release, path, options)
    return [status, json.detail]
  }
  const CREDENTIALS = 'Authentication credentials were not provided.'
  const MODEL = 'No AuthorizationCode matches the given query.'

  it.each<[string, string, string | undefined, [number, string]]>([
    ['nobody reads a code', '2024.2.4', undefined, [403, CREDENTIALS]],
    ['nobody reads a code', '2024.4.4', undefined, [404, 'Not found.']],
    ['nobody reads a code', '2025.2.4', undefined, [404, 'Not found.']],
    ['nobody reads a code', '2025.4.4', undefined, [404, MODEL]],
    ['nobody, by another scheme', '2025.10.4', 'Basic dTpw', [403, 'Unsupported authentication type']],
    ['nobody, by another scheme', '2025.12.4', 'Basic dTpw', [404, MODEL]],
  ])('when %s: %s, with Authorization %s, answers %j', async (_, release, authorization, expected) => {
    const headers = authorization ? { Authorization: authorization } : {}
    expect(await refusal(release, `${CODES}1/`, { as: null, headers })).toEqual(expected)
  })

  it.each([
    ['2024.8.3', '999999', 'Not found.'],
    ['2025.2.4', '999999', 'Not found.'],
    ['2025.4.4', '999999', MODEL],
    ['2025.4.4', 'abc', 'Not found.'],
    ['2026.8.3', '9'.repeat(30), MODEL],
  ])('%s says of the id %.20s: %s', async (release, id, text) => {
    expect(await refusal(release, `${CODES}${id}/`)).toEqual([404, text])
  })

  it('2024.2 asks for the permission before it looks for the row', async () => {
    const client = await clientFor('2024.2.4')
    const statuses = async (path: string) => [
      (await client.delete(path, { as: 'user-api' })).status,
      (await client.post(path, undefined, { as: 'user-api' })).status,
      (await client.post(path)).status,
    ]
    expect(await statuses(`${CODES}999999/`)).toEqual([403, 403, 405])
  })

  it.each([
    ['2024.2.4', '', 100],
    ['2025.10.4', '?page_size=1000', 1000],
    ['2025.12.4', '', 20],
    ['2025.12.4', '?page_size=1000', 100],
    ['2026.5.6', '?page_size=0', 20],
  ])('%s answers a list with the query "%s" in pages of %i', async (release, query, size) => {
    const client = await clientFor(release, { codes: 1200 })
    const { pagination, results } = (await client.get(CODES + query)).json
    expect([pagination.count, results.length]).toEqual([1200, size])
  })

  it.each([
    ['2025.2.4', '?page=', 404],
    ['2025.4.0', '?page=', 200],
    ['2025.2.4', '?search=%00', 200],
    ['2025.4.0', '?search=%00', 400],
  ])('%s answers %s with %i', async (release, query, status) => {
    expect((await read(release, CODES + query)).status).toBe(status)
  })

  it.each([
    ['2025.8.6', null, 'Cookie', 'Not found.'],
    ['2025.10.4', 'de', 'Accept-Language, Cookie', 'Nicht gefunden.'],
  ])('%s answers somebody who prefers German in %s', async (release, language, vary, text) => {
    const { headers, json } = await read(release, `${CODES}abc/`, { headers: { 'Accept-Language': 'de-AT, en;q=0.5' } })
    expect([headers.get('content-language'), headers.get('vary'), json.detail]).toEqual([language, vary, text])
  })

  it('2024.6 indents JSON as it is asked to, 2024.8 no longer', async () => {
    const indented = { headers: { Accept: 'application/json; indent=4' } }
    expect((await read('2024.6.5', `${CODES}1/`, indented)).text).toMatch(/^\{\n {4}"pk": 1,\n/)
    expect((await read('2024.8.0', `${CODES}1/`, indented)).text).toMatch(/^\{"pk":1,/)
  })

  it.each([
    ['2024.2.4', 200],
    ['2024.4.3', 200],
    ['2024.4.4', 403],
    ['2024.6.3', 200],
    ['2024.6.4', 403],
    ['2024.8.0', 403],
  ])('%s answers the owner of a code who asks for its uses with %i (CVE-2024-42490)', async (release, status) => {
    const client = await clientFor(release)
    const owner = { as: 'user-api' }
    expect([
      (await client.get(`${CODES}1/used_by/`, owner)).status,
      (await client.get(`${CODES}1/`, owner)).status,
    ]).toEqual([status, 200])
  })

  it.each([
    ['2024.6.5', '{"name":', 'Expecting value: line 1 column 9 (char 8)'],
    ['2024.6.5', '{name: 1}', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['2024.6.5', '{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['2024.6.5', '[1 2]', "Expecting ',' delimiter: line 1 column 4 (char 3)"],
    ['2024.6.5', '{}\n{}', 'Extra data: line 2 column 1 (char 3)'],
    ['2024.8.0', '{"name":', 'unexpected end of data: line 1 column 9 (char 8)'],
  ])('%s says of the body %j: %s', async (release, body, text) => {
    const client = await clientFor(release)
    const { status, json } = await client.post('/providers/oauth2/', body)
    expect([status, json]).toEqual([400, { detail: `JSON parse error - ${text}` }])
  })

  it('the health endpoint answers 204 until 2024.6, and 200 since', async () => {
    const health = async (release: string) =>
      clientOf(await startRelease(release), { prefix: '' }).get('/-/health/live/')
    expect([(await health('2024.6.5')).status, (await health('2024.8.0')).status]).toEqual([204, 200])
  })

  it('2024.2 always gives a user its groups, and leaves out the name of a group above that is not there', async () => {
    const { groups_obj } = (await read('2024.2.4', '/core/users/1/?include_groups=false')).json
    expect(Object.keys(groups_obj[0])).toEqual(['pk', 'num_pk', 'name', 'is_superuser', 'parent', 'attributes'])
    expect((await read('2024.4.4', '/core/users/1/?include_groups=false')).json.groups_obj).toBeNull()
  })

  it('the address of a user counts as verified until 2025.8, and an ID token has an identifier from 2026.2', async () => {
    const preview = async (release: string) => (await read(release, '/providers/oauth2/1/preview_user/')).json.preview
    expect((await preview('2025.8.6')).email_verified).toBe(true)
    expect((await preview('2025.10.0')).email_verified).toBe(false)
    expect(
      await Promise.all(['2025.12.6', '2026.2.0'].map(async (release) => 'jti' in (await preview(release)))),
    ).toEqual([false, true])
  })

  it('the document names the server /api/v3/ until 2025.6 and /api/v3 since, and the paths are the same', async () => {
    const servers = (release: string) => (documentOf(release) as Row).servers[0].url
    expect([servers('2025.6.4'), servers('2025.8.0')]).toEqual(['/api/v3/', '/api/v3'])
    expect((await read('2025.8.0', `${CODES}1/`)).status).toBe(200)
  })

  it('mocks of several releases run in one process, each with a world of its own', async () => {
    const releases = ['2024.2.4', '2024.8.3', '2025.12.4', '2026.8.3']
    const clients = await Promise.all(releases.map((release) => clientFor(release)))
    await clients[0]?.delete(`${CODES}1/`)
    expect(await Promise.all(clients.map(async (client) => (await client.get(`${CODES}1/`)).status))).toEqual([
      404, 200, 200, 200,
    ])
    expect(
      await Promise.all(clients.map(async (client) => (await client.get('/admin/version/')).json.version_current)),
    ).toEqual(releases)
  })
})
