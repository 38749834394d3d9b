/** Builds small OpenAPI documents, and writes the differences between documents as lines. */
import {
  compareDocuments,
  usesOf,
  type Difference,
  type Document,
  type Uses,
} from '../../../src/contract/drift/compare.ts'
import type { JsonObject } from '../../../src/schema/json.ts'
import { documentOf } from '../../support/documents.ts'

export { documentOf }

/** The path of the pact that is shipped. */
export const PACT = 'pacts/goauthentik-api-authentik.json'

/** Writes each difference in one line, such as `removed Book.name is gone (reader) books_list 200 $.name`. */
export const toLines = (differences: readonly Difference[]) =>
  differences.map(({ kind, subject, change, breaks, places }) =>
    [
      kind,
      subject,
      change,
      `(${breaks.toSorted().join(' and ') || 'nobody'})`,
      places.map(({ operation, path }) => `${operation} ${path}`.trim()).join(', '),
    ].join(' '),
  )

/** Compares two documents, and returns a line for each difference. */
export const compare = (baseline: Document, candidate: Document) => toLines(compareDocuments(baseline, candidate))

/** Returns the differences between two releases of authentik. */
export const differencesBetween = (baseline: string, candidate: string, uses?: Uses) =>
  compareDocuments(documentOf(baseline), documentOf(candidate), uses)

/** Returns what a pact with these interactions uses of a release. */
export const usesOfRelease = (release: string, ...interactions: object[]) =>
  usesOf({ interactions }, documentOf(release))

/** The schema of a text. */
export const text = { type: 'string' }

/** The schema of a whole number. */
export const integer = { type: 'integer' }

/** The schema of one of a few texts. */
export const oneOf = (...values: string[]) => ({ ...text, enum: values })

/** The schema of a list. */
export const listOf = (items: object) => ({ type: 'array', items })

/** The schema of an object. */
export const objectOf = (properties: object, ...required: string[]) => ({ type: 'object', properties, required })

/** A reference to a component. */
export const ref = (name: string, kind = 'schemas') => ({ $ref: `#/components/${kind}/${name}` })

/** A body in JSON. */
export const inJson = (schema: unknown) => ({ content: { 'application/json': { schema } } })

/** A parameter of an operation. */
export const parameter = (name: string, schema: object, location = 'query') => ({ in: location, name, schema })

/** A document of one operation, `PUT /books/`. */
export const documentWith = (operation: object, components: Document['components'] = {}): Document => ({
  paths: { '/books/': { put: { operationId: 'put', ...operation } } },
  components,
})

/** A document whose operation is answered with the component `Book`. */
export const withAnswer = (book: JsonObject, schemas: Record<string, JsonObject> = {}) =>
  documentWith({ responses: { 200: inJson(ref('Book')) } }, { schemas: { Book: book, ...schemas } })

/** A document whose operation is sent the component `Book`. */
export const withBody = (book: JsonObject) =>
  documentWith({ requestBody: inJson(ref('Book')) }, { schemas: { Book: book } })

/** A document whose operation is sent the component `Book`, and is answered with it. */
export const withBodyAndAnswer = (book: JsonObject) =>
  documentWith(
    { requestBody: inJson(ref('Book')), responses: { 200: inJson(ref('Book')) } },
    { schemas: { Book: book } },
  )

/** A document whose operation has these parameters. */
export const withParameters = (...parameters: object[]) => documentWith({ parameters })
