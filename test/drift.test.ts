/** What a move from one authentik to another changes, whom it breaks, and the command that tells it (FACTS 6). */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { compareDocuments, usesOf, type Difference, type Document, type Uses } from '../src/adapters/drift.ts'
import { serve } from '../src/adapters/node.ts'
import { main } from '../src/cli/main.ts'
import { toDocument } from '../src/core/openapi.ts'
import { mock } from '../src/index.ts'
import { identifyByShape } from '../src/releases/identify.ts'
import { findRelease, versions } from '../src/releases/index.ts'
import { inRoot, readJson, root } from './support/files.ts'
import { toEssence } from './support/fingerprints.ts'

const PACT = 'pacts/goauthentik-api-authentik.json'

/** One line a difference, such as `removed Thing.name is gone (reader) things_list 200 $.name`. */
const toLines = (differences: readonly Difference[]) =>
  differences.map(({ kind, at, what, breaks, places }) =>
    [kind, at, what, `(${breaks.join(' and ') || 'nobody'})`, places.map(({ operation, path }) => `${operation} ${path}`.trim()).join(', ')].join(' '),
  )
const compare = (from: unknown, to: unknown, uses?: Uses) => toLines(compareDocuments(from as Document, to as Document, uses))

const documentOf = (release: string) => toDocument(findRelease(release)) as unknown as Document
const between = (from: string, to: string, uses?: Uses) => compareDocuments(documentOf(from), documentOf(to), uses)
/** Without where it is met. */
const breaking = (from: string, to: string) =>
  between(from, to)
    .filter(({ breaks }) => breaks.length)
    .map(({ at, what, breaks }) => `${at} ${what} (${breaks.join(' and ')})`)

const text = { type: 'string' }
const whole = { type: 'integer' }
const inJson = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const ref = (name: string, kind = 'schemas') => ({ $ref: `#/components/${kind}/${name}` })
const thing = (properties: object, required: string[] = []) => ({ type: 'object', properties, required })
const documented = (operation: object, components: object = {}) => ({ paths: { '/things/': { put: { operationId: 'put', ...operation } } }, components })
const answered = (Thing: unknown, schemas: object = {}) => documented({ responses: { 200: inJson(ref('Thing')) } }, { schemas: { Thing, ...schemas } })
const sent = (Thing: unknown, schemas: object = {}) => documented({ requestBody: inJson(ref('Thing')) }, { schemas: { Thing, ...schemas } })
const asked = (...parameters: object[]) => documented({ parameters })
const inQuery = (name: string, schema: object, more: object = {}) => ({ in: 'query', name, schema, ...more })
const oneOf = (...values: string[]) => ({ ...text, enum: values })

