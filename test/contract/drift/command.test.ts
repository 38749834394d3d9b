/** The command `authentik-mock drift`: its arguments, its sources, its exit codes and its reports. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { main } from '../../../src/cli/main.ts'
import { mock } from '../../../src/entries/index.ts'
import { serve } from '../../../src/http/node/server.ts'
import { inRoot, readJson } from '../../support/files.ts'
import { certify } from '../verify/certificate.ts'
import { differencesBetween, documentOf, objectOf, PACT, text, withAnswer } from './support.ts'

const TOKEN = 'a-token-nobody-may-see'
const VERSION_PATH = '/api/v3/admin/version/'
const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a file. @returns its path */
const write = (name: string, content: unknown) => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content), {
    mode: 0o600,
  })
  return join(folder, name)
}

async function run(args: readonly string[], env: Record<string, string> = {}) {
  let [out, err] = ['', '']
  const code = await main(['drift', ...args], {
    print: (output) => (out += output),
    warn: (message) => (err += `${message}\n`),
    bold: (output) => output,
    env,
    stopped: () => Promise.resolve(),
  })
  return { out, err, code }
}

/** Starts a server that answers as `listener` does, for as long as `use` runs. */
async function withServer(listener: RequestListener, use: (url: string) => Promise<void>) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await use(`http://127.0.0.1:${port}`).finally(() => server.close().closeAllConnections())
}

/** Runs the command while a mock listens on a socket; `{url}` in an argument is the mock's address. */
async function runWithMock(release: string, args: readonly string[], env: Record<string, string> = {}) {
  const server = await serve(mock({ release, token: TOKEN }), { port: 0 })
  const fullArgs = args.map((argument) => argument.replace('{url}', server.url))
  const result = await run(fullArgs, env).finally(() => server.close())
  return { ...result, out: result.out.replaceAll(server.url, '{url}') }
}

/** Compares one operation, where the test is about how a side is read: all of a release takes most of the time of a run. */
const BRIEFLY = ['--operations', 'root_config_retrieve']

/** Returns a release's document without the version that it states. */
const documentWithoutVersion = (release: string) =>
  JSON.stringify({ ...documentOf(release), info: { title: 'authentik' } })

/** Answers with a document. A request for the version is refused unless a version is given. */
const answerWith =
  (document: string, version?: string, requests: unknown[] = []): RequestListener =>
  ({ url, headers }, response) => {
    requests.push([url, headers.authorization])
    const isForVersion = url === VERSION_PATH
    response.writeHead(isForVersion && version === undefined ? 403 : 200).end(isForVersion ? version : document)
  }

