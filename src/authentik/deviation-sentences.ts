/** What people are told of the deviations, beside src/authentik/deviations.ts: no answer needs a word of it. */

/** What differs, in one sentence, by the id of the deviation. */
export const SENTENCES: Readonly<Record<string, string>> = {
  'anonymous-detail-404':
    'A caller without credentials gets 404 on the path of one row, where 403 is documented: nothing is visible to them.',
  'email-empty':
    'The address of a user who has none is an empty string, which the documented format does not allow. As documented the key is left out.',
  'provider-obj-null':
    'The `provider_obj` of an application without a provider is null, where an object is documented. It is so in both fidelities: there is nothing else to send.',
  'parent-name-absent': 'The name of the group above is not there when there is none, where a string is documented.',
  'expires-null':
    'The end of a code or token that is kept for ever is null, where an instant is documented. As documented the key is left out.',
  'anonymous-owner-500':
    'A caller without credentials who asks for one session, consent or token breaks the server (500, and 405 without a body to what writes), where 403 is documented.',
  'user-agent-null':
    'What a browser does not say of itself is null in its session, where strings are documented. As documented it is empty.',
  'user-settings-order': 'The keys of what users can set up themselves come in another order than documented.',
  'client-ip-500': 'A filter of events by what is no address breaks the server (500), where 400 is documented.',
  'certificate-file':
    'A certificate or a key that is asked for with `?download` is a file of PEM, where JSON is documented.',
  'group-member-500':
    'A user who is named by no number breaks the server that is to put them into a group (405 without a body), where 400 is documented.',
  'icon-null': 'The picture of a type that has none is null, where a string is documented.',
  'provider-delete-500':
    'Who may view providers and not delete them breaks the server that is asked to delete one among those of every kind (405 without a body), where 403 is documented. So it is with stages, policies and property mappings, by the same rule.',
  'policy-binding-500':
    'A change of a policy binding that does not say its target breaks the server (405 without a body), where no target is documented as required. So the source of authentik says; nobody saw it.',
  'flags-of-licence': 'The flags of a brand that need a licence are not there without one, where they are documented.',
  'icon-empty-object':
    'The new picture of an application is answered with an empty object, where no body is documented.',
  'service-account-order': 'The keys of a new service account come in another order than documented.',
  'used-by-roles-500': 'Who may view users or groups through a role, and asks what uses one, breaks the server (500).',
  'impersonate-201': 'Acting as another user is answered with 201, where 204 is documented.',
  'setup-urls-unassigned':
    'The setup URLs of a provider without an application are answered, some as null and `jwks` left out, where 404 is documented.',
  'recovery-refused-in-text':
    'A recovery that is refused, such as without a flow for it, is documented to say why in a list under `non_field_errors`. It is a text: `No recovery flow set.`',
  'assigned-application-null':
    'The slug and name of a provider’s application are null when it has none, where strings are documented.',
  'assigned-backchannel-absent':
    'The slug and name of a provider’s back-channel application are not there, where they are documented as required.',
}

/** Where the login is no safer than the release that the mock is, and where it is safer, in either fidelity. */
export const WEAKNESSES: Readonly<Record<string, string>> = {
  'redirect-uri-lookalike':
    'CVE-2024-52289: a redirect URI is a regular expression, so that `https://fooXexample.com` meets `https://foo.example.com`, until 2024.8.4 and from 2024.10.0 to 2024.10.2. From 2024.8.5 and 2024.10.3 on it is met exactly, unless it says otherwise.',
  'unknown-scope-granted':
    'CVE-2024-52287: the token endpoint grants a client a scope that its provider does not have, until 2024.8.4 and from 2024.10.0 to 2024.10.2. From 2024.8.5 and 2024.10.3 on it is cut.',
  'foreign-token-introspected':
    'CVE-2024-47077: a client is told what a token of another client says, until 2024.6.4 and from 2024.8.0 to 2024.8.2. From 2024.6.5 and 2024.8.3 on it is inactive to everybody else.',
  'used-at-once':
    'A code, a refresh token, or the code of a device that is shown many times at once is good for most of them at a real server, which reads and deletes it without a lock. Here exactly one is given tokens, in every release: this difference is ours.',
  'next-below-server':
    'A `next` without a host is followed by a server: `a/b` as it stands, while `a`, which is neither a path nor the name of a page, breaks it (500). Here one that does not begin with a slash is refused as a foreign one is, in every release: this difference is ours.',
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
