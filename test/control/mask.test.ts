/** What leaves the journal is masked: no secret of a whole login stands in it, wherever it was sent. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ControlledMock } from '../../src/entries/control.ts'
import { Browser } from '../support/browser.ts'
import { clientOf } from '../support/client.ts'
import { askerIn, controlledMock } from '../support/control.ts'
import { cpuOf, leastOf } from '../support/cost.ts'
import { OAuthClient } from '../support/oauth-client.ts'

const ORIGIN = 'http://authentik.test'

/** Logs in by page, consents, exchanges, refreshes, introspects, revokes, lets a device in. @returns each secret by its name */
async function logInWholly(authentik: ControlledMock): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  const client = new OAuthClient(authentik as never, { provider: 6 })
  const verifier = 'the-code-verifier-of-this-client-which-nobody-is-to-read'
  const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)))
  const query = client.query({
    scope: 'openid offline_access',
    code_challenge: challenge.toString('base64url'),
    code_challenge_method: 'S256',
  })
  const browser = new Browser(authentik)
  const place = await browser.authorize(`/application/o/authorize/?${query}`, 'akadmin', 'akadmin-password')
  const code = place.url.searchParams.get('code') ?? ''
  const tokens = await client.exchange(code, { code_verifier: verifier })
  const refreshed = await client.refresh(tokens.json['refresh_token'])
  await client.userinfo(refreshed.json['access_token'])
  await client.introspect(refreshed.json['access_token'])
  await client.revoke(refreshed.json['refresh_token'])
  const basic = btoa(`${client.credentials.client_id}:${client.credentials.client_secret}`)
  const form = new URLSearchParams({ client_id: client.credentials.client_id, scope: 'openid' })
  const post = (path: string, body: URLSearchParams) =>
    authentik.fetch(ORIGIN + path, { method: 'POST', body, headers: { Authorization: `Basic ${basic}` } })
  const device = await (await post('/application/o/device/', form)).json()
  await browser.open(device.verification_uri_complete)
  await post(
    '/application/o/token/',
    new URLSearchParams({ grant_type: 'device_code', device_code: device.device_code }),
  )
  await browser.open(`/application/o/${'web'}/end-session/?id_token_hint=${tokens.json['id_token']}`)
  const { cookies } = browser
  for (const [name, secret] of Object.entries({
    password: 'akadmin-password',
    code,
    code_verifier: verifier,
    client_secret: client.credentials.client_secret,
    basic,
    access_token: tokens.json['access_token'],
    refresh_token: tokens.json['refresh_token'],
    id_token: tokens.json['id_token'],
    second_access_token: refreshed.json['access_token'],
    second_refresh_token: refreshed.json['refresh_token'],
    device_code: device.device_code,
    user_code: device.user_code,
    session: cookies.get('authentik_session'),
    csrf: cookies.get('authentik_csrf'),
  }))
    if (typeof secret === 'string') secrets.set(name, secret)
  return secrets
}

let authentik: ControlledMock
let secrets: Map<string, string>
/** What is told by each verb that tells of requests. */
const texts = new Map<string, string>()
beforeAll(async () => {
  authentik = await controlledMock({ release: '2025.12' })
  const events: unknown[] = []
  const stop = (['journal', 'grant'] as const).map((type) => authentik.on(type, (event) => events.push(event)))
  secrets = await logInWholly(authentik)
  await new Promise((resolve) => setTimeout(resolve, 150))
  for (const end of stop) end()
  const ask = askerIn(authentik)
  texts.set('journal.find()', JSON.stringify(authentik.journal.find()))
  texts.set('GET journal/', (await ask('GET', 'journal/?limit=1000')).text)
  texts.set('GET journal/har/', (await ask('GET', 'journal/har/')).text)
  texts.set('GET grants/', (await ask('GET', 'grants/')).text)
  texts.set('on()', JSON.stringify(events))
})

it('a whole login has all of these secrets, and tells them in clear to who asks for that', async () => {
  expect([...secrets.keys()]).toHaveLength(14)
  for (const secret of secrets.values()) expect(secret.length).toBeGreaterThan(8)
  const clear = JSON.stringify(authentik.journal.find({}, { clear: true }))
  for (const [name, secret] of secrets) {
    const forms = [secret, encodeURIComponent(secret), new URLSearchParams({ a: secret }).toString().slice(2)]
    expect([name, forms.some((form) => clear.includes(JSON.stringify(form).slice(1, -1)))]).toEqual([name, true])
  }
  const { text } = await askerIn(authentik)('GET', 'journal/har/?clear=true')
  expect(text).toContain(secrets.get('refresh_token'))
})

it.each(['journal.find()', 'GET journal/', 'GET journal/har/', 'GET grants/', 'on()'])(
  'none of them stands in %s',
  (verb) => {
    const text = texts.get(verb) ?? ''
    expect(text.length).toBeGreaterThan(100)
    const leaks = [...secrets].filter(([, secret]) =>
      [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].some((form) => text.includes(form)),
    )
    expect(leaks.map(([name]) => name)).toEqual([])
  },
)

