/** `openid-client` logs somebody in, unchanged: on a page, and without one. */
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CALLBACK, describeLogins, KINDS, serveLogin, type LoginServer } from '../../../support/login-clients.ts'

/** Takes what a login brought back. @returns the claims of the ID token */
async function finish(
  config: client.Configuration,
  url: URL,
  checks: { expectedState: string; expectedNonce: string },
) {
  if (!url.hash.includes('code=')) return client.implicitAuthentication(config, url, checks.expectedNonce, checks)
  return (await client.authorizationCodeGrant(config, url, checks)).claims()
}

const SCOPE = 'openid profile email offline_access'

describeLogins('openid-client', (served) => {
  it.each([
    ['code id_token', client.useCodeIdTokenResponseType],
    ['id_token', client.useIdTokenResponseType],
  ] as const)('logs in with the response type %s, whose hashes it finds right', async (_, useResponseType) => {
    const { issuer, client_id, client_secret, user, password } = served().login('confidential RS256')
    const authentication = client.ClientSecretPost(client_secret!)
    const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks, useResponseType]
    const config = await client.discovery(new URL(issuer), client_id, {}, authentication, { execute })
    const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
    const parameters = { redirect_uri: CALLBACK, scope: 'openid email', state: expectedState, nonce: expectedNonce }
    const { url } = await served().browse().authorize(client.buildAuthorizationUrl(config, parameters), user, password)
    expect(await finish(config, url, { expectedState, expectedNonce })).toMatchObject({ aud: client_id })
  })

  it.each(KINDS)('logs in at a %s provider, renews and asks who it is', async (kind) => {
    const { issuer, client_id, client_secret, alg, user, password } = served().login(kind)
    const authentication = client_secret === null ? client.None() : client.ClientSecretPost(client_secret)
    const execute = [client.allowInsecureRequests, ...(alg === 'HS256' ? [] : [client.enableNonRepudiationChecks])]
    const metadata = { id_token_signed_response_alg: alg }
    const config = await client.discovery(new URL(issuer), client_id, metadata, authentication, { execute })

    const verifier = client.randomPKCECodeVerifier()
    const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: SCOPE,
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const { url } = await served().browse().authorize(address, user, password)
    const tokens = await client.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: verifier,
      expectedState,
      expectedNonce,
      idTokenExpected: true,
    })
    const { sub } = tokens.claims()!
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub)
    expect(userinfo).toMatchObject({ sub, preferred_username: user })

    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token!)
    expect(renewed.claims()?.sub).toBe(sub)
    await expect(client.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it.each(KINDS)('lets a device in at a %s provider, which a person opens the link of', async (kind) => {
    const { issuer, client_id, client_secret, alg, user, password } = served().login(kind)
    const authentication = client_secret === null ? client.None() : client.ClientSecretPost(client_secret)
    const execute = [client.allowInsecureRequests]
    const metadata = { id_token_signed_response_alg: alg }
    const config = await client.discovery(new URL(issuer), client_id, metadata, authentication, { execute })
    const device = await client.initiateDeviceAuthorization(config, { scope: SCOPE })
    expect(device).toMatchObject({ interval: 5, verification_uri: `${served().url}/device` })

    // It begins to ask before the person is there, and asks more often than it should.
    const eager = { ...device, interval: 0.05 }
    // Until 2024.8.4 it is this request whose scope gives a refresh token.
    const polling = client.pollDeviceAuthorizationGrant(config, eager, { scope: SCOPE })
    const page = await served().browse().authorize(device.verification_uri_complete!, user, password)
    expect(page.text).toContain('successfully authenticated your device')
    const tokens = await polling
    const { sub } = tokens.claims()!
    expect(await client.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({ preferred_username: user })
    expect((await client.refreshTokenGrant(config, tokens.refresh_token!)).claims()?.sub).toBe(sub)
    await expect(client.pollDeviceAuthorizationGrant(config, eager)).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})

describe('openid-client at a confidential provider', () => {
  let server: LoginServer
  /** Discovers it. @param authenticate how the client shows its secret */
  const discover = (authenticate = client.ClientSecretPost, secret?: string) => {
    const { issuer, client_id, client_secret } = server.login('confidential RS256')
    const execute = [client.allowInsecureRequests]
    return client.discovery(new URL(issuer), client_id, {}, authenticate(secret ?? client_secret!), { execute })
  }
  beforeAll(async () => {
    server = await serveLogin({ login: 'auto' })
  })
  afterAll(() => server.close())

  it('gets a token for itself, with its secret in the header', async () => {
    const config = await discover(client.ClientSecretBasic)
    const { access_token } = await client.clientCredentialsGrant(config, { scope: 'openid profile' })
    const { preferred_username } = await client.fetchUserInfo(config, access_token, client.skipSubjectCheck)
    expect(preferred_username).toBe('ak-Provider for Web app-client_credentials')
  })

  it('learns whether a token is good, until it revokes it', async () => {
    const config = await discover()
    const { access_token } = await client.clientCredentialsGrant(config)
    expect(await client.tokenIntrospection(config, access_token)).toMatchObject({ active: true, client_id: 'web' })
    await client.tokenRevocation(config, access_token)
    expect(await client.tokenIntrospection(config, access_token)).toEqual({ active: false })
  })

  it('is told of a refusal by its code', async () => {
    const config = await discover(client.ClientSecretPost, 'wrong')
    const url = new URL(`${CALLBACK}?code=none&state=s`)
    await expect(client.authorizationCodeGrant(config, url, { expectedState: 's' })).rejects.toMatchObject({
      error: 'invalid_client',
      status: 400,
    })
  })

  it('leads to the page that ends the session at the application', async () => {
    const { user, password } = server.login('confidential RS256')
    const config = await discover()
    const browser = server.browse()
    const parameters = { redirect_uri: CALLBACK, scope: 'openid', state: 's' }
    await browser.authorize(client.buildAuthorizationUrl(config, parameters), user, password)
    const { text } = await browser.open(client.buildEndSessionUrl(config).href)
    expect(text).toContain('Log out of authentik')
  })
})
