/** A person logs in on the page of a flow, which needs no script. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SUBMIT_HASH } from '../../../src/authentik/flows/login-page.ts'
import { readyMock, worldOf } from '../../support/client.ts'
import { Browser } from '../../support/browser.ts'
import { OAuthClient } from '../../support/oauth-client.ts'
import { recordedWorldOf } from '../../support/recordings.ts'

const CALLBACK = 'https://app.example.com/callback'

const open = (release: string) =>
  readyMock({ release, world: recordedWorldOf(release < '2025' ? '2024.8.4' : '2026.2.2') })

/** The address at which a client asks for a code. */
const askFor = (client: string, parameters: Record<string, string> = {}) =>
  `/application/o/authorize/?${new URLSearchParams({ client_id: client, redirect_uri: CALLBACK, response_type: 'code', scope: 'openid profile', state: 's', ...parameters })}`

describe.each(['2024.2.0', '2024.8.3', '2024.12.5', '2025.12.6', '2026.8.3'])('the login page of %s', (release) => {
  it('takes a name and a password, asks for consent, and leads to the client with a code that is the row', async () => {
    const authentik = await open(release)
    const browser = new Browser(authentik)
    const identification = await browser.open(askFor('spa-client', { nonce: 'n' }))
    expect([identification.status, identification.text]).toEqual([200, expect.stringContaining('SPA App')])
    const consent = await browser.logIn(identification, 'alice', 'alice-pw')
    expect(consent.text).toContain('You&#39;re about to sign into SPA App.')
    expect(consent.text).toContain('General Profile Information')
    const { url } = await browser.submit(consent, {})
    expect(`${url.origin}${url.pathname}`).toBe(CALLBACK)
    expect(url.searchParams.get('state')).toBe('s')
    const row = worldOf(authentik).authorization_codes.find(({ code }) => code === url.searchParams.get('code'))
    expect(row).toMatchObject({ scope: expect.stringMatching(/openid.*profile|profile.*openid/), nonce: 'n' })
  })

  it('says what is wrong, and logs nobody in', async () => {
    const browser = new Browser(await open(release))
    const page = await browser.open(askFor('demo-client'))
    for (const [name, password] of [
      ['alice', 'wrong'],
      ['nobody', 'alice-pw'],
      ['carol', 'carol-pw'],
    ] as const) {
      const refused = await new Browser(await open(release)).logIn(page, name, password)
      expect(refused.text).toContain('<p class="error" role="alert">Invalid password</p>')
    }
    const nameless = await browser.submit(page, { uid_field: '' })
    expect(nameless.text).toMatch(/role="alert">(This field may not be blank|No identification data provided)\./)
  })

  it('ends after five wrong passwords', async () => {
    const browser = new Browser(await open(release))
    let page = await browser.submit(await browser.open(askFor('demo-client')), { uid_field: 'alice' })
    for (let index = 0; index < 5; index++) page = await browser.submit(page, { password: 'wrong' })
    expect(page.text).toMatch(/role="alert">(Unknown error|Invalid password)</)
    expect(page.text).not.toContain('name="password"')
  })

  it('does not ask who is logged in', async () => {
    const browser = new Browser(await open(release))
    await browser.logIn(await browser.open(askFor('demo-client')), 'alice', 'alice-pw')
    const again = await browser.open(askFor('demo-client', { prompt: 'none' }))
    expect(again.url.searchParams.get('code')).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is left by Deny, of which the client is not told', async () => {
    const browser = new Browser(await open(release))
    const consent = await browser.logIn(await browser.open(askFor('spa-client')), 'alice', 'alice-pw')
    const [, deny = ''] = /<a class="button plain" href="([^"]+)">Deny/.exec(consent.text) ?? []
    const place = await browser.open(deny.replaceAll('&#38;', '&'))
    expect(place.url.origin).toBe('http://authentik.test')
  })
})

describe('the page', () => {
  it('may be framed by its own origin alone, loads nothing, and sends forms to the client that was asked for', async () => {
    const browser = new Browser(await open('2026.2.2'))
    const { headers, text } = await browser.open(askFor('demo-client'))
    expect(headers.get('Content-Security-Policy')).toBe(
      `default-src 'none'; script-src '${SUBMIT_HASH}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'; form-action 'self' https://app.example.com`,
    )
    expect(text).not.toMatch(/<script|src=|@import|url\(/)
  })

  it('takes no form of another site', async () => {
    const authentik = await open('2026.2.2')
    const { status } = await authentik.fetch('http://authentik.test/if/flow/default-authentication-flow/', {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ uid_field: 'alice' }),
    })
    expect(status).toBe(403)
  })

  it('escapes what is typed', async () => {
    const browser = new Browser(await open('2026.2.2'))
    const page = await browser.submit(await browser.open(askFor('demo-client')), { uid_field: '<b>"\'&' })
    expect(page.text).toContain('<strong>&#60;b&#62;&#34;&#39;&#38;</strong>')
  })

  it('leads nowhere but to a path of its own, whatever `next` says', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const browser = new Browser(await open('2026.2.2'))
      const page = await browser.open(`/if/flow/default-authentication-flow/?next=${encodeURIComponent(next)}`)
      const place = await browser.logIn(page, 'alice', 'alice-pw')
      expect([place.url.origin, place.text]).toEqual([
        'http://authentik.test',
        expect.stringContaining('Invalid next URL'),
      ])
    }
  })
})

