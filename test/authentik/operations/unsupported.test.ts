/** What authentik has and the mock has not is 501; what authentik has not either is answered as authentik answers it. */
import { Configuration, CryptoApi, ManagedApi } from '@goauthentik/api'
import { setupServer } from 'msw/node'
import { beforeAll, describe, expect, it } from 'vitest'
import { handlers } from '../../../src/entries/msw.ts'
import { documentedIn, isPlayed } from '../../../src/authentik/operations/documented.ts'
import { DEFAULT_RELEASE } from '../../../src/authentik/releases/index.ts'
import { serve } from '../../../src/http/node/server.ts'
import type { Mock } from '../../../src/entries/index.ts'
import { clientOf, readyMock, worldOf, type Client } from '../../support/client.ts'
import { cpuOf, leastOf } from '../../support/cost.ts'
import { keyOf, keysOf, readLists } from '../../support/operations.ts'

const KEY = 'key'
const UUID = '11111111-2222-4333-8444-555555555555'
const startClient = async (options: { release?: string } = {}) =>
  clientOf(await readyMock({ token: KEY, ...options }), { token: KEY })

/** A folder with the list of each release; without it, three releases are asked for what the shipped list has. */
const folder = process.env['AUTHENTIK_OPERATIONS']
const listed = folder === undefined ? [] : readLists(folder)
const releases = listed.length ? listed.map(({ version }) => version) : ['2024.2.4', DEFAULT_RELEASE, '2026.8.3']

/** The operations of a release, from its own list where that is there. */
async function operationsIn(version: string): Promise<{ method: string; path: string }[]> {
  const list = listed.find((candidate) => candidate.version === version)
  if (!list) return documentedIn(version)
  return list.lines.map((line) => {
    const [, method = '', path = ''] = line.split(' ')
    return { method, path }
  })
}

/** A path of a seeded world, in which rows have these keys. */
function fill(path: string, { world }: Mock): string {
  const [group, certificate, flow, mapping] = [
    [...world.groups.values()],
    [...world.certificates.values()],
    [...world.flows.values()],
    [...world.scope_mappings.values()],
  ]
  const keys: Record<string, unknown> = {
    group_uuid: group[0]?.pk,
    kp_uuid: certificate[0]?.pk,
    slug: flow[0]?.slug,
    pm_uuid: mapping[0]?.pk,
  }
  return path.replace(/\{(\w+)\}/g, (_, name: string) => String(keys[name] ?? 1))
}

describe.each(releases)('every operation of %s', (release) => {
  it('is answered with 501 when the mock has it not, and with anything else when it has', async () => {
    const authentik = await readyMock({ token: KEY, release })
    const client = clientOf(authentik, { token: KEY })
    const supported = keysOf(authentik.operations)
    const start = authentik.snapshot()
    const wrong: string[] = []
    let refusals = 0
    for (const operation of await operationsIn(release)) {
      const { method, path } = operation
      const isSupported = supported.has(keyOf(operation)) || isPlayed(operation)
      const { status, headers, json } = await client.send(
        method,
        fill(path, authentik),
        method === 'GET' ? undefined : {},
      )
      if (isSupported && method !== 'GET') await authentik.restore(start)
      if (status === 501) refusals++
      // The default world has no such row, which is found out first.
      if (/\{(fsb_uuid|policy_uuid|stage_uuid)\}/.test(path) && status === 404) continue
      const isRefused =
        status === 501 &&
        headers.get('X-Authentik-Mock') === 'not-emulated' &&
        json.detail.includes(' is not emulated. Nearest: ')
      if (isSupported ? status === 501 : !isRefused) wrong.push(`${keyOf(operation)} ${status}`)
    }
    expect(wrong).toEqual([])
    expect(refusals).toBeGreaterThan(500)
  })
})

