/** Paths that authentik has, the mock has not, and a parameter of the mock's would take for the key of a row. */

/** They are known before the list of operations is loaded, so that `POST /core/users/export/` is about no user. */
export const SHADOWED: readonly string[] = [
  '/core/applications/requestable/',
  '/core/users/account_lockdown/',
  '/core/users/export/',
  '/core/users/switch/',
  '/crypto/certificatekeypairs/generate/',
  '/events/events/export/',
  '/events/events/stats/',
  '/flows/instances/import/',
]
