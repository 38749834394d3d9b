/** What a move from one authentik to another changes, whom it breaks, and the command that tells it (FACTS 6). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import {
  compareDocuments,
  usesOf,
  type Difference,
  type Document,
  type Party,
  type Uses,
} from '../../../src/contract/drift/compare.ts'
import { serve } from '../../../src/http/node/server.ts'
import { main } from '../../../src/cli/main.ts'
import { toDocument } from '../../../src/rest/document.ts'
import type { Fragment } from '../../../src/schema/words.ts'
import { mock } from '../../../src/entries/index.ts'
import { findRelease, versions } from '../../../src/authentik/releases/index.ts'
import { inRoot, readJson } from '../../support/files.ts'
import { toEssence } from '../../support/fingerprints.ts'

const PACT = 'pacts/goauthentik-api-authentik.json'

/** One line a difference, such as `removed Thing.name is gone (reader) things_list 200 $.name`. */
const toLines = (differences: readonly Difference[]) =>
  differences.map(({ kind, at, what, breaks, places }) =>
    [
      kind,
      at,
      what,
      `(${breaks.toSorted().join(' and ') || 'nobody'})`,
      places.map(({ operation, path }) => `${operation} ${path}`.trim()).join(', '),
    ].join(' '),
  )
const compare = (from: Document, to: Document) => toLines(compareDocuments(from, to))

const documents = new Map<string, Document>()
const documentOf = (release: string): Document => {
  const document = documents.get(release) ?? (toDocument(findRelease(release)) as unknown as Document)
  documents.set(release, document)
  return document
}
const between = (from: string, to: string, uses?: Uses) => compareDocuments(documentOf(from), documentOf(to), uses)

const text = { type: 'string' }
const whole = { type: 'integer' }
const inJson = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const ref = (name: string, kind = 'schemas') => ({ $ref: `#/components/${kind}/${name}` })
const thing = (properties: object, ...required: string[]) => ({ type: 'object', properties, required })
const documented = (operation: object, components: Document['components'] = {}): Document => ({
  paths: { '/things/': { put: { operationId: 'put', ...operation } } },
  components,
})
const answered = (Thing: Fragment, schemas: Record<string, Fragment> = {}) =>
  documented({ responses: { 200: inJson(ref('Thing')) } }, { schemas: { Thing, ...schemas } })
const sent = (Thing: Fragment) => documented({ requestBody: inJson(ref('Thing')) }, { schemas: { Thing } })
const asked = (...parameters: object[]) => documented({ parameters })
/** The same component as what is sent and what is answered. */
const both = (Thing: Fragment) =>
  documented({ requestBody: inJson(ref('Thing')), responses: { 200: inJson(ref('Thing')) } }, { schemas: { Thing } })
const parameter = (name: string, schema: object, place = 'query') => ({ in: place, name, schema })
const oneOf = (...values: string[]) => ({ ...text, enum: values })