describe('authentik-mock drift', () => {
  it.each<[line: string, exitCode: number, output: string]>([
    ['2024.8.3 2024.8.5', 0, '6 differences, 5 of them break'],
    ['2024.8.3 2024.8.5 --fail-on breaking', 6, '6 differences, 5 of them break'],
    ['2024.8.3 2024.8.3 --fail-on any', 0, '2024.8.3 -> 2024.8.3: nothing differs'],
    ['2024.8.3 2024.8.4 --fail-on any --reporter json', 0, '"differences": []'],
    ['2024.8.3 2024.8.4 --fail-on any --reporter github', 0, '::notice::2024.8.3 -> 2024.8.4: nothing differs'],
    ['2024.12.5 2025.2 --fail-on breaking', 0, '2024.12.5 -> 2025.2 (2025.2.4): '],
    ['2024.12.5 2025.2 --fail-on any', 6, '1 difference, and it breaks nobody\n'],
    ['2024.2.4 2024.4.0 --operations core_groups_retrieve', 0, '1 difference, and it breaks\n'],
    ['2025.4.0 2025.6.4', 0, ' differences, 0 of them break\n'],
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
    ['2024.8.3 2024.8.5 --fail-on any --pact {pacts}', 0, 'nothing differs'],
    [`2025.12.4 2025.12.5 --fail-on breaking --pact {${PACT}}`, 6, '3 of them break'],
    ['', 2, 'FROM is missing.'],
    ['--help', 0, '  FROM, TO                  each a release such as 2024.8.3, an OpenAPI file, or'],
    [
      '2024.8.3',
      2,
      'TO is missing. Write: authentik-mock drift FROM TO, each a release such as 2024.8.3, an OpenAPI file, or the URL',
    ],
    ['2024.8.3 2024.8.5 2024.8.6', 2, '"2024.8.6" is one too many.'],
    ['2024.8.3 2024.8.7', 2, 'Failed to find the release "2024.8.7". The nearest is 2024.8.6;'],
    ['2024.8.3 missing.json', 2, 'missing.json cannot be read (ENOENT). Give a release, an OpenAPI file or a URL.'],
    ['2024.8.3 {package.json}', 2, 'package.json is no OpenAPI document. Give one in JSON or YAML.'],
    ['2024.8.3 2024.8.5 --reporter xml', 2, '--reporter xml: Give one of text, json, github.'],
    [
      '2024.8.3 2024.8.5 --operations root_config_retrieve,oauth2_nope',
      2,
      '--operations: neither side has the operation "oauth2_nope". Give operationIds such as oauth2_',
    ],
    ['2024.8.3 2024.8.5 --operations core_user_list', 2, 'Give operationIds such as core_users_list.'],
    ['2024.8.3 2024.8.5 --pact missing.json', 2, '--pact missing.json cannot be read (ENOENT).'],
    ['2024.8.3 2024.8.5 --pact {README.md}', 2, 'README.md is no JSON. Give a Pact file.'],
    ['2024.8.3 2024.8.5 --pact {package.json}', 2, 'none of its interactions is with an operation of these documents.'],
    ['2024.8.3 2024.8.5 --token-file missing.txt', 2, '--token-file missing.txt cannot be read (ENOENT).'],
  ])('"%s" exits with %i and prints: %s', async (line, exitCode, output) => {
    const args = line.split(' ').filter(Boolean)
    const { out, err, code } = await run(
      args.map((argument) => argument.replace(/\{(.+)\}/, (_match, path: string) => inRoot(path))),
    )
    const [printed, empty] = code === 2 ? [err, out] : [out, err]
    expect([code, empty, err.split('\n').length]).toEqual([exitCode, '', code === 2 ? 2 : 1])
    expect(printed).toContain(output)
  })

  it.each(['schema.json', 'schema.yaml', 'schema.yml'])(
    'reads an OpenAPI file such as %s, and tells which release it is of',
    async (name) => {
      const path = write(name, (name.endsWith('json') ? JSON.stringify : stringify)(documentOf('2024.10.5')))
      expect((await run(['2024.10.5', path])).out).toBe(
        `2024.10.5 -> ${path} (2024.10.5, as its document says): nothing differs\n`,
      )
      expect((await run([path, '2024.12.0'])).out).toContain(
        `${path} (2024.10.5, as its document says) -> 2024.12.0: 8 differences, 5 of them break\n`,
      )
    },
  )

  it.each(['a\nb', 'tok\u0000en', 'a-tok\u20acn'])(
    'refuses the token %j, which cannot be sent, without printing it',
    async (token) => {
      await withServer(answerWith(documentWithoutVersion('2024.8.3')), async (url) => {
        const [inEnvironment, inFile] = [
          await run([url, '2024.8.3'], { AUTHENTIK_TOKEN: token }),
          await run([url, '2024.8.3', '--token-file', write('odd', token)]),
        ]
        expect(inEnvironment).toEqual({
          out: '',
          err: 'AUTHENTIK_TOKEN holds what no header can carry. Give the key of an API token, and nothing else.\n',
          code: 2,
        })
        expect([inFile.out, inFile.code, inFile.err.replace(/\S+odd/, 'odd')]).toEqual([
          '',
          2,
          '--token-file odd holds what no header can carry. Give the key of an API token, and nothing else.\n',
        ])
      })
    },
  )

  it.each(['', ' \n'])('treats the token %j as no token', async (token) => {
    const requests: unknown[] = []
    await withServer(answerWith(documentWithoutVersion('2024.8.3'), undefined, requests), async (url) => {
      expect((await run([url, '2024.8.3', ...BRIEFLY], { AUTHENTIK_TOKEN: token })).code).toBe(0)
      expect(requests).toEqual([['/api/v3/schema/?format=json', undefined]])
    })
  })

  it.each([
    'http://me:hunter2@localhost',
    'HTTPS://me:hunter2@localhost/',
    'http:/me:hunter2@localhost',
    'http://me:12#hunter2@localhost',
    'http://me:hunter2@',
    'ftp://me:hunter2@localhost',
  ])('refuses %s without printing the password', async (address) => {
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
  ])('refuses the pact %s, which uses no operation', async (content) => {
    const { out, err, code } = await run(['2024.8.3', '2024.8.5', '--pact', write('pact.json', content)])
    expect([out, code]).toEqual(['', 2])
    expect(err).toMatch(/^--pact \S+: none of its interactions is with an operation of these documents\. Give .+\n$/)
  })

  it('reads a pact and a document that begin with a byte order mark', async () => {
    const [pact, document] = [
      write('pact-with-mark.json', `\uFEFF${JSON.stringify(readJson(PACT))}`),
      write('document-with-mark.json', `\uFEFF${JSON.stringify(documentOf('2024.8.3'))}`),
    ]
    expect(await run([document, '2024.8.3', '--pact', pact])).toMatchObject({ code: 0, err: '' })
  })

  it.each(['{"paths":[]}', '{"paths":null}', 'null', '[]'])(
    'refuses %s, which is no OpenAPI document',
    async (content) => {
      expect(await run(['2024.8.3', write('no-document.json', content)])).toMatchObject({ out: '', code: 2 })
    },
  )

  it('finds the operations of a pact under the names of either side', async () => {
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

  it('compares a release only with what the mock has, and two files as a whole', async () => {
    const document = documentOf('2024.8.3')
    const paths = { ...document.paths, '/cats/': { get: { operationId: 'cats_list' } } }
    const [file, largerFile] = [write('document.json', document), write('larger.json', { ...document, paths })]
    expect((await run(['2024.8.3', largerFile])).out).toContain('nothing differs')
    expect((await run([file, largerFile])).out).toContain('GET /cats/ is new\n')
  })
})

describe('The release of a file that does not state it', () => {
  const { components = {}, ...documentWithoutComponents } = documentOf('2025.8.6')
  const certaintyOf = async (content: unknown) => {
    const { out } = await run([write('without-version.yaml', content), '2025.8.6', ...BRIEFLY])
    return /\((.*?)\)/.exec(out)?.[1]
  }
  /** Reverses the order of a schema's keywords, and keeps the order of its properties. */
  const reverseKeywords = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(reverseKeywords)
    if (schema === null || typeof schema !== 'object') return schema
    const keywords = Object.entries(schema).map(([keyword, value]: [string, unknown]) => {
      if (keyword === 'properties')
        return [
          keyword,
          Object.fromEntries(Object.entries(value ?? {}).map(([name, property]) => [name, reverseKeywords(property)])),
        ]
      return [keyword, keyword === 'required' && Array.isArray(value) ? value.toReversed() : reverseKeywords(value)]
    })
    return Object.fromEntries(keywords.toReversed())
  }
  const schemas: Record<string, unknown> = Object.fromEntries(
    Object.entries(components['schemas'] ?? {}).map(([name, schema]) => [name, reverseKeywords(schema)]),
  )

  it.each<[title: string, certainty: string, content: unknown]>([
    ['is told by its shape', '2025.8.6, by its shape', { ...documentWithoutComponents, components, info: {} }],
    [
      'is told in any order of its keywords',
      '2025.8.6, by its shape',
      { ...documentWithoutComponents, components: { schemas }, info: null },
    ],
    [
      'is told by the few schemas that it has',
      '2025.8.6, by its shape',
      {
        paths: {},
        components: { schemas: { UserGroup: schemas['UserGroup'], OAuth2Provider: schemas['OAuth2Provider'] } },
      },
    ],
    ['is unknown when it has no schemas', 'unknown, by its shape', { paths: {} }],
    [
      'is unknown when no release has its schemas',
      'unknown, by its shape',
      { paths: {}, components: { schemas: { User: {}, Group: null } } },
    ],
    [
      'is unknown when its version is a number, which may have lost a digit',
      'unknown, by its shape',
      'info:\n  version: 2024.10\npaths: {}\n',
    ],
  ])('%s: %s', async (_, certainty, content) => {
    expect(await certaintyOf(content)).toBe(certainty)
  })
})

describe('A live authentik', () => {
  it.each(['2024.2.4', '2024.8.3', '2025.12.4', '2026.8.3'])(
    '%s is identified by its document, or, with a token, by what it answers',
    async (release) => {
      const args = ['{url}', release, '--fail-on', 'any']
      const resultWith = (certainty: string) => ({
        out: `{url} (${release}, ${certainty}) -> ${release}: nothing differs\n`,
        err: '',
        code: 0,
      })
      expect(await runWithMock(release, args)).toEqual(resultWith('as its document says'))
      expect(await runWithMock(release, [...args, ...BRIEFLY], { AUTHENTIK_TOKEN: TOKEN })).toEqual(
        resultWith('as the server itself says'),
      )
      expect(
        await runWithMock(release, [...args, ...BRIEFLY, '--token-file', write('token', `${TOKEN}\n`)], {
          AUTHENTIK_TOKEN: 'another',
        }),
      ).toEqual(resultWith('as the server itself says'))
    },
  )

  it.each([
    ['2024.4.0', '2024.4.0 to 2024.4.4'],
    ['2024.8.3', '2024.8.0 to 2024.8.4'],
    ['2025.8.6', '2025.8.6'],
  ])('that does not state its release %s is identified by its shape: %s', async (release, identified) => {
    await withServer(answerWith(documentWithoutVersion(release)), async (url) => {
      const out = `${url} (${identified}, by its shape) -> ${release}: nothing differs\n`
      expect([
        (await run([url, release])).out,
        (await run([url, release, ...BRIEFLY], { AUTHENTIK_TOKEN: TOKEN })).out,
      ]).toEqual([out, out])
    })
  })

  it('is believed rather than its document, which may be in YAML', async () => {
    await withServer(answerWith(stringify(documentOf('2024.8.3')), '{"version_current":"2024.8.4"}'), async (url) => {
      expect((await run(['2024.8.3', url], { AUTHENTIK_TOKEN: TOKEN })).out).toContain(
        '(2024.8.4, as the server itself says): nothing differs',
      )
    })
  })

  it.each(['', '/', '/api/v3', '/api/v3/'])(
    'may be named by its address with "%s" at the end, and receives the token with each request',
    async (suffix) => {
      const requests: unknown[] = []
      await withServer(answerWith(documentWithoutVersion('2024.8.3'), undefined, requests), async (url) => {
        expect((await run([url + suffix, '2024.8.3', ...BRIEFLY])).code).toBe(0)
        expect(requests.splice(0)).toEqual([['/api/v3/schema/?format=json', undefined]])
        expect((await run([url + suffix, '2024.8.3', ...BRIEFLY], { AUTHENTIK_TOKEN: TOKEN })).code).toBe(0)
        expect(requests).toEqual(['/api/v3/schema/?format=json', VERSION_PATH].map((path) => [path, `Bearer ${TOKEN}`]))
      })
    },
  )

  it.each<[title: string, listener: RequestListener, message: string]>([
    [
      'HTML',
      (_, response) => response.end('<!doctype html><p>Welcome'),
      'answers 200, and not with an OpenAPI document',
    ],
    ['404', (_, response) => response.writeHead(404).end('{"paths":{}}'), 'answers 404'],
    [
      '403, as to a wrong token',
      (_, response) => response.writeHead(403).end('{"detail":"Token invalid/expired"}'),
      'answers 403',
    ],
    [
      'half a document, and closes the connection',
      (_, response) => response.writeHead(200, { 'Content-Length': 999 }).write('{"paths":', () => response.destroy()),
      'breaks off in the middle of an answer',
    ],
    ['nothing, and closes the connection', (_, response) => response.destroy(), 'breaks the connection off'],
    [
      'with a way to another address',
      (_, response) => response.writeHead(301, { Location: 'https://authentik.company/' }).end(),
      'answers 301, and leads to https://authentik.company/. Give the address that it leads to.',
    ],
    [
      'without an end',
      (_, response) => {
        const part = Buffer.alloc(2 ** 20, ' ')
        const send = () => void (response.destroyed || response.write(part, send))
        send()
      },
      'answers more than 10 MiB',
    ],
    [
      'a bomb that is packed',
      (_, response) =>
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * 2 ** 20, ' '))),
      'answers more than 10 MiB',
    ],
    [
      'what is packed as nobody knows',
      (_, response) => response.writeHead(200, { 'Content-Encoding': 'compress' }).end('x'),
      'packs its answer as compress, which was not asked for',
    ],
    [
      'its token',
      ({ headers }, response) => response.writeHead(301, { Location: `/?${headers.authorization}` }).end(),
      'leads to /?Bearer ***.',
    ],
    [
      'a document that is too deep',
      (_, response) => response.end(`{"paths":{"/":${'['.repeat(4000)}${']'.repeat(4000)}}}`),
      'its document is nested deeper than 400 levels.',
    ],
  ])('that answers %s ends the command with exit 3, and a line without the token', async (_, listener, message) => {
    await withServer(listener, async (url) => {
      const { out, err, code } = await run(['2024.8.3', url, '--fail-on', 'any'], { AUTHENTIK_TOKEN: TOKEN })
      expect([out, code, err.split('\n').length, err.includes(TOKEN)]).toEqual(['', 3, 2, false])
      expect(err).toContain(message)
    })
  })

  it.each(['<!doctype html><p>Welcome', 'null', '"a"', '{}', '{"version_current":7}', ''])(
    'that answers %j for its version is identified by its document',
    async (version) => {
      await withServer(answerWith(JSON.stringify(documentOf('2024.8.3')), version), async (url) => {
        const out = `${url} (2024.8.3, as its document says) -> 2024.8.3: nothing differs\n`
        expect(await run([url, '2024.8.3', ...BRIEFLY], { AUTHENTIK_TOKEN: TOKEN })).toEqual({ out, err: '', code: 0 })
      })
    },
  )

  it('that does not listen ends the command with exit 3', async () => {
    const { url, close } = await serve(mock(), { port: 0 })
    await close()
    const err = `${url}: refuses the connection. Is it up, and is the port right?\n`
    expect(await run([url, '2024.8.3'], { AUTHENTIK_TOKEN: TOKEN })).toEqual({ out: '', err, code: 3 })
  })

  it.each(['text', 'json', 'github'])(
    'is compared with another release in a %s report, which never has the token',
    async (reporter) => {
      const { out, err, code } = await runWithMock(
        '2025.12.4',
        ['{url}', '2025.12.5', '--reporter', reporter, '--fail-on', 'breaking'],
        { AUTHENTIK_TOKEN: TOKEN },
      )
      expect([code, err, out.includes('Provider.client_secret'), out.includes(TOKEN)]).toEqual([6, '', true, false])
    },
  )
})