describe('a difference', () => {
  it.each<[string, before: object, after: object, expected: string[]]>([
    ['a key that is gone breaks a reader', { name: text }, {}, ['removed Thing.name is gone (reader) put 200 $.name']],
    ['a new key breaks nobody', {}, { size: whole }, ['added Thing.size is new: integer (nobody) put 200 $.size']],
    [
      'a key is renamed when a new one of its type shares a word',
      { jwks_uri: text },
      { keys_uri: text },
      ['renamed Thing.jwks_uri is now called keys_uri (reader) put 200 $.jwks_uri'],
    ],
    [
      'most words shared win',
      { a_b: text },
      { b: text, b_a: text },
      ['renamed Thing.a_b is now called b_a (reader) put 200 $.a_b', 'added Thing.b is new: string (nobody) put 200 $.b'],
    ],
    ['no word shared', { name: text }, { title: text }, ['removed Thing.name is gone (reader) put 200 $.name', 'added Thing.title is new: string (nobody) put 200 $.title']],
    ['another type', { a_b: text }, { a_c: whole }, ['removed Thing.a_b is gone (reader) put 200 $.a_b', 'added Thing.a_c is new: integer (nobody) put 200 $.a_c']],
    ['null that is allowed breaks a reader', { a: text }, { a: { ...text, nullable: true } }, ['retyped Thing.a can be null (reader) put 200 $.a']],
    ['null that is not breaks nobody', { a: { ...text, nullable: true } }, { a: text }, ['retyped Thing.a can no longer be null (nobody) put 200 $.a']],
    ['another type breaks a reader', { a: text }, { a: whole }, ['retyped Thing.a is string, then integer (reader) put 200 $.a']],
    ['so does a format', { a: text }, { a: { ...text, format: 'uuid' } }, ['retyped Thing.a is string, then string (uuid) (reader) put 200 $.a']],
    ['one value more breaks a reader', { a: oneOf('x') }, { a: oneOf('y', 'x') }, ['retyped Thing.a can also be "y" (reader) put 200 $.a']],
    ['one value fewer breaks nobody', { a: oneOf('x', 'y') }, { a: oneOf('x') }, ['retyped Thing.a can no longer be "y" (nobody) put 200 $.a']],
    ['any value breaks a reader', { a: oneOf('x') }, { a: text }, ['retyped Thing.a can be anything (reader) put 200 $.a']],
    ['longer text breaks a reader', { a: { ...text, maxLength: 9 } }, { a: text }, ['retyped Thing.a has any number of characters, not at most 9 characters (reader) put 200 $.a']],
    ['shorter does not', { a: text }, { a: { ...text, maxLength: 9 } }, ['retyped Thing.a has at most 9 characters, not any number of characters (nobody) put 200 $.a']],
    ['items of a list', { a: { type: 'array', items: text } }, { a: { type: 'array', items: whole } }, ['retyped Thing.a is string, then integer (reader) put 200 $.a[]']],
    ['a list', { a: text }, { a: { type: 'array', items: ref('Part') } }, ['retyped Thing.a is string, then a list of Part (reader) put 200 $.a']],
    ['objects that are inline', { a: thing({ b: text }) }, { a: thing({}) }, ['removed Thing.a.b is gone (reader) put 200 $.a.b']],
  ])('in an answer: %s', (_, before, after, expected) => {
    expect(compare(answered(thing(before)), answered(thing(after)))).toEqual(expected)
  })

  it.each<[string, before: object, after: object, expected: string[]]>([
    ['a key that is gone breaks a writer', { name: text }, {}, ['removed Thing.name has no effect any more (writer) put body $.name']],
    ['a new key breaks nobody', {}, { size: whole }, ['added Thing.size is new: integer (nobody) put body $.size']],
    ['a renamed key breaks a writer', { a_b: text }, { b_c: text }, ['renamed Thing.a_b is now called b_c (writer) put body $.a_b']],
    ['null that is allowed breaks nobody', { a: text }, { a: { ...text, nullable: true } }, ['retyped Thing.a can be null (nobody) put body $.a']],
    ['null that is not breaks a writer', { a: { ...text, nullable: true } }, { a: text }, ['retyped Thing.a can no longer be null (writer) put body $.a']],
    ['another type breaks a writer', { a: text }, { a: whole }, ['retyped Thing.a is string, then integer (writer) put body $.a']],
    ['one value more breaks nobody', { a: oneOf('x') }, { a: oneOf('x', 'y') }, ['retyped Thing.a can also be "y" (nobody) put body $.a']],
    ['one value fewer breaks a writer', { a: oneOf('x', 'y') }, { a: oneOf('x') }, ['retyped Thing.a can no longer be "y" (writer) put body $.a']],
    ['only a few values break a writer', { a: text }, { a: oneOf('x') }, ['retyped Thing.a can only be one of "x" (writer) put body $.a']],
    [
      'less room breaks a writer',
      { a: { ...text, maxLength: 9 } },
      { a: { ...text, maxLength: 8 } },
      ['retyped Thing.a has at most 8 characters, not at most 9 characters (writer) put body $.a'],
    ],
    [
      'text that may not be empty breaks a writer',
      { a: text },
      { a: { ...text, minLength: 1 } },
      ['retyped Thing.a has at least 1 characters, not any number of characters (writer) put body $.a'],
    ],
  ])('in a request: %s', (_, before, after, expected) => {
    expect(compare(sent(thing(before)), sent(thing(after)))).toEqual(expected)
  })

  it('a key that may be absent breaks a reader, one that is required a writer', () => {
    const [needed, free] = [thing({ a: text }, ['a']), thing({ a: text })]
    expect(compare(answered(needed), answered(free))).toEqual(['retyped Thing.a may be absent (reader) put 200 $.a'])
    expect(compare(answered(free), answered(needed))).toEqual(['retyped Thing.a is required (nobody) put 200 $.a'])
    expect(compare(sent(needed), sent(free))).toEqual(['retyped Thing.a may be absent (nobody) put body $.a'])
    expect(compare(sent(free), sent(needed))).toEqual(['retyped Thing.a is required (writer) put body $.a'])
    expect(compare(sent(thing({})), sent(needed))).toEqual(['added Thing.a is new and required (writer) put body $.a'])
  })

  it.each<[string, before: object, after: object, expected: string[]]>([
    ['a parameter that is gone breaks a writer', asked(inQuery('a', text)), asked(), ['removed PUT /things/ ?a has no effect any more (writer) put ?a']],
    ['a new parameter breaks nobody', asked(), asked(inQuery('a', text)), ['added PUT /things/ ?a is new (nobody) put ?a']],
    ['unless it is required', asked(), asked(inQuery('a', text, { required: true })), ['added PUT /things/ ?a is new and required (writer) put ?a']],
    ['fewer values', asked(inQuery('a', oneOf('x', 'y'))), asked(inQuery('a', oneOf('x'))), ['retyped PUT /things/ ?a can no longer be "y" (writer) put ?a']],
    [
      'another type in the path',
      asked({ in: 'path', name: 'id', schema: whole }),
      asked({ in: 'path', name: 'id', schema: text }),
      ['retyped PUT /things/ {id} is integer, then string (writer) put {id}'],
    ],
    ['a body that is new', documented({}), sent({}), ['added PUT /things/ body can be sent (nobody) put']],
    ['a body that is asked for', documented({}), documented({ requestBody: { required: true } }), ['added PUT /things/ body is asked for (writer) put']],
    ['a body that is gone', sent({}), documented({}), ['removed PUT /things/ body is no longer read (writer) put']],
    ['an operation that is gone breaks everybody', documented({}), { paths: {} }, ['removed PUT /things/ is gone (reader and writer) put']],
    ['one that is new breaks nobody', { paths: {} }, documented({}), ['added PUT /things/ is new (nobody) put']],
    ['one on another path', documented({}), { paths: { '/stuff/': documented({}).paths['/things/'] } }, ['renamed PUT /things/ is now PUT /stuff/ (reader and writer) put']],
    ['one by another method', documented({}), { paths: { '/things/': { post: { operationId: 'put' } } } }, ['renamed PUT /things/ is now POST /things/ (reader and writer) put']],
    ['a success that is no longer one', answered({}), documented({}), ['removed PUT /things/ 200 is no longer documented (reader) put']],
    ['a refusal that is no longer one', documented({ responses: { 403: {} } }), documented({}), ['removed PUT /things/ 403 is no longer documented (nobody) put']],
  ])('of an operation: %s', (_, before, after, expected) => {
    expect(compare(before, after)).toEqual(expected)
  })

  it('of a component is told once, with every place where it is met', () => {
    const of = (Part: object) => ({
      paths: { '/a/': { get: { operationId: 'list', responses: { 200: inJson({ type: 'array', items: ref('Part') }) } } }, '/b/': answered({}).paths['/things/'] },
      components: { schemas: { Part, Thing: thing({ part: { allOf: [ref('Part')], readOnly: true } }) } },
    })
    expect(compare(of(thing({ a: text })), of(thing({})))).toEqual(['removed Part.a is gone (reader) list 200 $[].a, put 200 $.part.a'])
  })

  it('of a component that is read and written breaks both; more values break only who reads', () => {
    const of = (Thing: object) => documented({ requestBody: inJson(ref('Thing')), responses: { 200: inJson(ref('Thing')) } }, { schemas: { Thing } })
    expect(compare(of(thing({ a: text })), of(thing({ a: whole })))).toEqual(['retyped Thing.a is string, then integer (writer and reader) put body $.a, put 200 $.a'])
    expect(compare(of(thing({ a: oneOf('x') })), of(thing({ a: oneOf('x', 'y') })))).toEqual(['retyped Thing.a can also be "y" (reader) put body $.a, put 200 $.a'])
  })

  it('is found in a component that holds itself, and the search ends', () => {
    const of = (name: object) => answered(thing({ name, children: { type: 'array', items: ref('Thing') } }))
    expect(compare(of(text), of(whole))).toEqual(['retyped Thing.name is string, then integer (reader) put 200 $.name'])
  })

  it('of a component whose name alone is another breaks nobody', () => {
    const [before, after] = ['UserGroup', 'PartialGroup'].map((name) => answered(thing({ group: ref(name) }), { [name]: thing({ a: text }) }))
    expect(compare(before, after)).toEqual(['renamed UserGroup is now called PartialGroup (nobody) put 200 $.group'])
  })

  it('is not whether something is said inline, by $ref or by allOf', () => {
    const [page, failed] = [inQuery('page', whole), inJson(thing({ detail: text }))]
    const inline = documented({ parameters: [page], responses: { 400: failed, 200: inJson(thing({ a: text })) } })
    const parts = { parameters: { Page: page }, responses: { Failed: failed }, schemas: { Thing: thing({ a: text }) } }
    const referred = documented({ parameters: [ref('Page', 'parameters')], responses: { 400: ref('Failed', 'responses'), 200: inJson({ allOf: [ref('Thing')] }) } }, parts)
    expect([compare(inline, referred), compare(referred, inline)]).toEqual([[], []])
  })

  it('is neither an order of keys nor prose', () => {
    const before = answered({ ...thing({ a: text, b: { ...whole, title: 'B' } }, ['a', 'b']), description: 'One.' })
    const after = answered({ required: ['b', 'a'], properties: { b: whole, a: { description: 'A text.', ...text } }, type: 'object' })
    expect([compare(before, after), compare(after, before)]).toEqual([[], []])
  })
})

