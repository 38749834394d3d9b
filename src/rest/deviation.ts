/** A difference between what authentik documents and what its servers were seen to answer. */
import { componentOf, reachableComponents, toOpenApi, type Schema } from '../schema/words.ts'
import type { Operation, Release } from './operation.ts'

/** A difference between the documentation and the servers. */
export interface Deviation {
  id: string
  /** Whether it holds in a release. */
  holds(release: Release): boolean
  /** The components that a server sends otherwise than documented. */
  components?: readonly string[]
  /** Keys of those components that are concerned. */
  keys?: readonly string[]
  /** What a server has there: nothing, not even the key; null; or an empty text. */
  actual?: 'absent' | 'null' | 'empty'
}

/** Whether a release documents a key of a component, and that it may be null. */
export const isNullableIn = (release: Release, component: string, key: string) => {
  const schema = keyIn(release, component, key)
  return schema !== undefined && toOpenApi(schema).nullable === true
}

/** Whether a release documents a key of a component, and that it is never null. */
export const isRequiredIn = (release: Release, component: string, key: string) => {
  const schema = keyIn(release, component, key)
  return schema !== undefined && toOpenApi(schema).nullable !== true
}

/** How a release documents a key of a component; undefined when it has none. */
export function keyIn(release: Release, component: string, key: string): Schema | undefined {
  const schema = componentsOf(release).get(component)
  return schema && componentOf(schema).shape?.[key]
}

const componentsByRelease = new WeakMap<Release, Map<string, Schema>>()

/** The components that a release's answers are made of, by authentik's names; without those that only manage it. */
export function componentsOf(release: Release): Map<string, Schema> {
  const cached = componentsByRelease.get(release)
  if (cached) return cached
  const components = componentsIn(release.operations.filter(({ manages }) => !manages))
  componentsByRelease.set(release, components)
  return components
}

/** The components that the answers of operations are made of, by authentik's names. */
export const componentsIn = (operations: readonly Operation[]): Map<string, Schema> =>
  reachableComponents(
    operations.flatMap(({ responses }) => Object.values(responses).filter((schema) => schema !== null)),
  )
