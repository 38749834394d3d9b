/** What a client may try that it should not (docs/authentik.md#advisories): a release that is fixed refuses, one that is not does not. */
import { describe, expect, it } from 'vitest'
import { WEAKNESSES } from '../../../src/authentik/deviation-sentences.ts'
import type { Mock } from '../../../src/entries/index.ts'
import { clientOf, readyMock, worldOf } from '../../support/client.ts'
import { OAuthClient } from '../../support/oauth-client.ts'
import { triedReleases } from '../../support/tier.ts'

const NOW = '2030-01-01T00:02:30Z'
const startMock = (release: string) => readyMock({ release, now: NOW, login: 'auto', token: 'key' })

describe.each(triedReleases())('in %s', (release) => {
  it.each([
    ['S256', '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'],
    ['plain', 'a-verifier-of-43-characters-or-more-as-it-has-to-be'],
  ])('S05: a code with a challenge by %s is refused without its verifier', async (method, challenge) => {
    const client = new OAuthClient(await startMock(release))
    const code = await client.code({ code_challenge: challenge, code_challenge_method: method })
    for (const verifier of [{}, { code_verifier: '' }, { code_verifier: 'another' }])
      expect((await client.exchange(code, verifier)).json['error']).toBe('invalid_grant')
  })

  it('S06: a code without a challenge is refused with a verifier', async () => {
    const client = new OAuthClient(await startMock(release))
    const code = await client.code()
    expect((await client.exchange(code, { code_verifier: 'x'.repeat(43) })).json['error']).toBe('invalid_grant')
    expect((await client.exchange(code)).status).toBe(200)
  })

  it('S07: a code is used once, one after the other and twenty at once', async () => {
    const client = new OAuthClient(await startMock(release))
    const code = await client.code()
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.exchange(code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await client.exchange(code)).json['error']).toBe('invalid_grant')
  })

  it('S08: an expired code is refused when it is used, though it is still there', async () => {
    const authentik = await startMock(release)
    const client = new OAuthClient(authentik)
    const code = await client.code()
    const { pk } = worldOf(authentik).authorization_codes.at(-1)!
    authentik.clock.move(61_000)
    expect((await client.exchange(code)).json['error']).toBe('invalid_grant')
    const row = await clientOf(authentik, { token: 'key' }).get(`/oauth2/authorization_codes/${pk}/`)
    expect([row.status, row.json.is_expired]).toEqual([200, true])
  })

  it('S11: a code of one client is refused when another shows it', async () => {
    const authentik = await startMock(release)
    const [client, thief] = [new OAuthClient(authentik), new OAuthClient(authentik, { provider: 3 })]
    const code = await client.code()
    expect((await thief.exchange(code)).json['error']).toBe('invalid_grant')
    expect((await client.exchange(code)).status).toBe(200)
  })
})

/** Whether an attack succeeds. */
type Attack = (authentik: Mock) => Promise<boolean>

/** S09: an address that a redirect URI meets as a regular expression alone. */
const redirectToLookalike: Attack = async (authentik) => {
  await authentik.world.providers.update(1, { redirect_uris: urisOf(authentik, 'https://foo.example.com/callback') })
  const client = new OAuthClient(authentik)
  const lookalike = 'https://fooXexample.com/callback'
  const attempt = async (redirect_uri: string) => {
    const response = await client.visit(`/application/o/authorize/?${client.query({ redirect_uri })}`)
    return response.headers.get('Location')?.startsWith(redirect_uri) ?? false
  }
  expect(await attempt('https://foo.example.com/callback')).toBe(true)
  const isRedirected = await attempt(lookalike)
  const { json } = await client.exchange(await client.code(), { redirect_uri: lookalike })
  // Both endpoints judge alike.
  expect(json['error']).toBe(isRedirected ? undefined : 'invalid_client')
  return isRedirected
}

/** Redirect URIs as the release has them. */
const urisOf = (authentik: Mock, url: string): never => {
  const isList = Array.isArray(authentik.world.providers.get(1)!.redirect_uris)
  return (isList ? [{ matching_mode: 'strict', url }] : url) as never
}

/** S10: a scope that the client asks for, and the provider does not have. */
const takeUnknownScope: Attack = async (authentik) => {
  const client = new OAuthClient(authentik)
  const { status, json } = await client.post('token', { grant_type: 'client_credentials', scope: 'openid root' })
  expect(status).toBe(200)
  const scopes = worldOf(authentik).access_tokens.at(-1)!['scope'].split(' ')
  expect((await client.introspect(json['access_token'])).json['scope'].split(' ')).toEqual(scopes)
  expect(scopes).toContain('openid')
  return scopes.includes('root')
}

/** S11: what a token of another client says. */
const introspectForeignToken: Attack = async (authentik) => {
  const [client, thief] = [new OAuthClient(authentik), new OAuthClient(authentik, { provider: 3 })]
  const { json } = await client.exchange(await client.code({ scope: 'openid offline_access' }))
  const answers = await Promise.all(
    [json['access_token'], json['refresh_token']].map((token) => thief.introspect(token)),
  )
  expect((await client.introspect(json['access_token'])).json['active']).toBe(true)
  const [first, second] = answers.map((answer) => answer.json['active'] as boolean)
  expect(second).toBe(first)
  if (!first) expect(answers.map((answer) => answer.json)).toEqual([{ active: false }, { active: false }])
  return first === true
}

const attacks: [id: string, advisory: string, attack: Attack, weak: string[], fixed: string[]][] = [
  [
    'redirect-uri-lookalike',
    'CVE-2024-52289',
    redirectToLookalike,
    ['2024.2.0', '2024.6.5', '2024.8.4', '2024.10.2'],
    ['2024.8.5', '2024.8.6', '2024.10.3', '2024.12.0', '2026.8.3'],
  ],
  [
    'unknown-scope-granted',
    'CVE-2024-52287',
    takeUnknownScope,
    ['2024.4.0', '2024.6.5', '2024.8.4', '2024.10.2'],
    ['2024.8.5', '2024.8.6', '2024.10.3', '2024.12.0', '2026.8.3'],
  ],
  [
    'foreign-token-introspected',
    'CVE-2024-47077',
    introspectForeignToken,
    ['2024.2.0', '2024.4.4', '2024.6.4', '2024.8.2'],
    ['2024.6.5', '2024.8.3', '2024.10.0', '2026.8.3'],
  ],
]

describe.each(attacks)('%s (%s)', (id, advisory, attack, weak, fixed) => {
  it.each(weak)('succeeds in %s, as it does there', async (release) => {
    expect(await attack(await startMock(release))).toBe(true)
  })

  it.each(fixed)('is refused in %s', async (release) => {
    expect(await attack(await startMock(release))).toBe(false)
  })

  it('is said with its advisory and where it is mended', () => {
    const firsts = fixed.filter((version) => weak.some((older) => lineOf(older) === lineOf(version))).slice(0, 1)
    for (const text of [advisory, ...firsts]) expect(WEAKNESSES[id]).toContain(text)
  })
})

const lineOf = (version: string) => version.split('.', 2).join('.')

it('what is good once says so where the mock differs from servers', () => {
  expect(WEAKNESSES['used-at-once']).toMatch(/exactly one/)
})
