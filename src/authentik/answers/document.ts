/** The OpenAPI document of a release; loaded when asked for. */
export { toDocument } from '../../rest/document.ts'
