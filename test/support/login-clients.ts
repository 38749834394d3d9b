/**
 * What clients of the login are tried with: servers of several releases, with a page and without, and and one provider of each kind in the default world.
 */
import { afterAll, beforeAll, describe } from 'vitest'
import { findLogins, type Login } from '../../src/cli/logins.ts'
import { serve, type Server } from '../../src/http/node/server.ts'
import type { Mock } from '../../src/mock/mock.ts'
import type { MockOptions } from '../../src/mock/options.ts'
import { Browser } from './browser.ts'
import { readyMock } from './client.ts'
import { isWhole } from './tier.ts'

/** Where every provider of the default world redirects to. */
export const CALLBACK = 'http://localhost:8080/callback'

/** The kinds of providers. */
export const KINDS = ['public RS256', 'confidential RS256', 'confidential HS256'] as const

/** A kind of provider. */
export type Kind = (typeof KINDS)[number]

/** The oldest, the base and the newest release, and some between where all are tried. */
export const RELEASES: readonly string[] = isWhole
  ? ['2024.2.0', '2024.8.3', '2024.12.5', '2025.4.4', '2025.8.6', '2025.12.6', '2026.2.2', '2026.8.3']
  : ['2024.8.3', '2026.8.3']

/** A server that somebody can log in to. */
export interface LoginServer extends Server {
  authentik: Mock
  /** Whether a person answers. */
  isPaged: boolean
  /** What a client of a kind is given. */
  login(kind: Kind): Login
  /** A browser that has never been here. */
  browse(): Browser
}

/** Serves the default world. */
export async function serveLogin(options: MockOptions): Promise<LoginServer> {
  const authentik = await readyMock(options)
  const server = await serve(authentik, { port: 0 })
  const logins = findLogins(authentik, server.url).filter(({ issuer }) => issuer !== `${server.url}/`)
  const login = (kind: Kind) =>
    logins.findLast(
      ({ alg, client_secret }) => kind === `${client_secret === null ? 'public' : 'confidential'} ${alg}`,
    )!
  const isPaged = options.login !== 'auto'
  return { ...server, authentik, isPaged, login, browse: () => new Browser({ fetch }, server.url) }
}

/**
 * Tries a client at several releases, with a page and without.
 * @param suite has the tests; it is given the server, which is there while a test runs
 * @example describeLogins('openid-client', (served) => it('logs in', async () => served().login('public RS256')))
 */
export function describeLogins(client: string, suite: (served: () => LoginServer) => void): void {
  const settings = RELEASES.flatMap((release) => (['page', 'auto'] as const).map((login) => ({ release, login })))
  describe.each(settings)(`${client} at $release, with login: $login`, (options) => {
    let server: LoginServer
    beforeAll(async () => {
      server = await serveLogin(options)
    })
    afterAll(() => server.close())
    suite(() => server)
  })
}