describe('a difference', () => {
  const nullable = { ...text, nullable: true }
  const upTo = (maxLength: number) => ({ ...text, maxLength })
  const listOf = (items: object) => ({ type: 'array', items })
  const mapOf = (additionalProperties: object | boolean) => ({ type: 'object', additionalProperties })
  const [needed, free] = [thing({ a: text }, 'a'), thing({ a: text })]

  it.each<[string, expected: string, inAnswer: string, inRequest: string, before: Fragment, after: Fragment]>([
    ['a key that is gone', 'removed $.a is gone / has no effect any more', 'reader', 'writer', free, thing({})],
    ['a key that may be absent', 'retyped $.a may be absent', 'reader', 'nobody', needed, free],
    ['a key that is required', 'retyped $.a is required', 'nobody', 'writer', free, needed],
    [
      'a new key that is required',
      'added $.a is new: string / is new and required',
      'nobody',
      'writer',
      thing({}),
      needed,
    ],
    ['a new key that is not', 'added $.a is new: string', 'nobody', 'nobody', thing({}), free],
    [
      'a new word in a name',
      'renamed $.jwks_uri is now called keys_uri',
      'reader',
      'writer',
      thing({ jwks_uri: text }),
      thing({ keys_uri: text }),
    ],
    ['null that is allowed', 'retyped $.a can be null', 'reader', 'nobody', free, thing({ a: nullable })],
    ['null that is not', 'retyped $.a can no longer be null', 'nobody', 'writer', thing({ a: nullable }), free],
    ['another type', 'retyped $.a is string, then integer', 'reader', 'writer', free, thing({ a: whole })],
    [
      'another format',
      'retyped $.a is string, then string (uuid)',
      'reader',
      'writer',
      free,
      thing({ a: { ...text, format: 'uuid' } }),
    ],
    [
      'one value more',
      'retyped $.a can also be "y"',
      'reader',
      'nobody',
      thing({ a: oneOf('x') }),
      thing({ a: oneOf('y', 'x') }),
    ],
    [
      'one value fewer',
      'retyped $.a can no longer be "y"',
      'nobody',
      'writer',
      thing({ a: oneOf('x', 'y') }),
      thing({ a: oneOf('x') }),
    ],
    ['any value', 'retyped $.a can be anything', 'reader', 'nobody', thing({ a: oneOf('x') }), free],
    [
      'only a few values',
      'retyped $.a can only be one of "x", "y"',
      'nobody',
      'writer',
      free,
      thing({ a: oneOf('x', 'y') }),
    ],
    [
      'more room',
      'retyped $.a has at most 9 characters, not at most 8 characters',
      'reader',
      'nobody',
      thing({ a: upTo(8) }),
      thing({ a: upTo(9) }),
    ],
    [
      'less room',
      'retyped $.a has at most 9 characters, not any number of characters',
      'nobody',
      'writer',
      free,
      thing({ a: upTo(9) }),
    ],
    [
      'other items',
      'retyped $.a[] is string, then integer',
      'reader',
      'writer',
      thing({ a: listOf(text) }),
      thing({ a: listOf(whole) }),
    ],
    [
      'a list',
      'retyped $.a is string, then a list of Part',
      'reader',
      'writer',
      free,
      thing({ a: listOf(ref('Part')) }),
    ],
    [
      'a higher minimum',
      'retyped $.a is at least 1, not any number',
      'nobody',
      'writer',
      thing({ a: whole }),
      thing({ a: { ...whole, minimum: 1 } }),
    ],
    [
      'a lower minimum',
      'retyped $.a is at least 0, not at least 1',
      'reader',
      'nobody',
      thing({ a: { ...whole, minimum: 1 } }),
      thing({ a: { ...whole, minimum: 0 } }),
    ],
    [
      'a higher maximum',
      'retyped $.a is at most 9, not at most 8',
      'reader',
      'nobody',
      thing({ a: { ...whole, maximum: 8 } }),
      thing({ a: { ...whole, maximum: 9 } }),
    ],
    [
      'a new pattern',
      'retyped $.a has the pattern ^a$, not no pattern',
      'nobody',
      'writer',
      free,
      thing({ a: { ...text, pattern: '^a$' } }),
    ],
    [
      'another pattern',
      'retyped $.a has the pattern b, not the pattern a',
      'nobody',
      'writer',
      thing({ a: { ...text, pattern: 'a' } }),
      thing({ a: { ...text, pattern: 'b' } }),
    ],
    [
      'no pattern any more',
      'retyped $.a has no pattern, not the pattern a',
      'nobody',
      'nobody',
      thing({ a: { ...text, pattern: 'a' } }),
      free,
    ],
    [
      'another type under any key',
      'retyped $.a.* is string, then integer',
      'reader',
      'writer',
      thing({ a: mapOf(text) }),
      thing({ a: mapOf(whole) }),
    ],
    [
      'a key inside any',
      'retyped $.a.*.b is string, then integer',
      'reader',
      'writer',
      thing({ a: mapOf(thing({ b: text })) }),
      thing({ a: mapOf(thing({ b: whole })) }),
    ],
    [
      'no other keys',
      'retyped $.a.* can no longer be there',
      'nobody',
      'writer',
      thing({ a: mapOf({}) }),
      thing({ a: mapOf(false) }),
    ],
    [
      'other keys',
      'retyped $.a.* can be there',
      'reader',
      'nobody',
      thing({ a: mapOf(false) }),
      thing({ a: { type: 'object' } }),
    ],
    [
      'only some under any key',
      'retyped $.a.* can only be string',
      'nobody',
      'writer',
      thing({ a: mapOf({}) }),
      thing({ a: mapOf(text) }),
    ],
    [
      'anything under any key',
      'retyped $.a.* can be anything',
      'reader',
      'nobody',
      thing({ a: mapOf(text) }),
      thing({ a: mapOf(true) }),
    ],
    [
      'one schema more of several',
      'retyped $.a can also be Part',
      'reader',
      'nobody',
      thing({ a: { oneOf: [text] } }),
      thing({ a: { oneOf: [ref('Part'), text] } }),
    ],
    [
      'one schema fewer of any',
      'retyped $.a can no longer be integer',
      'nobody',
      'writer',
      thing({ a: { anyOf: [whole, text] } }),
      thing({ a: { anyOf: [text] } }),
    ],
    [
      'a key named as what all objects have',
      'added $.constructor is new: string',
      'nobody',
      'nobody',
      thing({}),
      thing({ constructor: text }),
    ],
    [
      'a key inside',
      'retyped $.a.b is string, then integer',
      'reader',
      'writer',
      thing({ a: thing({ b: text }) }),
      thing({ a: thing({ b: whole }) }),
    ],
  ])('is %s: "%s" breaks %s in an answer, %s in a request', (_, expected, inAnswer, inRequest, before, after) => {
    const [, kind, path, read, written = read] = /^(\w+) \$(\S+) (.+?)(?: \/ (.+))?$/.exec(expected)!
    const at = `Thing${path!.replace('[]', '')}`
    expect(compare(answered(before), answered(after))).toEqual([`${kind} ${at} ${read} (${inAnswer}) put 200 $${path}`])
    expect(compare(sent(before), sent(after))).toEqual([`${kind} ${at} ${written} (${inRequest}) put body $${path}`])
  })

  const [A, B] = [parameter('a', oneOf('x', 'y')), parameter('a', oneOf('x'))]
  const id = (schema: object) => parameter('id', schema, 'path')
  const [none, nothing] = [documented({}), { paths: {} }]
  const tree = (name: object) => answered(thing({ name, children: listOf(ref('Thing')) }))
  const named = (name: string) => answered(thing({ group: ref(name) }), { [name]: needed })
  const put = (path: string, ...parameters: object[]) => ({
    paths: { [path]: { put: { operationId: 'put', parameters } } },
  })
  const [mayBeSent, mustBeSent] = [
    documented({ requestBody: inJson(text) }),
    documented({ requestBody: { ...inJson(text), required: true } }),
  ]
  const above = (schema: object): Document => ({
    paths: { '/things/': { parameters: [parameter('a', schema)], put: { operationId: 'put' } } },
  })
  const cases = (Part: Fragment) => answered(thing({ part: { oneOf: [ref('Part'), text] } }), { Part })
  const twice = (Part: Fragment) => ({
    paths: {
      '/a/': { get: { operationId: 'list', responses: { 200: inJson(listOf(ref('Part'))) } } },
      ...none.paths,
      ...answered({}).paths,
    },
    components: { schemas: { Part, Thing: thing({ part: { allOf: [ref('Part')], readOnly: true } }) } },
  })
  it.each<[string, expected: string, before: Document, after: Document]>([
    ['a parameter that is gone', 'removed PUT /things/ ?a has no effect any more (writer) put ?a', asked(A), none],
    ['a new parameter', 'added PUT /things/ ?a is new (nobody) put ?a', none, asked(A)],
    [
      'a new one that is required',
      'added PUT /things/ ?a is new and required (writer) put ?a',
      none,
      asked({ ...A, required: true }),
    ],
    ['one of fewer values', 'retyped PUT /things/ ?a can no longer be "y" (writer) put ?a', asked(A), asked(B)],
    [
      'another type in the path',
      'retyped PUT /things/ {id} is integer, then string (writer) put {id}',
      asked(id(whole)),
      asked(id(text)),
    ],
    ['a new body', 'added PUT /things/ body can be sent (nobody) put', none, sent({})],
    [
      'a new body that is required',
      'added PUT /things/ body is asked for (writer) put',
      none,
      documented({ requestBody: { required: true } }),
    ],
    ['a body that is gone', 'removed PUT /things/ body is no longer read (writer) put', sent({}), none],
    ['an operation that is gone', 'removed PUT /things/ is gone (reader and writer) put', none, nothing],
    ['a new operation', 'added PUT /things/ is new (nobody) put', nothing, none],
    [
      'another path',
      'renamed PUT /things/ is now PUT /a/ (reader and writer) put',
      none,
      { paths: { '/a/': none.paths['/things/']! } },
    ],
    [
      'another method',
      'renamed PUT /things/ is now POST /things/ (reader and writer) put',
      none,
      { paths: { '/things/': { post: { operationId: 'put' } } } },
    ],
    ['a success that is gone', 'removed PUT /things/ 200 is no longer documented (reader) put', answered({}), none],
    [
      'a parameter that is required',
      'retyped PUT /things/ ?a is required (writer) put ?a',
      asked(A),
      asked({ ...A, required: true }),
    ],
    [
      'one that no longer is',
      'retyped PUT /things/ ?a may be absent (nobody) put ?a',
      asked({ ...A, required: true }),
      asked(A),
    ],
    ['a body that is required', 'retyped PUT /things/ body is required (writer) put body $', mayBeSent, mustBeSent],
    ['a body that no longer is', 'retyped PUT /things/ body may be absent (nobody) put body $', mustBeSent, mayBeSent],
    [
      'a body that is not JSON',
      'removed PUT /things/ body is no longer JSON (writer) put body $',
      mayBeSent,
      documented({ requestBody: { content: {} } }),
    ],
    [
      'an answer without its JSON',
      'removed PUT /things/ 200 is no longer JSON (reader) put 200 $',
      answered({}),
      documented({ responses: { 200: {} } }),
    ],
    [
      'an answer with JSON',
      'added PUT /things/ 200 is JSON now (nobody) put 200 $',
      documented({ responses: { 200: {} } }),
      answered({}),
    ],
    [
      'a new refusal',
      'added PUT /things/ 403 is documented now (nobody) put 403 $',
      none,
      documented({ responses: { 403: {} } }),
    ],
    [
      'another name in the path',
      'renamed PUT /a/{id}/ is now PUT /a/{pk}/ (nobody) put',
      put('/a/{id}/', id(whole)),
      put('/a/{pk}/', parameter('pk', whole, 'path')),
    ],
    [
      'a parameter of the path, all of whose operations have it',
      'retyped PUT /things/ ?a can no longer be "y" (writer) put ?a',
      above(oneOf('x', 'y')),
      above(oneOf('x')),
    ],
    [
      'a key of one of several',
      'retyped Part.a is string, then integer (reader) put 200 $.part.a',
      cases(free),
      cases(thing({ a: whole })),
    ],
    [
      'a refusal that is gone',
      'removed PUT /things/ 403 is no longer documented (nobody) put',
      documented({ responses: { 403: {} } }),
      none,
    ],
    [
      'told once of a component, with all places',
      'removed Part.a is gone (reader) list 200 $[].a, put 200 $.part.a',
      twice(free),
      twice(thing({})),
    ],
    [
      'for who reads and writes',
      'retyped Thing.a is string, then integer (reader and writer) put body $.a, put 200 $.a',
      both(free),
      both(thing({ a: whole })),
    ],
    [
      'told of what holds itself',
      'retyped Thing.name is string, then integer (reader) put 200 $.name',
      tree(text),
      tree(whole),
    ],
    [
      'just a new name of a component',
      'renamed User is now called Person (nobody) put 200 $.group',
      named('User'),
      named('Person'),
    ],
  ])('is %s: %s', (_, expected, before, after) => {
    expect(compare(before, after)).toEqual([expected])
  })

  it('is of the component that had the key, when another stands in its place', () => {
    const [before, after] = ['User', 'Person'].map((name, at) =>
      answered(thing({ group: ref(name) }), { [name]: at ? thing({ b: whole }) : needed }),
    ) as [Document, Document]
    expect(compare(before, after)).toEqual([
      'removed User.a is gone (reader) put 200 $.group.a',
      'added Person.b is new: integer (nobody) put 200 $.group.b',
      'renamed User is now called Person (nobody) put 200 $.group',
    ])
    expect(between('2025.12.4', '2025.12.5').map((one) => one.at)).toContain('OAuth2Provider.client_secret')
  })

  it('names the parties it breaks in one order, whichever it meets first', () => {
    expect(compareDocuments(both(free), both(thing({ a: whole }))).map(({ breaks }) => breaks)).toEqual([
      ['reader', 'writer'],
    ])
  })

  it('is not looked for in a path that has nothing, or in schemas of which one is told in another order', () => {
    const empty = { paths: { '/things/': null } }
    expect([compare(empty, empty), compare(empty, nothing), compare(empty, none)]).toEqual([
      [],
      [],
      ['added PUT /things/ is new (nobody) put'],
    ])
    const either = (...members: object[]) => answered(thing({ a: { oneOf: members } }))
    expect(
      compare(either(text, { ...whole, minimum: 1 }), either({ minimum: 1, description: 'A number.', ...whole }, text)),
    ).toEqual([])
  })

  it('is another name of a key when a new one is of its type and has a word of its name, or the most of them', () => {
    const told = (before: object, after: object) =>
      compareDocuments(answered(thing(before)), answered(thing(after))).map(({ kind, what }) => `${kind} ${what}`)
    expect(told({ a_b: text }, { b: text, b_a: text })).toEqual(['renamed is now called b_a', 'added is new: string'])
    expect(told({ name: text }, { title: text })).toEqual(['removed is gone', 'added is new: string'])
    expect(told({ a_b: text }, { a_c: whole })).toEqual(['removed is gone', 'added is new: integer'])
  })

  it('is neither prose nor an order of keys, nor whether something is said inline, by $ref or by allOf', () => {
    const page = parameter('page', whole)
    const own = { description: 'One.', ...thing({ a: text, b: { ...whole, title: 'B' } }, 'a', 'b') }
    const Thing = {
      required: ['b', 'a'],
      properties: { b: whole, a: { description: 'A text.', ...text } },
      type: 'object',
    }
    const inline = documented({
      parameters: [page],
      responses: { 400: inJson(thing({ detail: text })), 200: inJson(own) },
    })
    const parts = (detail: object) => ({
      parameters: { Page: page },
      responses: { Failed: inJson(thing({ detail })) },
      schemas: { Thing },
    })
    const asks = {
      responses: { 200: inJson({ allOf: [ref('Thing')] }), 400: ref('Failed', 'responses') },
      parameters: [ref('Page', 'parameters')],
    }
    const [referred, changed] = [documented(asks, parts(text)), documented(asks, parts(whole))]
    expect([compare(inline, referred), compare(referred, inline)]).toEqual([[], []])
    expect(compare(inline, changed)).toEqual([
      'retyped PUT /things/ 400.detail is string, then integer (reader) put 400 $.detail',
    ])
  })
})