describe('an operation that the mock has not', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient()
  })

  it.each([
    ['GET', '/api/v3/core/userz/', 'GET /api/v3/core/users/ (core_users_list)'],
    ['GET', '/api/v3/core/usres/', 'GET /api/v3/core/users/ (core_users_list)'],
    ['GET', '/api/v3/core/user/', 'GET /api/v3/core/users/ (core_users_list)'],
    ['GET', '/api/v3/core/user/1/', 'GET /api/v3/core/users/{id}/ (core_users_retrieve)'],
    ['GET', '/api/v3/core/aplications/', 'GET /api/v3/core/applications/ (core_applications_list)'],
    ['GET', '/api/v3/providers/oauht2/', 'GET /api/v3/providers/oauth2/ (providers_oauth2_list)'],
    [
      'GET',
      '/api/v3/managed/blueprint/',
      'GET /api/v3/managed/blueprints/ (managed_blueprints_list, which is not emulated)',
    ],
    ['GET', '/core/users/', 'GET /api/v3/core/users/ (core_users_list)'],
    ['GET', '/api/core/users/', 'GET /api/v3/core/users/ (core_users_list)'],
    ['GET', '/api%5Cv3/root/config/', 'GET /api/v3/root/config/ (root_config_retrieve)'],
    ['GET', '/application/o/spa/.well-known/openid-config', '/application/o/{slug}/.well-known/openid-configuration'],
  ])('is told what was meant by %s %s', async (method, path, operation) => {
    const messages: string[] = []
    const authentik = await readyMock({ log: (message) => messages.push(message) })
    const response = await authentik.fetch(path, { method })
    expect([response.status, response.headers.get('X-Authentik-Mock')]).toEqual([404, 'not-emulated'])
    const nearest = messages[0]?.split('Nearest: ')[1] ?? ''
    expect(nearest).toMatch(new RegExp(`^${operation.replace(/[(){}.]/g, '\\$&')}[,.]`))
    expect(nearest.split(operation)).toHaveLength(2)
  })

  it.each([
    ['/api/v3/core/usres/', /^GET \/api\/v3\/core\/usres\/ is no path of authentik 2024\.8\.3\. Nearest: /],
    [
      '/api/v3/api/v3/core/users/?page=1',
      /^GET \S+ has \/api\/v3 before a path of authentik: leave it out, .*Nearest: GET \/api\/v3\/core\/users\/ \(core_users_list\)\.$/,
    ],
    [
      '/auth/api/v3/core/users/7/',
      /^GET \S+ has \/auth before .* basePath\. Nearest: GET \/api\/v3\/core\/users\/\{id\}\/ /,
    ],
    ['/api/v3/no/such/thing/', /^GET \S+ is no path of authentik 2024\.8\.3\. What is there: \/-\/mock\/$/],
    ['/foo', /^GET \/foo is not emulated\. What is there: \/-\/mock\/$/],
    ['/application/o/spa', /^GET \S+ has no final slash, .*: add the slash, \/application\/o\/spa\/$/],
    [
      '/application/o/spa/.well-known/openid-configuration/',
      /^GET \S+ has a final slash, .*: leave it out, \/application\/o\/spa\/\.well-known\/openid-configuration$/,
    ],
    ['/device/', /^GET \/device\/ has a final slash, .*: leave it out, \/device$/],
    ['/if/flow/nope/', /^GET \/if\/flow\/nope\/ is answered with 404: there is no flow "nope"\. There are: default-/],
    ['/if/session-end/nope/', /is answered with 404: there is no application "nope"\. There are: /],
    ['/flows/-/default/enrollment/', /the designation "enrollment" here\. There are authentication and invalidation/],
    ['/application/o/authorize/', /^GET \/application\/o\/authorize\/ is answered with 404: it has no parameters\.$/],
  ])('says of %s whether authentik has such a path, and what is there', async (path, pattern) => {
    const messages: string[] = []
    const authentik = await readyMock({ log: (message) => messages.push(message) })
    const response = await authentik.fetch(path)
    expect([response.status, messages.length]).toEqual([404, 1])
    expect(messages[0]).toMatch(pattern)
    expect((await response.text()).replaceAll('&#34;', '"')).toContain(messages[0])
  })

  it.each([
    ['POST', '/providers/ldap/', 'POST /api/v3/providers/oauth2/ (providers_oauth2_create)'],
    ['DELETE', '/authenticators/duo/7/', 'GET /api/v3/authenticators/admin/all/ (authenticators_admin_all_list)'],
    ['PUT', `/stages/user_login/${UUID}/`, 'GET /api/v3/stages/all/{stage_uuid}/ (stages_all_retrieve)'],
    [
      'POST',
      '/core/applications/a/set_icon/',
      'POST /api/v3/core/applications/{slug}/set_icon_url/ (core_applications_',
    ],
    [
      'DELETE',
      '/flows/instances/default-authentication-flow/',
      'GET /api/v3/flows/instances/{slug}/ (flows_instances_',
    ],
  ])('names what stands beside it: %s %s', async (method, path, nearest) => {
    const { status, json } = await client.send(method, path)
    expect([status, json.detail.split('Nearest: ')[1].slice(0, nearest.length)]).toEqual([501, nearest])
  })

  it('names nothing of another area than its own, where that has something', async () => {
    const { operations } = await readyMock()
    const areaOf = (path: string) => path.split('/')[1]
    const areas = new Set(operations.map(({ view }) => areaOf(view.path)))
    for (const { method, path } of await documentedIn(DEFAULT_RELEASE)) {
      const { status, json } = await client.send(method, path.replace(/\{\w+\}/g, UUID))
      if (status !== 501 || !areas.has(areaOf(path))) continue
      const nearestAreas = [...json.detail.split('Nearest: ')[1].matchAll(/ \/api\/v3\/(\w+)\//g)].map(
        ([, area]) => area,
      )
      expect([path, ...new Set(nearestAreas)]).toEqual([path, areaOf(path)])
    }
  })

  it('is named as whoever asks writes it, below the base path', async () => {
    const messages: string[] = []
    const authentik = await readyMock({ basePath: '/auth/', log: (message) => messages.push(message) })
    await authentik.fetch('/auth/api/v3/core/usres/', { method: 'PATCH' })
    await authentik.fetch('/auth/foo/')
    expect(messages[0]).toContain(
      'PATCH /auth/api/v3/core/usres/ is no path of authentik 2024.8.3. Nearest: GET /auth/api/v3/core/users/ (',
    )
    expect(messages[1]).toContain('What is there: /auth/-/mock/')
  })

  it('is looked for in a path of any length', async () => {
    const authentik = await readyMock()
    const path = `/api/v3/${'core/'.repeat(2000)}${'u'.repeat(20_000)}/`
    const ask = async () => expect((await authentik.fetch(path)).status).toBe(404)
    expect(await leastOf(1000, () => cpuOf(ask))).toBeLessThan(1000)
  })

  it('is refused with the nearest operations, the methods of its path and a line in the log', async () => {
    const messages: string[] = []
    const authentik = await readyMock({ token: KEY, log: (message) => messages.push(message) })
    const { status, headers, json } = await clientOf(authentik, { token: KEY }).post('/managed/blueprints/', {})
    expect([status, headers.get('Content-Type'), headers.get('Allow'), headers.get('X-Powered-By')]).toEqual([
      501,
      'application/json',
      'GET, POST, HEAD, OPTIONS',
      'authentik',
    ])
    expect(json.detail).toMatch(
      /^POST \/api\/v3\/managed\/blueprints\/ is not emulated\. Nearest: \w+ \/\S+ \(\w+\), \w+ \/\S+ \(\w+\)\.$/,
    )
    expect(messages).toEqual([json.detail])
  })

  it.each([
    ['POST', '/crypto/certificatekeypairs/generate/'],
    ['POST', '/flows/instances/import/'],
    ['POST', '/flows/instances/import/'],
    ['POST', '/crypto/certificatekeypairs/generate/'],
  ])('is not taken for the key of a row: %s %s', async (method, path) => {
    for (const token of [KEY, 'nope']) expect((await client.send(method, path, undefined, { token })).status).toBe(501)
    expect((await client.send(method, path, undefined, { as: null, token: undefined })).status).toBe(501)
  })

  it('is a row of its path in a release that does not have it yet', async () => {
    const older = await startClient({ release: '2025.10.4' })
    const newer = await startClient({ release: '2025.12.4' })
    expect((await older.post('/core/users/export/')).status).toBe(405)
    expect((await newer.post('/core/users/export/')).status).toBe(501)
  })

  it('is refused to anybody, and never authenticated', async () => {
    for (const headers of [{}, { Authorization: 'Bearer nope' }, { Authorization: 'Basic dTpw' }])
      expect((await client.get('/managed/blueprints/', { as: null, headers })).status).toBe(501)
  })

  it('is refused to HEAD where authentik has GET, and to OPTIONS', async () => {
    expect((await client.head('/managed/blueprints/')).status).toBe(501)
    expect((await client.options('/managed/blueprints/')).status).toBe(501)
    expect((await client.options('/crypto/certificatekeypairs/generate/')).status).toBe(501)
  })

  it('changes nothing', async () => {
    const authentik = await readyMock({ token: KEY })
    const start = worldOf(authentik)
    await clientOf(authentik, { token: KEY }).post('/crypto/certificatekeypairs/generate/', { common_name: 'a' })
    expect(worldOf(authentik)).toEqual(start)
  })

  it('may have a dot in the type of an object', async () => {
    const newer = await startClient({ release: '2026.8.3' })
    expect((await newer.get('/lifecycle/iterations/latest/authentik_core.group/1.5/')).status).toBe(501)
    expect((await newer.get('/managed/blueprints/1.5/')).status).toBe(404)
  })
})

