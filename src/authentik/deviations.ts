/** Where authentik's answers differ from its own documentation (docs/authentik.md#deviations): each a sentence and what it does to an answer. */
import { isRequiredIn, type Deviation } from '../rest/deviation.ts'
import type { Release } from '../rest/operation.ts'

const PROVIDERS = ['OAuth2Provider', 'Provider']

/** By its id: an anonymous caller is not refused on the path of one row, but sees nothing. */
export const ANONYMOUS_SEES_NOTHING = 'anonymous-detail-404'

/** Every deviation; which releases it holds in is asked of their notes. */
export const deviations: readonly Deviation[] = [
  {
    id: ANONYMOUS_SEES_NOTHING,
    sentence:
      'A caller without credentials gets 404 on the path of one row, where 403 is documented: nothing is visible to them.',
    holds: ({ behaviour }) => !behaviour.instanceNeedsModelPermission,
  },
  {
    id: 'email-empty',
    sentence:
      'The address of a user who has none is an empty string, which the documented format does not allow. As documented the key is left out.',
    holds: () => true,
    components: ['User', 'UserSelf', 'GroupMember', 'PartialUser'],
    keys: ['email'],
    actual: 'empty',
  },
  {
    id: 'provider-obj-null',
    sentence:
      'The `provider_obj` of an application without a provider is null, where an object is documented. It is so in both fidelities: there is nothing else to send.',
    holds: (release) => isRequiredIn(release, 'Application', 'provider_obj'),
  },
  {
    id: 'parent-name-absent',
    sentence: 'The name of the group above is not there when there is none, where a string is documented.',
    holds: (release) => isRequiredIn(release, 'UserGroup', 'parent_name'),
    components: ['UserGroup', 'Group'],
    keys: ['parent_name'],
    actual: 'absent',
  },
  {
    id: 'expires-null',
    sentence:
      'The end of a code or token that is kept for ever is null, where an instant is documented. As documented the key is left out.',
    holds: (release) => isRequiredIn(release, 'ExpiringBaseGrantModel', 'expires'),
    components: ['ExpiringBaseGrantModel', 'TokenModel', 'Token'],
    keys: ['expires'],
    actual: 'null',
  },
  {
    id: 'setup-urls-unassigned',
    sentence:
      'The setup URLs of a provider without an application are answered, some as null and `jwks` left out, where 404 is documented.',
    holds: () => true,
  },
  {
    id: 'assigned-application-null',
    sentence: 'The slug and name of a provider’s application are null when it has none, where strings are documented.',
    holds: (release) => isRequiredIn(release, 'OAuth2Provider', 'assigned_application_slug'),
    components: PROVIDERS,
    keys: ['assigned_application_slug', 'assigned_application_name'],
    actual: 'null',
  },
  {
    id: 'assigned-backchannel-absent',
    sentence:
      'The slug and name of a provider’s back-channel application are not there, where they are documented as required.',
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

/** Recorded answers that are not given with `--fidelity observed`, by name, and why not. */
export const EXCUSED: readonly { names: RegExp; because: string }[] = [
  {
    names: /^code\.auth\.latin1$/,
    because:
      'A credential that is not ASCII breaks the server (500). It is refused like any other that nobody has: a mock that fails on malformed input helps nobody.',
  },
  {
    names: /^providers\.preview_user$/,
    because:
      'It says what a token would hold that were issued now, so its times are those of the moment at which it was asked for.',
  },
  {
    names: /^tokens\.list$/,
    because:
      'The world that comes with the recording leaves out two tokens of the server’s own, and the pk of every other.',
  },
  {
    names: /^code\.last\.list$/,
    because: 'It shows when a user logged in who did so in another part of the recording, which needs the login flow.',
  },
  {
    names: /^codes\.order\.(_?user.*)$/,
    because:
      'Rows that tie come in the order in which PostgreSQL happens to keep them. Here their pk decides, so that pages do not depend on chance.',
  },
  {
    names: /^flows\.(q\.slug|get\.akadmin)$/,
    because:
      'The stages of a flow come in the order in which PostgreSQL happens to keep them, which changes from one request to the next. Here they come in that of the world file.',
  },
]