describe('between releases', () => {
  const APPLICATION = ['application_name', 'application_slug', 'backchannel_application_name', 'backchannel_application_slug']

  it.each<[from: string, to: string, expected: string[]]>([
    ['2024.6.5', '2024.8.0', ['Group', 'UserGroup'].map((name) => `${name}.name has any number of characters, not at most 80 characters (reader)`)],
    [
      '2024.8.3',
      '2024.8.5',
      [
        'GET /providers/oauth2/ ?redirect_uris has no effect any more (writer)',
        'OAuth2Provider.redirect_uris is string, then a list of RedirectURI (reader)',
        'OAuth2ProviderRequest.redirect_uris is required (writer)',
        'OAuth2ProviderRequest.redirect_uris is string, then a list of RedirectURIRequest (writer)',
        'PatchedOAuth2ProviderRequest.redirect_uris is string, then a list of RedirectURIRequest (writer)',
      ],
    ],
    [
      '2024.10.5',
      '2024.12.0',
      ['OAuth2Provider', 'OAuth2ProviderRequest', 'PatchedOAuth2ProviderRequest'].map(
        (name, at) => `${name}.jwks_sources is now called jwt_federation_sources (${at ? 'writer' : 'reader'})`,
      ),
    ],
    ['2024.12.5', '2025.6.4', []],
    ['2025.8.5', '2025.8.6', ['OAuth2Provider', 'Provider'].flatMap((name) => APPLICATION.map((key) => `${name}.assigned_${key} can be null (reader)`))],
    [
      '2025.10.4',
      '2025.12.4',
      [
        'Application.meta_icon may be absent (reader)',
        'Application.slug has any number of characters, not at most 50 characters (reader)',
        'Config.capabilities can also be "can_save_reports" (reader)',
        ...['Group', 'PartialGroup'].flatMap((name) => [`${name}.parent is gone (reader)`, `${name}.parent_name is gone (reader)`]),
        'UsedBy.action can also be "left_dangling" (reader)',
      ],
    ],
    ['2025.12.6', '2026.2.0', ['Role.name has any number of characters, not at most 150 characters (reader)']],
  ])('%s -> %s breaks what FACTS 6.1 says, and nothing else', (from, to, expected) => {
    expect(breaking(from, to)).toEqual(expected)
  })

  it('2024.8.6 -> 2024.10.0 asks who makes a provider for an invalidation flow', () => {
    expect(breaking('2024.8.6', '2024.10.0')).toContain('OAuth2ProviderRequest.invalidation_flow is new and required (writer)')
  })

  it.each([
    ['2025.12.4', '2025.12.5'],
    ['2026.2.2', '2026.2.3'],
  ])('%s -> %s takes the client_secret out of grants, and not out of /providers/oauth2/', (from, to) => {
    const gone = between(from, to).find(({ at }) => at.endsWith('.client_secret'))
    const grants = ['authorization_codes', 'access_tokens', 'refresh_tokens'].flatMap((name) => [`oauth2_${name}_list`, `oauth2_${name}_retrieve`])
    expect(gone).toMatchObject({ kind: 'removed', what: 'is gone', breaks: ['reader'] })
    expect(gone!.places.map(({ operation }) => operation).toSorted()).toEqual(grants.toSorted())
    expect(between(from, to, new Map(['providers_oauth2_retrieve', 'providers_oauth2_list'].map((id) => [id, 'all'])))).toEqual([])
  })

  it.each(versions)('%s does not differ from itself', (version) => {
    expect(between(version, version)).toEqual([])
  })

  it('two neighbours differ, in either direction, exactly where their documents do', () => {
    const essence = ({ paths, components }: Document) => JSON.stringify(toEssence({ paths, components }))
    const pairs = versions.slice(1).map((to, at) => [versions[at]!, to] as const)
    const found = pairs.filter(([from, to]) => between(from, to).length)
    expect(found).toEqual(pairs.filter(([from, to]) => essence(documentOf(from)) !== essence(documentOf(to))))
    expect(found).toEqual(pairs.filter(([from, to]) => between(to, from).length))
    expect(found.length).toBeGreaterThan(15)
  })

  it.each(versions)('%s is told by its shape alone, within releases that follow each other', (version) => {
    const alike = identifyByShape(documentOf(version).components!['schemas']!)
    expect(alike).toContain(version)
    expect(alike).toEqual(versions.slice(versions.indexOf(alike[0]!)).slice(0, alike.length))
  })
})