describe('what authentik has not either', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient()
  })

  it.each([
    ['GET', '/core/no_such_thing/', 404, ''],
    ['POST', '/core/no_such_thing/', 405, 'GET, HEAD, OPTIONS'],
    ['OPTIONS', '/core/no_such_thing/', 200, 'GET, HEAD, OPTIONS'],
    ['GET', '/managed/blueprints', 404, ''],
    ['POST', '/managed/blueprints', 405, 'GET, HEAD, OPTIONS'],
    ['GET', '/core/users/export/extra/', 404, ''],
  ])('is an unknown path, in HTML: %s %s', async (method, path, status, allow) => {
    const answer = await client.send(method, path)
    expect([answer.status, answer.headers.get('Content-Type'), answer.headers.get('Allow') ?? '']).toEqual([
      status,
      'text/html; charset=utf-8',
      allow,
    ])
  })

  it.each([
    ['PUT', '/managed/blueprints/', 'GET, POST, HEAD, OPTIONS'],
    ['GET', '/crypto/certificatekeypairs/generate/', 'POST, OPTIONS'],
    ['HEAD', '/crypto/certificatekeypairs/generate/', 'POST, OPTIONS'],
    ['PROPFIND', '/managed/blueprints/', 'GET, POST, HEAD, OPTIONS'],
  ])('is a method that the path does not have: %s %s', async (method, path, allow) => {
    const { status, headers, text } = await client.send(method, path)
    const body = method === 'HEAD' ? '' : JSON.stringify({ detail: `Method "${method}" not allowed.` })
    expect([status, headers.get('Allow'), headers.get('X-Authentik-Mock'), text]).toEqual([405, allow, null, body])
  })

  it('is a row that is not there, on a path that the mock has', async () => {
    for (const path of ['/core/users/999/', '/core/users/brands/', '/flows/instances/nope/'])
      expect(await client.get(path)).toMatchObject({ status: 404, json: { detail: 'Not found.' } })
  })
})

