/** Drift reports how an operation changed: its parameters, body, responses, path and method. */
import { describe, expect, it } from 'vitest'
import { compareDocuments, type Document } from '../../../src/contract/drift/compare.ts'
import type { JsonObject } from '../../../src/schema/json.ts'
import {
  compare,
  differencesBetween,
  documentWith,
  inJson,
  integer,
  listOf,
  objectOf,
  oneOf,
  parameter,
  ref,
  text,
  withAnswer,
  withBody,
  withBodyAndAnswer,
  withParameters,
} from './support.ts'

const [requiredKey, optionalKey] = [objectOf({ a: text }, 'a'), objectOf({ a: text })]
const [emptyOperation, noOperation] = [documentWith({}), { paths: {} }]

describe('drift reports', () => {
  const [parameterXY, parameterX] = [parameter('a', oneOf('x', 'y')), parameter('a', oneOf('x'))]
  const idParameter = (schema: object) => parameter('id', schema, 'path')
  const atPath = (path: string, ...parameters: object[]) => ({
    paths: { [path]: { put: { operationId: 'put', parameters } } },
  })
  const withPathParameter = (schema: object): Document => ({
    paths: { '/books/': { parameters: [parameter('a', schema)], put: { operationId: 'put' } } },
  })
  const optionalBody = documentWith({ requestBody: inJson(text) })
  const requiredBody = documentWith({ requestBody: { ...inJson(text), required: true } })
  const recursive = (name: object) => withAnswer(objectOf({ name, children: listOf(ref('Book')) }))
  const withGroup = (component: string) => withAnswer(objectOf({ group: ref(component) }), { [component]: requiredKey })
  const withAlternative = (part: JsonObject) =>
    withAnswer(objectOf({ part: { oneOf: [ref('Part'), text] } }), { Part: part })
  const inTwoOperations = (part: JsonObject) => ({
    paths: {
      '/a/': { get: { operationId: 'list', responses: { 200: inJson(listOf(ref('Part'))) } } },
      ...emptyOperation.paths,
      ...withAnswer({}).paths,
    },
    components: { schemas: { Part: part, Book: objectOf({ part: { allOf: [ref('Part')], readOnly: true } }) } },
  })

  it.each<[title: string, report: string, baseline: Document, candidate: Document]>([
    [
      'a parameter that was removed',
      'removed PUT /books/ ?a has no effect any more (writer) put ?a',
      withParameters(parameterXY),
      emptyOperation,
    ],
    ['a new parameter', 'added PUT /books/ ?a is new (nobody) put ?a', emptyOperation, withParameters(parameterXY)],
    [
      'a new parameter that is required',
      'added PUT /books/ ?a is new and required (writer) put ?a',
      emptyOperation,
      withParameters({ ...parameterXY, required: true }),
    ],
    [
      'a parameter with fewer allowed values',
      'retyped PUT /books/ ?a can no longer be "y" (writer) put ?a',
      withParameters(parameterXY),
      withParameters(parameterX),
    ],
    [
      'another type of a parameter in the path',
      'retyped PUT /books/ {id} is integer, then string (writer) put {id}',
      withParameters(idParameter(integer)),
      withParameters(idParameter(text)),
    ],
    ['a new body', 'added PUT /books/ body can be sent (nobody) put', emptyOperation, withBody({})],
    [
      'a new body that is required',
      'added PUT /books/ body is asked for (writer) put',
      emptyOperation,
      documentWith({ requestBody: { required: true } }),
    ],
    [
      'a body that was removed',
      'removed PUT /books/ body is no longer read (writer) put',
      withBody({}),
      emptyOperation,
    ],
    [
      'an operation that was removed',
      'removed PUT /books/ is gone (reader and writer) put',
      emptyOperation,
      noOperation,
    ],
    ['a new operation', 'added PUT /books/ is new (nobody) put', noOperation, emptyOperation],
    [
      'another path',
      'renamed PUT /books/ is now PUT /a/ (reader and writer) put',
      emptyOperation,
      { paths: { '/a/': { put: { operationId: 'put' } } } },
    ],
    [
      'another method',
      'renamed PUT /books/ is now POST /books/ (reader and writer) put',
      emptyOperation,
      { paths: { '/books/': { post: { operationId: 'put' } } } },
    ],
    [
      'a response of success that was removed',
      'removed PUT /books/ 200 is no longer documented (reader) put',
      withAnswer({}),
      emptyOperation,
    ],
    [
      'a parameter that has become required',
      'retyped PUT /books/ ?a is required (writer) put ?a',
      withParameters(parameterXY),
      withParameters({ ...parameterXY, required: true }),
    ],
    [
      'a parameter that is no longer required',
      'retyped PUT /books/ ?a may be absent (nobody) put ?a',
      withParameters({ ...parameterXY, required: true }),
      withParameters(parameterXY),
    ],
    [
      'a body that has become required',
      'retyped PUT /books/ body is required (writer) put body $',
      optionalBody,
      requiredBody,
    ],
    [
      'a body that is no longer required',
      'retyped PUT /books/ body may be absent (nobody) put body $',
      requiredBody,
      optionalBody,
    ],
    [
      'a body that is no longer JSON',
      'removed PUT /books/ body is no longer JSON (writer) put body $',
      optionalBody,
      documentWith({ requestBody: { content: {} } }),
    ],
    [
      'an answer that is no longer JSON',
      'removed PUT /books/ 200 is no longer JSON (reader) put 200 $',
      withAnswer({}),
      documentWith({ responses: { 200: {} } }),
    ],
    [
      'an answer that has become JSON',
      'added PUT /books/ 200 is JSON now (nobody) put 200 $',
      documentWith({ responses: { 200: {} } }),
      withAnswer({}),
    ],
    [
      'a new response of failure',
      'added PUT /books/ 403 is documented now (nobody) put 403 $',
      emptyOperation,
      documentWith({ responses: { 403: {} } }),
    ],
    [
      'another name of a parameter in the path',
      'renamed PUT /a/{id}/ is now PUT /a/{pk}/ (nobody) put',
      atPath('/a/{id}/', idParameter(integer)),
      atPath('/a/{pk}/', parameter('pk', integer, 'path')),
    ],
    [
      'a parameter that all operations of a path share',
      'retyped PUT /books/ ?a can no longer be "y" (writer) put ?a',
      withPathParameter(oneOf('x', 'y')),
      withPathParameter(oneOf('x')),
    ],
    [
      'a key of an alternative',
      'retyped Part.a is string, then integer (reader) put 200 $.part.a',
      withAlternative(optionalKey),
      withAlternative(objectOf({ a: integer })),
    ],
    [
      'a response of failure that was removed',
      'removed PUT /books/ 403 is no longer documented (nobody) put',
      documentWith({ responses: { 403: {} } }),
      emptyOperation,
    ],
    [
      'another media type of a body',
      'removed PUT /books/ body can no longer be text/csv (writer) put body $',
      documentWith({ requestBody: { content: { 'text/csv': { schema: text }, 'text/plain': {} } } }),
      documentWith({ requestBody: { content: { 'text/plain': {} } } }),
    ],
    [
      'a header of an answer',
      'removed PUT /books/ 200 header x-total is gone (reader) put 200 header x-total',
      documentWith({ responses: { 200: { headers: { 'X-Total': { schema: integer } } } } }),
      documentWith({ responses: { 200: { headers: {} } } }),
    ],
    [
      'credentials that a request needs now',
      'retyped PUT /books/ takes key for credentials, not nothing (writer) put',
      emptyOperation,
      documentWith({ security: [{ key: [] }] }),
    ],
    [
      'another way of writing a parameter',
      'retyped PUT /books/ ?a is written in the style form, not form, exploded (writer) put ?a',
      withParameters(parameterXY),
      withParameters({ ...parameterXY, explode: false }),
    ],
    [
      'another answer of success',
      'added PUT /books/ 202 is documented now (reader) put 202 $',
      documentWith({ responses: { 200: {} } }),
      documentWith({ responses: { 200: {}, 202: {} } }),
    ],
    [
      'a range of answers in place of them',
      'retyped PUT /books/ 200 is documented as 2XX (nobody) put',
      documentWith({ responses: { 200: {} } }),
      documentWith({ responses: { '2XX': {} } }),
    ],
    [
      'another path of the server',
      'renamed the API is now below /api/v4, not /api/v3 (reader and writer) every operation',
      { ...emptyOperation, servers: [{ url: 'https://a.company/api/v3' }] },
      { ...emptyOperation, servers: [{ url: '/api/v4/' }] },
    ],
    [
      'another operationId',
      'renamed PUT /books/ is now called replace (nobody) put',
      emptyOperation,
      { paths: { '/books/': { put: { operationId: 'replace' } } } },
    ],
    [
      'an operation that is deprecated',
      'retyped PUT /books/ is deprecated (nobody) put',
      emptyOperation,
      documentWith({ deprecated: true }),
    ],
    [
      'a component once, with all the places that have it',
      'removed Part.a is gone (reader) list 200 $[].a, put 200 $.part.a',
      inTwoOperations(optionalKey),
      inTwoOperations(objectOf({})),
    ],
    [
      'a component that is both answered and sent',
      'retyped Book.a is string, then integer (reader and writer) put body $.a, put 200 $.a',
      withBodyAndAnswer(optionalKey),
      withBodyAndAnswer(objectOf({ a: integer })),
    ],
    [
      'a component that contains itself',
      'retyped Book.name is string, then integer (reader) put 200 $.name',
      recursive(text),
      recursive(integer),
    ],
    [
      'a new name of a component',
      'renamed User is now called Person (nobody) put 200 $.group',
      withGroup('User'),
      withGroup('Person'),
    ],
  ])('%s: %s', (_, report, baseline, candidate) => {
    expect(compare(baseline, candidate)).toEqual([report])
  })
})