describe('What is not compared', () => {
  const unresolved = write('unresolved.json', withAnswer({ $ref: '#/nowhere' }))

  it('is said in each report, and reaches --fail-on any', async () => {
    const args = [unresolved, unresolved]
    const { out, code } = await run([...args, '--fail-on', 'any'])
    expect(code).toBe(6)
    expect(out).toMatch(/: nothing differs in what is compared, and 1 part is not compared\n/)
    expect(out).toContain('  not compared             PUT /books/ 200 refers to #/nowhere, which is not there\n')
    expect((await run([...args, '--fail-on', 'breaking'])).code).toBe(0)
    expect((await run([...args, '--reporter', 'github'])).out).toMatch(/^::notice .*: not compared \(put 200 \$\)\n$/)
    expect(JSON.parse((await run([...args, '--reporter', 'json'])).out).differences[0].kind).toBe('uncompared')
  })
})

describe('The name of a release', () => {
  it('is one, whatever is called so in the folder where the command runs', async () => {
    const current = process.cwd()
    write('2024.8.3', withAnswer(objectOf({})))
    mkdirSync(join(folder, '2024.8.5'))
    process.chdir(folder)
    try {
      expect((await run(['2024.8.3', '2024.8.5'])).out).toContain('2024.8.3 -> 2024.8.5: 6 differences')
      expect((await run(['./2024.8.3', './2024.8.3'])).out).toContain('(unknown, by its shape): nothing differs')
      expect((await run(['2024.8.3', './2024.8.5'])).err).toContain('./2024.8.5 is a folder.')
    } finally {
      process.chdir(current)
    }
  })
})