describe('a secret is masked', () => {
  it('in each place where it can be', async () => {
    const target = await controlledMock()
    const { value } = await target.mint({ kind: 'authorization_codes', user: 'akadmin', provider: 1, expires: null })
    const { key } = await target.tokens({ user: 'akadmin' })
    const nested = encodeURIComponent(
      `/application/o/authorize/?client_id=spa&code=${value}&next=${encodeURIComponent(`/x?token=${key}`)}`,
    )
    const send = (path: string, init: RequestInit = {}) => target.fetch(ORIGIN + path, { redirect: 'manual', ...init })
    await send(`/api/v3/core/tokens/${key}/`)
    await send(`/api/v3/core/tokens/${key.slice(0, 4)}${key.slice(4)}/view_key/?key=${key}`)
    await send(`/if/flow/default-authentication-flow/?flow_token=hunter2hunter2&next=${nested}`)
    await send(`/x?q=${key}&next=${nested}#${key}`, {
      headers: { Referer: `${ORIGIN}/cb?code=${value}`, 'X-Auth-Token': key, 'X-Api-Key': key, Note: `my ${key}` },
    })
    const post = (body: string, type: string) =>
      send('/api/v3/x/', { method: 'POST', body, headers: { 'Content-Type': type } })
    await post(
      JSON.stringify({
        a: [{ password: 'x' }],
        new_password: 'hunter2hunter2',
        text: `see ${value} and ${key}`,
        link: `https://a/?code=${value}`,
      }),
      'application/json',
    )
    await post(`{"password": "unfinished-secret`, 'application/json')
    await post(`x&password=hunter2hunter2&note=${key}`, 'application/x-www-form-urlencoded')
    await post(
      `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter2hunter2\r\n--b--`,
      'multipart/form-data; boundary=b',
    )
    await post(
      `<input value='hunter2hunter2' name='password'> <a href="https://a/cb?code=${value}">${key}</a>`,
      'text/html',
    )
    await send('/x', { headers: { Cookie: `authentik_session=${key}; other=hunter2hunter2` } })
    await send('/x', { headers: { Authorization: `hunter2hunter2` } })
    await send('/x', { headers: { Authorization: `Bearer ${target.control.token}`, Note: target.control.token } })
    // What is no row any more is a secret still, and so is what a replaced world had.
    await target.world.authorization_codes.delete(target.world.authorization_codes.find('code', value)!.pk)
    const state = target.snapshot()
    await target.world.api_tokens.delete(target.world.api_tokens.find('key', key)!.identifier)
    await target.restore(state)
    const text = JSON.stringify(target.journal.find())
    for (const secret of [value, key, 'hunter2hunter2', 'unfinished-secret', target.control.token]) {
      const index = text.indexOf(secret)
      expect(index < 0 ? '' : text.slice(index - 200, index + 50)).toBe('')
    }
    expect(text).toContain('"path":"/api/v3/core/tokens/***/"')
    expect(JSON.stringify(target.journal.find({}, { clear: true }))).toContain('hunter2hunter2')
  })

  it('also when it is a short code, wherever one is sent', async () => {
    const provider = 'web'
    const target = await controlledMock({
      world: {
        users: [{ username: 'ann', superuser: true }],
        providers: [{ name: provider }],
        applications: [{ slug: 'web', provider }],
        authorization_codes: [{ code: 'abc', user: 'ann', provider }],
        api_tokens: [{ user: 'ann', key: 'short' }],
      },
    })
    const post = (path: string, body: string, type: string) =>
      target.fetch(ORIGIN + path, { method: 'POST', body, headers: { 'Content-Type': type } })
    await post('/application/o/token/', 'grant_type=authorization_code&code=abc', 'application/x-www-form-urlencoded')
    await post('/api/v3/x/?code=word', '{"code": "abc", "key": "short"}', 'application/json')
    await post('/api/v3/x/?next=/device%3Fcode%3D12-34', '{"code": "12-34"}', 'application/json')
    await post('/api/v3/x/', '{"code": 123456}', 'application/json')
    await post('/api/v3/x/', '<a href="https://a/cb?state=s&amp;code=abc">in</a>', 'text/html')
    await target.fetch(`${ORIGIN}/x`, { headers: { Referer: `${ORIGIN}/cb?code=word` } })
    const requests = target.journal.find().map(({ request }) => request)
    expect(requests.map(({ query, body }) => [query, body].filter(Boolean).join(' '))).toEqual([
      'grant_type=authorization_code&code=***',
      'code=*** {"code":"***","key":"***"}',
      `next=${encodeURIComponent('/device?code=***')} {"code":"***"}`,
      '{"code":"***"}',
      '<a href="https://a/cb?state=s&amp;code=***">in</a>',
      '',
    ])
    expect(requests.at(-1)!.headers).toContainEqual({ name: 'referer', value: `${ORIGIN}/cb?code=***` })
  })

  it('and what is none stays as it is', async () => {
    const target = await controlledMock()
    const admin = clientOf(target as never, { token: target.tokens().superuser! })
    await admin.get('/core/users/?ordering=username&page_size=2')
    await admin.get('/oauth2/authorization_codes/1/')
    await admin.post('/core/applications/', { slug: 'x', code: 'invalid', key: 'short' })
    const [list, code, wrong] = target.journal.find()
    const [plainList, plainCode, plainWrong] = target.journal.find({}, { clear: true })
    expect(list!.request.query).toBe('ordering=username&page_size=2')
    expect(list!.response!.body).toBe(plainList!.response!.body)
    const secret = target.world.providers.get(JSON.parse(plainCode!.response!.body).provider.pk)!.client_secret
    expect(code!.response!.body).toBe(plainCode!.response!.body.replace(secret, '***'))
    expect(wrong!.request.body).toBe(plainWrong!.request.body)
  })

  it('quickly: a full journal of long answers in a second', async () => {
    const target = await controlledMock()
    const admin = clientOf(target as never, { token: target.tokens().superuser! })
    for (let request = 0; request < 100; request++) await admin.get('/core/users/')
    expect(await leastOf(1000, () => cpuOf(() => target.journal.find()))).toBeLessThan(1000)
  })
})
