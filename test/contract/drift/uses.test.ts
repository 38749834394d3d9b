/** A consumer is told only of the differences in what it uses, by the interactions of its pact. */
import { describe, expect, it } from 'vitest'
import { compareDocuments, usesOf, type Document } from '../../../src/contract/drift/compare.ts'
import { readJson } from '../../support/files.ts'
import {
  differencesBetween,
  documentOf,
  documentWith,
  inJson,
  integer,
  objectOf,
  PACT,
  parameter,
  text,
  toLines,
  usesOfRelease,
  withAnswer,
  withBody,
  withParameters,
} from './support.ts'

describe('The pact that is shipped', () => {
  it.each(['2024.2.4', '2024.8.3', '2025.8.6', '2026.8.3'])(
    'uses the nine operations of %s that read grants, and few of their keys',
    (release) => {
      const uses = usesOf(readJson(PACT), documentOf(release))
      const grantOperations = ['authorization_codes', 'access_tokens', 'refresh_tokens'].flatMap((family) =>
        ['list', 'retrieve', 'used_by_list'].map((verb) => `oauth2_${family}_${verb}`),
      )
      expect([...uses.keys()].toSorted()).toEqual(grantOperations.toSorted())
      const places = [...(uses.get('oauth2_authorization_codes_retrieve') ?? [])]
      expect(places).toEqual(
        expect.arrayContaining([
          '200 $.expires',
          '200 $.scope[]',
          '200 $.user.groups_obj',
          '200 $.provider.client_type',
          '404 $.detail',
          '?user',
        ]),
      )
      expect(places).not.toContain('200 $.provider.client_secret')
    },
  )

  it('is broken by the fix of CVE-2026-40166 in three keys that it reads, and not at all by the new redirect URIs', () => {
    const uses = usesOf(readJson(PACT), documentOf('2025.12.4'))
    const breaking = differencesBetween('2025.12.4', '2025.12.5', uses).filter(({ breaks }) => breaks.length)
    expect(breaking.flatMap(({ places }) => places.map(({ path }) => path))).toEqual(
      ['client_type', 'issuer_mode', 'sub_mode'].map((key) => `200 $.provider.${key}`),
    )
    expect(differencesBetween('2024.8.3', '2024.8.5', uses)).toEqual([])
  })
})

describe('A consumer of authentik', () => {
  const narrowedLines = (baseline: string, candidate: string, ...interactions: object[]) =>
    toLines(differencesBetween(baseline, candidate, usesOfRelease(baseline, ...interactions)))

  it('is told of the keys that it reads, in lists too, or writes, and of the parameters that it sends: no others', () => {
    const groups = {
      request: { method: 'GET', path: '/api/v3/core/groups/' },
      response: { status: 200, body: { pagination: { count: 1 }, results: [{ pk: 'a', parent: null }] } },
    }
    expect(narrowedLines('2025.10.4', '2025.12.4', groups)).toEqual([
      'removed Group.parent is gone (reader) core_groups_list 200 $.results[].parent',
    ])
    const content = { name: 'a', redirect_uris: 'https://a.example' }
    const put = {
      request: {
        method: 'PUT',
        path: '/api/v3/providers/oauth2/1/',
        body: { content, contentType: 'application/json' },
      },
      response: { status: 200 },
    }
    const list = {
      request: { method: 'get', path: '/api/v3//providers/oauth2/', query: { redirect_uris: ['a'] } },
      response: { status: 200 },
    }
    expect(narrowedLines('2024.8.4', '2024.8.5', put, list)).toEqual([
      'removed GET /providers/oauth2/ ?redirect_uris has no effect any more (writer) providers_oauth2_list ?redirect_uris',
      'retyped OAuth2ProviderRequest.redirect_uris is required (writer) providers_oauth2_update body $.redirect_uris',
      'retyped OAuth2ProviderRequest.redirect_uris is string, then a list of RedirectURIRequest (writer) providers_oauth2_update body $.redirect_uris',
    ])
    const putWithoutUris = { ...put, request: { ...put.request, body: { name: 'a' } } }
    expect(narrowedLines('2024.8.4', '2024.8.5', putWithoutUris)).toEqual([
      'retyped OAuth2ProviderRequest.redirect_uris is required (writer) providers_oauth2_update body $.redirect_uris',
    ])
  })

  it('uses nothing when its pact is with another API, or has no interactions', () => {
    const request = { method: 'GET', path: '/cats/1/' }
    expect(usesOfRelease('2024.8.3', { request, response: { status: 200 } }).size).toBe(0)
    expect(usesOf({}, documentOf('2024.8.3')).size).toBe(0)
  })
})

