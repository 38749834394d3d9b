/** A browser that is given a world never fetches faker. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inRoot } from '../support/files.ts'

let folder: string
let chunks: { name: string; text: string }[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authentik-mock-'))
  await build({
    root: inRoot('test'),
    configFile: inRoot('examples/browser/vite.config.ts'),
    plugins: [],
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      lib: { entry: inRoot('test/support/browser-entry.ts'), formats: ['es'], fileName: 'main' },
    },
  })
  chunks = await Promise.all(
    (await readdir(folder))
      .filter((name) => name.endsWith('.js'))
      .map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  )
}, 60_000)

afterAll(() => rm(folder, { recursive: true }))

it('the bundle holds no faker, which is a chunk of its own', () => {
  const withFaker = chunks.filter(({ text }) => text.includes('fakerjs.dev') || text.includes('first_name'))
  expect(chunks.map(({ name }) => name)).toContain('main.js')
  expect(withFaker.map(({ name }) => name)).not.toContain('main.js')
  expect(withFaker).toHaveLength(1)
})

it('the bundle holds no list of the operations that only authentik has, which is a chunk of its own', () => {
  const withList = chunks.filter(({ text }) => text.includes('/core/brands/{brand_uuid}/'))
  expect(withList.map(({ name }) => name)).not.toContain('main.js')
  expect(withList).toHaveLength(1)
})

it('the bundle answers from a given world when the chunk with faker is not there', async () => {
  for (const { name } of chunks.filter((chunk) => chunk.name !== 'main.js')) await rm(join(folder, name))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const { answer } = (await import(
    /* @vite-ignore */ pathToFileURL(join(folder, 'main.js')).href
  )) as typeof import('../support/browser-entry.ts')
  expect(await answer()).toMatchObject({ pk: 1, is_expired: false })
})
