/** Where the login of one release is another's no more: both sides of each border that the recordings lie apart of. */
import { describe, expect, it } from 'vitest'
import type { Mock, MockOptions } from '../../../src/entries/index.ts'
import { readyMock, type Row } from '../../support/client.ts'
import { OAuthClient, ORIGIN } from '../../support/oauth-client.ts'

type Probe = (authentik: Mock, client: OAuthClient) => Promise<unknown>

const headersOf = (token: string): Row => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())
const claimsOf = (token: string): Row => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
const tokensOf: (client: OAuthClient, parameters?: Record<string, string>) => Promise<Row> = async (
  client,
  parameters,
) => (await client.exchange(await client.code(parameters))).json
const statusOf = async (authentik: Mock, path: string) =>
  (await authentik.fetch(ORIGIN + path, { redirect: 'manual' })).status
const discovery = async (authentik: Mock): Promise<Row> =>
  (await authentik.fetch(`${ORIGIN}/application/o/spa/.well-known/openid-configuration`)).json()
const locationOf = async (client: OAuthClient, parameters?: Record<string, string>) =>
  (await client.authorize(parameters)).pathname

/** Each border with the last release before it, and the first behind it, and what is seen on both sides. */
const BORDERS: readonly [
  what: string,
  earlier: string,
  later: string,
  probe: Probe,
  answers: [unknown, unknown],
  options?: MockOptions,
][] = [
  [
    'a token names its session',
    '2024.8.4',
    '2024.8.5',
    async (_, client) => 'sid' in claimsOf((await tokensOf(client))['id_token']),
    [false, true],
  ],
  [
    'a logout runs a flow',
    '2024.10.5',
    '2024.12.0',
    async (authentik) => statusOf(authentik, '/application/o/nope/end-session/'),
    [302, 404],
  ],
  [
    'a token comes with its scope',
    '2024.12.5',
    '2025.2.0',
    async (_, client) => 'scope' in (await tokensOf(client)),
    [false, true],
  ],
  [
    'offline_access asks for consent no more',
    '2025.2.4',
    '2025.4.0',
    async (authentik, client) => {
      await client.logIn(authentik, 'akadmin')
      return (await locationOf(client, { scope: 'openid offline_access' })).startsWith('/if/flow/')
    },
    [true, false],
    { login: 'page' },
  ],
  [
    'a refusal names the request',
    '2025.6.4',
    '2025.8.0',
    async (_, client) => 'request_id' in (await client.exchange('nope')).json,
    [false, true],
  ],
  [
    'discovery is where RFC 8414 has it',
    '2025.6.4',
    '2025.8.0',
    async (authentik) => statusOf(authentik, '/.well-known/oauth-authorization-server/application/o/spa/'),
    [404, 200],
  ],
  [
    'discovery tells of the back channel',
    '2025.6.4',
    '2025.8.0',
    async (authentik) => 'backchannel_logout_supported' in (await discovery(authentik)),
    [false, true],
  ],
  [
    'a token says how its user logged in',
    '2025.8.6',
    '2025.10.0',
    async (_, client) => 'amr' in claimsOf((await tokensOf(client))['id_token']),
    [false, true],
  ],
  [
    'an access token says its scope',
    '2025.8.6',
    '2025.10.0',
    async (_, client) => 'scope' in claimsOf((await tokensOf(client))['access_token']),
    [false, true],
  ],
  [
    'who has to log in is sent to the page at once',
    '2025.10.4',
    '2025.12.0',
    async (_, client) => locationOf(client),
    ['/flows/-/default/authentication/', '/if/flow/default-authentication-flow/'],
    { login: 'page' },
  ],
  [
    'the name of a key is long',
    '2025.12.6',
    '2026.2.0',
    async (_, client) => String(headersOf((await tokensOf(client))['id_token'])['kid']).length,
    [32, 86],
  ],
  [
    'a token has a name',
    '2025.12.6',
    '2026.2.0',
    async (_, client) => 'jti' in claimsOf((await tokensOf(client))['id_token']),
    [false, true],
  ],
]

describe('behind the border', () => {
  it.each(BORDERS)('%s (%s, then %s)', async (_what, earlier, later, probe, answers, options) => {
    const results = [earlier, later].map(async (release) => {
      const authentik = await readyMock({ login: 'auto', ...options, release })
      return probe(authentik, new OAuthClient(authentik))
    })
    expect(await Promise.all(results)).toEqual(answers)
  })
})
