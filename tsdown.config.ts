/** How dist/ is built: the entries that are imported, and the command that is run. */
import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'tsdown'
import { ascii } from './tools/build/ascii.ts'
import { inspector } from './tools/build/inspector.ts'
import { licences } from './tools/build/licences.ts'
import { dataRelations, fakerLists } from './tools/build/trim.ts'
import { libraryTypes } from './tools/build/types.ts'

/** What is imported, by the name of its file in dist/. */
const imported = {
  index: 'src/entries/index.ts',
  msw: 'src/entries/msw.ts',
  control: 'src/entries/control.ts',
  node: 'src/entries/node.ts',
  pact: 'src/entries/pact.ts',
  playwright: 'src/entries/playwright.ts',
  fixtures: 'src/entries/fixtures.ts',
}

/** The package. */
export const library: UserConfig = {
  tsconfig: 'tsconfig.build.json',
  fixedExtension: false,
  logLevel: 'warn',
  failOnWarn: true,
  suppressWarnings: 'TypeScript 7',
  checks: { bundlerTimings: false, legacyCjs: false },
  // Vitest is made of modules alone.
  entry: { ...imported, vitest: 'src/entries/vitest.ts', cli: 'src/entries/cli.ts' },
  platform: 'neutral',
  // Whoever installs the package gets no other: it is 2 MB with what it uses of its libraries, and 35 MB with them.
  deps: {
    alwaysBundle: [/./],
    neverBundle: [/^node:/, /^msw/, /^vitest$/, /^@pact-foundation/, /^@playwright/],
    onlyBundle: false,
  },
  alias: {
    'es-toolkit/compat': fileURLToPath(new URL('tools/build/es-toolkit.ts', import.meta.url)),
    mutative: fileURLToPath(new URL('tools/build/mutative.ts', import.meta.url)),
    outvariant: fileURLToPath(new URL('tools/build/outvariant.ts', import.meta.url)),
    rettime: fileURLToPath(new URL('tools/build/rettime.ts', import.meta.url)),
  },
  plugins: [fakerLists, dataRelations, inspector, ascii, licences],
  inputOptions: (options) => ({
    ...options,
    // tsdown takes that of Node for CommonJS, with which a library has another build.
    platform: 'neutral',
    // The fields in which libraries without `exports` name their files: for no platform there are none.
    resolve: { ...options.resolve, mainFields: ['module', 'main'] },
    // Before the plugin that makes the declarations, which finds the libraries' own.
    plugins: [libraryTypes, options.plugins],
    transform: {
      ...options.transform,
      define: {
        // Node's own MessageEvent, which the events of @msw/data extend, brings undici along: 40 ms and 6 MB.
        MessageEvent: '(class extends Event { constructor(type, init) { super(type, init); this.data = init.data } })',
      },
    },
  }),
  outputOptions: {
    chunkFileNames: 'chunks/[name]-[hash].js',
    // What is loaded late it shares with the rest, which would fall into pieces for it. Declarations are not meant, nor
    // what zod has for `authentik-mock world --schema` alone, nor what a page that reads has no use for.
    codeSplitting: {
      groups: [
        {
          name: 'core',
          test: /\/(src\/(http(?!\/node)|schema(?!\/unique-keys)|store(?!\/merge-world)|rest(?!\/(document|parse-body|uses|write-row))|authentik(?!\/((answers|oidc|flows)\/|seeds|resources\/id-token|brands|deviation-sentences|auth\/client-ip|auth\/pass|auth\/polic))|mock(?!\/overview))|node_modules\/(zod(?!\/v4\/core\/(to-)?json-schema)|@msw\/data|fastest-levenshtein))\/.*(?<!\.d)\.m?[jt]s$/,
          minShareCount: 2,
        },
      ],
    },
  },
  dts: true,
}

/**
 * The same for `require` in Jest, whose own loader of modules reads no others. Node and bundlers take the modules for
 * `require` too, by the condition `module-sync`, so that no program has the package twice.
 */
const commonJs: UserConfig = {
  ...library,
  format: 'cjs',
  entry: imported,
  clean: false,
  plugins: [fakerLists, dataRelations, inspector, ascii],
  outputOptions: { chunkFileNames: 'chunks/[name]-[hash].cjs' },
}

export default defineConfig([library, commonJs])
