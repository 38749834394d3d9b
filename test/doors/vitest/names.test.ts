/** The names that the door knows as types are those of every release: `npm run update` writes them anew. */
import { expect, it } from 'vitest'
import { findRelease, versions } from '../../../src/authentik/releases/index.ts'
import { componentsOf } from '../../../src/rest/document.ts'
import { inRoot } from '../../support/files.ts'

const union = (names: Iterable<string>) =>
  [...new Set(names)]
    .sort()
    .map((name) => `  | '${name}'`)
    .join('\n')

it('src/doors/vitest/names.ts has the components and the operations of every release', async () => {
  const releases = versions.map(findRelease)
  const components = releases.flatMap((release) => [...componentsOf(release).keys()])
  const operations = releases.flatMap((release) => release.operations.map(({ id }) => id))
  const text = `/** The names that matchers take, of every release that a mock can be. \`npm run update\` writes this file. */

/** A component of the OpenAPI document of a release. */
export type ComponentName =
${union(components)}

/** The operationId of an operation that a release of the mock has. */
export type OperationName =
${union(operations)}
`
  expect(components).toContain('ExpiringBaseGrantModel')
  await expect(text).toMatchFileSnapshot(inRoot('src/doors/vitest/names.ts'))
})