describe('between releases', () => {
  const APPLICATION = [
    'application_name',
    'application_slug',
    'backchannel_application_name',
    'backchannel_application_slug',
  ]
  const PARENTS = 'Group.parent, Group.parent_name, PartialGroup.parent, PartialGroup.parent_name'
  const REDIRECTS =
    'GET /providers/oauth2/ ?redirect_uris, OAuth2ProviderRequest.redirect_uris, PatchedOAuth2ProviderRequest.redirect_uris'

  it.each<[from: string, to: string, readers: string, writers: string]>([
    [
      '2024.2.4',
      '2024.4.0',
      'ExpiringBaseGrantModel.expires, Group.users_obj, Token.expires, TokenModel.expires, User.groups_obj, UserGroup.parent_name',
      '',
    ],
    ['2024.6.5', '2024.8.0', 'Group.name, UserGroup.name', ''],
    ['2024.8.3', '2024.8.5', 'OAuth2Provider.redirect_uris', REDIRECTS],
    ['2024.10.2', '2024.10.3', 'OAuth2Provider.redirect_uris', REDIRECTS],
    [
      '2024.10.5',
      '2024.12.0',
      'OAuth2Provider.jwks_sources',
      'OAuth2ProviderRequest.jwks_sources, PatchedOAuth2ProviderRequest.jwks_sources',
    ],
    ['2024.12.5', '2025.8.0', '', ''],
    [
      '2025.8.5',
      '2025.8.6',
      ['OAuth2Provider', 'Provider'].flatMap((name) => APPLICATION.map((key) => `${name}.assigned_${key}`)).join(', '),
      '',
    ],
    [
      '2025.10.4',
      '2025.12.4',
      `Application.meta_icon, Application.slug, Config.capabilities, ${PARENTS}, UsedBy.action`,
      '',
    ],
    ['2025.12.6', '2026.2.0', 'Role.name', ''],
  ])('%s -> %s breaks who reads "%s" or writes "%s", and nobody else', (from, to, readers, writers) => {
    const broken = (party: Party) =>
      [...new Set(between(from, to).flatMap(({ at, breaks }) => (breaks.includes(party) ? [at] : [])))].join(', ')
    expect([broken('reader'), broken('writer')]).toEqual([readers, writers])
  })

  it.each([
    ['2024.8.4', '2024.8.5', 'retyped OAuth2Provider.redirect_uris is string, then a list of RedirectURI (reader)'],
    ['2024.8.6', '2024.10.0', 'added OAuth2ProviderRequest.invalidation_flow is new and required (writer)'],
    ['2024.10.5', '2024.12.0', 'renamed OAuth2Provider.jwks_sources is now called jwt_federation_sources (reader)'],
    ['2025.8.6', '2025.10.0', 'renamed UserGroup is now called PartialGroup (nobody)'],
  ])('%s -> %s: %s', (from, to, expected) => {
    expect(toLines(between(from, to)).map((line) => line.replace(/(?<=\((nobody|reader|writer)\)).*/, ''))).toContain(
      expected,
    )
  })

  it.each(['2025.12.4 -> 2025.12.5', '2026.2.2 -> 2026.2.3'])(
    '%s takes the client_secret out of grants, and not out of /providers/oauth2/',
    (move) => {
      const [from, to] = move.split(' -> ') as [string, string]
      const gone = between(from, to).find(({ at }) => at.endsWith('.client_secret'))
      const grants = ['authorization_codes', 'access_tokens', 'refresh_tokens'].flatMap((name) => [
        `oauth2_${name}_list`,
        `oauth2_${name}_retrieve`,
      ])
      expect(gone).toMatchObject({ kind: 'removed', what: 'is gone', breaks: ['reader'] })
      expect(gone!.places.map(({ operation }) => operation).toSorted()).toEqual(grants.toSorted())
      expect(
        between(from, to, new Map(['providers_oauth2_retrieve', 'providers_oauth2_list'].map((id) => [id, 'all']))),
      ).toEqual([])
    },
  )

  it('a release differs from its neighbours, in either direction, exactly where their documents do, and never from itself', () => {
    expect(versions.filter((version) => between(version, version).length)).toEqual([])
    const essence = ({ paths, components }: Document) => JSON.stringify(toEssence({ paths, components }))
    const pairs = versions.slice(1).map((to, at) => [versions[at]!, to] as const)
    const found = pairs.filter(([from, to]) => between(from, to).length)
    expect(found).toEqual(pairs.filter(([from, to]) => essence(documentOf(from)) !== essence(documentOf(to))))
    expect(found).toEqual(pairs.filter(([from, to]) => between(to, from).length))
    expect(found.length).toBeGreaterThan(15)
  })
})

