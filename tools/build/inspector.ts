/** Bundles the page at `/-/mock/` (`src/control/page/`): one script and one style sheet, which load nothing else. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import type { Rolldown } from 'tsdown'

/** What the page loads. */
export interface Inspector {
  /** A module that imports nothing. */
  script: string
  style: string
}

const folder = new URL('../../src/control/page/', import.meta.url)

/** Bundles the page. @returns its texts, and the files of which the script has code */
export async function buildInspector(): Promise<Inspector & { modules: string[] }> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('main.tsx', folder)),
    platform: 'browser',
    // It is a page for browsers, whatever the program is for that the mock is bundled with.
    tsconfig: false,
    transform: { jsx: { runtime: 'automatic', importSource: 'preact' }, target: 'es2022' },
  })
  try {
    const { output } = await bundle.generate({ format: 'es', minify: true, codeSplitting: false, comments: false })
    const style = await readFile(new URL('style.css', folder), 'utf8')
    return { script: output[0].code, style, modules: Object.keys(output[0].modules) }
  } finally {
    await bundle.close()
  }
}

/** Resolves `#inspector` to the texts themselves, so that whoever has the bundle needs no bundler. */
export const inspector: Rolldown.Plugin = {
  name: 'inspector',
  resolveId: {
    order: 'pre',
    filter: { id: /^#inspector$/ },
    handler: () => ({ id: INSPECTOR_ID, moduleSideEffects: false }),
  },
  load: {
    filter: { id: /inspector-texts$/ },
    async handler() {
      const { script, style, modules } = await buildInspector()
      const code = `export const script = ${JSON.stringify(script)}\nexport const style = ${JSON.stringify(style)}\n`
      return { code, moduleType: 'js', meta: { modules } }
    },
  },
}

/** The id of the module that has the texts. */
const INSPECTOR_ID = '\0inspector-texts'
