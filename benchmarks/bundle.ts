/** How much a page loads, as Vite bundles it. */
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { here, ROOT } from './children.ts'

export interface Bundle {
  name: string
  minified: number
  gzipped: number
}

export async function measureBundles(): Promise<Bundle[]> {
  const [first, ...later] = await bundle('browser/mock.ts', [/^msw/])
  return [
    toBundle('the mock and its MSW handlers, given a world', [first!]),
    toBundle('the same, seeded: faker is fetched as well', [first!, ...later]),
    toBundle('`authentik-mock/fixtures`: the default world to give', await bundle('browser/world.ts', [])),
    toBundle('MSW itself (`msw/browser`)', await bundle('browser/worker.ts', [])),
  ]
}

const toBundle = (name: string, chunks: readonly string[]): Bundle => ({
  name,
  minified: chunks.reduce((sum, code) => sum + Buffer.byteLength(code), 0),
  gzipped: chunks.reduce((sum, code) => sum + gzipSync(code, { level: 9 }).length, 0),
})

/** @returns the chunks' code, the entry's first */
async function bundle(entry: string, external: RegExp[]): Promise<string[]> {
  const built = await build({
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
  if (!('output' in built)) throw new Error(`Failed to bundle ${entry}: Vite gave no output.`)
  const chunks = built.output.filter((one) => one.type === 'chunk')
  return chunks.sort((a, b) => Number(b.isEntry) - Number(a.isEntry)).map((chunk) => chunk.code)
}
