/**
 * What differs between releases in their login, each border in a row (docs/authentik.md). It is no part of their notes,
 * because it is loaded with the endpoints, when somebody logs in.
 */
import { compareVersions, lineOf } from '../releases/versions.ts'

/** Whether something is so in a release. */
type Border = (version: string) => boolean

/**
 * From a release on; where a patch brought it to an older line too, that patch is named beside it.
 * @example addedIn('2024.8.3', '2024.6.5') // not in 2024.8.0
 */
const addedIn =
  (...versions: readonly [first: string, ...others: string[]]): Border =>
  (version) => {
    const sameLine = versions.find((candidate) => lineOf(candidate) === lineOf(version))
    return compareVersions(version, sameLine ?? versions[0]) >= 0
  }

/** Until the release before. */
const removedIn =
  (version: string): Border =>
  (candidate) =>
    compareVersions(candidate, version) < 0

const BORDERS = {
  /** Introspection is of a provider's own tokens alone (CVE-2024-47077). */
  introspectionChecksProvider: addedIn('2024.8.3', '2024.6.5'),
  /** Scopes that a provider does not know are cut from a request to the token endpoint (CVE-2024-52287). */
  tokenScopesAreCut: addedIn('2024.10.3', '2024.8.5'),
  /** A device gets a refresh token for the scope that it asked for first, and not for that of the request for tokens. */
  deviceScopeGivesRefreshToken: addedIn('2024.8.5'),
  /** A token names the session that it came from. */
  tokensNameSession: addedIn('2024.8.5'),
  /** Each key of a JWKS says its algorithm first. */
  jwksBeginWithAlgorithm: addedIn('2024.12.0'),
  /** A provider may trust the access tokens of others. */
  providersTrustProviders: addedIn('2024.12.0'),
  /** The schema of the first stage allows that there is no captcha. */
  captchaStageIsNullable: addedIn('2024.12.0'),
  /** A flow that was gone through stays, and refuses everything. */
  planOutlivesFlow: removedIn('2024.12.3'),
  /** A client that nobody has to be asked for is answered at once. */
  authorizeAnswersAtOnce: addedIn('2024.12.0'),
  /** The page of a flow is told who may look into the flow. */
  flowsTellInspectors: addedIn('2024.12.0'),
  /** A client's logout goes through a flow, and not to a page that asks. */
  logoutRunsFlow: addedIn('2024.10.0'),
  /** The token endpoint answers which scope was granted. */
  tokenAnswerHasScope: addedIn('2025.2.0'),
  /** A public client revokes a token by its name alone. */
  publicClientsRevokeByName: addedIn('2025.2.0'),
  /** Who logs in where somebody else was takes the place of their session. */
  loginReplacesSession: addedIn('2025.4.0'),
  /** `offline_access` asks for consent. */
  offlineAccessAsksForConsent: removedIn('2025.4.0'),
  /** A refusal in JSON names the request. */
  errorsNameRequest: addedIn('2025.8.0'),
  /** Discovery says that the back channel tells of logouts. */
  discoveryNamesBackchannel: addedIn('2025.8.0'),
  /** RFC 8414's path for the document of a server is there. */
  hasServerMetadata: addedIn('2025.8.0'),
  /** The parameter `request` is refused before others are looked at. */
  requestObjectIsCheckedFirst: addedIn('2025.8.0'),
  /** `id_token` alone brings an access token too. */
  idTokenBringsAccessToken: removedIn('2025.8.0'),
  /** A wrong token of a consent is told. */
  consentTokenIsExplained: addedIn('2025.8.0'),
  /** A redirect URI that is a pattern is read as an address where a page asks, which breaks the server at some. */
  corsBreaksAtPatterns: removedIn('2026.8.0'),
  /** A login gives the browser a name that lasts. */
  loginNamesDevice: addedIn('2025.8.0'),
  /** The endpoint for devices refuses in JSON, and no cache keeps its answers. */
  deviceAnswersInJson: addedIn('2025.8.0'),
  /** The code of a device is read as a text; as a whole number before, which then leads nowhere (seen in 2024.8.4). */
  deviceCodeIsText: addedIn('2024.10.2'),
  /** Too many wrong passwords say what is wrong. */
  lockoutSaysWhy: addedIn('2024.10.0'),
  /** The code of a user who was deactivated is refused; seen in 2025.8.6, and not in 2024.8.4. */
  inactiveUsersCodeIsRefused: addedIn('2025.8.0'),
  /** A token says how its user was authenticated (RFC 8176). */
  tokensNameMethods: addedIn('2025.10.0'),
  /** An access token says its scope. */
  accessTokenHasScope: addedIn('2025.10.0'),
  /** The token endpoint answers a new refresh token last. */
  refreshTokenIsLast: addedIn('2025.10.0'),
  /** A provider's threshold keeps a refresh token. */
  refreshTokensMayStay: addedIn('2025.10.0'),
  /** The address to leave a flow says where to go then. */
  cancelUrlHasNext: addedIn('2025.12.0'),
  /** Who has to log in again is told for which application. */
  newLoginNamesApplication: addedIn('2025.12.0'),
  /** The first stage without a name says that there is no data. */
  identificationNeedsData: addedIn('2025.12.0'),
  /** Who has to log in is sent to the flow's page at once. */
  loginIsDirect: addedIn('2025.12.0'),
  /** A provider's own flow of authentication is gone through; 2025.12.0 forgot to when it left the way by the default one. */
  providerFlowIsHonoured: (version) => version !== '2025.12.0',
  /** The page that ends a client's logout is for who is still logged in alone. */
  sessionEndNeedsLogin: addedIn('2025.10.0'),
  /** Who is logged in already is led on by a flow of authentication that is not for them. */
  loggedInAreLedOn: addedIn('2025.10.0'),
  /** A user who is not active gets no tokens as a client, or by an app password (CVE-2025-64521). */
  clientCredentialsNeedActiveUser: addedIn('2025.12.0', '2025.10.2', '2025.8.5'),
  /** A mapping may say another scope in an access token. */
  mappingsOverrideScope: addedIn('2026.2.0'),
  /** The client of a device may say who it is in the Authorization header. */
  deviceReadsBasic: addedIn('2026.2.0'),
  /** A client's word for who is to log in is taken. */
  loginHintIsTaken: addedIn('2026.2.0'),
  /** A client may ask for a language. */
  uiLocalesAreTaken: addedIn('2025.10.0'),
  /** Passwords are counted by the reputation of a name. */
  reputationEndsFlow: addedIn('2026.2.0'),
  /** Who leaves a flow is sent to where they want to go. */
  cancelHonoursNext: addedIn('2025.12.0'),
  /** A logout while a browser is in a flow says that it was successful. */
  logoutEndsPlan: addedIn('2026.2.0'),
  /** A client's name and secret in the Authorization header are percent-encoded. */
  basicIsPercentDecoded: addedIn('2026.2.2'),
  /** The name of a key is 64 bytes in base64url, and not 32 hexadecimal digits. */
  kidIsLong: addedIn('2026.2.0'),
  /** The page that denies gives who is logged in the cookie against forged requests (seen in 2025.8.6); it is another from 2025.12. */
  deniedPageSetsCsrf: removedIn('2025.12.0'),
  /** It gives nobody else that cookie (seen in 2024.12.5). */
  deniedPageSparesAnonymous: addedIn('2024.12.0'),
  /** The first page after a login takes its message out of the session. */
  pagesTakeMessage: removedIn('2025.12.0'),
  /** A code whose time is over is none. */
  expiredCodesAreAbsent: addedIn('2026.5.0'),
  /** A client's registered address is where who has logged out of it goes; a wrong one is refused, and a wrong token too. */
  logoutLeadsToClient: addedIn('2026.5.0'),
  /** A logout may be sent by a form. */
  logoutTakesForm: addedIn('2026.5.0'),
  /** A provider says which grants its client may use; one that an API made has none by default. */
  grantTypesAreChosen: addedIn('2026.5.0'),
  /** A client's logout needs nobody to be logged in. */
  logoutNeedsNoLogin: addedIn('2026.8.0'),
  /** A confidential client shows its secret for the code of a device too. */
  deviceCodeNeedsSecret: addedIn('2026.8.0'),
  /** A refresh token is replaced when its end is near; with a threshold it never is before. */
  thresholdIsMended: addedIn('2026.5.0'),
} as const satisfies Record<string, Border>

