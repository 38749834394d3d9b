/** What differs between releases of authentik beside their schemas, their parameters and their REST framework. */
import type { Behaviour } from '../rest/behaviour.ts'
import type { Context, Release } from '../rest/operation.ts'

/** How a release of authentik behaves. */
export interface AuthentikBehaviour extends Behaviour {
  /** What `/-/health/` answers. */
  healthStatus: 200 | 204
  /** What the front answers while authentik itself starts. */
  startingStatus: 502 | 503
  /** Whether `?include_groups=false` leaves the groups of users out. */
  honoursIncludeGroups: boolean
  /** Whether redirect URIs are a list of how and what; a text with one on each line otherwise. */
  redirectUrisAreList: boolean
  /** Whether the `email` scope says that the address is verified. */
  emailIsVerified: boolean
  /** Whether an ID token has an identifier of its own. */
  idTokenHasJti: boolean
  /** Which grants go with the session that they came from; refresh tokens outlive it. */
  diesWithSession: readonly ('access_tokens' | 'authorization_codes')[]
  /** Whether a list of API tokens shows all to who may view them; a superuser is shown all otherwise. */
  tokensAreListedByPermission: boolean
  /** Whether an app password may last no longer than its user's may. */
  appPasswordsAreLimited: boolean
  /** Whether a body makes a user one of authentik's own, whom it can change no more. */
  usersBecomeInternal: boolean
  /** Whether a private key is shown by a permission of its own. */
  keysNeedPermission: boolean
  /** Whether permissions come by roles alone, also those of users. */
  permissionsComeByRoles: boolean
  /** Whether a user's groups are listed twice among what uses a user. */
  groupsUseUsersTwice: boolean
  /** Whether a session is known by its key, and what is said of its browser stands beside it. */
  sessionsAreNamedByKey: boolean
  /** Whether a group may stand in several others, of which it may be one. */
  groupsHaveParents: boolean
  /** Whether it takes a permission to make superusers of those in a group. */
  superuserGroupsNeedPermission: boolean
  /** Whether what a policy binding can be of depends on its target. */
  policyBindingsAskTarget: boolean
  /** Whether no application may be called as an OAuth endpoint is. */
  slugsAreReserved: boolean
  /** Whether a password that is set is looked at before it is. */
  newPasswordsAreChecked: boolean
  /** Whether the bodies of actions are looked at before they have effect. */
  actionsCheckBodies: boolean
  /** Whether who acts as another user has to say why. */
  impersonationAsksForReason: boolean
  /** Whether who does not say why is told so. */
  impersonationSaysReason: boolean
  /** Whether the tokens of a user go when the user is deactivated. */
  deactivationDropsTokens: boolean
  /** Whether a list of groups says what a search could name. */
  groupsOfferSearch: boolean
  /** Permissions on authentik itself rather than on what it keeps. */
  systemPermissions: readonly string[]
  /** Whether a server that has not yet asked which release is the latest names its own. */
  versionIsLatest: boolean
}

/** A release of authentik. */
export interface AuthentikRelease extends Release {
  behaviour: AuthentikBehaviour
}

/** How the release behaves that an operation answers for; every release of ours is one of authentik. */
export const behaviourOf = ({ release }: Pick<Context, 'release'>) => (release as AuthentikRelease).behaviour
