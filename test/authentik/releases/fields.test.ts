/** A field says in which line of releases it came; the note of that line adds it. */
import { expect, it } from 'vitest'
import { findRelease, versions } from '../../../src/authentik/releases/index.ts'
import { resources } from '../../../src/authentik/resources/index.ts'
import { componentsIn } from '../../../src/rest/deviation.ts'
import type { Field } from '../../../src/rest/field.ts'
import { meaningOf, nameOf } from '../../../src/schema/words.ts'

const componentsOfVersions = new Map(
  versions.map((version) => [version, componentsIn(findRelease(version).operations)]),
)
const componentsByVersion = (version: string) => componentsOfVersions.get(version) ?? new Map<string, never>()

const hasKey = (version: string, component: string, key: string) => {
  const schema = componentsByVersion(version).get(component)
  return schema !== undefined && key in (meaningOf(schema).component?.shape ?? {})
}
const lineOf = (version: string) => version.split('.').slice(0, 2).join('.')

const added = resources.flatMap(({ name, fields, component }) =>
  Object.entries<Field>(fields).flatMap(([key, { addedIn }]) =>
    addedIn === undefined ? [] : [{ name, key, addedIn, component: nameOf(component) }],
  ),
)

it.each(added)('$name.$key is documented from $addedIn on, and not before', ({ key, addedIn, component }) => {
  const lines = [...new Set(versions.filter((version) => hasKey(version, component, key)).map(lineOf))]
  expect(lines[0]).toBe(addedIn)
})

it.each(resources.filter(({ component }) => nameOf(component)))(
  'every key of $name in any release has a field',
  (resource) => {
    const { component, documented } = resource
    const keys = versions.flatMap((version) => {
      const schema = componentsByVersion(version).get(nameOf(component))
      return Object.keys((schema && meaningOf(schema).component?.shape) ?? {})
    })
    expect([...new Set(keys)].filter((key) => !(key in documented))).toEqual([])
  },
)

it('covers the fields of several lines', () => {
  expect(new Set(added.map(({ addedIn }) => addedIn)).size).toBeGreaterThan(2)
})
