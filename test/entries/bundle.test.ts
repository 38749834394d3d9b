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
})

afterAll(() => rm(folder, { recursive: true }))

/** A chunk, and those that are loaded with it, because it imports them. */
function loadedBy(name: string, loaded = new Set<string>()): ReadonlySet<string> {
  loaded.add(name)
  const text = chunks.find((chunk) => chunk.name === name)?.text ?? ''
  for (const [, imported = ''] of text.matchAll(/(?:from|import) ?["']\.\/([^"']+)["']/g))
    if (!loaded.has(imported)) loadedBy(imported, loaded)
  return loaded
}

it('the bundle holds no faker, which is a chunk of its own', () => {
  const withFaker = chunks.filter(({ text }) => text.includes('fakerjs.dev') || text.includes('first_name'))
  expect(chunks.map(({ name }) => name)).toContain('main.js')
  expect(withFaker.filter(({ name }) => loadedBy('main.js').has(name))).toEqual([])
  expect(withFaker).toHaveLength(1)
})

it('the bundle holds no list of the operations that only authentik has, which is a chunk of its own', () => {
  const withList = chunks.filter(({ text }) => text.includes('/managed/blueprints/{instance_uuid}/'))
  expect(withList.filter(({ name }) => loadedBy('main.js').has(name))).toEqual([])
  expect(withList).toHaveLength(1)
})

it('the bundle holds nothing of the login, which is a chunk of its own', () => {
  const withLogin = chunks.filter(({ text }) => text.includes('xak-flow-redirect'))
  expect(withLogin.filter(({ name }) => loadedBy('main.js').has(name))).toEqual([])
  expect(withLogin).toHaveLength(1)
})

it.each([
  ['what reads a body', 'Invalid data. Expected a dictionary, but got'],
  ['the rows of a seeded world', 'commerce.productDescription()'],
])('the bundle holds nothing of %s, which is loaded when it is first needed', (_, sign) => {
  const withSign = chunks.filter(({ text }) => text.includes(sign))
  expect(withSign.filter(({ name }) => loadedBy('main.js').has(name))).toEqual([])
  expect(withSign).toHaveLength(1)
})

it('the bundle answers from a given world when the chunk with faker is not there', async () => {
  const loaded = loadedBy('main.js')
  for (const { name } of chunks.filter((chunk) => !loaded.has(chunk.name))) await rm(join(folder, name))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const { answer } = (await import(
    /* @vite-ignore */ pathToFileURL(join(folder, 'main.js')).href
  )) as typeof import('../support/browser-entry.ts')
  expect(await answer()).toMatchObject({ pk: 1, is_expired: false })
})