it('--operations takes the method and path of an operation, and the id that several have', async () => {
  const paths = { '/a/': { get: {} }, '/b/': { get: { operationId: 'list' } }, '/c/': { get: { operationId: 'list' } } }
  const [file, empty] = [write('operations.json', { paths }), write('no-operations.json', { paths: {} })]
  const linesOf = async (operations: string) =>
    (await run([file, empty, '--operations', operations])).out.match(/GET \S+ is gone/g)
  expect(await linesOf('GET /a/')).toEqual(['GET /a/ is gone'])
  expect(await linesOf('list')).toEqual(['GET /b/ is gone', 'GET /c/ is gone'])
})

it.each(['text', 'json', 'github'])('a %s report shows what would steer a terminal, and no token', async (reporter) => {
  const listener: RequestListener = ({ headers }, response) =>
    response.end(JSON.stringify({ paths: { [`/${headers.authorization}\u001b[2J\u202e\u009b`]: { get: {} } } }))
  await withServer(listener, async (url) => {
    const { out, code } = await run(
      [url, write('empty-paths.json', { paths: {} }), '--reporter', reporter, '--fail-on', 'any'],
      {
        AUTHENTIK_TOKEN: TOKEN,
      },
    )
    expect([code, out.includes(TOKEN), ['\u001b', '\u202e', '\u009b'].some((sign) => out.includes(sign))]).toEqual([
      6,
      false,
      false,
    ])
    expect(out).toContain('GET /Bearer ***\\u001b[2J\\u202e\\u009b')
  })
})

