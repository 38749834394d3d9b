/** `oauth4webapi` logs somebody in, unchanged, and finds the signatures of ID tokens right by the JWKS. */
import * as oauth from 'oauth4webapi'
import { expect, it } from 'vitest'
import { CALLBACK, describeLogins, type Kind, type LoginServer } from '../../../support/login-clients.ts'

const insecure = { [oauth.allowInsecureRequests]: true }

/** Logs in. @param secret how a client that has one shows it */
async function logIn(server: LoginServer, kind: Kind, secret = oauth.ClientSecretPost) {
  const { issuer, client_id, client_secret, user, password } = server.login(kind)
  const url = new URL(issuer)
  const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure))
  const client: oauth.Client = { client_id }
  const authentication = client_secret === null ? oauth.None() : secret(client_secret)

  const verifier = oauth.generateRandomCodeVerifier()
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
  const query = new URLSearchParams({
    client_id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid email offline_access',
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const place = await server.browse().authorize(`${as.authorization_endpoint}?${query}`, user, password)
  const parameters = oauth.validateAuthResponse(as, client, place.url, state)
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    parameters,
    CALLBACK,
    verifier,
    insecure,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(as, response, insecure)
  return { as, client, authentication, tokens, claims: oauth.getValidatedIdTokenClaims(tokens)! }
}

describeLogins('oauth4webapi', (served) => {
  it.each([
    ['public RS256', undefined],
    ['confidential RS256', oauth.ClientSecretPost],
    ['confidential RS256', oauth.ClientSecretBasic],
  ] as const)('logs in at a %s provider, checks signatures, renews and asks who it is', async (kind, secret) => {
    const { as, client, authentication, tokens, claims } = await logIn(served(), kind, secret)
    const userinfo = await oauth.userInfoRequest(as, client, tokens.access_token, insecure)
    expect(await oauth.processUserInfoResponse(as, client, claims.sub, userinfo)).toMatchObject({
      email: claims['email'],
    })
    const response = await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token!, insecure)
    const renewed = await oauth.processRefreshTokenResponse(as, client, response)
    await oauth.validateApplicationLevelSignature(as, response, insecure)
    expect(oauth.getValidatedIdTokenClaims(renewed)?.sub).toBe(claims.sub)
  })

  it('refuses a provider that signs with its secret, as it does with any server', async () => {
    await expect(logIn(served(), 'confidential HS256')).rejects.toThrow('unsupported JWS algorithm')
  })
})
