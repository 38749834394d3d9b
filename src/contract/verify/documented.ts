/** Compares an answer with what a release documents of it. */
import { isObject } from '../../schema/json.ts'
import { toInner } from '../../schema/walk.ts'
import { isOptional, meaningOf, type Schema } from '../../schema/words.ts'

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

/** Finds the keys that a document lets an answer leave out, and that no part of the answer has. @returns their paths */
export function findOmittedKeys(schema: Schema, body: unknown): string[] {
  const [omitted, present] = [new Map<string, string>(), new Set<string>()]
  const visit = (part: Schema, value: unknown, path: string): void => {
    const { component, isList, parts } = meaningOf(toInner(part))
    const [element] = parts
    if (isList && element && Array.isArray(value))
      value.forEach((item, index) => visit(element, item, `${path}[${index}]`))
    if (!isObject(value)) return
    for (const [key, documented] of Object.entries(component?.shape ?? {})) {
      const keyPath = `${path}.${key}`
      const place = keyPath.replace(/\[\d+\]/g, '[]')
      if (Object.hasOwn(value, key)) {
        present.add(place)
        visit(documented, value[key], keyPath)
      } else if (isOptional(documented) && !omitted.has(place)) omitted.set(place, keyPath)
    }
  }
  visit(schema, body, '$')
  return [...omitted].flatMap(([place, path]) => (present.has(place) ? [] : [path]))
}

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
