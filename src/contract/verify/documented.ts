/** Compares an answer with what a release documents of it. */
import { toInner } from '../../schema/walk.ts'
import { meaningOf, type Schema } from '../../schema/words.ts'

/** What is wrong with an answer at a path such as `$.user.groups_obj[0].pk`. */
export interface Violation {
  path: string
  text: string
}

/** Finds where an answer is not as it is documented. */
export const findViolations = (schema: Schema, body: unknown): Violation[] =>
  (schema.safeParse(body).error?.issues ?? []).map(({ path: keys, message }) => ({
    path: keys.reduce<string>((path, key) => path + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`), '$'),
    text: message.replace(/^Invalid (input|string|option): /, ''),
  }))

/** Finds the keys of an answer that are not documented. @returns their paths */
export function findUndocumentedKeys(schema: Schema, body: unknown, path = '$'): string[] {
  if (typeof body !== 'object' || body === null) return []
  const { component, isList, parts } = meaningOf(toInner(schema))
  if (isList) {
    const [element] = parts
    return element && Array.isArray(body)
      ? body.flatMap((value, index) => findUndocumentedKeys(element, value, `${path}[${index}]`))
      : []
  }
  const shape = component?.additionalProperties ? undefined : component?.shape
  if (!shape) return []
  return Object.entries(body).flatMap(([key, value]) => {
    const documented = Object.hasOwn(shape, key) ? shape[key] : undefined
    return documented ? findUndocumentedKeys(documented, value, `${path}.${key}`) : [`${path}.${key}`]
  })
}