describe('what a consumer uses', () => {
  const uses = (release: string, ...interactions: object[]) => usesOf({ interactions }, documentOf(release))
  const narrowed = (from: string, to: string, ...interactions: object[]) => toLines(between(from, to, uses(from, ...interactions)))

  it.each(['2024.2.4', '2024.8.3', '2025.8.6', '2026.8.3'])('the shipped pact uses one operation of %s, and few of its keys', (release) => {
    const [[id, places], ...more] = [...usesOf(readJson(PACT), documentOf(release))] as [string, Set<string>][] as [[string, Set<string>]]
    expect([id, more]).toEqual(['oauth2_authorization_codes_retrieve', []])
    expect([...places]).toEqual(expect.arrayContaining(['200 $.expires', '200 $.scope[]', '200 $.user.groups_obj', '200 $.provider.client_type', '404 $.detail', '?user']))
    expect(places.has('200 $.provider.client_secret')).toBe(false)
  })

  it('the shipped pact feels of CVE-2026-40166 three keys that it reads, and of redirect URIs nothing', () => {
    const used = usesOf(readJson(PACT), documentOf('2025.12.4'))
    const felt = between('2025.12.4', '2025.12.5', used).filter(({ breaks }) => breaks.length)
    expect(felt.map(({ places }) => places)).toEqual(
      ['client_type', 'issuer_mode', 'sub_mode'].map((key) => [{ operation: 'oauth2_authorization_codes_retrieve', path: `200 $.provider.${key}` }]),
    )
    expect(between('2024.8.3', '2024.8.5', used)).toEqual([])
  })

  it('is the keys that it reads, in lists too, and no others', () => {
    const response = { status: 200, body: { pagination: { count: 1 }, results: [{ pk: 'a', parent: null }] } }
    const lines = ['removed Group.parent is gone (reader) core_groups_list 200 $.results[].parent']
    expect(narrowed('2025.10.4', '2025.12.4', { request: { method: 'GET', path: '/api/v3/core/groups/' }, response })).toEqual(lines)
  })

  it('is the keys that it writes, and the parameters that it asks with', () => {
    const content = { name: 'a', redirect_uris: 'https://a.example' }
    const put = { request: { method: 'PUT', path: '/api/v3/providers/oauth2/1/', body: { content, contentType: 'application/json' } }, response: { status: 200 } }
    const list = { request: { method: 'get', path: '/api/v3//providers/oauth2/', query: { redirect_uris: ['a'] } }, response: { status: 200 } }
    expect(narrowed('2024.8.4', '2024.8.5', put, list)).toEqual([
      'removed GET /providers/oauth2/ ?redirect_uris has no effect any more (writer) providers_oauth2_list ?redirect_uris',
      'retyped OAuth2ProviderRequest.redirect_uris is required (writer) providers_oauth2_update body $.redirect_uris',
      'retyped OAuth2ProviderRequest.redirect_uris is string, then a list of RedirectURIRequest (writer) providers_oauth2_update body $.redirect_uris',
    ])
    expect(narrowed('2024.8.4', '2024.8.5', { ...put, request: { ...put.request, body: { name: 'a' } } })).toEqual([])
  })

  it('is nothing when the pact is with another API, or has no interactions', () => {
    expect(uses('2024.8.3', { request: { method: 'GET', path: '/cats/1/' }, response: { status: 200 } }).size).toBe(0)
    expect(uses('2024.8.3', { request: { method: 'POST', path: '/api/v3/oauth2/authorization_codes/1/' }, response: { status: 405 } }).size).toBe(0)
    expect(usesOf({}, documentOf('2024.8.3')).size).toBe(0)
  })
})

