/** What differs between releases in how their REST framework goes about things, beside schemas and parameters. */

/** How a release's REST framework behaves. */
export interface Behaviour {
  /** Where the API stands, as its document says. */
  serverUrl: string
  /** Whether the document says once what many operations share, and refers to it. */
  documentRefersToShared: boolean
  /** Whether the path of one row asks for the permissions that its list asks for. */
  instanceNeedsModelPermission: boolean
  /** Whether owners of rows are asked for no permission, and others see them by it; owners are asked who they are otherwise. */
  ownersNeedNoPermission: boolean
  /** Whether `used_by` asks for the permission to view (CVE-2024-42490). */
  usedByNeedsViewPermission: boolean
  /** Whether 404 names the model that has no such row. */
  notFoundNamesModel: boolean
  /** How many rows a page has when nobody says. */
  pageSize: number
  /** How many rows a page has at most. */
  maxPageSize: number
  /** Whether an empty `?page=` is the first. */
  emptyPageIsFirst: boolean
  /** Whether a NUL in `?search=` is refused. */
  searchRefusesNul: boolean
  /** Whether a search looks for the text of booleans, such as `true`. */
  searchFindsBooleans: boolean
  /** Whether another scheme than Bearer is refused; it is passed over otherwise. */
  authRefusesOtherSchemes: boolean
  /** Whether answers are in the language that the caller prefers. */
  answersAreLocalised: boolean
  /** Which parser explains what is no JSON. */
  jsonParser: 'python' | 'orjson'
  /** Whether `Accept: application/json; indent=4` is written with indentation. */
  acceptsJsonIndent: boolean
}
