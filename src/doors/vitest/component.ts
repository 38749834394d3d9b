/** Holds a value against a component of a release's OpenAPI document. */
import { findRelease } from '../../authentik/releases/index.ts'
import { findUndocumentedKeys, findViolations } from '../../contract/verify/documented.ts'
import { nearestTo } from '../../control/control-error.ts'
import { componentsOf } from '../../rest/document.ts'
import type { Schema } from '../../schema/words.ts'

/** How a value is held against a component. */
export interface ComponentMatch {
  /** The release whose document says what the component is. @default that of the mock, else 2024.8.3 */
  release?: string
  /** Whether keys that the document does not name are wrong too. @default false, as OpenAPI has it */
  exact?: boolean
}

/** By release, because a document is put together from what its operations name. */
const components = new Map<string, Map<string, Schema>>()

/**
 * Finds where a value is not as a component of a release is.
 * @returns a line for each place, with its path
 * @throws TypeError for a name that no component has, and for a response whose body was not read
 * @throws MockError ERR_RELEASE for a release that is not known
 */
export function componentFaults(value: unknown, name: string, release: string, exact = false): string[] {
  const documented = findRelease(release)
  const { version } = documented
  const schemas = components.get(version) ?? componentsOf(documented)
  components.set(version, schemas)
  const schema = schemas.get(name)
  if (!schema)
    throw componentError(
      `there is no component "${name}" in ${version}; the nearest is ${nearestTo(name, [...schemas.keys()])}`,
    )
  if (value instanceof Response) throw componentError('the value is a response. Give its body: await response.json()')
  const violations = findViolations(schema, value).map(({ path, text }) => `${path}: ${text}`)
  const undocumented = exact ? findUndocumentedKeys(schema, value) : []
  return [...violations, ...undocumented.map((path) => `${path}: the document has no such key`)]
}

const componentError = (reason: string) => new TypeError(`Failed to match a component: ${reason}.`)