describe('authentik-mock drift', () => {
  const TOKEN = 'a-token-nobody-may-see'
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'authentik-mock-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const write = (name: string, content: unknown) => {
    const path = join(folder, name)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }

  async function run(args: readonly string[], env: Record<string, string> = {}) {
    let [out, err] = ['', '']
    const print = (part: string) => (out += part)
    const warn = (message: string) => (err += `${message}\n`)
    const code = await main(['drift', ...args], { print, warn, bold: (part) => part, env, stopped: () => Promise.resolve() })
    return { out, err, code }
  }

  /** Answers by itself while the command runs. */
  async function against(answer: RequestListener, use: (url: string) => Promise<void>) {
    const server = createServer(answer).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).finally(() => server.closeAllConnections())
    await new Promise((resolve) => server.close(resolve))
  }

  /** Runs against a mock's socket; `{url}` in an argument is where it listens. */
  async function live(release: string, args: string[], env: Record<string, string> = {}) {
    const server = await serve(mock({ release, token: TOKEN }), { port: 0 })
    const ended = await run(
      args.map((one) => one.replace('{url}', server.url)),
      env,
    ).finally(() => server.close())
    return { ...ended, out: ended.out.replaceAll(server.url, '{url}') }
  }

  const nameless = (release: string) => JSON.stringify({ ...documentOf(release), info: { title: 'authentik' } })

  it.each<[string, code: number]>([
    ['2024.8.3 2024.8.5', 0],
    ['2024.8.3 2024.8.5 --fail-on breaking', 6],
    ['2024.8.3 2024.8.5 --fail-on any', 6],
    ['2024.12.5 2025.2.0 --fail-on breaking', 0],
    ['2024.12.5 2025.2.0 --fail-on any', 6],
    ['2024.8.3 2024.8 --fail-on breaking', 6],
    ['2024.8.3 2024.8.4 --fail-on any', 0],
    ['2024.8.3 2024.8.5 --fail-on any --operations root_config_retrieve', 0],
    ['2024.8.3 2024.8.5 --fail-on any --operations root_config_retrieve,oauth2_access_tokens_list', 6],
    [`2024.8.3 2024.8.5 --fail-on any --pact ${PACT}`, 0],
    [`2025.12.4 2025.12.5 --fail-on breaking --pact ${PACT}`, 6],
  ])('%s exits with %i', async (line, code) => {
    expect(await run(line.replace(PACT, inRoot(PACT)).split(' '))).toMatchObject({ code, err: '' })
  })

  it('exits so as a process too', () => {
    const ended = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'drift', '2024.10.5', '2024.12.0', '--fail-on', 'breaking'], { cwd: root, encoding: 'utf8' })
    expect([ended.status, ended.stderr, ended.stdout.split('\n')[0]]).toEqual([6, '', '2024.10.5 -> 2024.12.0: 6 differences, 3 of them break'])
  })

  it.each<[string, message: string]>([
    ['', 'FROM is missing.'],
    ['2024.8.3', 'TO is missing.'],
    ['2024.8.3 2024.8.5 2024.8.6', '"2024.8.6" is one too many.'],
    ['2024.8.3 2024.8.7', 'Failed to find the release "2024.8.7". The nearest is 2024.8.6;'],
    ['2024.8.3 missing.json', 'missing.json cannot be read (ENOENT). Give a release, an OpenAPI file or a URL.'],
    ['2024.8.3 {package.json}', 'package.json is no OpenAPI document. Give one in JSON or YAML.'],
    ['2024.8.3 {README.md}', 'README.md is no OpenAPI document.'],
    ['2024.8.3 2024.8.5 --reporter xml', '--reporter xml: Give one of text, json, github.'],
    ['2024.8.3 2024.8.5 --fail-on all', '--fail-on all: Give one of breaking, any.'],
    ['2024.8.3 2024.8.5 --operations root_config_retrieve,oauth2_nope', '--operations: neither side has the operation "oauth2_nope".'],
    ['2024.8.3 2024.8.5 --pact missing.json', '--pact missing.json cannot be read (ENOENT).'],
    ['2024.8.3 2024.8.5 --pact {README.md}', 'README.md is no JSON. Give a Pact file.'],
    ['2024.8.3 2024.8.5 --pact {package.json}', 'none of its interactions is with an operation of these documents.'],
    ['2024.8.3 2024.8.5 --token-file missing.txt', '--token-file missing.txt cannot be read (ENOENT).'],
    ['2024.8.3 2024.8.5 --pakt a', '--pakt is no option. Did you mean --pact?'],
  ])('"%s" is refused with exit 2: %s', async (line, message) => {
    const args = line.split(' ').filter(Boolean)
    const { out, err, code } = await run(args.map((one) => one.replace(/\{(.+)\}/, (_, path: string) => inRoot(path))))
    expect([out, code, err.split('\n').length]).toEqual(['', 2, 2])
    expect(err).toContain(message)
  })

  it.each([
    ['json', JSON.stringify],
    ['yaml', stringify],
    ['yml', stringify],
  ])('reads an OpenAPI file in .%s, and says which release it is of', async (ending, toText) => {
    const path = write(`schema.${ending}`, toText(documentOf('2024.10.5')))
    expect((await run(['2024.10.5', path])).out).toBe(`2024.10.5 -> ${path} (2024.10.5): nothing differs\n`)
    expect((await run([path, '2024.12.0'])).out).toContain(`${path} (2024.10.5) -> 2024.12.0: 6 differences, 3 of them break\n`)
  })

  it('compares with a release what the mock has, and two files whole', async () => {
    const own = documentOf('2024.8.3')
    const one = write('own.json', own)
    const more = write('more.json', { ...own, paths: { ...own.paths, '/cats/': { get: { operationId: 'cats_list' } } } })
    expect((await run(['2024.8.3', more])).out).toContain('nothing differs')
    expect((await run([one, more])).out).toContain('GET /cats/ is new\n')
  })

  describe('with a live authentik', () => {
    it.each(['2024.2.4', '2024.8.3', '2025.12.4', '2026.8.3'])('finds that a mock of %s is one, as its document says or, with a token, as itself says', async (release) => {
      const path = write('token', `${TOKEN}\n`)
      const args = ['{url}', release, '--fail-on', 'any']
      const told = (how: string) => ({ out: `{url} (${release}, ${how}) -> ${release}: nothing differs\n`, err: '', code: 0 })
      expect(await live(release, args)).toEqual(told('as its document says'))
      expect(await live(release, args, { AUTHENTIK_TOKEN: TOKEN })).toEqual(told('as the server itself says'))
      expect(await live(release, [...args, '--token-file', path], { AUTHENTIK_TOKEN: 'another' })).toEqual(told('as the server itself says'))
    })

    it('tells what a move to another release changes', async () => {
      const { out, code } = await live('2024.8.3', ['{url}', '2024.8.5', '--fail-on', 'breaking'])
      expect([out.split('\n')[0], code]).toEqual(['{url} (2024.8.3, as its document says) -> 2024.8.5: 6 differences, 5 of them break', 6])
    })

    it.each([
      ['2024.4.0', '2024.4.0 to 2024.6.5'],
      ['2024.8.3', '2024.8.0 to 2024.8.4'],
      ['2024.8.5', '2024.8.5 to 2024.8.6'],
      ['2024.10.1', '2024.10.0 to 2024.10.2'],
      ['2025.8.6', '2025.8.6'],
      ['2025.12.5', '2025.12.5 to 2025.12.6'],
    ])('that does not say it is %s tells it by its shape: %s', async (release, expected) => {
      const refuses: RequestListener = ({ url }, response) => response.writeHead(url!.includes('version') ? 403 : 200).end(url!.includes('version') ? '{}' : nameless(release))
      await against(refuses, async (url) => {
        const out = `${url} (${expected}, by its shape) -> ${release}: nothing differs\n`
        expect([(await run([url, release])).out, (await run([url, release], { AUTHENTIK_TOKEN: TOKEN })).out]).toEqual([out, out])
      })
    })

    it('believes the server before its document, which may be in YAML', async () => {
      const answer: RequestListener = ({ url }, response) => response.end(url!.includes('version') ? '{"version_current":"2024.8.4"}' : stringify(documentOf('2024.8.3')))
      await against(answer, async (url) =>
        expect((await run(['2024.8.3', url], { AUTHENTIK_TOKEN: TOKEN })).out).toContain('(2024.8.4, as the server itself says): nothing differs'),
      )
    })

    it.each(['', '/', '/api/v3', '/api/v3/'])('may be given as its address with "%s" behind, and gets the token with each request', async (rest) => {
      const seen: unknown[] = []
      const answer: RequestListener = ({ url, headers }, response) =>
        response.end((seen.push([url, headers.authorization]), url!.includes('version') ? '{}' : nameless('2024.8.3')))
      await against(answer, async (url) => {
        expect((await run([url + rest, '2024.8.3'])).code).toBe(0)
        expect(seen.splice(0)).toEqual([['/api/v3/schema/?format=json', undefined]])
        expect((await run([url + rest, '2024.8.3'], { AUTHENTIK_TOKEN: TOKEN })).code).toBe(0)
        expect(seen).toEqual(['/api/v3/schema/?format=json', '/api/v3/admin/version/'].map((path) => [path, `Bearer ${TOKEN}`]))
      })
    })

    it.each<[string, RequestListener, string]>([
      ['HTML', (_, response) => response.end('<!doctype html><p>Welcome'), 'answers 200, and not with an OpenAPI document'],
      ['404', (_, response) => response.writeHead(404).end('{"paths":{}}'), 'answers 404'],
      ['a broken connection', (_, response) => response.destroy(), 'does not answer: UND_ERR_SOCKET'],
    ])('that answers %s is exit 3, in a line without the token', async (_, answer, message) => {
      await against(answer, async (url) => {
        const { out, err, code } = await run(['2024.8.3', url, '--fail-on', 'any'], { AUTHENTIK_TOKEN: TOKEN })
        expect([out, code, err.split('\n').length, err.includes(TOKEN)]).toEqual(['', 3, 2, false])
        expect(err).toContain(message)
      })
    })

    it('that is not there, or refuses the token, is exit 3', async () => {
      let closed = ''
      await against(
        () => {},
        async (url) => void (closed = url),
      )
      expect(await run([closed, '2024.8.3'], { AUTHENTIK_TOKEN: TOKEN })).toEqual({
        out: '',
        err: `${closed} does not answer: ECONNREFUSED. Is it up, and is the address right?\n`,
        code: 3,
      })
      const refused = await live('2024.8.3', ['{url}', '2024.8.3'], { AUTHENTIK_TOKEN: 'a-wrong-token' })
      expect([refused.out, refused.code, refused.err.includes('answers 403'), refused.err.includes('a-wrong-token')]).toEqual(['', 3, true, false])
    })

    it.each(['text', 'json', 'github'])('never prints the token: %s', async (reporter) => {
      const { out, err } = await live('2024.8.3', ['{url}', '2025.12.5', '--reporter', reporter], { AUTHENTIK_TOKEN: TOKEN })
      expect(out).toContain('client_secret is gone')
      expect(out + err).not.toContain(TOKEN)
    })
  })

  describe('--reporter', () => {
    it('text, which it is unless said otherwise, has a line for whom it breaks and one for where', async () => {
      const { out } = await run(['2024.10.5', '2024.12.0', '--operations', 'oauth2_access_tokens_list, oauth2_access_tokens_retrieve'])
      expect(out).toBe(`2024.10.5 -> 2024.12.0: 2 differences, 1 of them break

  breaks reader            OAuth2Provider.jwks_sources is now called jwt_federation_sources
                           oauth2_access_tokens_list 200 $.results[].provider.jwks_sources, and 1 more
  breaks nobody            OAuth2Provider.jwt_federation_providers is new: a list of integer
                           oauth2_access_tokens_list 200 $.results[].provider.jwt_federation_providers, and 1 more
`)
      expect((await run(['2024.10.5', '2024.12.0', '--reporter', 'text'])).out).toBe((await run(['2024.10.5', '2024.12.0'])).out)
    })

    it('json has every difference, with all its places', async () => {
      expect(JSON.parse((await run(['2025.10.4', '2025.12.4', '--reporter', 'json'])).out)).toEqual({
        from: '2025.10.4',
        to: '2025.12.4',
        differences: between('2025.10.4', '2025.12.4'),
      })
    })

    it('github has an annotation a difference: an error for what breaks, a notice for what does not', async () => {
      const lines = (await run(['2025.10.4', '2025.12.4', '--reporter', 'github'])).out.trimEnd().split('\n')
      expect(lines.map((line) => /^::(error|notice) title=[^:,]+::\S/.exec(line)?.[1])).toEqual(
        between('2025.10.4', '2025.12.4').map(({ breaks }) => (breaks.length ? 'error' : 'notice')),
      )
      expect(lines).toContain('::error title=authentik 2025.10.4 -> 2025.12.4::Group.parent is gone: breaks reader (core_groups_list 200 $.results[].parent)')
    })

    it('github escapes what would end an annotation', async () => {
      const [before, after] = [write('a,b%.json', answered(thing({ 'a\r\nb%': text }))), write('empty.json', answered(thing({})))]
      const { out } = await run([before, after, '--reporter', 'github'])
      expect([out.split('\n').length, out.includes('\r')]).toEqual([2, false])
      expect(out).toMatch(/^::error title=[^,]+a%2Cb%25\.json[^,]+::Thing\.a%0D%0Ab%25 is gone: breaks reader \(put 200 \$\.a%0D%0Ab%25\)\n$/)
    })

    it.each([
      ['text', '2024.8.3 -> 2024.8.4: nothing differs\n'],
      ['json', `${JSON.stringify({ from: '2024.8.3', to: '2024.8.4', differences: [] }, null, 2)}\n`],
      ['github', '::notice::2024.8.3 -> 2024.8.4: nothing differs\n'],
    ])('%s says so when nothing differs', async (reporter, expected) => {
      expect(await run(['2024.8.3', '2024.8.4', '--reporter', reporter])).toEqual({ out: expected, err: '', code: 0 })
    })
  })
})