describe('A server with a certificate', () => {
  const { key, cert } = certify({ names: ['127.0.0.1'], expires: new Date(Date.now() + 86_400_000) })
  const foreignCertificate = certify({ names: ['other'], expires: new Date(Date.now() + 86_400_000) }).cert

  it('is trusted with --ca, and said to be untrusted without it', async () => {
    const server = createTlsServer({ key, cert }, answerWith(documentWithoutVersion('2024.8.3'))).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const [trusted, foreign, absent] = [
      await run([url, '2024.8.3', ...BRIEFLY, '--ca', write('ca.pem', cert)]),
      await run([url, '2024.8.3', '--ca', write('other.pem', foreignCertificate)]),
      await run([url, '2024.8.3']),
    ]
    server.close()
    expect([trusted.code, trusted.err]).toEqual([0, ''])
    for (const { code, err } of [foreign, absent]) {
      expect(code).toBe(3)
      expect(err).toContain(
        'its certificate is signed by nobody that is trusted here. Give the certificate of its authority: --ca FILE',
      )
    }
    expect((await run([url, '2024.8.3', '--ca', write('no.pem', 'no')])).code).toBe(2)
  })
})

describe('The reporter', () => {
  it('text, which is the default, writes a line for whom a difference breaks and a line for where it is', async () => {
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

  it('json writes both sides and every difference, with all its places', async () => {
    const [baseline, candidate] = ['2025.10.4', '2025.12.4'] as const
    const differences = differencesBetween(baseline, candidate).map(({ kind, subject, change, breaks, places }) => ({
      kind,
      at: subject,
      what: change,
      breaks,
      places,
    }))
    expect(JSON.parse((await run([baseline, candidate, '--reporter', 'json'])).out)).toEqual({
      from: baseline,
      to: candidate,
      differences,
    })
  })

  it('github writes an annotation for each difference: an error when it breaks somebody, a notice when it does not', async () => {
    const lines = (await run(['2025.10.4', '2025.12.4', '--reporter', 'github'])).out.trimEnd().split('\n')
    const kinds = differencesBetween('2025.10.4', '2025.12.4').map(({ breaks }) => (breaks.length ? 'error' : 'notice'))
    expect(lines.map((line) => /^::(error|notice) title=[^:,]+::\S/.exec(line)?.[1])).toEqual(kinds)
    expect(lines).toContain(
      '::error title=authentik 2025.10.4 -> 2025.12.4::Group.parent is gone: breaks reader (core_groups_list 200 $.results[].parent)',
    )
  })

  it('github escapes the characters that would end an annotation', async () => {
    const { out } = await run([
      write('a,b%.json', withAnswer(objectOf({ 'a\r\nb%': text }))),
      write('empty.json', withAnswer(objectOf({}))),
      '--reporter',
      'github',
    ])
    expect([out.split('\n').length, out.includes('\r')]).toEqual([2, false])
    expect(out).toMatch(
      /^::error title=[^,]+a%2Cb%25\.json[^,]+::Book\.a%0D%0Ab%25 is gone: breaks reader \(put 200 \$\.a%0D%0Ab%25\)\n$/,
    )
  })
})
