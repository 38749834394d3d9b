/** The shipped list of operations is what authentik documents, and docs/operations.md is what the list says. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { countOperations, documentedIn, readList } from '../../../src/authentik/operations/documented.ts'
import { SHADOWED } from '../../../src/authentik/operations/shadowed.ts'
import { compareVersions, DEFAULT_RELEASE, findRelease, versions } from '../../../src/authentik/releases/index.ts'
import { inRoot, readJson, readText } from '../../support/files.ts'
import {
  coverageOf,
  keyOf,
  keysOf,
  readLists,
  toLine,
  toListFingerprint,
  toListModule,
  toOperationsPage,
} from '../../support/operations.ts'

const newest = versions.at(-1) ?? DEFAULT_RELEASE
const fingerprints: Record<string, string> = readJson('fixtures/operations/fingerprints.json')
/** A folder with lists of some releases, such as `2024.8.3.txt`; what is shipped stands for the others. */
const folder = process.env['AUTHENTIK_OPERATIONS']

for (const lists of folder === undefined ? [] : [readLists(folder)])
  describe('the lists in AUTHENTIK_OPERATIONS', async () => {
    const shipped = await Promise.all(
      Object.keys(fingerprints)
        .filter((version) => !lists.some((list) => list.version === version))
        .map(async (version) => ({ version, lines: (await documentedIn(version)).map(toLine) })),
    )
    const together = [...shipped, ...lists].toSorted((a, b) => compareVersions(a.version, b.version))

    it('are what the shipped list was written from', async () => {
      await expect(toListModule(together)).toMatchFileSnapshot(inRoot('src/authentik/operations/list.ts'))
    })

    it('are what the fingerprints were taken from', async () => {
      const taken = Object.fromEntries(together.map(({ version, lines }) => [version, toListFingerprint(lines)]))
      await expect(`${JSON.stringify(taken, null, 2)}\n`).toMatchFileSnapshot(
        inRoot('fixtures/operations/fingerprints.json'),
      )
    })
  })

describe('the shipped list', () => {
  it.each(Object.entries(fingerprints))('has the operations of %s, no more and no fewer', async (version, taken) => {
    expect(toListFingerprint((await documentedIn(version)).map(toLine))).toBe(taken)
  })

  it('has for every release what its line has, and for a newer one what the newest line has', async () => {
    expect(await documentedIn('2025.12.0')).toEqual(await documentedIn('2025.12.4'))
    expect(await documentedIn('2025.3.1')).toEqual(await documentedIn('2025.2.4'))
    expect(await documentedIn('2099.1.0')).toEqual(await documentedIn(newest))
  })

  it('says of an operation which lines of releases have it, and derives its id from its path', () => {
    expect(
      readList('/core/brands/{brand_uuid}/used_by/ list 2024.8-2025.2\n/flows/executor/ create=flows_solve'),
    ).toEqual([
      {
        id: 'core_brands_used_by_list',
        method: 'GET',
        path: '/core/brands/{brand_uuid}/used_by/',
        firstLine: '2024.8',
        lastLine: '2025.2',
      },
      { id: 'flows_solve', method: 'POST', path: '/flows/executor/', firstLine: '2024.2', lastLine: undefined },
    ])
  })

  it.each(Object.keys(fingerprints))('has every operation of the mock, under its own id: %s', async (version) => {
    const lines = new Set((await documentedIn(version)).map(toLine))
    const strange = findRelease(version).operations.filter(
      ({ id, method, view: { path } }) => !lines.has(toLine({ id, method, path })),
    )
    expect(strange.map(({ id }) => id)).toEqual([])
  })

  it.each(Object.keys(fingerprints))(
    'has what the views of the mock say they lack, and no more: %s',
    async (version) => {
      const { operations } = findRelease(version)
      const paths = new Set(operations.map(({ view }) => view.path))
      const supported = keysOf(operations)
      const missing = operations.flatMap(({ view: { path, missing: methods = [] } }) =>
        methods.map((method) => keyOf({ method, path })),
      )
      const lacking = (await documentedIn(version)).filter(({ path }) => paths.has(path)).map(keyOf)
      expect([...new Set(missing)].toSorted()).toEqual(lacking.filter((key) => !supported.has(key)).toSorted())
    },
  )

  it('has exactly the shadowed paths that a parameter of the mock would take', async () => {
    const paths = await Promise.all(
      Object.keys(fingerprints).map(async (version) => {
        const emulated = [...new Set(findRelease(version).operations.map(({ view }) => view.path))]
        const patterns = emulated.map((path) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/.]+')}$`))
        return (await documentedIn(version))
          .map(({ path }) => path)
          .filter((path) => !emulated.includes(path) && patterns.some((pattern) => pattern.test(path)))
      }),
    )
    expect([...new Set(paths.flat())].toSorted()).toEqual(SHADOWED)
  })

  it('is at most 30 kB, packed', () => {
    expect(gzipSync(readText('src/authentik/operations/list.ts')).length).toBeLessThan(30_000)
  })
})

describe('the page of operations', () => {
  it('is current', async () => {
    const coverages = await Promise.all([DEFAULT_RELEASE, newest].map(coverageOf))
    await expect(toOperationsPage(coverages)).toMatchFileSnapshot(inRoot('docs/operations.md'))
  })

  it('counts as the code does, and so does the README', async () => {
    const text = readText('docs/operations.md') + readText('README.md')
    const counts = [...text.matchAll(/authentik ([\d.]+\d): supported (\d+) of (\d+) operations/g)]
    expect(counts.map(([, version]) => version)).toEqual(expect.arrayContaining([DEFAULT_RELEASE, newest]))
    for (const [, version = '', supported, documented] of counts)
      expect(await countOperations(version)).toEqual({ supported: Number(supported), documented: Number(documented) })
  })
})
