/** The default world has something to log in to: a client that is a page, and one that keeps a secret. */
import { describe, expect, it } from 'vitest'
import { mock } from '../../../src/entries/index.ts'
import type { Mock } from '../../../src/mock/mock.ts'
import { Browser } from '../../support/browser.ts'
import { clientOf, readyMock } from '../../support/client.ts'
import { triedReleases } from '../../support/tier.ts'

const ORIGIN = 'http://authentik.test'

/** Asks for a code. */
function authorize(authentik: Mock, client_id: string, redirect_uri: string) {
  const query = new URLSearchParams({ client_id, redirect_uri, response_type: 'code', scope: 'openid' })
  return new Browser(authentik).open(`/application/o/authorize/?${query}`)
}

describe.each(triedReleases())('the default world of %s', (release) => {
  it.each(['spa', 'web'])('has the client %s, of any address of this machine', async (client) => {
    const authentik = await readyMock({ release, login: 'auto' })
    for (const address of [
      'http://localhost:49152/callback?a=b',
      'http://127.0.0.1:5173/deep/callback',
      'http://localhost:1',
      'http://localhost/',
    ])
      expect((await authorize(authentik, client, address)).url.searchParams.get('code')).toMatch(/^[0-9a-f]{32}$/)
    for (const address of [
      'http://localhost.evil.example:5173/',
      'http://localhost:5173@evil.example/',
      'http://127x0x0x1:49152/',
      'https://localhost:5173/',
      'http://localhost:port/',
    ])
      expect((await authorize(authentik, client, address)).text).toContain('Redirect URI Error')
  })

  it.each(['spa', 'web'])('lets a page of a dev server read the answers to %s, and no other page', async (client) => {
    const authentik = await readyMock({ release, login: 'auto' })
    const { client_id, client_secret } = authentik.world.providers.find('client_id', client)!
    const ask = async (origin: string) => {
      const { url } = await authorize(authentik, client, `${origin}/callback`)
      const code = url.searchParams.get('code') ?? ''
      const form = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: `${origin}/callback`,
        client_id,
        client_secret,
      }
      const init = { method: 'POST', headers: { origin }, body: new URLSearchParams(form) }
      const discovery = `/application/o/${client}/.well-known/openid-configuration`
      const answers = await Promise.all([
        authentik.fetch(`${ORIGIN}${discovery}`, { headers: { origin } }),
        authentik.fetch(`${ORIGIN}/application/o/token/`, init),
      ])
      return answers.map(({ status, headers }) => [status, headers.get('Access-Control-Allow-Origin')])
    }
    for (const port of [3000, 4200, 5173, 8080])
      for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`])
        expect(await ask(origin)).toEqual([
          [200, origin],
          [200, origin],
        ])
    expect(await ask('http://localhost:49152')).toEqual([
      [200, null],
      [200, null],
    ])
  })
})

it.each([
  ['2024.8.3', 'text'],
  ['2025.12.6', ['authorization']],
  ['2026.8.3', ['authorization', 'logout']],
])('the API of %s shows which addresses a code is sent to, and what it tells apart', async (release, kinds) => {
  const authentik = await readyMock({ release, token: 'key' })
  const { json } = await clientOf(authentik, { token: 'key' }).get('/providers/oauth2/5/')
  const uris: string | { redirect_uri_type?: string }[] = json.redirect_uris
  const types =
    typeof uris === 'string' ? 'text' : [...new Set(uris.map((uri) => uri.redirect_uri_type ?? 'authorization'))]
  expect([types, typeof uris === 'string' ? uris.split('\n').length : uris.length]).toEqual([
    kinds,
    kinds.length === 2 ? 20 : 19,
  ])
})

it.each(['.well-known/openid-configuration', 'jwks/'])(
  'an application that is not there is a 404 at %s, and the log names those that are',
  async (path) => {
    const messages: string[] = []
    const world = { users: [{ username: 'ann' }], applications: [{ slug: 'shop' }, { slug: 'link', provider: null }] }
    const authentik = mock({ world, log: (message) => void messages.push(message) })
    const { status } = await authentik.fetch(`http://localhost/application/o/spa/${path}`)
    expect(status).toBe(404)
    expect(messages).toEqual([
      `GET /application/o/spa/${path} is answered with 404: there is no application "spa" with a provider. There are: shop.`,
    ])
  },
)
