/** Where authentik's answers differ from its own documentation (FACTS 2.6): each a sentence and what it does to an answer. */
import type { Deviation } from '../rest/deviation.ts'

/** Until 2025.8.6, 2025.10.4, 2025.12.2 and 2026.2.0 (FACTS 6.1). */
const beforeNullable = (release: string) => /^2024\.|^2025\.(?:[246]\.|8\.[0-5]$|10\.[0-3]$|12\.[01]$)/.test(release)

export const deviations: readonly Deviation[] = [
  {
    id: 'anonymous-detail-404',
    sentence:
      'A caller without credentials gets 404 on the path of one row, where 403 is documented: nothing is visible to them.',
    holds: (release) => !release.startsWith('2024.2.'),
  },
  {
    id: 'email-empty',
    sentence:
      'The address of a user who has none is an empty string, which the documented format does not allow. As documented the key is left out.',
    holds: () => true,
    components: ['User', 'UserSelf', 'GroupMember', 'PartialUser'],
    keys: ['email'],
    given: 'empty',
  },
  {
    id: 'provider-obj-null',
    sentence:
      'The `provider_obj` of an application without a provider is null, where an object is documented. It is so in both voices: there is nothing else to send.',
    holds: (release) => /^202[45]\.|^2026\.2\.[01]$/.test(release),
  },
  {
    id: 'parent-name-absent',
    sentence: 'The name of the group above is not there when there is none, where a string is documented.',
    holds: (release) => release.startsWith('2024.2.'),
    components: ['UserGroup', 'Group'],
    keys: ['parent_name'],
    given: 'absent',
  },
  {
    id: 'expires-null',
    sentence:
      'The end of a code or token that is kept for ever is null, where an instant is documented. As documented the key is left out.',
    holds: (release) => release.startsWith('2024.2.'),
    components: ['ExpiringBaseGrantModel', 'TokenModel', 'Token'],
    keys: ['expires'],
    given: 'null',
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
    holds: beforeNullable,
    components: ['OAuth2Provider', 'Provider'],
    keys: ['assigned_application_slug', 'assigned_application_name'],
    given: 'null',
  },
  {
    id: 'assigned-backchannel-absent',
    sentence:
      'The slug and name of a provider’s back-channel application are not there, where they are documented as required.',
    holds: beforeNullable,
    components: ['OAuth2Provider', 'Provider'],
    keys: ['assigned_backchannel_application_slug', 'assigned_backchannel_application_name'],
    given: 'absent',
  },
]

/** Those that hold in a release. */
export const deviationsOf = (release: string): Deviation[] => deviations.filter((one) => one.holds(release))

/** Recorded answers that the observed voice does not give, by name, and why not. */
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
]