describe('what a consumer uses', () => {
  const uses = (release: string, ...interactions: object[]) => usesOf({ interactions }, documentOf(release))
  const narrowed = (from: string, to: string, ...interactions: object[]) =>
    toLines(between(from, to, uses(from, ...interactions)))

  it.each(['2024.2.4', '2024.8.3', '2025.8.6', '2026.8.3'])(
    'the shipped pact uses the nine operations of %s that read grants, and few of their keys',
    (release) => {
      const used = usesOf(readJson(PACT), documentOf(release))
      const families = ['authorization_codes', 'access_tokens', 'refresh_tokens'].flatMap((family) =>
        ['list', 'retrieve', 'used_by_list'].map((verb) => `oauth2_${family}_${verb}`),
      )
      expect([...used.keys()].toSorted()).toEqual(families.toSorted())
      const places = used.get('oauth2_authorization_codes_retrieve') as Set<string>
      expect([...places]).toEqual(
        expect.arrayContaining([
          '200 $.expires',
          '200 $.scope[]',
          '200 $.user.groups_obj',
          '200 $.provider.client_type',
          '404 $.detail',
          '?user',
        ]),
      )
      expect(places.has('200 $.provider.client_secret')).toBe(false)
    },
  )

  it('the shipped pact feels of CVE-2026-40166 three keys that it reads, and of redirect URIs nothing', () => {
    const used = usesOf(readJson(PACT), documentOf('2025.12.4'))
    const felt = between('2025.12.4', '2025.12.5', used).filter(({ breaks }) => breaks.length)
    expect(felt.flatMap(({ places }) => places.map(({ path }) => path))).toEqual(
      ['client_type', 'issuer_mode', 'sub_mode'].map((key) => `200 $.provider.${key}`),
    )
    expect(between('2024.8.3', '2024.8.5', used)).toEqual([])
  })

  it('is the keys that it reads, in lists too, or writes, and the parameters that it asks with: no others', () => {
    const response = { status: 200, body: { pagination: { count: 1 }, results: [{ pk: 'a', parent: null }] } }
    const gone = ['removed Group.parent is gone (reader) core_groups_list 200 $.results[].parent']
    expect(
      narrowed('2025.10.4', '2025.12.4', { request: { method: 'GET', path: '/api/v3/core/groups/' }, response }),
    ).toEqual(gone)
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
    expect(narrowed('2024.8.4', '2024.8.5', put, list)).toEqual([
      'removed GET /providers/oauth2/ ?redirect_uris has no effect any more (writer) providers_oauth2_list ?redirect_uris',
      'retyped OAuth2ProviderRequest.redirect_uris is required (writer) providers_oauth2_update body $.redirect_uris',
      'retyped OAuth2ProviderRequest.redirect_uris is string, then a list of RedirectURIRequest (writer) providers_oauth2_update body $.redirect_uris',
    ])
    const without = { ...put, request: { ...put.request, body: { name: 'a' } } }
    expect(narrowed('2024.8.4', '2024.8.5', without)).toEqual([
      'retyped OAuth2ProviderRequest.redirect_uris is required (writer) providers_oauth2_update body $.redirect_uris',
    ])
  })

  describe('of any API', () => {
    const get = (path: string, more: object = {}) => ({
      request: { method: 'GET', path, ...more },
      response: { status: 200 },
    })
    const felt = (before: Document, after: Document, ...interactions: object[]) =>
      toLines(compareDocuments(before, after, usesOf({ interactions }, before)))
    const put = (body?: unknown, query?: unknown) => ({ request: { method: 'PUT', path: '/things/', body, query } })
    const [none, must] = [documented({}), { ...parameter('a', text), required: true }]
    const kinds = (items: object) => asked(parameter('type', { type: 'array', items }))
    const byId = (schema: object): Document => ({
      paths: { '/things/{id}/': { get: { operationId: 'get', parameters: [parameter('id', schema, 'path')] } } },
    })

    it.each<[string, expected: string[], before: Document, after: Document, interaction: object]>([
      [
        'a new key that its body has to have',
        ['added Thing.a is new and required (writer) put body $.a'],
        sent(thing({})),
        sent(thing({ a: text }, 'a')),
        put({ b: 1 }),
      ],
      [
        'one in what its body holds',
        ['added Thing.b.a is new and required (writer) put body $.b.a'],
        sent(thing({ b: thing({}) })),
        sent(thing({ b: thing({ a: text }, 'a') })),
        put({ b: {} }),
      ],
      [
        'none in what its body does not hold',
        [],
        sent(thing({ b: thing({}) })),
        sent(thing({ b: thing({ a: text }, 'a') })),
        put({ c: 1 }),
      ],
      [
        'a key that has another name and has to be there',
        ['renamed Thing.a_b is now called a_c (writer) put body $.a_b'],
        sent(thing({ a_b: text })),
        sent(thing({ a_c: text }, 'a_c')),
        put({ b: 1 }),
      ],
      ['none when it sends no body', [], sent(thing({})), sent(thing({ a: text }, 'a')), put()],
      [
        'a new parameter that it has to give',
        ['added PUT /things/ ?a is new and required (writer) put ?a'],
        none,
        asked(must),
        put(),
      ],
      [
        'a parameter that it has to give now',
        ['retyped PUT /things/ ?a is required (writer) put ?a'],
        asked(parameter('a', text)),
        asked(must),
        put(),
      ],
      ['none that it may give', [], none, asked(parameter('a', text)), put()],
      [
        'a body that it has to send now',
        ['retyped PUT /things/ body is required (writer) put body $'],
        sent({}),
        documented({ requestBody: { ...inJson({}), required: true } }),
        put(),
      ],
      [
        'what is in its path',
        ['retyped GET /things/{id}/ {id} is integer, then string (writer) get {id}'],
        byId(whole),
        byId(text),
        get('/things/1/'),
      ],
      [
        'the items of a list that it asks with',
        ['retyped PUT /things/ ?type is string, then integer (writer) put ?type[]'],
        kinds(text),
        kinds(whole),
        put(undefined, { type: ['a'] }),
      ],
      [
        'the same in a query of Pact 2',
        ['retyped PUT /things/ ?type is string, then integer (writer) put ?type[]'],
        kinds(text),
        kinds(whole),
        put(undefined, 'b=1&type=a'),
      ],
      [
        'what is under any key of a map that it reads',
        ['retyped Thing.* is string, then integer (reader) put 200 $.*'],
        ...([text, whole].map((additionalProperties) => answered({ type: 'object', additionalProperties })) as [
          Document,
          Document,
        ]),
        { ...put(), response: { body: { a: 'b' } } },
      ],
    ])('hears of %s', (_, expected, before, after, interaction) => {
      expect(felt(before, after, interaction)).toEqual(expected)
    })

    const users = (...servers: unknown[]) =>
      ({
        servers,
        paths: { '/users/{id}/': { get: { operationId: 'one' } }, '/users/me/': { get: { operationId: 'me' } } },
      }) as unknown as Document
    it.each([
      ['/users/me/', users(), 'me'],
      ['/users/1/', users(), 'one'],
      ['/api/v3/users/me/', users({ url: 'https://authentik.example/api/v3/' }), 'me'],
      ['/api/v3/users/1/', users(null, { url: '/api/v3' }), 'one'],
      ['/v3/users/1/', users({ url: '//authentik.example:9000/v3' }), 'one'],
    ])('uses with %s the one operation that it is of', (path, document, expected) => {
      expect([...usesOf({ interactions: [get(path)] }, document).keys()]).toEqual([expected])
    })

    it('uses what its HTTP interactions use, and nothing of what is none', () => {
      const message = { ...get('/users/1/'), type: 'Asynchronous/Messages' }
      const others = [
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
      expect(usesOf({ interactions: others }, users()).size).toBe(0)
      const odd = {
        request: { method: 'GET', path: '/users/me/', query: 1, body: null },
        response: { status: { toString: 1 }, body: [null] },
      }
      expect([...usesOf({ interactions: [...others, odd, { ...odd, response: null }] }, users())]).toEqual([
        ['me', new Set(['200 $', '200 $[]'])],
      ])
      for (const pact of [null, undefined, 1, 'a', [], { interactions: null }, { interactions: {} }])
        expect(usesOf(pact, users()).size).toBe(0)
    })

    it('has a body as it is until Pact 4, even one with a key named content', () => {
      const places = [...usesOf({ interactions: [put({ content: { a: 1 } })] }, none).get('put')!]
      expect(places).toEqual(['body $', 'body $.content', 'body $.content.a'])
    })
  })

  it('is nothing when the pact is with another API, or has no interactions', () => {
    expect(uses('2024.8.3', { request: { method: 'GET', path: '/cats/1/' }, response: { status: 200 } }).size).toBe(0)
    expect(usesOf({}, documentOf('2024.8.3')).size).toBe(0)
  })
})

describe('authentik-mock drift', () => {
  const TOKEN = 'a-token-nobody-may-see'
  const VERSION = '/api/v3/admin/version/'
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const write = (name: string, content: string | Document) => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
    return join(folder, name)
  }

  async function run(args: readonly string[], env: Record<string, string> = {}) {
    let [out, err] = ['', '']
    const print = (part: string) => (out += part)
    const warn = (message: string) => (err += `${message}\n`)
    const code = await main(['drift', ...args], {
      print,
      warn,
      bold: (part) => part,
      env,
      stopped: () => Promise.resolve(),
    })
    return { out, err, code }
  }

  /** Answers by itself while the command runs. */
  async function against(answer: RequestListener, use: (url: string) => Promise<void>) {
    const server = createServer(answer).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).finally(() =>
      server.close().closeAllConnections(),
    )
  }

  /** Runs against a mock's socket; `{url}` in an argument is where it listens. */
  async function live(release: string, args: string[], env: Record<string, string> = {}) {
    const server = await serve(mock({ release, token: TOKEN }), { port: 0 })
    const given = args.map((one) => one.replace('{url}', server.url))
    const ended = await run(given, env).finally(() => server.close())
    return { ...ended, out: ended.out.replaceAll(server.url, '{url}') }
  }

  const nameless = (release: string) => JSON.stringify({ ...documentOf(release), info: { title: 'authentik' } })
  /** Refuses to tell its version unless it is given. */
  const answering =
    (document: string, version?: string, seen: unknown[] = []): RequestListener =>
    ({ url, headers }, response) => {
      seen.push([url, headers.authorization])
      response.writeHead(url === VERSION && version === undefined ? 403 : 200).end(url === VERSION ? version : document)
    }

  it.each<[string, code: number, said: string]>([
    ['2024.8.3 2024.8.5', 0, '6 differences, 5 of them break'],
    ['2024.8.3 2024.8.5 --fail-on breaking', 6, '6 differences, 5 of them break'],
    ['2024.8.3 2024.8.3 --fail-on any', 0, '2024.8.3 -> 2024.8.3: nothing differs'],
    ['2024.8.3 2024.8.4 --fail-on any --reporter json', 0, '"differences": []'],
    ['2024.8.3 2024.8.4 --fail-on any --reporter github', 0, '::notice::2024.8.3 -> 2024.8.4: nothing differs'],
    ['2024.12.5 2025.2 --fail-on breaking', 0, '2024.12.5 -> 2025.2 (2025.2.4): '],
    ['2024.12.5 2025.2 --fail-on any', 6, '1 difference, and it breaks nobody\n'],
    ['2024.2.4 2024.4.0 --operations core_groups_retrieve', 0, '1 difference, and it breaks\n'],
    ['2024.12.5 2025.8.0', 0, ' differences, 0 of them break\n'],
    [
      `2025.12.4 2025.12.5 --pact {${PACT}} --operations oauth2_authorization_codes_retrieve`,
      0,
      '4 differences, 3 of them break\n',
    ],
    [
      `2025.12.4 2025.12.5 --pact {${PACT}} --operations core_users_list`,
      2,
      'it uses none of the operations of --operations. Give one of oauth2_authorization_codes_retrieve, oauth2_',
    ],
    ['2024.8.3 http://', 2, 'http:// is no address of a server.'],
    ['2024.8.3 https://:80', 2, 'https://:80 is no address of a server.'],
    ['2024.8.3 http://[oops', 2, 'http://[oops is no address of a server.'],
    ['2024.8.3 ftp://localhost', 2, 'ftp://localhost is no address of a server.'],
    ['2024.8.3 2024.8.5 --fail-on any --operations root_config_retrieve', 0, 'nothing differs'],
    [
      '2024.8.3 2024.8.5 --fail-on any --operations root_config_retrieve,oauth2_access_tokens_list',
      6,
      '2 differences, 1 of them breaks',
    ],
    [`2024.8.3 2024.8.5 --fail-on any --pact {${PACT}}`, 0, 'nothing differs'],
    [`2025.12.4 2025.12.5 --fail-on breaking --pact {${PACT}}`, 6, '3 of them break'],
    ['', 2, 'FROM is missing.'],
    ['2024.8.3', 2, 'TO is missing.'],
    ['2024.8.3 2024.8.5 2024.8.6', 2, '"2024.8.6" is one too many.'],
    ['2024.8.3 2024.8.7', 2, 'Failed to find the release "2024.8.7". The nearest is 2024.8.6;'],
    ['2024.8.3 missing.json', 2, 'missing.json cannot be read (ENOENT). Give a release, an OpenAPI file or a URL.'],
    ['2024.8.3 {package.json}', 2, 'package.json is no OpenAPI document. Give one in JSON or YAML.'],
    ['2024.8.3 2024.8.5 --reporter xml', 2, '--reporter xml: Give one of text, json, github.'],
    [
      '2024.8.3 2024.8.5 --operations root_config_retrieve,oauth2_nope',
      2,
      '--operations: neither side has the operation "oauth2_nope".',
    ],
    ['2024.8.3 2024.8.5 --pact missing.json', 2, '--pact missing.json cannot be read (ENOENT).'],
    ['2024.8.3 2024.8.5 --pact {README.md}', 2, 'README.md is no JSON. Give a Pact file.'],
    ['2024.8.3 2024.8.5 --pact {package.json}', 2, 'none of its interactions is with an operation of these documents.'],
    ['2024.8.3 2024.8.5 --token-file missing.txt', 2, '--token-file missing.txt cannot be read (ENOENT).'],
  ])('"%s" exits with %i, and says: %s', async (line, expected, said) => {
    const args = line.split(' ').filter(Boolean)
    const { out, err, code } = await run(args.map((one) => one.replace(/\{(.+)\}/, (_, path: string) => inRoot(path))))
    const [spoken, silent] = code === 2 ? [err, out] : [out, err]
    expect([code, silent, err.split('\n').length]).toEqual([expected, '', code === 2 ? 2 : 1])
    expect(spoken).toContain(said)
  })

  it.each(['schema.json', 'schema.yaml', 'schema.yml'])(
    'reads an OpenAPI file such as %s, and says which release it is of',
    async (name) => {
      const path = write(name, (name.endsWith('json') ? JSON.stringify : stringify)(documentOf('2024.10.5')))
      expect((await run(['2024.10.5', path])).out).toBe(
        `2024.10.5 -> ${path} (2024.10.5, as its document says): nothing differs\n`,
      )
      expect((await run([path, '2024.12.0'])).out).toContain(
        `${path} (2024.10.5, as its document says) -> 2024.12.0: 6 differences, 3 of them break\n`,
      )
    },
  )

  it.each(['a\nb', 'tok\u0000en', 'a-tok\u20acn'])(
    'refuses the token %j, which cannot be sent, without saying it',
    async (token) => {
      await against(answering(nameless('2024.8.3')), async (url) => {
        const [inEnvironment, inFile] = [
          await run([url, '2024.8.3'], { AUTHENTIK_TOKEN: token }),
          await run([url, '2024.8.3', '--token-file', write('odd', token)]),
        ]
        expect(inEnvironment).toEqual({
          out: '',
          err: 'AUTHENTIK_TOKEN holds what cannot be sent as a token. Give the token alone, in one line.\n',
          code: 2,
        })
        expect([inFile.out, inFile.code, inFile.err.replace(/\S+odd/, 'odd')]).toEqual([
          '',
          2,
          '--token-file odd holds what cannot be sent as a token. Give the token alone, in one line.\n',
        ])
      })
    },
  )

  it.each(['', ' \n'])('takes the token %j for none', async (token) => {
    const seen: unknown[] = []
    await against(answering(nameless('2024.8.3'), undefined, seen), async (url) => {
      expect((await run([url, '2024.8.3'], { AUTHENTIK_TOKEN: token })).code).toBe(0)
      expect(seen).toEqual([['/api/v3/schema/?format=json', undefined]])
    })
  })

  it.each([
    'http://me:hunter2@localhost',
    'HTTPS://me:hunter2@localhost/',
    'http:/me:hunter2@localhost',
    'http://me:12#hunter2@localhost',
    'http://me:hunter2@',
    'ftp://me:hunter2@localhost',
  ])('refuses %s without saying the password', async (address) => {
    const { out, err, code } = await run(['2024.8.3', address])
    expect([out, code, err.includes('hunter2'), err.includes('me:'), err.split('\n').length]).toEqual([
      '',
      2,
      false,
      false,
      2,
    ])
  })

  it.each([
    'null',
    '[]',
    '{"interactions":{}}',
    '{"interactions":[null,1,{}]}',
    '{"messages":[{}]}',
    '{"interactions":[{"type":"Synchronous/Messages","request":{}}]}',
  ])('refuses the pact %s, which uses nothing', async (content) => {
    const { out, err, code } = await run(['2024.8.3', '2024.8.5', '--pact', write('pact.json', content)])
    expect([out, code]).toEqual(['', 2])
    expect(err).toMatch(/^--pact \S+: none of its interactions is with an operation of these documents\. Give .+\n$/)
  })

  it('reads a pact and a document behind a byte order mark', async () => {
    const [pact, document] = [
      write('marked-pact.json', `\uFEFF${JSON.stringify(readJson(PACT))}`),
      write('marked.json', `\uFEFF${JSON.stringify(documentOf('2024.8.3'))}`),
    ]
    expect(await run([document, '2024.8.3', '--pact', pact])).toMatchObject({ code: 0, err: '' })
  })

  it.each(['{"paths":[]}', '{"paths":null}', 'null', '[]'])('takes %s for no document', async (content) => {
    expect(await run(['2024.8.3', write('none.json', content)])).toMatchObject({ out: '', code: 2 })
  })

  it('hears with a pact of what either side calls what it uses', async () => {
    const { out } = await run([
      '2025.8.6',
      '2025.12.5',
      '--pact',
      inRoot(PACT),
      '--operations',
      'oauth2_authorization_codes_retrieve, root_config_retrieve',
    ])
    expect([out.includes('OAuth2Provider.client_type is gone'), out.includes('root_config_retrieve')]).toEqual([
      true,
      false,
    ])
  })

  describe('a file that does not say its release', () => {
    const { components, ...rest } = documentOf('2025.8.6')
    const told = async (content: string | Document) =>
      /\((.*?)\)/.exec((await run([write('nameless.yaml', content), '2025.8.6'])).out)![1]
    const shuffle = (value: any): any => {
      if (Array.isArray(value)) return value.map(shuffle)
      if (value === null || typeof value !== 'object') return value
      const keywords = Object.entries<any>(value).map(([key, one]) => {
        if (key === 'properties')
          return [key, Object.fromEntries(Object.entries(one).map(([name, property]) => [name, shuffle(property)]))]
        return [key, key === 'required' ? one.toReversed() : shuffle(one)]
      })
      return Object.fromEntries(keywords.toReversed())
    }
    const schemas = Object.fromEntries(
      Object.entries(components!['schemas']!).map(([name, schema]) => [name, shuffle(schema)]),
    )

    it.each<[string, string, string | object]>([
      ['is known by its shape', '2025.8.6, by its shape', { ...rest, components, info: {} }],
      [
        'is known in any order of its keywords',
        '2025.8.6, by its shape',
        { ...rest, components: { schemas }, info: null },
      ],
      [
        'is known by the few schemas that it has',
        '2025.8.6, by its shape',
        {
          paths: {},
          components: { schemas: { UserGroup: schemas['UserGroup'], OAuth2Provider: schemas['OAuth2Provider'] } },
        },
      ],
      ['is of no release that is known when it has no schemas', 'unknown, by its shape', { paths: {} }],
      [
        'or has them otherwise',
        'unknown, by its shape',
        { paths: {}, components: { schemas: { User: {}, Group: null } } },
      ],
      [
        'or has a number for its version, which may have lost a digit',
        'unknown, by its shape',
        'info:\n  version: 2024.10\npaths: {}\n',
      ],
    ])('%s: %s', async (_, expected, content) => {
      expect(await told(content as string | Document)).toBe(expected)
    })
  })

  it('compares with a release what the mock has, and two files whole', async () => {
    const own = documentOf('2024.8.3')
    const paths = { ...own.paths, '/cats/': { get: { operationId: 'cats_list' } } }
    const [one, more] = [write('own.json', own), write('more.json', { ...own, paths })]
    expect((await run(['2024.8.3', more])).out).toContain('nothing differs')
    expect((await run([one, more])).out).toContain('GET /cats/ is new\n')
  })

  describe('with a live authentik', () => {
    it.each(['2024.2.4', '2024.8.3', '2025.12.4', '2026.8.3'])(
      'finds that a mock of %s is one, as its document says or, with a token, as itself says',
      async (release) => {
        const args = ['{url}', release, '--fail-on', 'any']
        const told = (how: string) => ({
          out: `{url} (${release}, ${how}) -> ${release}: nothing differs\n`,
          err: '',
          code: 0,
        })
        expect(await live(release, args)).toEqual(told('as its document says'))
        expect(await live(release, args, { AUTHENTIK_TOKEN: TOKEN })).toEqual(told('as the server itself says'))
        expect(
          await live(release, [...args, '--token-file', write('token', `${TOKEN}\n`)], { AUTHENTIK_TOKEN: 'another' }),
        ).toEqual(told('as the server itself says'))
      },
    )

    it.each([
      ['2024.4.0', '2024.4.0 to 2024.6.5'],
      ['2024.8.3', '2024.8.0 to 2024.8.4'],
      ['2025.8.6', '2025.8.6'],
    ])('that does not say it is %s tells it by its shape: %s', async (release, expected) => {
      await against(answering(nameless(release)), async (url) => {
        const out = `${url} (${expected}, by its shape) -> ${release}: nothing differs\n`
        expect([(await run([url, release])).out, (await run([url, release], { AUTHENTIK_TOKEN: TOKEN })).out]).toEqual([
          out,
          out,
        ])
      })
    })

    it('believes the server before its document, which may be in YAML', async () => {
      await against(answering(stringify(documentOf('2024.8.3')), '{"version_current":"2024.8.4"}'), async (url) => {
        expect((await run(['2024.8.3', url], { AUTHENTIK_TOKEN: TOKEN })).out).toContain(
          '(2024.8.4, as the server itself says): nothing differs',
        )
      })
    })

    it.each(['', '/', '/api/v3', '/api/v3/'])(
      'may be given as its address with "%s" behind, and gets the token with each request',
      async (rest) => {
        const seen: unknown[] = []
        await against(answering(nameless('2024.8.3'), undefined, seen), async (url) => {
          expect((await run([url + rest, '2024.8.3'])).code).toBe(0)
          expect(seen.splice(0)).toEqual([['/api/v3/schema/?format=json', undefined]])
          expect((await run([url + rest, '2024.8.3'], { AUTHENTIK_TOKEN: TOKEN })).code).toBe(0)
          expect(seen).toEqual(['/api/v3/schema/?format=json', VERSION].map((path) => [path, `Bearer ${TOKEN}`]))
        })
      },
    )

    it.each<[string, RequestListener, string]>([
      [
        'HTML',
        (_, response) => response.end('<!doctype html><p>Welcome'),
        'answers 200, and not with an OpenAPI document',
      ],
      ['404', (_, response) => response.writeHead(404).end('{"paths":{}}'), 'answers 404'],
      [
        '403, which is to a wrong token',
        (_, response) => response.writeHead(403).end('{"detail":"Token invalid/expired"}'),
        'answers 403',
      ],
      [
        'half of it, and hangs up',
        (_, response) =>
          response.writeHead(200, { 'Content-Length': 999 }).write('{"paths":', () => response.destroy()),
        'does not answer',
      ],
      ['nothing, and hangs up', (_, response) => response.destroy(), 'does not answer'],
    ])('that answers %s is exit 3, in a line without the token', async (_, answer, message) => {
      await against(answer, async (url) => {
        const { out, err, code } = await run(['2024.8.3', url, '--fail-on', 'any'], { AUTHENTIK_TOKEN: TOKEN })
        expect([out, code, err.split('\n').length, err.includes(TOKEN)]).toEqual(['', 3, 2, false])
        expect(err).toContain(message)
      })
    })

    it.each(['<!doctype html><p>Welcome', 'null', '"a"', '{}', '{"version_current":7}', ''])(
      'that answers %j for its version is known by its document',
      async (version) => {
        await against(answering(JSON.stringify(documentOf('2024.8.3')), version), async (url) => {
          const out = `${url} (2024.8.3, as its document says) -> 2024.8.3: nothing differs\n`
          expect(await run([url, '2024.8.3'], { AUTHENTIK_TOKEN: TOKEN })).toEqual({ out, err: '', code: 0 })
        })
      },
    )

    it('that is not there is exit 3', async () => {
      const { url, close } = await serve(mock(), { port: 0 })
      await close()
      const err = `${url} does not answer: ECONNREFUSED. Is it up, and is the address right?\n`
      expect(await run([url, '2024.8.3'], { AUTHENTIK_TOKEN: TOKEN })).toEqual({ out: '', err, code: 3 })
    })

    it.each(['text', 'json', 'github'])(
      'is compared with another release in %s, which never has the token',
      async (reporter) => {
        const { out, err, code } = await live(
          '2025.12.4',
          ['{url}', '2025.12.5', '--reporter', reporter, '--fail-on', 'breaking'],
          { AUTHENTIK_TOKEN: TOKEN },
        )
        expect([code, err, out.includes('Provider.client_secret'), out.includes(TOKEN)]).toEqual([6, '', true, false])
      },
    )
  })

  describe('--reporter', () => {
    it('text, which it is unless said otherwise, has a line for whom it breaks and one for where', async () => {
      const { out } = await run([
        '2024.10.5',
        '2024.12.0',
        '--operations',
        'oauth2_access_tokens_list, oauth2_access_tokens_retrieve',
      ])
      expect(out).toBe(`2024.10.5 -> 2024.12.0: 2 differences, 1 of them breaks

  breaks reader            OAuth2Provider.jwks_sources is now called jwt_federation_sources
                           oauth2_access_tokens_list 200 $.results[].provider.jwks_sources, and 1 more
  breaks nobody            OAuth2Provider.jwt_federation_providers is new: a list of integer
                           oauth2_access_tokens_list 200 $.results[].provider.jwt_federation_providers, and 1 more
`)
    })

    it('json has from, to and every difference, with all its places', async () => {
      const [from, to] = ['2025.10.4', '2025.12.4'] as const
      expect(JSON.parse((await run([from, to, '--reporter', 'json'])).out)).toEqual({
        from,
        to,
        differences: between(from, to),
      })
    })

    it('github has an annotation a difference: an error for what breaks, a notice for what does not', async () => {
      const lines = (await run(['2025.10.4', '2025.12.4', '--reporter', 'github'])).out.trimEnd().split('\n')
      const kinds = between('2025.10.4', '2025.12.4').map(({ breaks }) => (breaks.length ? 'error' : 'notice'))
      expect(lines.map((line) => /^::(error|notice) title=[^:,]+::\S/.exec(line)?.[1])).toEqual(kinds)
      expect(lines).toContain(
        '::error title=authentik 2025.10.4 -> 2025.12.4::Group.parent is gone: breaks reader (core_groups_list 200 $.results[].parent)',
      )
    })

    it('github escapes what would end an annotation', async () => {
      const { out } = await run([
        write('a,b%.json', answered(thing({ 'a\r\nb%': text }))),
        write('empty.json', answered(thing({}))),
        '--reporter',
        'github',
      ])
      expect([out.split('\n').length, out.includes('\r')]).toEqual([2, false])
      expect(out).toMatch(
        /^::error title=[^,]+a%2Cb%25\.json[^,]+::Thing\.a%0D%0Ab%25 is gone: breaks reader \(put 200 \$\.a%0D%0Ab%25\)\n$/,
      )
    })
  })
})
