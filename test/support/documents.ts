/** OpenAPI documents of releases, as the mock writes them: each is written once, because many tests read many of them. */
import { findRelease } from '../../src/authentik/releases/index.ts'
import type { Document } from '../../src/contract/drift/compare.ts'
import { toDocument } from '../../src/rest/document.ts'

const documents = new Map<string, Document>()

/** The document of a release, which no test may change. */
export function documentOf(release: string): Document {
  const document = documents.get(release) ?? (toDocument(findRelease(release)) as Document)
  documents.set(release, document)
  return document
}
