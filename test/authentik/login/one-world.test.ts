/** The login and the API have one world: what is deleted or forgotten in one is gone in the other. */
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../../src/entries/index.ts'
import { clientOf, readyMock, rowsOf, worldOf, type Client, type Row } from '../../support/client.ts'
import { OAuthClient } from '../../support/oauth-client.ts'

const NOW = '2030-01-01T00:02:30Z'

/** A user who is logged in, with a code, tokens, and a consent that is being asked for. */
async function logIn(release: string) {
  const authentik = await readyMock({ release, now: NOW, token: 'key' })
  const provider = worldOf(authentik).providers.find(
    ({ pk, client_type, signing_key }) =>
      client_type === 'confidential' && signing_key === null && slugOf(authentik, pk),
  )!['pk'] as number
  const user = worldOf(authentik).users.find(({ pk, is_active }) => pk > 1 && is_active)!
  const client = new OAuthClient(authentik, { provider })
  await client.logIn(authentik, user['username'])
  const { json: tokens } = await client.exchange(await client.consent({ scope: 'openid offline_access' }))
  const code = await client.consent()
  const executor = await client.enter()
  const { token } = await client.challenge(executor)
  const lastOf = (resource: string) => rowsOf(authentik, resource).list().at(-1)!
  const pks = {
    users: user['pk'],
    providers: provider,
    applications: worldOf(authentik).applications.find((row) => row['provider'] === provider)!['pk'],
    authenticated_sessions: lastOf('authenticated_sessions')['uuid'],
    authorization_codes: lastOf('authorization_codes')['pk'],
    access_tokens: lastOf('access_tokens')['pk'],
    refresh_tokens: lastOf('refresh_tokens')['pk'],
  }
  return { authentik, api: clientOf(authentik, { token: 'key' }), client, tokens, code, executor, token, pks }
}
type Login = Awaited<ReturnType<typeof logIn>>
type Resource = keyof Login['pks']

const slugOf = (authentik: Mock, provider: number) =>
  worldOf(authentik).applications.find((row) => row['provider'] === provider)?.['slug'] as string | undefined

/** What the endpoints still take, the refresh token last. */
async function tryAll({ client, tokens, code, executor, token }: Login): Promise<string[]> {
  const finished = (await client.challenge(executor, { token })) as Row
  const attempts: [string, boolean][] = [
    ['executor', String(finished['to']).includes('code=')],
    ['authorize', (await client.authorize({ prompt: 'none' })).pathname.startsWith('/if/flow/default-provider-')],
    ['code', (await client.exchange(code)).status === 200],
    ['userinfo', (await client.userinfo(tokens['access_token'])).status === 200],
    ['introspect', (await client.introspect(tokens['access_token'])).json['active'] === true],
    ['introspect refresh', (await client.introspect(tokens['refresh_token'])).json['active'] === true],
    ['refresh', (await client.refresh(tokens['refresh_token'])).status === 200],
  ]
  return attempts.filter(([, isTaken]) => isTaken).map(([name]) => name)
}

const EVERYTHING = ['executor', 'authorize', 'code', 'userinfo', 'introspect', 'introspect refresh', 'refresh']
const lacking = (...names: string[]) => EVERYTHING.filter((name) => !names.includes(name))

const API_PATHS: Partial<Record<Resource, (login: Login) => string>> = {
  users: ({ pks }) => `/core/users/${pks.users}/`,
  providers: ({ pks }) => `/providers/oauth2/${pks.providers}/`,
  applications: ({ authentik, pks }) => `/core/applications/${slugOf(authentik, pks.providers)}/`,
  authorization_codes: ({ pks }) => `/oauth2/authorization_codes/${pks.authorization_codes}/`,
  access_tokens: ({ pks }) => `/oauth2/access_tokens/${pks.access_tokens}/`,
  refresh_tokens: ({ pks }) => `/oauth2/refresh_tokens/${pks.refresh_tokens}/`,
}

const readAll = async (api: Client) => {
  for (const path of ['authorization_codes', 'access_tokens', 'refresh_tokens'])
    expect((await api.get(`/oauth2/${path}/`)).status).toBe(200)
}

describe.each(['2024.2.0', '2024.8.4', '2026.8.3'])('in %s, deleting', (release) => {
  const codesLive = release !== '2026.8.3'
  const tokensLive = release === '2024.2.0'
  const cases: [Resource, string[]][] = [
    ['users', []],
    ['providers', []],
    // Its provider stays, and what was given by it.
    ['applications', lacking('executor', 'authorize')],
    [
      'authenticated_sessions',
      lacking(
        'executor',
        'authorize',
        ...(codesLive ? [] : ['code']),
        ...(tokensLive ? [] : ['userinfo', 'introspect']),
      ),
    ],
    ['authorization_codes', lacking('code')],
    ['access_tokens', lacking('userinfo', 'introspect')],
    ['refresh_tokens', lacking('introspect refresh', 'refresh')],
  ]

  it('nothing leaves all as it is', async () => {
    expect(await tryAll(await logIn(release))).toEqual(EVERYTHING)
  })

  it.each(cases)('a row of %s by a program ends what hung on it, and nothing else', async (resource, rest) => {
    const login = await logIn(release)
    await rowsOf(login.authentik, resource).delete(login.pks[resource])
    expect(await tryAll(login)).toEqual(rest)
    await readAll(login.api)
  })

  it.each(cases.filter(([resource]) => API_PATHS[resource]))(
    'a row of %s over the API ends what hung on it, and nothing else',
    async (resource, rest) => {
      const login = await logIn(release)
      expect((await login.api.delete(API_PATHS[resource]!(login))).status).toBe(204)
      expect(await tryAll(login)).toEqual(rest)
      await readAll(login.api)
    },
  )
})

describe('what is forgotten', () => {
  it.each([
    ['reset', (authentik: Mock) => authentik.reset()],
    ['restore', (authentik: Mock, start: ReturnType<Mock['snapshot']>) => authentik.restore(start)],
    ['load', (authentik: Mock, _: unknown, saved: unknown) => authentik.load(saved)],
  ])('by %s is also who is logged in, and the flow that a browser is in', async (_, forget) => {
    const authentik = await readyMock({ release: '2026.8.3', now: NOW })
    const [start, saved] = [authentik.snapshot(), authentik.save()]
    const client = new OAuthClient(authentik)
    const executor = await client.enter()
    expect(await client.challenge(executor, { uid_field: 'akadmin' })).toMatchObject({ pending_user: 'akadmin' })
    await forget(authentik, start, saved)
    const challenge = await client.challenge(executor)
    expect(challenge).toMatchObject({ component: 'ak-stage-identification' })
    expect(challenge).not.toHaveProperty('application_pre')
    expect(await client.challenge(executor, { password: 'akadmin-pw' })).toHaveProperty('response_errors')
  })

  it('by reset is the same for whoever comes after: the same bytes', async () => {
    const authentik = await readyMock({ now: NOW, login: 'auto' })
    const play = async () => {
      const client = new OAuthClient(authentik)
      return [await client.exchange(await client.code({ scope: 'openid offline_access' })), worldOf(authentik)]
    }
    const first = await play()
    await authentik.reset()
    expect(await play()).toEqual(first)
  })
})