describe('a difference', () => {
  it('names the component that had a key when another component stands in its place', () => {
    const withGroup = (name: string, component: JsonObject) =>
      withAnswer(objectOf({ group: ref(name) }), { [name]: component })
    const [baseline, candidate] = [withGroup('User', requiredKey), withGroup('Person', objectOf({ b: integer }))]
    expect(compare(baseline, candidate)).toEqual([
      'removed User.a is gone (reader) put 200 $.group.a',
      'added Person.b is new: integer (nobody) put 200 $.group.b',
      'renamed User is now called Person (nobody) put 200 $.group',
    ])
    expect(differencesBetween('2025.12.4', '2025.12.5').map(({ subject }) => subject)).toContain(
      'OAuth2Provider.client_secret',
    )
  })

  it('names the parties that it breaks in a fixed order', () => {
    expect(
      compareDocuments(withBodyAndAnswer(optionalKey), withBodyAndAnswer(objectOf({ a: integer }))).map(
        ({ breaks }) => breaks,
      ),
    ).toEqual([['reader', 'writer']])
  })

  it('does not arise from a path without operations, or from alternatives in another order', () => {
    const empty = { paths: { '/books/': null } }
    expect([compare(empty, empty), compare(empty, noOperation), compare(empty, emptyOperation)]).toEqual([
      [],
      [],
      ['added PUT /books/ is new (nobody) put'],
    ])
    const withAlternatives = (...members: object[]) => withAnswer(objectOf({ a: { oneOf: members } }))
    expect(
      compare(
        withAlternatives(text, { ...integer, minimum: 1 }),
        withAlternatives({ minimum: 1, description: 'A number.', ...integer }, text),
      ),
    ).toEqual([])
  })

  it('is a new name of a key when the new key has the type of the old one and shares most words with its name', () => {
    const changesOf = (oldProperties: object, newProperties: object) =>
      compareDocuments(withAnswer(objectOf(oldProperties)), withAnswer(objectOf(newProperties))).map(
        ({ kind, change }) => `${kind} ${change}`,
      )
    expect(changesOf({ a_b: text }, { b: text, b_a: text })).toEqual([
      'renamed is now called b_a',
      'added is new: string',
    ])
    expect(changesOf({ name: text }, { title: text })).toEqual(['removed is gone', 'added is new: string'])
    expect(changesOf({ a_b: text }, { a_c: integer })).toEqual(['removed is gone', 'added is new: integer'])
  })

  it('does not arise from prose, from the order of keys, or from a choice between inline, $ref and allOf', () => {
    const page = parameter('page', integer)
    const inlineBook = { description: 'One.', ...objectOf({ a: text, b: { ...integer, title: 'B' } }, 'a', 'b') }
    const bookComponent = {
      required: ['b', 'a'],
      properties: { b: integer, a: { description: 'A text.', ...text } },
      type: 'object',
    }
    const inline = documentWith({
      parameters: [page],
      responses: { 400: inJson(objectOf({ detail: text })), 200: inJson(inlineBook) },
    })
    const componentsWith = (detail: object) => ({
      parameters: { Page: page },
      responses: { Failed: inJson(objectOf({ detail })) },
      schemas: { Book: bookComponent },
    })
    const referringOperation = {
      responses: { 200: inJson({ allOf: [ref('Book')] }), 400: ref('Failed', 'responses') },
      parameters: [ref('Page', 'parameters')],
    }
    const [referred, changed] = [
      documentWith(referringOperation, componentsWith(text)),
      documentWith(referringOperation, componentsWith(integer)),
    ]
    expect([compare(inline, referred), compare(referred, inline)]).toEqual([[], []])
    expect(compare(inline, changed)).toEqual([
      'retyped PUT /books/ 400.detail is string, then integer (reader) put 400 $.detail',
    ])
  })
})
