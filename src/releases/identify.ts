/** Which release an OpenAPI document is of, when it does not say. */
import { toDocument } from '../core/openapi.ts'
import type { Fragment } from '../core/schema.ts'
import { findRelease, versions } from './index.ts'

/** The releases whose document is the most like this one, by the schemas that they share. */
export function identifyByShape(schemas: Record<string, Fragment>): string[] {
  let [best, closest]: [number, string[]] = [Infinity, []]
  for (const version of versions) {
    const own = (toDocument(findRelease(version))['components'] as { schemas: Record<string, Fragment> }).schemas
    const apart = Object.keys(own).filter((name) => keysOf(own[name]!) !== (schemas[name] && keysOf(schemas[name]))).length
    if (apart < best) [best, closest] = [apart, []]
    if (apart === best) closest.push(version)
  }
  return closest
}

/** The shape of a component without its prose. */
const keysOf = (component: Fragment) =>
  JSON.stringify(component, (key, value: unknown) => (key === 'description' || key === 'title' ? undefined : key === 'required' ? [...(value as string[])].sort() : value))
