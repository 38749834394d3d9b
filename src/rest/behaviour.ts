/** How a release goes about things, beside its schemas. */

/** What differs between releases beside schemas and parameters. */
export interface Behaviour {
  /** Where the API stands, as its document says. */
  server: string
  /** Whether the document says once what many operations share, and refers to it. */
  refersToShared: boolean
  /** Whether the path of one row asks for the permissions that its list asks for. */
  guardsRows: boolean
  /** Whether `used_by` asks for the permission to view (CVE-2024-42490). */
  guardsUsedBy: boolean
  /** Whether 404 names the model that has no such row. */
  namesModel: boolean
  /** How many a page has when nobody says, and at most. */
  pageSize: number
  maxPageSize: number
  /** Whether an empty `?page=` is the first. */
  emptyPageIsFirst: boolean
  /** Whether a NUL in `?search=` is refused. */
  refusesNul: boolean
  /** Whether another scheme than Bearer is refused; it is passed over otherwise. */
  refusesSchemes: boolean
  /** Whether answers are in the language that the caller prefers. */
  speaksLanguages: boolean
  /** Whether a search looks for the text of flags, such as `true`. */
  searchesFlags: boolean
  /** Which parser explains what is no JSON. */
  parser: 'python' | 'orjson'
  /** Whether `Accept: application/json; indent=4` is written with indentation. */
  indents: boolean
  /** What `/-/health/` answers. */
  health: 200 | 204
  /** Whether `?include_groups=false` leaves the groups of users out. */
  leavesGroupsOut: boolean
  /** Whether redirect URIs are a list of how and what; a text with one on each line otherwise. */
  listsRedirectUris: boolean
  /** Whether the `email` scope says that the address is verified. */
  verifiesEmail: boolean
  /** Whether an ID token has an identifier of its own. */
  identifiesTokens: boolean
  /** Permissions on authentik itself rather than on what it keeps. */
  systemPermissions: readonly string[]
  /** Whether a server that has not yet asked which release is the latest names its own. */
  isItsOwnLatest: boolean
}
