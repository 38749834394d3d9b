/** Drift reads documents in every version and form, and never says that nothing differs about what it did not compare. */
import { upgrade } from '@scalar/openapi-upgrader'
import { describe, expect, it } from 'vitest'
import { compareDocuments } from '../../../src/contract/drift/compare.ts'
import { readDocument, TooMuch } from '../../../src/contract/drift/read.ts'
import type { JsonObject } from '../../../src/schema/json.ts'
import { cpuOf, leastOf } from '../../support/cost.ts'
import { definitions, isWhole, SPREAD } from '../../support/tier.ts'
import { documentOf, objectOf, ref, text, toLines } from './support.ts'

/** Reads a document that is written as JSON, and the files beside it that it refers to. */
const read = async (document: unknown, files: Record<string, unknown> = {}) => {
  const readFile = (path: string) => (Object.hasOwn(files, path) ? JSON.stringify(files[path]) : undefined)
  const result = await readDocument(JSON.stringify(document), readFile)
  if (!result) throw new Error('This is no document.')
  return result
}

/** Returns a line for each difference between two documents, with the files that either of them refers to. */
const linesOf = async (
  baseline: unknown,
  candidate: unknown,
  oldFiles?: Record<string, unknown>,
  newFiles: Record<string, unknown> | undefined = oldFiles,
) => toLines(compareDocuments(await read(baseline, oldFiles), await read(candidate, newFiles)))

/** A document with one operation, `GET /books/`. */
const answering = (schema: unknown, rest: JsonObject = {}, type = 'application/json') => ({
  openapi: '3.0.3',
  paths: { '/books/': { get: { operationId: 'list', responses: { 200: { content: { [type]: { schema } } } } } } },
  ...rest,
})
const [full, less] = [objectOf({ a: text, b: text }), objectOf({ a: text })]

describe('a key that goes is seen', () => {
  const referTo = (schema: JsonObject, pointer: string, members: (book: JsonObject) => JsonObject) =>
    answering({ $ref: pointer }, members(schema))
  const inFile = (schema: JsonObject) => ({ 'common.json': { Book: schema } })

  it.each<[title: string, form: (book: JsonObject) => JsonObject, files?: (book: JsonObject) => JsonObject]>([
    ['in the second part of an allOf', (book) => answering({ allOf: [{ type: 'object' }, book] })],
    [
      'behind a component that is another component',
      (book) =>
        referTo(book, '#/components/schemas/A', (Book) => ({ components: { schemas: { A: ref('Book'), Book } } })),
    ],
    [
      'behind a name with a slash and a tilde',
      (book) =>
        referTo(book, '#/components/schemas/a~1b~0c', (value) => ({ components: { schemas: { 'a/b~c': value } } })),
    ],
    [
      'behind a name that is encoded',
      (book) => referTo(book, '#/components/schemas/a%20b', (value) => ({ components: { schemas: { 'a b': value } } })),
    ],
    ['behind any place of the document', (book) => referTo(book, '#/x-books/0', (value) => ({ 'x-books': [value] }))],
    [
      'behind a path item that is referred to',
      (book) => ({
        ...answering(null),
        paths: { '/books/': { $ref: '#/x-paths/~1books~1' } },
        'x-paths': answering(book).paths,
      }),
    ],
    ['in another file', () => answering({ $ref: 'common.json#/Book' }), inFile],
    [
      'in another file of another file',
      () => answering({ $ref: 'parts/a.json' }),
      (book) => ({
        'parts/a.json': { $ref: '../common.json#/Book' },
        'common.json': { Book: { $ref: '#/Other' }, Other: book },
      }),
    ],
    ['in JSON with a charset', (book) => answering(book, {}, 'application/json; charset=utf-8')],
    ['in another media type', (book) => answering(book, {}, 'application/problem+json')],
    [
      'in an operation without an id',
      (book) => ({
        paths: { '/books/': { get: { responses: { 200: { content: { 'application/json': { schema: book } } } } } } },
      }),
    ],
    [
      'in one of two operations with the same id',
      (book) => {
        const { paths } = answering(book)
        return { paths: { ...paths, '/zoo/': { get: { operationId: 'list', responses: {} } } } }
      },
    ],
    [
      'of OpenAPI 3.1, which allows null too',
      (book) => answering({ anyOf: [book, { type: 'null' }] }, { openapi: '3.1.0' }),
    ],
    [
      'in Swagger 2',
      (book) => ({
        swagger: '2.0',
        paths: { '/books/': { get: { responses: { 200: { schema: { $ref: '#/definitions/Book' } } } } } },
        definitions: { Book: book },
      }),
    ],
    [
      'in a header of an answer, which is an object',
      (book) => ({ paths: { '/': { get: { responses: { 200: { headers: { 'X-A': { schema: book } } } } } } } }),
    ],
  ])('%s', async (_, form, files = () => ({})) => {
    const lines = await linesOf(form(full), form(less), files(full), files(less))
    expect(lines.filter((line) => / is gone \(reader\) /.test(line))).toHaveLength(1)
    expect(await linesOf(form(full), form(full), files(full))).toEqual([])
  })

  it('in what the server sends by itself, which a program reads', async () => {
    const webhook = (schema: unknown) => ({
      paths: {},
      webhooks: { made: { post: { requestBody: { content: { 'application/json': { schema } } } } } },
    })
    expect(await linesOf(webhook(full), webhook(less))).toEqual([
      'removed POST made body.b is gone (reader) webhook POST made body $.b',
    ])
  })

  it('in the body of Swagger 2 that operations share', async () => {
    const document = (schema: JsonObject) => ({
      swagger: '2.0',
      paths: { '/books/': { post: { parameters: [{ $ref: '#/parameters/Body' }], responses: {} } } },
      parameters: { Body: { in: 'body', name: 'body', schema } },
    })
    expect(await linesOf(document(full), document(less))).toEqual([
      'removed POST /books/ body.b has no effect any more (writer) POST /books/ body $.b',
    ])
  })
})