describe('leaving a flow', () => {
  it.each([
    ['2025.10.4', '/if/user/#/library', '/flows/-/default/invalidation/'],
    ['2026.2.2', '/if/user/#/library', '/if/user/#/library'],
    ['2026.2.2', 'https://evil.example/', '/flows/-/default/invalidation/'],
    ['2026.2.2', '//evil.example/', '/flows/-/default/invalidation/'],
    ['2026.2.2', '/\\evil.example', '/flows/-/default/invalidation/'],
  ])('leads at %s, with the next %s, to %s', async (release, next, location) => {
    const address = `http://authentik.test/flows/-/cancel/?${new URLSearchParams({ next })}`
    const { headers } = await (await open(release)).fetch(address, { redirect: 'manual' })
    expect(headers.get('Location')).toBe(location)
  })
})

describe('form_post', () => {
  it('is a form with the code that submits itself, by the one script that the policy allows', async () => {
    const browser = new Browser(await open('2026.2.2'))
    const login = await browser.open(askFor('demo-client', { response_mode: 'form_post' }))
    const { text, headers } = await browser.logIn(login, 'alice', 'alice-pw')
    expect(text).toMatch(
      /<form method="post" action="https:\/\/app\.example\.com\/callback">.*name="code" value="[0-9a-f]{32}"/,
    )
    const [, script = ''] = /<script>(.*)<\/script>/.exec(text) ?? []
    const hash = createHash('sha256').update(script).digest('base64')
    expect(headers.get('Content-Security-Policy')).toContain(`script-src 'sha256-${hash}'`)
  })
})

describe('a flow that the mock cannot play', () => {
  it.each([
    ['default-source-enrollment', 'stage ak-stage-prompt'],
    ['initial-setup', 'stage ak-stage-prompt'],
  ])('%s says so', async (slug, name) => {
    const { text } = await new Browser(await open('2026.2.2')).open(`/if/flow/${slug}/`)
    expect(text).toContain(`authentik-mock does not play the ${name}.`)
  })

  it('says which stage it is that a world binds to it', async () => {
    const world = recordedWorldOf('2026.2.2') as any
    const flow = { pk: '00000000-0000-4000-8000-00000000f001', slug: 'enrol', name: 'Enrol', title: 'Enrol' }
    const authentik = await readyMock({
      release: '2026.2.2',
      world: {
        ...world,
        flows: [...(await open('2026.2.2')).world.flows.values(), { ...flow, designation: 'enrollment' }],
        flow_bindings: [{ target: flow.pk, order: 0, stage: 's', stage_obj: { component: 'ak-stage-prompt-form' } }],
      },
    })
    const { text } = await new Browser(authentik).open('/if/flow/enrol/')
    expect(text).toContain('authentik-mock does not play the stage ak-stage-prompt.')
  })
})

