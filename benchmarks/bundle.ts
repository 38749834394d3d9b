/** Measures how much code a page loads, as Vite bundles it. */
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { here, ROOT } from './children.ts'

/** The size of what a page loads, in bytes. */
export interface Bundle {
  name: string
  minified: number
  gzipped: number
}

/** Measures each of the packages that a page may load. */
export async function measureBundles(): Promise<Bundle[]> {
  const [entry = '', ...lazyChunks] = await bundle('browser/mock.ts', [/^msw/])
  return [
    toBundle('the mock and its MSW handlers, given a world', [entry]),
    toBundle('the same, seeded: faker is fetched as well', [entry, ...lazyChunks]),
    toBundle('`authentik-mock/fixtures`: the default world to give', await bundle('browser/world.ts', [])),
    toBundle('MSW itself (`msw/browser`)', await bundle('browser/worker.ts', [])),
  ]
}

const toBundle = (name: string, chunks: readonly string[]): Bundle => ({
  name,
  minified: chunks.reduce((sum, code) => sum + Buffer.byteLength(code), 0),
  gzipped: chunks.reduce((sum, code) => sum + gzipSync(code, { level: 9 }).length, 0),
})

/** Bundles an entry. @returns the code of its chunks, that of the entry first */
async function bundle(entry: string, external: RegExp[]): Promise<string[]> {
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
  const chunks = output.output.filter((file) => file.type === 'chunk')
  return chunks.sort((a, b) => Number(b.isEntry) - Number(a.isEntry)).map((chunk) => chunk.code)
}
