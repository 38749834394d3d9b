/** The one reader of `$ref` and of paths: what a reference refers to, and which schema stands where in an answer. */
import { meaningOf, toComponents, toOpenApi, type Fragment, type Meaning, type Schema } from './words.ts'

/** A fragment with what it refers to put in its place. */
export type Resolve = (fragment: Fragment) => Fragment

/** Resolves the references of a schema and of all that it is made of; what stands beside a `$ref` stays. */
export function resolverOf(schema: Schema): { root: Fragment; resolve: Resolve } {
  const components = toComponents([schema])
  const resolve: Resolve = (fragment) => {
    const { allOf, $ref } = fragment
    const [inner] = allOf ?? []
    if (inner) return { ...resolve(inner), ...fragment }
    return $ref === undefined ? fragment : { ...fragment, ...components[$ref.slice('#/components/schemas/'.length)] }
  }
  return { root: toOpenApi(schema), resolve }
}

/** What is wrapped in nullable, optional and the like. */
export function toInner(schema: Schema): Schema {
  const { component, parts, isList } = meaningOf(schema)
  const [inner] = parts
  return component || isList || !inner ? schema : toInner(inner)
}

/** The names and indices of a path such as `$.user.groups_obj[0]`. */
export const stepsOf = (path: string): string[] => path.replace(/^\$/, '').match(/[^.[\]']+/g) ?? []

/** The name of the component that stands at a path of names and indices. */
export function componentAt(schema: Schema, path: string): string | undefined {
  let current: Schema | undefined = schema
  for (const step of stepsOf(path)) {
    const meaning: Meaning | undefined = current && meaningOf(toInner(current))
    current = /^(\d+|\*)$/.test(step) ? meaning?.parts[0] : meaning?.component?.shape?.[step]
  }
  return current && meaningOf(toInner(current)).component?.name
}
