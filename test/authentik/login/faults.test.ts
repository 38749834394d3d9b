/** Faults that somebody found who set out to break the login; each would come back unseen. */
import { describe, expect, it } from 'vitest'
import { readyMock, worldOf } from '../../support/client.ts'
import { Browser } from '../../support/browser.ts'
import { cpuOf, leastOf } from '../../support/cost.ts'
import { OAuthClient, ORIGIN } from '../../support/oauth-client.ts'

const authorizeAt = (parameters: Record<string, string>) =>
  `/application/o/authorize/?${new URLSearchParams({ response_type: 'code', scope: 'openid', ...parameters })}`

describe('a user who is not active', () => {
  it('is logged in neither by the hint of a client, nor with a password that was right', async () => {
    const authentik = await readyMock({ release: '2026.2.2' })
    await authentik.world.users.update(2, { is_active: false })
    const { username, password = '' } = authentik.world.users.get(2)!
    const { client_id } = new OAuthClient(authentik).credentials
    const browser = new Browser(authentik)
    const redirect_uri = 'http://localhost:8080/callback'
    const page = await browser.open(authorizeAt({ client_id, redirect_uri, login_hint: username }))
    expect(page.text).toContain('name="uid_field"')
    expect((await browser.logIn(page, username, password)).text).toContain('Invalid password')
    expect(worldOf(authentik).authenticated_sessions).toEqual([])
  })
})

describe('somebody who logs in where another was', () => {
  it.each(['2024.8.4', '2026.2.2'])('leaves nothing to the cookie of the other, of %s', async (release) => {
    const authentik = await readyMock({ release })
    const browser = new Browser(authentik)
    const flow = '/if/flow/default-authentication-flow/'
    const logIn = async (pk: number) => {
      const { username, password = '' } = authentik.world.users.get(pk)!
      await browser.logIn(await browser.open(flow), username, password)
      return browser.cookies.get('authentik_session')
    }
    const first = await logIn(1)
    const second = await logIn(2)
    const me = async (cookie: string | undefined) =>
      (await authentik.fetch(`${ORIGIN}/api/v3/core/users/me/`, { headers: { cookie: `authentik_session=${cookie}` } }))
        .status
    expect([await me(first), await me(second)]).toEqual([403, 200])
  })
})

describe('a login without a page', () => {
  it('is that of the user whom the client names, also where another is logged in', async () => {
    const authentik = await readyMock({ login: 'auto', release: '2026.2.2' })
    const client = new OAuthClient(authentik)
    await client.code()
    const code = await client.code({ login_hint: authentik.world.users.get(2)!.username })
    expect(worldOf(authentik).authorization_codes.find((row) => row.code === code)?.user).toBe(2)
  })

  it('is none by OPTIONS', async () => {
    const authentik = await readyMock({ login: 'auto' })
    const client = new OAuthClient(authentik)
    await client.visit(`/application/o/authorize/?${client.query()}`, { method: 'OPTIONS' })
    expect(worldOf(authentik).authenticated_sessions).toEqual([])
  })
})

describe('a redirect URI', () => {
  it.each([
    ['2024.8.3', ''],
    ['2024.8.3', '*'],
    ['2026.2.2', []],
  ])('of %s is the first that is asked for, where a provider has %j', async (release, redirect_uris) => {
    const authentik = await readyMock({ login: 'auto', release })
    const client = new OAuthClient(authentik)
    await authentik.world.providers.update(1, { redirect_uris })
    expect((await client.authorize()).searchParams.get('code')).toMatch(/^\w{32}$/)
    const status = (await client.authorize({ redirect_uri: 'https://elsewhere.example/' })).searchParams.get('status')
    expect(status).toBe(redirect_uris === '*' ? null : '400')
  })

  it.each(['java\tscript:alert(1)', '\u0001javascript:alert(1)', ' data:text/html,x', 'VBSCRIPT\n:x'])(
    'that a browser would run is none, whatever the pattern: %j',
    async (redirect_uri) => {
      const authentik = await readyMock({ login: 'auto', release: '2024.8.3' })
      await authentik.world.providers.update(1, { redirect_uris: '.*\n[^]*' })
      expect((await new OAuthClient(authentik).authorize({ redirect_uri })).searchParams.get('status')).toBe('400')
    },
  )

  it.each(['/cb', 'foo', 'http://a b/', 'http://['])('that is no address breaks nothing: %j', async (redirect_uri) => {
    const authentik = await readyMock({ login: 'auto', release: '2026.2.2' })
    await authentik.world.providers.update(1, {
      redirect_uris: [{ matching_mode: 'regex', url: '.*', redirect_uri_type: 'authorization' }],
    })
    for (const response_mode of ['query', 'fragment', 'form_post']) {
      const client = new OAuthClient(authentik)
      const answer = await client.visit(`/application/o/authorize/?${client.query({ redirect_uri, response_mode })}`)
      expect(answer.status).toBe(302)
    }
  })

  it('of an app opens the tokens to no page', async () => {
    const authentik = await readyMock({ login: 'auto' })
    await authentik.world.providers.update(1, { redirect_uris: 'com.app:/callback' })
    const body = new URLSearchParams({ client_id: authentik.world.providers.get(1)!.client_id })
    for (const origin of ['chrome-extension://evil', 'foo://x', 'null', 'file://']) {
      const answer = await authentik.fetch(`${ORIGIN}/application/o/token/`, {
        method: 'POST',
        body,
        headers: { origin },
      })
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull()
    }
  })
})

describe('a name that every object has', () => {
  it.each(['constructor', '__proto__', 'toString'])('leads to no flow: %s', async (name) => {
    const authentik = await readyMock({ release: '2026.2.2' })
    for (const path of [`/flows/-/default/${name}/`, `/api/v3/flows/executor/${name}/`])
      expect((await authentik.fetch(ORIGIN + path, { redirect: 'manual' })).status).toBe(404)
  })
})

describe('a query of thousands of parameters', () => {
  it('is led to the login in less than a second', async () => {
    const authentik = await readyMock({ release: '2026.2.2' })
    const client = new OAuthClient(authentik)
    const query = `${client.query()}&${Array.from({ length: 20_000 }, (_, index) => `p${index}=`).join('&')}`
    const visit = () => client.visit(`/application/o/authorize/?${query}`)
    expect(await leastOf(1000, () => cpuOf(visit))).toBeLessThan(1000)
  })
})
