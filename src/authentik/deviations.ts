/** Where authentik's answers differ from its own documentation (docs/authentik.md#deviations): what each does to an answer. */
import { isRequiredIn, type Deviation } from '../rest/deviation.ts'
import type { Release } from '../rest/operation.ts'
import { behaviourOf } from './behaviour.ts'

const PROVIDERS = ['OAuth2Provider', 'Provider']

/** By its id: an anonymous caller is not refused on the path of one row, but sees nothing. */
export const ANONYMOUS_SEES_NOTHING = 'anonymous-detail-404'

/** By its id: a refused recovery says why in a text, and not in a list. */
export const RECOVERY_REFUSED_IN_TEXT = 'recovery-refused-in-text'

/** By its id: a server fails over an anonymous caller where it looks for rows of their own. */
export const ANONYMOUS_FAILS = 'anonymous-owner-500'

/** By its id: acting as another user is answered as if something was made. */
export const IMPERSONATION_CREATES = 'impersonate-201'

/** Every deviation; which releases it holds in is asked of their notes. */
export const deviations: readonly Deviation[] = [
  {
    id: ANONYMOUS_SEES_NOTHING,
    holds: ({ behaviour }) => !behaviour.instanceNeedsModelPermission,
  },
  {
    id: 'email-empty',
    holds: () => true,
    components: ['User', 'UserSelf', 'GroupMember', 'PartialUser'],
    keys: ['email'],
    actual: 'empty',
  },
  {
    id: 'provider-obj-null',
    holds: (release) => isRequiredIn(release, 'Application', 'provider_obj'),
  },
  {
    id: 'parent-name-absent',
    holds: (release) => isRequiredIn(release, 'UserGroup', 'parent_name'),
    components: ['UserGroup', 'Group'],
    keys: ['parent_name'],
    actual: 'absent',
  },
  {
    id: 'expires-null',
    holds: (release) => isRequiredIn(release, 'ExpiringBaseGrantModel', 'expires'),
    components: ['ExpiringBaseGrantModel', 'TokenModel', 'Token'],
    keys: ['expires'],
    actual: 'null',
  },
  {
    id: ANONYMOUS_FAILS,
    holds: (release) => behaviourOf({ release }).ownersNeedNoPermission,
  },
  {
    id: 'user-agent-null',
    holds: () => true,
  },
  {
    id: 'user-settings-order',
    holds: () => true,
  },
  {
    id: 'client-ip-500',
    holds: () => true,
  },
  {
    id: 'certificate-file',
    holds: () => true,
  },
  {
    id: 'group-member-500',
    holds: (release) => !behaviourOf({ release }).actionsCheckBodies,
  },
  {
    id: 'icon-null',
    holds: () => true,
  },
  {
    id: 'provider-delete-500',
    holds: () => true,
  },
  {
    id: 'policy-binding-500',
    holds: (release) => behaviourOf({ release }).policyBindingsAskTarget,
  },
  {
    id: 'flags-of-licence',
    holds: () => true,
  },
  {
    id: 'icon-empty-object',
    holds: () => true,
  },
  {
    id: 'service-account-order',
    holds: () => true,
  },
  {
    id: 'used-by-roles-500',
    holds: (release) => behaviourOf({ release }).permissionsComeByRoles,
  },
  {
    id: IMPERSONATION_CREATES,
    holds: (release) => !behaviourOf({ release }).impersonationSaysReason,
  },
  {
    id: 'setup-urls-unassigned',
    holds: () => true,
  },
  {
    id: RECOVERY_REFUSED_IN_TEXT,
    holds: () => true,
  },
  {
    id: 'assigned-application-null',
    holds: (release) => isRequiredIn(release, 'OAuth2Provider', 'assigned_application_slug'),
    components: PROVIDERS,
    keys: ['assigned_application_slug', 'assigned_application_name'],
    actual: 'null',
  },
  {
    id: 'assigned-backchannel-absent',
    holds: (release) => isRequiredIn(release, 'OAuth2Provider', 'assigned_backchannel_application_slug'),
    components: PROVIDERS,
    keys: ['assigned_backchannel_application_slug', 'assigned_backchannel_application_name'],
    actual: 'absent',
  },
]

const byRelease = new WeakMap<Release, Deviation[]>()

/** Those that hold in a release. */
export function deviationsOf(release: Release): Deviation[] {
  const holding = byRelease.get(release) ?? deviations.filter(({ holds }) => holds(release))
  byRelease.set(release, holding)
  return holding
}