describe('what cannot be compared is said', () => {
  it.each<[title: string, words: string, schema: JsonObject]>([
    ['a reference to nothing', 'refers to #/nowhere, which is not there', { $ref: '#/nowhere' }],
    [
      'a reference to a file that is not there',
      'refers to gone.json#/a, which cannot be read',
      { $ref: 'gone.json#/a' },
    ],
    [
      'a reference to another machine',
      'refers to https://authentik.company/a.json#/a, which is not read',
      { $ref: 'https://authentik.company/a.json#/a' },
    ],
    ['a reference by a name', 'refers to #book by a name, which is not followed', { $ref: '#book' }],
    ['a reference to itself', 'refers to #/x-a, which refers to itself', { $ref: '#/x-a' }],
  ])('%s: %s', async (_, words, schema) => {
    const document = answering(objectOf({ a: schema }), { 'x-a': { $ref: '#/x-a' } })
    expect(await linesOf(document, document)).toEqual([`uncompared GET /books/ 200.a ${words} (nobody) list 200 $.a`])
  })

  it('a keyword without a meaning here, and not one that is the same', async () => {
    const withKeyword = (type: string) => answering({ type: 'object', not: { type }, dependentRequired: { a: [type] } })
    expect(await linesOf(withKeyword('string'), withKeyword('string'))).toEqual([])
    expect(await linesOf(withKeyword('string'), withKeyword('integer'))).toEqual([
      'uncompared GET /books/ 200 differs in "dependentRequired" (nobody) list 200 $',
      'uncompared GET /books/ 200 differs in "not" (nobody) list 200 $',
    ])
  })

  it('a component that no operation uses', async () => {
    const withComponent = (schema: JsonObject) => answering(text, { components: { schemas: { Spare: schema } } })
    expect(await linesOf(withComponent(full), withComponent(less))).toEqual([
      'uncompared Spare differs, and no operation was seen to use it (nobody) no operation',
    ])
  })
})

/** Where not everything is tried, the oldest and the newest: between them the same code compares. */
const releases = isWhole ? definitions() : [SPREAD[0]!, SPREAD.at(-1)!]

