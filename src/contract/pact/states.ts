/** The states that a provider is put into before it is asked, with their parameters. */

/** Of a code or token: still good, over, or without an end. */
export type Expiry = 'live' | 'expired' | 'none'

/** The parameters of each state, by the sentence that stands in the pact. */
export type StateParameters = {
  'an authorization code exists': { id: number; expiry: Expiry }
  'no authorization code exists': { id: number }
  'an access token exists': { id: number; expiry: Expiry }
  'no access token exists': { id: number }
  'a refresh token exists': { id: number; expiry: Expiry }
  'no refresh token exists': { id: number }
  'a user exists': { id: number }
  'no user exists': { id: number }
  'a group exists': { id: string }
  'no group exists': { id: string }
  /** One that an application stands before, because the URLs of its endpoints have the application's slug in them. */
  'a provider exists': { id: number }
  'no provider exists': { id: number }
  'an application exists': { slug: string }
  'no application exists': { slug: string }
  'an API token exists': { identifier: string }
  /** Whatever the caller sends as its token. */
  'the token is refused': Record<never, never>
}

/**
 * What brings a provider into each state, for the `stateHandlers` of Pact's verifier. What a handler returns stands in
 * the path instead of the consumer's example, so that a server may choose its ids itself: `{ id: 4711 }`.
 */
export type StateHandlers = {
  [Name in keyof StateParameters]: (parameters: StateParameters[Name]) => Promise<Partial<StateParameters[Name]> | void>
}

/** One state, for `given` of pact-js. */
export interface ProviderState<Name extends keyof StateParameters = keyof StateParameters> {
  readonly name: Name
  readonly params: StateParameters[Name]
}

const state =
  <Name extends keyof StateParameters>(name: Name) =>
  (params: StateParameters[Name]): ProviderState<Name> => ({ name, params })

export const states = {
  authorizationCodeExists: state('an authorization code exists'),
  noAuthorizationCodeExists: state('no authorization code exists'),
  accessTokenExists: state('an access token exists'),
  noAccessTokenExists: state('no access token exists'),
  refreshTokenExists: state('a refresh token exists'),
  noRefreshTokenExists: state('no refresh token exists'),
  userExists: state('a user exists'),
  noUserExists: state('no user exists'),
  groupExists: state('a group exists'),
  noGroupExists: state('no group exists'),
  providerExists: state('a provider exists'),
  noProviderExists: state('no provider exists'),
  applicationExists: state('an application exists'),
  noApplicationExists: state('no application exists'),
  tokenExists: state('an API token exists'),
  tokenIsRefused: state('the token is refused'),
}
