/** Requests that few clients send: other methods, two parameters of one name, signs that are escaped otherwise. */
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../../src/entries/index.ts'
import { Browser } from '../../support/browser.ts'
import { readyMock } from '../../support/client.ts'
import { OAuthClient, ORIGIN } from '../../support/oauth-client.ts'
import { recordedWorldOf } from '../../support/recordings.ts'

const RELEASES = ['2024.8.4', '2026.2.2'] as const
const LOGIN = '/api/v3/flows/executor/default-authentication-flow/?query='
/** The provider of the recordings whose flow asks nobody. */
const IMPLICIT = 4

const authentikOf = (release: string) =>
  readyMock({
    release,
    world: recordedWorldOf(release < '2025' ? 'login-2024.8.4' : 'login-2026.2.2') as never,
    fidelity: 'observed',
  })

/** A client of that provider, whose user is logged in. */
async function loggedIn(release: string, provider = IMPLICIT): Promise<OAuthClient> {
  const authentik = await authentikOf(release)
  const client = new OAuthClient(authentik, { provider })
  await client.logIn(authentik, 'erin')
  return client
}

/** Where a client's user is led once every challenge is answered. */
async function leadOf(client: OAuthClient, parameters: Record<string, string>): Promise<string> {
  const address = await client.authorize(parameters)
  const slug = /^\/if\/flow\/([^/]+)\//.exec(address.pathname)?.[1]
  if (slug === undefined) return address.href
  const executor = `/api/v3/flows/executor/${slug}/?query=`
  const { token, to: lead } = await client.challenge(executor)
  return String(lead ?? (await client.challenge(executor, { token }))['to'])
}

const answerOf = async (client: OAuthClient, path: string, init: RequestInit = {}) => {
  const { status, headers } = await client.visit(path, init)
  return [status, headers.get('Allow') ?? headers.get('Location')]
}