describe('A consumer of any API', () => {
  const emptyOperation = documentWith({})
  const get = (path: string) => ({ request: { method: 'GET', path }, response: { status: 200 } })
  const put = (body?: unknown, query?: unknown) => ({ request: { method: 'PUT', path: '/books/', body, query } })

  describe('is told of', () => {
    const requiredParameter = { ...parameter('a', text), required: true }
    const withListParameter = (items: object) => withParameters(parameter('type', { type: 'array', items }))
    const withIdParameter = (schema: object): Document => ({
      paths: { '/books/{id}/': { get: { operationId: 'get', parameters: [parameter('id', schema, 'path')] } } },
    })
    const withMap = (additionalProperties: object) => withAnswer({ type: 'object', additionalProperties })

    it.each<[title: string, lines: string[], baseline: Document, candidate: Document, interaction: object]>([
      [
        'a new key that its body has to have',
        ['added Book.a is new and required (writer) put body $.a'],
        withBody(objectOf({})),
        withBody(objectOf({ a: text }, 'a')),
        put({ b: 1 }),
      ],
      [
        'a new required key of an object in its body',
        ['added Book.b.a is new and required (writer) put body $.b.a'],
        withBody(objectOf({ b: objectOf({}) })),
        withBody(objectOf({ b: objectOf({ a: text }, 'a') })),
        put({ b: {} }),
      ],
      [
        'no new key of an object that its body does not have',
        [],
        withBody(objectOf({ b: objectOf({}) })),
        withBody(objectOf({ b: objectOf({ a: text }, 'a') })),
        put({ c: 1 }),
      ],
      [
        'a required key with another name',
        ['renamed Book.a_b is now called a_c (writer) put body $.a_b'],
        withBody(objectOf({ a_b: text })),
        withBody(objectOf({ a_c: text }, 'a_c')),
        put({ b: 1 }),
      ],
      ['no new key when it sends no body', [], withBody(objectOf({})), withBody(objectOf({ a: text }, 'a')), put()],
      [
        'a new parameter that is required',
        ['added PUT /books/ ?a is new and required (writer) put ?a'],
        emptyOperation,
        withParameters(requiredParameter),
        put(),
      ],
      [
        'a parameter that has become required',
        ['retyped PUT /books/ ?a is required (writer) put ?a'],
        withParameters(parameter('a', text)),
        withParameters(requiredParameter),
        put(),
      ],
      ['no new parameter that is optional', [], emptyOperation, withParameters(parameter('a', text)), put()],
      [
        'a body that has become required',
        ['retyped PUT /books/ body is required (writer) put body $'],
        withBody({}),
        documentWith({ requestBody: { ...inJson({}), required: true } }),
        put(),
      ],
      [
        'another type of a parameter in its path',
        ['retyped GET /books/{id}/ {id} is integer, then string (writer) get {id}'],
        withIdParameter(integer),
        withIdParameter(text),
        get('/books/1/'),
      ],
      [
        'another type of the items of a list in its query',
        ['retyped PUT /books/ ?type is string, then integer (writer) put ?type[]'],
        withListParameter(text),
        withListParameter(integer),
        put(undefined, { type: ['a'] }),
      ],
      [
        'the same in a query as Pact 2 writes it',
        ['retyped PUT /books/ ?type is string, then integer (writer) put ?type[]'],
        withListParameter(text),
        withListParameter(integer),
        put(undefined, 'b=1&type=a'),
      ],
      [
        'another type under the keys of a map that it reads',
        ['retyped Book.* is string, then integer (reader) put 200 $.*'],
        withMap(text),
        withMap(integer),
        { ...put(), response: { body: { a: 'b' } } },
      ],
    ])('%s', (_, lines, baseline, candidate, interaction) => {
      const uses = usesOf({ interactions: [interaction] }, baseline)
      expect(toLines(compareDocuments(baseline, candidate, uses))).toEqual(lines)
    })
  })

  const users = (...servers: unknown[]) =>
    ({
      servers,
      paths: { '/users/{id}/': { get: { operationId: 'retrieve' } }, '/users/me/': { get: { operationId: 'me' } } },
    }) as Document

  it.each([
    ['/users/me/', users(), 'me'],
    ['/users/1/', users(), 'retrieve'],
    ['/api/v3/users/me/', users({ url: 'https://authentik.example/api/v3/' }), 'me'],
    ['/api/v3/users/1/', users(null, { url: '/api/v3' }), 'retrieve'],
    ['/v3/users/1/', users({ url: '//authentik.example:9000/v3' }), 'retrieve'],
  ])('uses the operation whose path fits %s best', (path, document, operationId) => {
    expect([...usesOf({ interactions: [get(path)] }, document).keys()]).toEqual([operationId])
  })

  it('uses what its HTTP interactions use, and nothing by anything else in its pact', () => {
    const message = { ...get('/users/1/'), type: 'Asynchronous/Messages' }
    const otherEntries = [
      null,
      1,
      'a',
      [],
      {},
      { request: null },
      { request: { path: 1 } },
      { request: { method: {}, path: '/users/me/' } },
      message,
    ]
    expect(usesOf({ interactions: otherEntries }, users()).size).toBe(0)
    const oddInteraction = {
      request: { method: 'GET', path: '/users/me/', query: 1, body: null },
      response: { status: { toString: 1 }, body: [null] },
    }
    const interactions = [...otherEntries, oddInteraction, { ...oddInteraction, response: null }]
    expect([...usesOf({ interactions }, users())]).toEqual([['me', new Set(['200 $', '200 $[]'])]])
    for (const pact of [null, undefined, 1, 'a', [], { interactions: null }, { interactions: {} }])
      expect(usesOf(pact, users()).size).toBe(0)
  })

  it('has its body as it is until Pact 4, even a body with a key named content', () => {
    const uses = usesOf({ interactions: [put({ content: { a: 1 } })] }, emptyOperation)
    expect([...(uses.get('put') ?? [])]).toEqual(['body $', 'body $.content', 'body $.content.a'])
  })
})
