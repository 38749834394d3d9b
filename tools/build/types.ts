/** The types that dist/ has in place of those of the libraries in the bundle. */
import { fileURLToPath } from 'node:url'
import type { Rolldown } from 'tsdown'

const TYPES: Record<string, string> = {
  'zod/mini': './types/zod.d.ts',
  'zod/v4/core': './types/zod.d.ts',
  '@faker-js/faker': './types/faker.d.ts',
}

/** Resolves what a declaration imports from a library to our own few lines about it. */
export const libraryTypes: Rolldown.Plugin = {
  name: 'library-types',
  resolveId: {
    order: 'pre',
    filter: { id: /^(zod|@faker-js\/faker)/ },
    handler(id, importer) {
      const path = importer?.endsWith('.d.ts') ? TYPES[id] : undefined
      return path === undefined ? null : fileURLToPath(new URL(path, import.meta.url))
    },
  },
}