describe('logging out', () => {
  /** Logs in at `spa`, and out again. @returns where that leads, and how many access tokens are left of those of the login */
  async function logOut(release: string, parameters: Record<string, string>) {
    const authentik = await readyMock({ release, login: 'auto' })
    const browser = new Browser(authentik)
    const uri = 'http://localhost:5173/callback'
    const query = new URLSearchParams({
      client_id: 'spa',
      redirect_uri: uri,
      response_type: 'id_token token',
      nonce: 'n',
    })
    const count = worldOf(authentik).access_tokens.length
    const callback = await browser.open(`/application/o/authorize/?${query}`)
    expect(worldOf(authentik).access_tokens).toHaveLength(count + 1)
    const idToken = new URLSearchParams(callback.url.hash.slice(1)).get('id_token') ?? ''
    const whole = { id_token_hint: idToken, ...parameters }
    const { url } = await browser.open(`/application/o/spa/end-session/?${new URLSearchParams(whole)}`)
    return [
      url.origin + url.pathname + url.search.replace(/.*(?=state=)/, '?'),
      worldOf(authentik).access_tokens.length - count,
    ]
  }
  const back = 'http://localhost:5173/bye'

  it('leads back to a client from 2026.5 on, if its provider knows the address for that, and ends its tokens', async () => {
    expect(await logOut('2026.8.3', { post_logout_redirect_uri: back, state: 'a ü' })).toEqual([
      `${back}?state=a%20%C3%BC`,
      0,
    ])
    expect(await logOut('2026.8.3', { post_logout_redirect_uri: back })).toEqual([back, 0])
    const page = 'http://authentik.test/if/flow/default-provider-invalidation-flow/'
    expect(await logOut('2026.2.2', { post_logout_redirect_uri: back })).toEqual([expect.stringContaining(page), 1])
  })

  it.each([
    ['2026.2.2', 'that it is not looked at', 302],
    ['2026.8.3', 'that it is refused', 400],
  ])('says of a wrong id_token_hint at %s %s', async (release, _title, refusal) => {
    const messages: string[] = []
    const authentik = await readyMock({ release, login: 'auto', log: (message) => void messages.push(message) })
    const loginAt = async (provider: number) => {
      const client = new OAuthClient(authentik, { provider })
      const redirect_uri = 'http://localhost:5173/callback'
      const { hash } = await client.authorize({ response_type: 'id_token token', nonce: 'n', redirect_uri })
      return new URLSearchParams(hash.slice(1)).get('id_token') ?? ''
    }
    const [right, ofAnother] = [await loginAt(5), await loginAt(6)]
    const [head = '', body = '', signature = ''] = right.split('.')
    const statusOf = async (id_token_hint: string, more: Record<string, string> = {}) => {
      const browser = new OAuthClient(authentik)
      await browser.logIn(authentik, 'akadmin')
      const query = new URLSearchParams({ id_token_hint, ...more })
      return (await browser.visit(`/application/o/spa/end-session/?${query}`)).status
    }
    // An ID token is told from any other long after its end.
    authentik.clock.move(30 * 86_400_000)
    expect(await statusOf(right)).toBe(302)
    expect(await statusOf('')).toBe(302)
    for (const hint of ['x.y.z', ofAnother, `${head}.${body}.${signature.slice(4)}aaaa`, `${head}.${body}.`])
      expect(await statusOf(hint)).toBe(refusal)
    const uri = { post_logout_redirect_uri: back }
    expect(await statusOf(right, uri)).toBe(302)
    expect(await statusOf('', uri)).toBe(refusal)
    for (const wrong of ['https://evil.example/', 'javascript:alert(1)'])
      expect(await statusOf(right, { post_logout_redirect_uri: wrong })).toBe(refusal)
    expect(messages.filter((message) => message.startsWith('A logout was refused'))).toHaveLength(
      refusal === 400 ? 4 : 0,
    )
    // A provider that knows no address leads to none, and refuses none.
    await authentik.world.providers.update(5, { redirect_uris: [] })
    expect(await statusOf('', uri)).toBe(302)
  })

  it('leads to an address where nobody can be sent who logs in', async () => {
    const authentik = await readyMock({ release: '2026.8.3', login: 'auto' })
    const uri = 'https://app.example.com/bye'
    const redirect_uris = [{ matching_mode: 'strict', url: uri, redirect_uri_type: 'logout' }]
    await authentik.world.providers.update(5, { redirect_uris: redirect_uris as never })
    const query = new URLSearchParams({ client_id: 'spa', redirect_uri: uri, response_type: 'code' })
    expect((await new Browser(authentik).open(`/application/o/authorize/?${query}`)).text).toContain(
      'Redirect URI Error',
    )
  })

  it('at the client leads to a page, and from there out of authentik: the tokens of the session are gone', async () => {
    const authentik = await open('2025.12.6')
    const browser = new Browser(authentik)
    const { url } = await browser.logIn(await browser.open(askFor('demo-client')), 'alice', 'alice-pw')
    const count = worldOf(authentik).access_tokens.length
    const answer = await authentik.fetch('http://authentik.test/application/o/token/', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: url.searchParams.get('code') ?? '',
        redirect_uri: CALLBACK,
        client_id: 'demo-client',
        client_secret: 'demo-secret',
      }),
    })
    expect([answer.status, worldOf(authentik).access_tokens.length]).toEqual([200, count + 1])
    const page = await browser.open('/application/o/demo/end-session/')
    expect(page.text).toContain('<h1>You&#39;ve logged out of Demo App.</h1>')
    const [, out = ''] = /href="([^"]+)">Log out of authentik/.exec(page.text) ?? []
    await browser.open(out)
    expect(worldOf(authentik).access_tokens).toHaveLength(count)
    expect((await browser.open(askFor('demo-client'))).text).toContain('name="uid_field"')
  })
})

describe('the first challenge of 2024.10, whose schema has no null for the captcha', () => {
  it.each([
    ['documented', undefined],
    ['observed', null],
  ] as const)('%s: captcha_stage is %s', async (fidelity, expected) => {
    const authentik = await readyMock({ release: '2024.10.5', fidelity })
    const url = 'http://authentik.test/api/v3/flows/executor/default-authentication-flow/?query='
    expect((await (await authentik.fetch(url)).json()).captcha_stage).toBe(expected)
  })
})