describe('a redirect to the clean path', () => {
  it('comes before the refusal', async () => {
    const { status, headers } = await (await startClient()).post('//managed/blueprints/')
    expect([status, headers.get('Location')]).toEqual([301, '/api/v3/managed/blueprints/'])
  })
})

describe('over every transport', () => {
  const lacking = ['/api/v3/managed/blueprints/', '/api/v3/crypto/certificatekeypairs/generate/']

  it('a client on a socket gets 501', async () => {
    const server = await serve(await readyMock({ token: KEY }), { port: 0 })
    for (const path of lacking) {
      const response = await fetch(server.url + path, { method: 'POST', headers: { Authorization: `Bearer ${KEY}` } })
      expect([response.status, response.headers.get('X-Authentik-Mock')]).toEqual([501, 'not-emulated'])
    }
    await server.close()
  })

  it('a client behind MSW gets 501, and the mock handles the path', async () => {
    const authentik = await readyMock({ token: KEY })
    const server = setupServer(...handlers(authentik))
    server.listen({ onUnhandledFrame: 'error' })
    for (const path of lacking) {
      expect(await authentik.handles(path)).toBe(true)
      expect((await fetch(`http://authentik.test${path}`, { method: 'POST' })).status).toBe(501)
      expect((await fetch(`http://authentik.test${path}`, { method: 'PUT' })).status).toBe(405)
    }
    server.close()
  })

  it("authentik's own client gets an error that says 501", async () => {
    const authentik = await readyMock({ token: KEY })
    const configuration = new Configuration({
      basePath: 'http://authentik.test/api/v3',
      accessToken: KEY,
      fetchApi: (input, init) => authentik.fetch(input, init),
    })
    const requests = [
      new ManagedApi(configuration).managedBlueprintsList(),
      new CryptoApi(configuration).cryptoCertificatekeypairsGenerateCreate({
        certificateGenerationRequest: { commonName: 'a', validityDays: 1 },
      }),
    ]
    for (const request of requests)
      await expect(request).rejects.toMatchObject({ name: 'ResponseError', response: { status: 501 } })
  })

  it('the mock handles what authentik has, says whether it emulates it, and leaves the rest', async () => {
    const authentik = await readyMock()
    const paths = [
      '/api/v3/core/users/',
      '/api/v3/managed/blueprints/',
      '/api/v3/nope/',
      '/app.js',
      '/',
      '/api/v3/managed/blueprints',
    ]
    expect(paths.map((path) => authentik.emulates(path))).toEqual([true, false, false, false, false, false])
    const handled = await Promise.all(paths.map((path) => authentik.handles(path)))
    // Without its slash a path is authentik's too, whose answer our log explains; a dev server would send its page.
    expect(handled).toEqual([true, true, false, false, false, true])
  })

  it('a path outside the API is decided without the list of operations', async () => {
    const authentik = await readyMock()
    expect([authentik.handles('/app.js'), authentik.handles('/api/v3/core/users/')]).toEqual([false, true])
  })
})