describe('the same in another form is no difference', () => {
  it.each<[title: string, a: JsonObject, b: JsonObject]>([
    ['nullable', { ...text, nullable: true }, { type: ['null', 'string'] }],
    ['nullable, of a component', { allOf: [ref('Book')], nullable: true }, { anyOf: [ref('Book'), { type: 'null' }] }],
    ['one value', { ...text, enum: ['a'] }, { ...text, const: 'a' }],
    [
      'an exclusive limit',
      { type: 'number', minimum: 1, exclusiveMinimum: true },
      { type: 'number', exclusiveMinimum: 1 },
    ],
    ['an exclusive limit of an integer', { type: 'integer', exclusiveMinimum: 0 }, { type: 'integer', minimum: 1 }],
    [
      'one of several lists of values',
      { oneOf: [{ ...text, enum: ['a'] }, { ...text, enum: [''] }, { enum: [null] }], nullable: true },
      { anyOf: [{ ...text, enum: ['', 'a'] }, { type: 'null' }] },
    ],
    ['one of one', { oneOf: [text] }, text],
    ['parts of an allOf', { allOf: [less, objectOf({ b: text })] }, full],
    ['any type', { type: ['string', 'integer'] }, { anyOf: [{ type: 'integer' }, text] }],
    ['bytes', { ...text, format: 'byte' }, { ...text, contentEncoding: 'base64' }],
  ])('%s', async (_, a, b) => {
    const withBook = (schema: JsonObject) =>
      answering(objectOf({ a: schema }), { components: { schemas: { Book: full } } })
    expect([await linesOf(withBook(a), withBook(b)), await linesOf(withBook(b), withBook(a))]).toEqual([[], []])
  })

  it.each(releases)('%s in OpenAPI 3.1 is what it is in 3.0', (release) => {
    const document = structuredClone(documentOf(release))
    const upgraded = upgrade(structuredClone(document) as never, '3.1') as never
    expect(toLines(compareDocuments(document, upgraded))).toEqual([])
    expect(toLines(compareDocuments(upgraded, document))).toEqual([])
  })
})

it.each(releases)('whichever key goes from a schema of %s, something differs', (release) => {
  const baseline = documentOf(release)
  const candidate = structuredClone(baseline)
  const places: { properties: JsonObject; key: string }[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const properties: unknown = Reflect.get(value, 'properties')
    if (typeof properties === 'object' && properties !== null)
      for (const key of Object.keys(properties)) places.push({ properties: properties as JsonObject, key })
    for (const member of Object.values(value)) visit(member)
  }
  visit(candidate.components?.['schemas'])
  // A document has thousands of keys, and each comparison walks all of them.
  const sample = places.filter((_place, index) => index % (isWhole ? 20 : 60) === 0)
  const unseen = sample.filter(({ properties, key }) => {
    const { [key]: schema } = properties
    delete properties[key]
    const differences = compareDocuments(baseline, { ...candidate })
    properties[key] = schema
    return differences.length === 0
  })
  expect([unseen.map(({ key }) => key), sample.length > 10]).toEqual([[], true])
})

describe('a document that is too much is refused', () => {
  const chain = (count: number, leaf: JsonObject, member: (next: JsonObject) => JsonObject) => {
    const schemas = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`A${index}`, member(ref(`A${index + 1}`))]),
    )
    return answering(ref('A0'), { components: { schemas: { ...schemas, [`A${count}`]: leaf } } })
  }
  const twice = (next: JsonObject) => objectOf({ left: next, right: next })

  it.each([
    ['whose aliases double', 'has more than 500,000 values', laughs()],
    ['whose lists are deep', 'is nested deeper than 400 levels', `paths: ${'['.repeat(4000)}${']'.repeat(4000)}`],
    [
      'whose objects are deep',
      'is nested deeper than 400 levels',
      `{"paths":${'{"a":'.repeat(4000)}1${'}'.repeat(4001)}`,
    ],
    ['that holds itself', 'has an alias for what it stands in', 'paths: &a\n  /a/: *a\n'],
  ])('%s: %s', async (_, words, content) => {
    await expect(readDocument(content)).rejects.toThrow(new TooMuch(words))
  })

  it.each<[title: string, member: (next: JsonObject) => JsonObject]>([
    ['properties', twice],
    ['parts of an allOf', (next) => ({ allOf: [next, next] })],
    ['alternatives', (next) => ({ oneOf: [next, objectOf({ a: next }), { type: 'integer' }] })],
  ])('but not for references that double in %s, which are compared in a second', async (_, member) => {
    const compare = async () => {
      const lines = await linesOf(chain(40, full, member), chain(40, less, member))
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain('.b is gone (reader)')
    }
    expect(await leastOf(5000, () => cpuOf(compare))).toBeLessThan(5000)
  })

  it('but not for references that lead on and on: how far it is compared is said', async () => {
    const member = (next: JsonObject) => objectOf({ a: next })
    const lines = await linesOf(chain(4000, text, member), chain(4000, { type: 'integer' }, member))
    expect(lines.filter((line) => line.startsWith('uncompared')).length).toBe(lines.length)
    expect(lines.some((line) => line.includes('is nested deeper than 300 levels'))).toBe(true)
  })
})

/** A YAML document of aliases, each of which stands for twice as much as the one before. */
function laughs(): string {
  const lines = Array.from({ length: 40 }, (_, index) => `x-${index + 1}: &a${index + 1} [*a${index}, *a${index}]`)
  return ['x-0: &a0 [a, b]', ...lines, 'paths: {}'].join('\n')
}
