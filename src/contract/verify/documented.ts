/** Compares an answer with what a release documents of it. */
import { meaning, type Schema } from '../../schema/words.ts'

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
  const { component, isList, parts } = meaning(unwrap(schema))
  if (isList) {
    const [element] = parts
    return element && Array.isArray(body)
      ? body.flatMap((value, index) => findUndocumentedKeys(element, value, `${path}[${index}]`))
      : []
  }
  const shape = component?.extra?.additionalProperties ? undefined : component?.shape
  if (!shape) return []
  return Object.entries(body).flatMap(([key, value]) => {
    const documented = Object.hasOwn(shape, key) ? shape[key] : undefined
    return documented ? findUndocumentedKeys(documented, value, `${path}.${key}`) : [`${path}.${key}`]
  })
}

/** Finds the component that stands at a path. @returns its name */
export function findComponent(schema: Schema, path: string): string | undefined {
  let inner: Schema | undefined = unwrap(schema)
  for (const step of toSteps(path)) {
    const { parts, component }: ReturnType<typeof meaning> = meaning(inner)
    const next: Schema | undefined = /^(\d+|\*)$/.test(step) ? parts[0] : component?.shape?.[step]
    if (!next) return undefined
    inner = unwrap(next)
  }
  return meaning(inner).component?.name
}

/** Splits a path such as `$.user.groups_obj[0]` into names and indices. */
export const toSteps = (path: string): string[] => path.replace(/^\$/, '').match(/[^.[\]']+/g) ?? []

/** Takes away what wraps a schema, such as nullable and optional. */
export function unwrap(schema: Schema): Schema {
  const { component, parts, isList } = meaning(schema)
  const [inner] = parts
  return component || isList || !inner ? schema : unwrap(inner)
}