describe.each(RELEASES)('authorize at %s', (release) => {
  it('asks for a new login where the age that is allowed is below nothing', async () => {
    const { pathname } = await (await loggedIn(release)).authorize({ max_age: '-1' })
    expect(pathname).toMatch(/default\/authentication\/$|default-authentication-flow\/$/)
  })

  it('takes an empty method of a challenge for one that there is not', async () => {
    const client = await loggedIn(release)
    const { searchParams } = await client.authorize({ code_challenge: 'abc', code_challenge_method: '' })
    expect(searchParams.get('error_description')).toBe('Unsupported challenge method ')
  })

  it('is not there for a query without a parameter', async () => {
    expect((await (await loggedIn(release)).visit('/application/o/authorize/?&')).status).toBe(404)
  })

  it.each([
    ['query', '?'],
    ['fragment', '#'],
  ])('escapes the state in the %s as Python does', async (response_mode, sign) => {
    const lead = await leadOf(await loggedIn(release), { state: "a~b*c'(d)! e", response_mode })
    expect(lead).toMatch(/^https:\/\/app\.example\.com\/callback[?#]code=[\da-f]{32}&state=a~b%2Ac%27%28d%29%21\+e$/)
    expect(lead).toContain(`${sign}code=`)
  })

  it.each([
    ['code', '?'],
    ['code id_token', '#'],
  ])('tells the client of %s behind the consent that nobody was to be asked', async (response_type, sign) => {
    const parameters = { response_type, prompt: 'none consent', nonce: 'n', state: 's' }
    expect(await leadOf(await loggedIn(release), parameters)).toBe(
      `https://app.example.com/callback${sign}error=consent_required&error_description=The%20Authorization%20Server%20requires%20End-User%20consent&state=s`,
    )
  })
})

describe('a client that asks silently for a lasting token', () => {
  it.each([
    ['2024.8.4', 'error'],
    ['2026.2.2', 'code'],
  ])('is given at %s its %s', async (release, parameter) => {
    const lead = await leadOf(await loggedIn(release), { scope: 'openid offline_access', prompt: 'none' })
    expect(new URL(lead).searchParams.has(parameter)).toBe(true)
  })
})

describe('a redirect URI with a query', () => {
  it('keeps each name once, and gives the client the code and the state of this request', async () => {
    const redirect_uris = 'https://app.test/cb?a=1&state=old&b=2&a=3&c='
    const providers = [{ pk: 1, name: 'Shop', client_id: 'shop', redirect_uris }]
    const world = { users: [{ pk: 1, username: 'akadmin' }], providers }
    const applications = [{ pk: '00000000-0000-4000-8000-000000000009', name: 'Shop', slug: 'shop', provider: 1 }]
    const authentik = await readyMock({
      release: '2026.2.2',
      login: 'auto',
      world: { ...world, applications } as never,
    })
    const { search } = await new OAuthClient(authentik).authorize({ state: 'new' })
    expect(search).toMatch(/^\?a=1&a=3&state=new&b=2&code=[\da-f]{32}$/)
  })
})

describe.each(RELEASES)('a method that is unusual, at %s:', (release) => {
  const discovery = '/application/o/imp/.well-known/openid-configuration'
  const methods = 'GET, POST, HEAD, OPTIONS'

  it('userinfo tells which methods there are to who shows a token', async () => {
    const client = new OAuthClient(await authentikOf(release), { provider: IMPLICIT })
    const { json } = await client.post('token', { grant_type: 'client_credentials', scope: 'openid' })
    const headers = { Authorization: `Bearer ${json['access_token']}` }
    const path = '/application/o/userinfo/'
    expect(await answerOf(client, path, { method: 'PUT', headers })).toEqual([405, methods])
    expect(await answerOf(client, path, { method: 'PUT' })).toEqual([401, null])
    expect(await answerOf(client, path, { method: 'HEAD', headers })).toEqual([200, null])
  })

  it.each([
    ['/application/o/imp/', discovery],
    ['/flows/-/default/authentication/?next=/a*b&next=/c', '/if/flow/default-authentication-flow/?next=%2Fc'],
    ['/device', '/flows/-/default/authentication/?next=/device'],
  ])('%s leads by OPTIONS where it leads by GET', async (path, location) => {
    const client = new OAuthClient(await authentikOf(release))
    expect(await answerOf(client, path, { method: 'OPTIONS' })).toEqual([302, location])
    expect(await answerOf(client, path)).toEqual([302, location])
  })
})

describe('the end of a session', () => {
  const path = '/application/o/bye/end-session/?a=~b*'

  it('is led to until 2024.8, whatever the method is', async () => {
    const client = await loggedIn('2024.8.4')
    expect(await answerOf(client, path, { method: 'OPTIONS' })).toEqual([302, '/if/session-end/bye/?a=~b*'])
  })

  it('tells later who is logged in which methods there are, and leads others to the login', async () => {
    const client = await loggedIn('2026.2.2')
    expect(await answerOf(client, path, { method: 'OPTIONS' })).toEqual([200, 'GET, HEAD, OPTIONS'])
    const [, location] = await answerOf(new OAuthClient(await authentikOf('2026.2.2')), path, { method: 'OPTIONS' })
    expect(location).toMatch(/^\/if\/flow\/default-authentication-flow\/\?a=/)
    const lead = '/if/flow/default-provider-invalidation-flow/?a=~b%2A'
    expect(await answerOf(client, path, { method: 'HEAD' })).toEqual([302, lead])
  })

  it.each([
    ['2024.12.5', 'GET', 500],
    ['2026.2.2', 'GET', 500],
    ['2026.5.6', 'POST', 405],
  ])(
    'breaks the server of %s by %s with %d where its flow is not for who is there',
    async (release, method, status) => {
      const pk = '00000000-0000-4000-8000-00000000000a'
      const row = { pk, slug: 'out', name: 'Out', title: 'Out', designation: 'invalidation' }
      const world = {
        users: [{ pk: 1, username: 'ann' }],
        flows: [{ ...row, authentication: 'require_superuser' }],
        providers: [
          { pk: 1, name: 'Shop', client_id: 'shop', redirect_uris: 'https://app.test', invalidation_flow: pk },
        ],
        applications: [{ pk: '00000000-0000-4000-8000-000000000009', name: 'Shop', slug: 'shop', provider: 1 }],
      }
      const authentik = await readyMock({ release, world: world as never })
      const client = new OAuthClient(authentik)
      await client.logIn(authentik, 'ann')
      const csrf = client.cookies.get('authentik_csrf') ?? ''
      const headers = { 'X-authentik-CSRF': csrf }
      const response = await client.visit('/application/o/shop/end-session/', { method, headers })
      expect([response.status, response.headers.getSetCookie()]).toEqual([status, []])
      expect((await client.visit('/api/v3/core/users/me/')).status).toBe(200)
    },
  )

  it('is successful from 2026.2 on for who is in a login, which leaving it undoes', async () => {
    const client = new OAuthClient(await authentikOf('2026.2.2'), { provider: IMPLICIT })
    await client.authorize()
    expect(await (await client.visit(path)).text()).toBe('<html><body>Logout successful</body></html>')
    await client.visit('/flows/-/cancel/')
    expect((await client.visit(path)).status).toBe(302)
  })
})

describe.each(RELEASES)('the executor at %s', (release) => {
  const fieldsOf = (client: OAuthClient, password: string) => client.challenge(LOGIN, { password })

  it('takes a password with the spaces around it', async () => {
    const client = new OAuthClient(await authentikOf(release))
    await client.challenge(LOGIN, { uid_field: ' erin ' })
    const wrong = { response_errors: { password: [{ string: 'Invalid password', code: 'invalid' }] } }
    expect(await fieldsOf(client, ' erin-pw')).toMatchObject(wrong)
    expect(await fieldsOf(client, ' ')).toMatchObject(wrong)
    expect(await fieldsOf(client, 'erin-pw')).toMatchObject({ component: 'xak-flow-redirect' })
  })

  it('reads of two parameters of one name the last', async () => {
    const client = new OAuthClient(await authentikOf(release))
    const executor = `${LOGIN}next%3D%2Fa%26next%3D%2Fb`
    await client.challenge(executor, { uid_field: 'erin' })
    expect(await client.challenge(executor, { password: 'erin-pw' })).toMatchObject({ to: '/b' })
  })
})

describe.each(['2024.6.5', ...RELEASES])('a solved stage at %s', (release) => {
  const path = '/api/v3/flows/executor/default-authentication-flow/'

  it.each([
    ['', '', 302],
    ['?', '', 302],
    ['?query=', '?query=', 302],
    ['?query=next%3D%2Fa+b', '?query=next%3D%2Fa+b', 302],
    ['?query=a~b', '?query=a~b', 302],
    ['?query', '?query=', 200],
    ['?query=next=/a', '?query=next%3D%2Fa', 200],
    ['?query=a%20b*', '?query=a+b%2A', 200],
    ['?query=x&query=y', '?query=y', 200],
  ])('that was asked for by "%s" leads to itself by "%s" with the status %d', async (query, written, status) => {
    const client = new OAuthClient(await readyMock({ release }))
    const headers = { 'Content-Type': 'application/json' }
    const body = JSON.stringify({ uid_field: 'akadmin' })
    const response = await client.visit(path + query, { method: 'POST', headers, body })
    const address = path + written
    const type = release.startsWith('2024.6') ? { type: 'redirect' } : {}
    const text = status === 302 ? '' : JSON.stringify({ ...type, component: 'xak-flow-redirect', to: address })
    const location = status === 302 ? address : null
    expect([response.status, response.headers.get('Location'), await response.text()]).toEqual([status, location, text])
    expect(await client.challenge(path)).toMatchObject({ component: 'ak-stage-password' })
  })
})

describe('the page of a flow', () => {
  it('goes on with whatever signs it was entered', async () => {
    const browser = new Browser(await authentikOf('2026.2.2'))
    const page = await browser.open("/if/flow/default-authentication-flow/?next=/a&x='(*)~{}%20+&x")
    expect((await browser.submit(page, { uid_field: 'erin' })).text).toContain('type="password"')
  })
})

describe('a redirect', () => {
  it('has its address escaped as Django does', async () => {
    const uri = 'https://app.test/cb?a={1}|^`<>"\\'
    const providers = [{ pk: 1, name: 'Shop', client_id: 'shop', redirect_uris: uri }]
    const authentik = await readyMock({ world: { providers } as never })
    const query = new URLSearchParams({ client_id: 'shop', redirect_uri: uri, response_type: 'nope' })
    const { headers } = await new OAuthClient(authentik).visit(`/application/o/authorize/?${query}`)
    expect(headers.get('Location')).toMatch(
      /^https:\/\/app\.test\/cb\?a=%7B1%7D%7C%5E%60%3C%3E%22%5C\?error=unsupported_response_type/,
    )
  })
})

describe.each(RELEASES)('the header of a client at %s', (release) => {
  const whole = btoa('devi-client:devi-secret')

  it.each([
    ['is whole', whole, 200],
    ['has signs of another alphabet, which are left out', whole.replace('b', 'b-_'), 200],
    ['has more signs behind its end', `${whole}abcd`, 200],
    ['lacks its end', whole.replace('=', ''), 400],
    ['is not ASCII', `${whole}\u00e4`, 400],
  ])('is answered as by Python where its Base64 %s', async (_, encoded, status) => {
    const headers = { Authorization: `Basic ${encoded}` }
    const init = { method: 'POST', headers, body: new URLSearchParams({ grant_type: 'client_credentials' }) }
    const response = await (await authentikOf(release)).fetch(`${ORIGIN}/application/o/token/`, init)
    expect(response.status).toBe(status)
  })
})

describe.each(RELEASES)('a page at %s', (release) => {
  it.each([
    ['https://app.example.com', true],
    ['https://APP.example.com', true],
    ['https://app.example.com:443', false],
    ['http://app.example.com', false],
    ['null', false],
  ])('of the origin %s may read tokens: %s', async (origin, isAllowed) => {
    const form = { grant_type: 'client_credentials', client_id: 'imp-client', client_secret: 'imp-secret' }
    const init = { method: 'POST', headers: { origin }, body: new URLSearchParams(form) }
    const { headers } = await (await authentikOf(release)).fetch(`${ORIGIN}/application/o/token/`, init)
    expect(headers.get('Access-Control-Allow-Origin')).toBe(isAllowed ? origin : null)
  })
})

describe('a server that cannot read an origin', () => {
  const discovery = '/application/o/shop/.well-known/openid-configuration'

  /** The status by method, and whether the page may read it. */
  async function answersTo(origin: string, url: string, release = '2026.2.2') {
    const logged: string[] = []
    const redirect_uris = [
      { matching_mode: 'strict', url: 'https://app.test/cb' },
      { matching_mode: 'regex', url },
    ]
    const world = {
      providers: [{ pk: 1, name: 'Shop', client_id: 'shop', redirect_uris }],
      applications: [{ pk: '00000000-0000-4000-8000-000000000009', name: 'Shop', slug: 'shop', provider: 1 }],
    }
    const authentik = await readyMock({ release, world: world as never, log: (text) => void logged.push(text) })
    const ask = async (method: string, path: string) => {
      const body = method === 'POST' ? { body: new URLSearchParams({ client_id: 'shop' }) } : {}
      const { status, headers } = await authentik.fetch(ORIGIN + path, { method, headers: { origin }, ...body })
      return [status, headers.get('Allow'), headers.has('Access-Control-Allow-Origin')]
    }
    const answers = [
      await ask('GET', discovery),
      await ask('POST', '/application/o/token/'),
      await ask('OPTIONS', '/application/o/token/'),
    ]
    return { answers, logged: logged.filter((text) => text.includes('status 500')) }
  }

  const [broken, empty] = [
    [500, null, false],
    [405, 'GET, HEAD, OPTIONS', false],
  ]
  const preflight = [200, null, true]

  it.each([
    ['https://app.test:x', '.*', [broken, empty, preflight]],
    ['https://app.test:65536', '.*', [broken, empty, preflight]],
    ['https://[::1', '.*', [broken, empty, [200, 'GET, HEAD, OPTIONS', false]]],
    ['https://other.test:x', '.*', [[200, null, false], [400, null, false], preflight]],
    ['https://[::1]:80', '.*', [[200, null, false], [400, null, false], preflight]],
    ['https://app.test', String.raw`https://app\.test/.*`, [[200, null, true], [400, null, true], preflight]],
  ])('breaks at %s, where addresses are %s, as it is compared', async (origin, url, answers) => {
    expect((await answersTo(origin, url)).answers).toEqual(answers)
  })

  it.each(['https://app.test:.*', String.raw`https://[a-z]+\.test`])(
    'breaks until 2026.5 at a redirect URI that is the pattern %s, which the log says',
    async (url) => {
      const { answers, logged } = await answersTo('https://app.test', url)
      expect(answers).toEqual([broken, empty, preflight])
      expect(logged).toEqual([expect.stringContaining(`the redirect URI "${url}" of the provider "Shop"`)])
      const [first] = (await answersTo('https://app.test', url, '2026.8.3')).answers
      expect(first).toEqual([200, null, true])
    },
  )
})

describe('a page of an app', () => {
  it('may read tokens where its own scheme and host are those of a redirect URI', async () => {
    const world = { providers: [{ pk: 1, name: 'App', client_id: 'app', redirect_uris: 'app://callback/x' }] }
    const authentik = await readyMock({ world: world as never })
    const allowedFor = async (origin: string) => {
      const init = { method: 'POST', headers: { origin }, body: new URLSearchParams({ client_id: 'app' }) }
      const { headers } = await authentik.fetch(`${ORIGIN}/application/o/token/`, init)
      return headers.get('Access-Control-Allow-Origin')
    }
    expect(await Promise.all(['app://callback', 'app://other'].map(allowedFor))).toEqual(['app://callback', null])
  })
})

describe('a device’s page', () => {
  it.each(RELEASES)('denies at %s an empty code as it does a wrong one', async (release) => {
    const client = await loggedIn(release)
    const page = async (path: string) => (await client.visit(path)).text()
    expect(await page('/device?code=')).toContain('Permission denied')
    expect(await page('/device?code=123')).toContain('Permission denied')
  })

  it('is not there for whom its flow is not for', async () => {
    const pk = '00000000-0000-4000-8000-00000000000a'
    const flow = { pk, slug: 'device', name: 'Device', title: 'Device', designation: 'stage_configuration' }
    const world = {
      extends: 'default',
      flows: [{ ...flow, authentication: 'require_superuser' }],
      brands: [{ domain: 'authentik-default', default: true, flow_device_code: pk }],
    }
    const authentik = await readyMock({ release: '2026.2.2', world: world as never })
    const statusFor = async (username: string) => {
      const client = new OAuthClient(authentik)
      await client.logIn(authentik, username)
      return (await client.visit('/device')).status
    }
    const { username } = authentik.world.users.get(2) ?? {}
    expect([await statusFor('akadmin'), await statusFor(String(username))]).toEqual([302, 404])
  })
})

describe('the page that ends a client’s session until 2024.8', () => {
  const page = '/if/session-end/den/'

  it('is for who is logged in and may use the application', async () => {
    const authentik = await authentikOf('2024.8.4')
    const [nobody, member, outsider] = [0, 1, 2].map(() => new OAuthClient(authentik)) as [
      OAuthClient,
      OAuthClient,
      OAuthClient,
    ]
    await member.logIn(authentik, 'erin')
    await outsider.logIn(authentik, 'frank')
    const login = `/flows/-/default/authentication/?next=${page}`
    expect(await answerOf(nobody, page)).toEqual([302, login])
    expect(await (await member.visit(page)).text()).toContain('logged out of App den')
    expect(await (await outsider.visit(page)).text()).toContain('Permission denied')
    expect((await member.visit('/if/session-end/nope/')).status).toBe(404)
  })
})

describe('a flow', () => {
  /** A world whose provider is authorized by a flow of these details. */
  async function authentikWith(flow: object, options: object = {}): Promise<Mock> {
    const pk = '00000000-0000-4000-8000-00000000000a'
    const admins = '00000000-0000-4000-8000-00000000000b'
    const row = { pk, slug: 'own', name: 'Own', title: 'Own', designation: 'authorization', ...flow }
    const provider = { pk: 1, name: 'Shop', client_id: 'shop', redirect_uris: 'https://app.test/cb' }
    const world = {
      users: [
        { pk: 1, username: 'ann' },
        { pk: 2, username: 'root', groups: [admins] },
      ],
      groups: [{ pk: admins, name: 'Admins', is_superuser: true }],
      flows: [row],
      flow_bindings: [],
      providers: [{ ...provider, authorization_flow: pk }],
      applications: [{ pk: '00000000-0000-4000-8000-000000000009', name: 'Shop', slug: 'shop', provider: 1 }],
    }
    return readyMock({ release: '2026.2.2', world: world as never, ...options })
  }

  const textFor = async (authentik: Mock, username: string, parameters?: Record<string, string>) => {
    const client = new OAuthClient(authentik)
    await client.logIn(authentik, username)
    const response = await client.visit(`/application/o/authorize/?${client.query(parameters)}`)
    return `${response.headers.get('Location') ?? ''} ${await response.text()}`
  }

  it.each([
    ['require_authenticated', true, true],
    ['require_unauthenticated', false, false],
    ['require_superuser', false, true],
    ['require_redirect', false, false],
  ])('with %s authorizes a user: %s, and a superuser: %s', async (authentication, ...expected) => {
    const authentik = await authentikWith({ authentication })
    const texts = await Promise.all(['ann', 'root'].map((username) => textFor(authentik, username)))
    expect(texts.map((text) => text.startsWith('https://app.test/cb?code='))).toEqual(expected)
    expect(texts.map((text) => text.includes('Permission denied'))).toEqual(expected.map((isFor) => !isFor))
  })

  it.each([
    ['2024.10.5', false],
    ['2024.12.0', true],
  ])('of %s tells its page that a superuser may look into it: %s', async (release, isTold) => {
    const authentik = await authentikWith({}, { release })
    const consent = { prompt: 'consent' }
    expect((await textFor(authentik, 'root', consent)).includes('&inspector=available')).toBe(isTold)
    expect(await textFor(authentik, 'ann', consent)).not.toContain('inspector')
  })

  it.each([
    ['message', '', 'ak-stage-access-denied', undefined],
    ['message_continue', '', 'ak-stage-access-denied', undefined],
    ['message_continue', '&next=/if/user/', 'xak-flow-redirect', '/if/user/'],
    ['message_continue', '&next=//evil.example', 'ak-stage-access-denied', undefined],
    ['continue', '', 'xak-flow-redirect', '/'],
  ])('that turns away with %s and "%s" answers %s', async (denied_action, query, component, address) => {
    const client = new OAuthClient(await authentikWith({ authentication: 'require_authenticated', denied_action }))
    const challenge = await client.challenge(`/api/v3/flows/executor/own/?query=${query}`)
    expect([challenge['component'], challenge['to']]).toEqual([component, address])
  })
})

describe('a server that breaks', () => {
  it('gives no cookie, and leaves a login’s message to the next page', async () => {
    const client = new OAuthClient(await authentikOf('2025.8.6'), { provider: IMPLICIT })
    await client.challenge(LOGIN, { uid_field: 'erin' })
    await client.challenge(LOGIN, { password: 'erin-pw' })
    const cookiesOf = async (path: string) => {
      const { status, headers } = await client.visit(`/application/o/authorize/?${path}`)
      return [status, headers.getSetCookie().length]
    }
    const broken = client.query({ response_type: 'id_token', response_mode: 'query', nonce: 'n' })
    expect(await cookiesOf(String(broken))).toEqual([500, 0])
    expect(await cookiesOf('client_id=nope')).toEqual([400, 1])
    expect(await cookiesOf('client_id=nope')).toEqual([400, 0])
  })
})

describe('of two parameters of one name', () => {
  it('the last says where a flow is left to', async () => {
    const client = new OAuthClient(await authentikOf('2026.2.2'))
    const leave = (query: string) => answerOf(client, `/flows/-/cancel/?${query}`)
    expect(await leave('next=/a&next=/b')).toEqual([302, '/b'])
    expect(await leave('next=/a&next=//evil.example')).toEqual([302, '/flows/-/default/invalidation/'])
  })

  it('the last says in which language a client is answered', async () => {
    const client = await loggedIn('2026.2.2')
    const query = client.query({ ui_locales: 'de' })
    query.append('ui_locales', 'fr')
    const { headers } = await client.visit(`/application/o/authorize/?${query}`)
    expect(headers.getSetCookie()[0]).toBe('authentik_language=fr; Path=/')
  })

  it('the last names the client to which the forms of a login may lead', async () => {
    const client = new OAuthClient(await authentikOf('2026.2.2'), { provider: IMPLICIT })
    const page = await client.visit(`/if/flow/default-authentication-flow/?redirect_uri=x&${client.query()}`)
    expect(page.headers.get('Content-Security-Policy')).toContain("form-action 'self' https://app.example.com")
  })
})

describe('a `next` that does not begin with a slash', () => {
  it.each(RELEASES)('is refused at %s as a foreign one is, where a server follows it or breaks', async (release) => {
    for (const address of ['a/b', 'a', '//evil.example']) {
      const client = new OAuthClient(await authentikOf(release))
      const cancelled = await answerOf(client, `/flows/-/cancel/?next=${address}`)
      expect(cancelled).toEqual([302, '/flows/-/default/invalidation/'])
      const executor = `${LOGIN}${encodeURIComponent(`next=${address}`)}`
      await client.challenge(executor, { uid_field: 'erin' })
      expect(await client.challenge(executor, { password: 'erin-pw' })).toMatchObject({
        component: 'ak-stage-access-denied',
        error_message: 'Invalid next URL',
      })
    }
  })
})
