/** Holds a value against a component of a release's OpenAPI document. */
import type { AuthentikRelease } from '../../authentik/behaviour.ts'
import { findRelease } from '../../authentik/releases/index.ts'
import { findUndocumentedKeys, findViolations } from '../../contract/verify/documented.ts'
import { noSuch } from '../../control/control-error.ts'
import { nearestTo } from '../../schema/nearest.ts'
import { componentsOf } from '../../rest/document.ts'
import { copyOf, quote, readKey } from '../../schema/json.ts'
import type { Schema } from '../../schema/words.ts'
import { whereElse } from './elsewhere.ts'

/** How a value is held against a component. */
export interface ComponentMatch {
  /** The release whose document says what the component is. @default that of the mock, else 2024.8.3 */
  release?: string
  /** Whether keys that the document does not name are wrong too. @default false, as OpenAPI has it */
  exact?: boolean
}

const FIELDS = ['release', 'exact'] satisfies (keyof ComponentMatch)[]

/** By release, because a document is put together from what its operations name. */
const components = new Map<string, Map<string, Schema>>()

/**
 * Finds where a value is not as a component of a release is.
 * @returns a line for each place, with its path
 * @throws TypeError for a name that no component has, for what is not yet a body, and for a key or a value of the match
 * that cannot be
 * @throws MockError ERR_RELEASE for a release that is not known
 */
export function componentFaults(
  value: unknown,
  name: string,
  defaultRelease: string,
  match: ComponentMatch = {},
): string[] {
  checkMatch(match)
  if (typeof name !== 'string')
    throw componentError(`the name of the component is ${quote(name)}. Give one such as 'User'`)
  const { release = defaultRelease, exact = false } = match
  const documented = findRelease(release)
  const { version } = documented
  const schemas = schemasOf(documented)
  const schema = schemas.get(name)
  if (!schema) {
    const elsewhere = whereElse(version, (candidate) => schemasOf(candidate).has(name))
    const hint = elsewhere ?? `the nearest is ${nearestTo(name, [...schemas.keys()])}`
    throw componentError(`there is no component ${quote(name)} in ${version}; ${hint}`)
  }
  checkValue(value)
  const violations = findViolations(schema, value).map(({ path, text }) => `${path}: ${text}`)
  const undocumented = exact ? findUndocumentedKeys(schema, value) : []
  return [...violations, ...undocumented.map((path) => `${path}: the document has no such key`)]
}

function schemasOf(release: AuthentikRelease): Map<string, Schema> {
  const schemas = components.get(release.version) ?? componentsOf(release)
  components.set(release.version, schemas)
  return schemas
}

/** @throws TypeError for what holds a body, and is none */
function checkValue(value: unknown): void {
  if (value instanceof Response) throw componentError('the value is a response. Give its body: await response.json()')
  if (typeof readKey(value, 'then') === 'function')
    throw componentError('the value is a promise. Await it: await response.json()')
}

/** @throws TypeError for what a value is not held by */
function checkMatch(value: unknown): void {
  const match = copyOf(value)
  if (!match) throw componentError('the match is no object. Give one such as { exact: true }')
  for (const name of Object.keys(match))
    if (!FIELDS.some((field) => field === name)) throw componentError(noSuch('field', name, FIELDS))
  const { exact } = match
  if (exact !== undefined && typeof exact !== 'boolean')
    throw componentError(`exact: ${quote(exact)} is not true or false`)
}

const componentError = (reason: string) => new TypeError(`Failed to match a component: ${reason}.`)
