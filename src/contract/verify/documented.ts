/** What a release documents of an answer: where it is otherwise, what it does not know, and which component stands where. */
import { meaning, type Schema } from '../../schema/words.ts'

/** What is wrong at a path such as `$.user.groups_obj[0].pk`. */
export interface Wrong {
  path: string
  text: string
}

/** Where an answer is not as it is documented. */
export const wrongIn = (schema: Schema, body: unknown): Wrong[] =>
  (schema.safeParse(body).error?.issues ?? []).map(({ path, message }) => ({
    path: path.reduce<string>((at, key) => at + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`), '$'),
    text: message.replace(/^Invalid (input|string|option): /, ''),
  }))

/** The keys of an answer that are not documented. */
export function unknownIn(schema: Schema, body: unknown, at = '$'): string[] {
  if (typeof body !== 'object' || body === null) return []
  const { component, isList, parts } = meaning(toInner(schema))
  if (isList)
    return Array.isArray(body) ? body.flatMap((one, index) => unknownIn(parts[0]!, one, `${at}[${index}]`)) : []
  const shape = component?.extra?.additionalProperties ? undefined : component?.shape
  if (!shape) return []
  return Object.entries(body).flatMap(([key, value]) =>
    Object.hasOwn(shape, key) ? unknownIn(shape[key]!, value, `${at}.${key}`) : [`${at}.${key}`],
  )
}

/** The component that stands at a path of names and indices. */
export function componentAt(schema: Schema, path: string): string | undefined {
  let at: Schema | undefined = schema
  for (const step of stepsOf(path)) {
    const own: Schema | undefined = at && toInner(at)
    at = own && (/^(\d+|\*)$/.test(step) ? meaning(own).parts[0] : meaning(own).component?.shape?.[step])
  }
  const inner = at && toInner(at)
  return inner && meaning(inner).component?.name
}

/** The names and indices of a path such as `$.user.groups_obj[0]`. */
export const stepsOf = (path: string): string[] => path.replace(/^\$/, '').match(/[^.[\]']+/g) ?? []

/** What is wrapped in nullable, optional and the like. */
export function toInner(schema: Schema): Schema {
  const { component, parts, isList } = meaning(schema)
  return component || isList || parts.length === 0 ? schema : toInner(parts[0]!)
}