/** Keys of challenges that not every release has. */
const CHALLENGE_KEYS: Readonly<Record<string, Border>> = {
  type: removedIn('2024.8.0'),
  allow_show_password: addedIn('2024.8.0'),
  captcha_stage: addedIn('2024.10.0'),
  enable_remember_me: addedIn('2025.4.0'),
  passkey_challenge: addedIn('2025.12.0'),
  background_themed_urls: addedIn('2025.12.0'),
  pending_user_identifier: addedIn('2026.2.0'),
  application_pre_launch: addedIn('2026.2.0'),
}

/** How a release's login behaves. */
export type LoginBehaviour = Readonly<Record<keyof typeof BORDERS, boolean>> & {
  /** Whether a key of a challenge is there. */
  hasChallengeKey(key: string): boolean
}

const behaviours = new Map<string, LoginBehaviour>()

/** How the login of a release behaves. */
export function loginBehaviourOf(version: string): LoginBehaviour {
  let behaviour = behaviours.get(version)
  if (!behaviour) {
    const entries = Object.entries(BORDERS).map(([name, border]) => [name, border(version)])
    const hasChallengeKey = (key: string) => CHALLENGE_KEYS[key]?.(version) ?? true
    behaviour = { ...(Object.fromEntries(entries) as Record<keyof typeof BORDERS, boolean>), hasChallengeKey }
    behaviours.set(version, behaviour)
  }
  return behaviour
}
