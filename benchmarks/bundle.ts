/** Measures how much code a page loads, as Vite bundles it. */
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { buildInspector } from '../tools/build/inspector.ts'
import { here, ROOT } from './children.ts'

/** The size of what a page loads, in bytes. */
export interface Bundle {
  name: string
  minified: number
  gzipped: number
}

/** Measures each of the packages that a page may load. */
export async function measureBundles(): Promise<Bundle[]> {
  const { modules: _, ...texts } = await buildInspector()
  const page = await bundle('browser/mock.ts', [/^msw/])
  return [
    toBundle('the mock and its MSW handlers, given a world', codeOf(page, 'mock')),
    toBundle('the same, seeded: faker is fetched as well', codeOf(page, 'mock', 'faker', 'seeds')),
    toBundle('`authentik-mock/fixtures`: the default world to give', codeOf(await bundle('browser/world.ts', []))),
    toBundle('the page at `/-/mock/`, which a mock serves: in no other row', Object.values(texts)),
    toBundle('MSW itself (`msw/browser`)', codeOf(await bundle('browser/worker.ts', []))),
  ]
}

const toBundle = (name: string, chunks: readonly string[]): Bundle => ({
  name,
  minified: chunks.reduce((sum, code) => sum + Buffer.byteLength(code), 0),
  gzipped: chunks.reduce((sum, code) => sum + gzipSync(code, { level: 9 }).length, 0),
})

type Chunk = Pick<Rolldown.OutputChunk, 'fileName' | 'name' | 'code' | 'imports'>

/** The code of the chunks with these names, or of all, and of what they import as they start. */
function codeOf(chunks: readonly Chunk[], ...names: string[]): string[] {
  const loaded = new Set<Chunk>()
  const load = (chunk: Chunk): void => {
    if (loaded.has(chunk)) return
    loaded.add(chunk)
    chunks.filter(({ fileName }) => chunk.imports.includes(fileName)).forEach(load)
  }
  chunks.filter(({ name }) => names.length === 0 || names.includes(name.replace(/-.*/, ''))).forEach(load)
  return [...loaded].map(({ code }) => code)
}

/** Bundles an entry. @returns its chunks */
async function bundle(entry: string, external: RegExp[]): Promise<Chunk[]> {
  const output = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    resolve: { tsconfigPaths: false },
    build: {
      write: false,
      minify: true,
      rolldownOptions: { input: here(entry), external, preserveEntrySignatures: 'strict' },
    },
  })
  if (!('output' in output)) throw new Error(`Failed to bundle ${entry}: Vite gave no output.`)
  return output.output.filter((file) => file.type === 'chunk')
}
