/**
 * A verification that cannot be done ends with an exit code, and one line that names address, cause and remedy. No
 * credential is ever printed, and nothing is ever written.
 */
import childProcess, { execFile, spawn, type ChildProcess } from 'node:child_process'
import dns from 'node:dns'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { serve } from '../../../src/http/node/server.ts'
import { mock } from '../../../src/mock/mock.ts'
import { createSend } from '../../../src/contract/verify/exchange.ts'
import { openProviderProxy } from '../../../src/contract/verify/provider-proxy.ts'
import { toReport } from '../../../src/contract/verify/report.ts'
import { inRoot, readJson } from '../../support/files.ts'
import { findPort } from '../../support/ports.ts'
import { listProcesses } from '../../support/processes.ts'
import { isWhole } from '../../support/tier.ts'
import { certify } from './certificate.ts'
import { playBriefly } from './brief.ts'
import { PATIENCE, scaleTimeouts, waitPatiently } from './patience.ts'
import { CANARY, changed, report, verdicts, verify, withMock, withServer, type Change } from './support.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())
waitPatiently()

/** Writes a file into the folder. @returns its path */
function writeFile(name: string, content: string): string {
  writeFileSync(join(folder, name), content, { mode: 0o600 })
  return join(folder, name)
}

/** The forms that the token may be repeated in: as it is, in base64, and as a part of an address. */
const TOKEN_FORMS = [
  CANARY,
  ...[0, 1, 2].map((offset) =>
    Buffer.from('.'.repeat(offset) + CANARY)
      .toString('base64')
      .slice(offset === 0 ? 0 : offset + 1, -4),
  ),
  [...CANARY].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join(''),
]

/** Finds the forms of the token that are in a text. */
const findLeaks = (text: string) => TOKEN_FORMS.filter((form) => text.toLowerCase().includes(form.toLowerCase()))

/** Expects that a run ended in time, with one line on standard error, nothing on standard output, and without the token. */
function refused(
  { out, err, code, took }: Awaited<ReturnType<typeof verify>>,
  expected: number,
  address: string,
  message: string,
) {
  expect(err).toBe(`authentik-mock: ${address}: ${message}\n`)
  expect([code, out, findLeaks(out + err)]).toEqual([expected, '', []])
  // What waits for a time-out that no test cuts short takes longer than this, however patient its client is.
  expect(took).toBeLessThan(20_000)
}

/** Lets every time-out be over in a part of its time. @returns the times that were asked for */
const shortenTimeouts = (divisor: number): number[] => scaleTimeouts(() => 1 / divisor)

type Answer = (response: ServerResponse, request: IncomingMessage, url: string) => void

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
const html = (status: number, body: string) => (response: ServerResponse) =>
  response.writeHead(status, { 'Content-Type': 'text/html' }).end(body)
const redirect = (location: string) => (response: ServerResponse) =>
  response.writeHead(302, { Location: location }).end()

const ASK_ADDRESS = 'Is the address that of authentik itself?'
const ASK_LOG = 'Is it still starting? Look at its log.'
const ASK_PATH = 'Is the address that of an authentik, with the path it stands below?'

/** Servers that answer every request alike. */
const ANSWERS: [title: string, answer: Answer, code: number, message: string][] = [
  [
    'a login page',
    html(200, '<!doctype html><title>authentik</title><ak-flow-executor></ak-flow-executor>'),
    3,
    'answers with a login page, not with JSON. Give the address of authentik itself, without a page before it.',
  ],
  [
    'another web page',
    html(200, '<html><title>Welcome</title></html>'),
    3,
    `answers 200 with a web page that is not JSON. ${ASK_ADDRESS}`,
  ],
  [
    'what is not JSON',
    (response) => response.end('pong'),
    3,
    `answers 200 with something that is not JSON. ${ASK_ADDRESS}`,
  ],
  ['nothing', (response) => response.end(), 3, `answers 200 with something that is not JSON. ${ASK_ADDRESS}`],
  ['JSON of something else', json(200, { status: 'ok' }), 3, `answers, but not as an authentik does. ${ASK_ADDRESS}`],
  ['a JSON null', json(200, null), 3, `answers, but not as an authentik does. ${ASK_ADDRESS}`],
  [
    'JSON with text after it',
    (response) => response.end('{"error_reporting": {}} and more'),
    3,
    `answers 200 with something that is not JSON. ${ASK_ADDRESS}`,
  ],
  [
    'a redirect to a login flow',
    redirect('/flows/-/default/authentication/?next=/'),
    3,
    'sends to its login page. Give the address of its API, without a page before it.',
  ],
  [
    'a redirect to a flow of the interface',
    redirect('/if/flow/default-authentication-flow/'),
    3,
    'sends to its login page. Give the address of its API, without a page before it.',
  ],
  [
    'a redirect of a proxy outpost',
    redirect('/outpost.goauthentik.io/start?rd=%2F'),
    3,
    'a proxy outpost stands before it. Give the address of authentik itself.',
  ],
  [
    'a redirect to another origin',
    redirect('https://elsewhere.example/api/v3/root/config/'),
    3,
    'sends to another origin, https://elsewhere.example, which is not followed. If that is the authentik: --provider-url https://elsewhere.example',
  ],
  [
    'a redirect to another path',
    redirect('/authentik/api/v3/root/config/'),
    3,
    'sends to /authentik/api/v3/root/config/, which is not followed. Give the address without a path, or the one it stands below.',
  ],
  [
    'a redirect to what is no address',
    redirect('http://[/'),
    3,
    'sends to what is no address. Look at what stands before it.',
  ],
  ['404 with JSON', json(404, { detail: 'Not found.' }), 3, `has no /api/v3/root/config/. ${ASK_PATH}`],
  ['404 with a web page', html(404, '<html>Not Found</html>'), 3, `has no /api/v3/root/config/. ${ASK_PATH}`],
  [
    '429 that says how long',
    json(429, { detail: 'Request was throttled.' }, { 'Retry-After': '17' }),
    3,
    'asks for patience: 17 seconds. Try again later.',
  ],
  ['429', json(429, {}), 3, 'asks for patience. Try again later.'],
  ['500', html(500, '<h1>Server Error (500)</h1>'), 3, `fails with 500. ${ASK_LOG}`],
  ['502', html(502, 'Bad Gateway'), 3, `fails with 502. ${ASK_LOG}`],
  ['503', json(503, { detail: 'starting' }), 3, `fails with 503. ${ASK_LOG}`],
  ['418', json(418, { detail: 'I am a teapot' }), 3, 'answers 418: I am a teapot. Look at its log.'],
  [
    'an answer that breaks off',
    (response) => response.writeHead(200, { 'Content-Length': '1000' }).write('{"error_', () => response.destroy()),
    3,
    'breaks off in the middle of an answer. Look at its log, and at what stands before it.',
  ],
  [
    'an answer in chunks that breaks off',
    (response) => response.write('{"error_', () => response.destroy()),
    3,
    'breaks off in the middle of an answer. Look at its log, and at what stands before it.',
  ],
  [
    'no answer, and closes the connection',
    (response) => response.destroy(),
    3,
    'breaks the connection off. Is it http where https is meant, or the other way round? Look at its log.',
  ],
  [
    'more than 10 MiB',
    (response) => response.end(JSON.stringify({ error_reporting: {}, rest: 'x'.repeat(11 * 1024 * 1024) })),
    3,
    'answers more than 10 MiB. Is this the address of authentik itself?',
  ],
]

const ASK_API_TOKEN = 'Give one of intent API, of an active user, that has not expired.'

/** Servers that are an authentik, until they are asked whose token it is. */
const REFUSALS: [title: string, answer: Answer, code: number, message: string][] = [
  [
    'refuses the token',
    json(403, { detail: 'Token invalid/expired' }),
    4,
    `refuses the token (Token invalid/expired). ${ASK_API_TOKEN}`,
  ],
  [
    'does not see the token',
    json(403, { detail: 'Authentication credentials were not provided.' }),
    4,
    'sees no token. Does something before it take the Authorization header away?',
  ],
  [
    'refuses the caller',
    json(403, { detail: 'You do not have permission to perform this action.' }),
    4,
    'refuses the caller (You do not have permission to perform this action.). Give the token of a user who may.',
  ],
  [
    'refuses without a reason',
    json(401, {}),
    4,
    'refuses the caller (without a reason). Give the token of a user who may.',
  ],
  [
    'repeats the token',
    (response, { headers }) => json(403, { detail: `no ${headers.authorization}` })(response),
    4,
    'refuses the caller (no Bearer ***). Give the token of a user who may.',
  ],
  [
    'repeats the token in base64',
    (response) => json(403, { detail: `no ${btoa(`akadmin:${CANARY}`)}` })(response),
    4,
    'refuses the caller (no YWthZG1pbjp***g==). Give the token of a user who may.',
  ],
  [
    'sends elsewhere with the token in the path',
    (response) => redirect(`/lost/${CANARY}/`)(response),
    3,
    'sends to /lost/***/, which is not followed. Give the address without a path, or the one it stands below.',
  ],
  [
    'has no page that says who it is',
    json(404, { detail: 'Not found.' }),
    3,
    `has no /api/v3/core/users/me/. ${ASK_PATH}`,
  ],
  [
    'repeats the token at the end of a long text',
    (response, { headers }) => json(400, { detail: 'x'.repeat(288) + headers.authorization })(response),
    3,
    `answers 400: ${'x'.repeat(287)}.... Look at its log.`,
  ],
  ['does not say who it is', json(200, {}), 3, `answers, but not as an authentik does. ${ASK_ADDRESS}`],
  ['says JSON null', json(200, null), 3, `answers, but not as an authentik does. ${ASK_ADDRESS}`],
  ['fails', json(500, {}), 3, `fails with 500. ${ASK_LOG}`],
]

/** Makes a server that shows to be an authentik, and answers everything else alike. */
const asAuthentik = (answer: Answer) => (request: IncomingMessage, response: ServerResponse) => {
  if (request.url === '/api/v3/root/config/') json(200, { error_reporting: {} })(response)
  else answer(response, request, '')
}

describe('a server that is no authentik, or not in order', () => {
  it.each(ANSWERS)(
    'that answers with %s is told from a server that does not conform',
    async (_title, answer, code, message) => {
      await withServer(
        (request, response) => answer(response, request, ''),
        async (url) => refused(await verify(['--provider-url', url]), code, url, message),
      )
    },
  )

  it.each(REFUSALS)(
    'that is an authentik and %s is reported with the reason',
    async (_title, answer, code, message) => {
      await withServer(asAuthentik(answer), async (url) =>
        refused(await verify(['--provider-url', url]), code, url, message),
      )
    },
  )

  it('is asked for nothing else when no token was given, and the user is told', async () => {
    const paths: (string | undefined)[] = []
    await withServer(
      (request, response) => {
        paths.push(request.url)
        json(200, { error_reporting: {} })(response)
      },
      async (url) =>
        refused(
          await verify(['--provider-url', url], {}),
          4,
          url,
          'no token is given. Give an API token: --token-file FILE, or AUTHENTIK_TOKEN',
        ),
    )
    expect(paths).toEqual(['/api/v3/root/config/'])
  })

  it('gets no token before it has shown to be an authentik', async () => {
    const authorizations: (string | undefined)[] = []
    await withServer(
      (request, response) => {
        authorizations.push(request.headers.authorization)
        json(200, {})(response)
      },
      async (url) => expect((await verify(['--provider-url', url])).code).toBe(3),
    )
    expect(authorizations).toEqual([undefined])
  })
})

describe('a server that fails during the verification', () => {
  const RETRIEVE = /^\/api\/v3\/oauth2\/authorization_codes\/\d+\/$/
  /** Verifies the mock through a server. @param takes says whether the server answers a request itself, and does so */
  const verifyThrough = (takes: (request: IncomingMessage, response: ServerResponse) => boolean) =>
    withMock({}, (mockUrl) =>
      withServer(
        async (request, response) => {
          if (takes(request, response)) return
          const reply = await fetch(mockUrl + request.url, { headers: request.headers as Record<string, string> })
          const [type, date] = [reply.headers.get('content-type'), reply.headers.get('date')]
          response.writeHead(reply.status, { 'Content-Type': type ?? '', Date: date ?? '' }).end(await reply.text())
        },
        async (url) => ({ url, ...(await verify(['--provider-url', url, '--reporter', 'json'])) }),
      ),
    )
  /** Verifies the mock through a server that answers some paths itself. */
  const verifyFailing = (answer: Answer, paths: RegExp) =>
    verifyThrough((request, response) => {
      const isFailing = paths.test(request.url ?? '')
      if (isFailing) answer(response, request, '')
      return isFailing
    })
  const cut: Answer = (response) =>
    response.writeHead(200, { 'Content-Length': '1000' }).write('{"pk', () => response.destroy())
  const LARGE = Buffer.alloc(11 * 1024 * 1024, 'x')
  const cases: [title: string, answer: Answer, message: string][] = [
    [
      'cuts its answer off',
      cut,
      'breaks off in the middle of an answer. Look at its log, and at what stands before it.',
    ],
    [
      'gives more than 10 MiB',
      (response) => response.end(LARGE),
      'answers more than 10 MiB. Is this the address of authentik itself?',
    ],
    ['asks for patience', json(429, {}, { 'Retry-After': '9' }), 'asks for patience: 9 seconds. Try again later.'],
  ]

  it.each(cases)(
    'and %s for every single row has not drifted: exit 3, and the rest is reported',
    async (_title, answer, message) => {
      const { url, code, out, err } = await verifyFailing(answer, RETRIEVE)
      const judged = verdicts(JSON.parse(out))
      const failed = judged.filter(({ isUnreachable }) => isUnreachable)
      expect([code, findLeaks(out + err), judged.filter(({ verdict }) => verdict === 'new drift')]).toEqual([3, [], []])
      expect(failed.map(({ findings }) => findings)).toEqual(
        failed.map(() => [{ path: '', text: `${url}: ${message}` }]),
      )
      expect(failed.map(({ name }) => name)).toContain('a request for an authorization code that is live')
      expect(judged.filter(({ verdict }) => verdict === 'conforms').length).toBeGreaterThan(7)
    },
  )

  it('and closes a connection that it kept, just when it is used again, is asked anew over another', async () => {
    const used = new WeakSet<object>()
    let closedCount = 0
    const outcome = await verifyThrough(({ socket }) => {
      const isUsedAgain = used.has(socket)
      used.add(socket)
      if (isUsedAgain) closedCount++
      if (isUsedAgain) socket.destroy()
      return isUsedAgain
    })
    expect(outcome).toMatchObject({ code: 0, err: '' })
    expect(closedCount).toBeGreaterThan(5)
  })

  it('and is silent for every single row is waited for once, not for each row', async () => {
    let silentCount = 0
    shortenTimeouts(4)
    const { url, code, out } = await verifyFailing(() => silentCount++, RETRIEVE)
    const failed = verdicts(JSON.parse(out)).filter(({ isUnreachable }) => isUnreachable)
    expect([code, failed.length > 10, new Set(failed.map(({ findings }) => findings[0]?.text))]).toEqual([
      3,
      true,
      new Set([`${url}: does not answer within 4 seconds. Is it up, and does a firewall let this machine through?`]),
    ])
    // One in each lane.
    expect(silentCount).toBeLessThanOrEqual(2)
  })

  it('and fails for a list in which rows are looked for is told before anything is verified, with its address', async () => {
    const { url, code, out, err } = await verifyFailing(json(500, {}), /^\/api\/v3\/oauth2\/access_tokens\/\?/)
    expect([code, out, err]).toEqual([
      3,
      '',
      `authentik-mock: ${url}/api/v3/oauth2/access_tokens/?ordering=-pk: fails with 500. ${ASK_LOG}\n`,
    ])
  })

  it.each([
    ['500', json(500, {})],
    ['a redirect, which is not followed', redirect('https://elsewhere.example/')],
  ] as [string, Answer][])(
    'and answers every single row with %s breaks the contract: exit 1',
    async (_title, answer) => {
      expect(await verifyFailing(answer, RETRIEVE)).toMatchObject({ code: 1, err: '' })
    },
  )
})

describe('a server that cannot be reached', () => {
  it('refuses the connection', async () => {
    const port = await findPort()
    refused(
      await verify(['--provider-url', `http://127.0.0.1:${port}`]),
      3,
      `http://127.0.0.1:${port}`,
      'refuses the connection. Is it up, and is the port right?',
    )
    const line = `::error title=authentik-mock verify::http://127.0.0.1:${port}: refuses the connection. Is it up, and is the port right?\n`
    const args = ['--provider-url', `http://127.0.0.1:${port}`, '--reporter', 'github']
    expect(await verify(args)).toMatchObject({ code: 3, out: line })
    const output = join(folder, 'annotated')
    expect(await verify([...args, '--output', output])).toMatchObject({ code: 3, out: '' })
    expect(readFileSync(join(output, 'verify.github.txt'), 'utf8')).toBe(line)
  })

  it.each([
    ['ENOTFOUND', 'the name is not known. Is it spelt right, and known to this machine?'],
    ['EAI_AGAIN', 'the name cannot be looked up now. Is there a network, and a name server?'],
  ])('has a name that is not there: %s', async (code, message) => {
    vi.spyOn(dns, 'lookup').mockImplementation(((_name: string, _options: object, callback: (error: Error) => void) =>
      callback(Object.assign(new Error(code), { code }))) as never)
    refused(await verify(['--provider-url', 'https://authentik.example']), 3, 'https://authentik.example', message)
  })

  it('accepts, and stays silent', async () => {
    const times = shortenTimeouts(20)
    await withServer(
      () => {},
      async (url) =>
        refused(
          await verify(['--provider-url', url]),
          3,
          url,
          'does not answer within 4 seconds. Is it up, and does a firewall let this machine through?',
        ),
    )
    expect(times).toEqual([4000])
  })

  it('begins an answer, and stays silent', async () => {
    const times = scaleTimeouts((place) => (place === 0 ? PATIENCE : 1 / 20))
    await withServer(
      (_request, response) => void response.write('{'),
      async (url) =>
        refused(
          await verify(['--provider-url', url]),
          3,
          url,
          'does not come to the end of its answer within 4 seconds. Is this the address of authentik itself?',
        ),
    )
    expect(times).toEqual([4000, 4000])
  })

  it('speaks http where https is asked for', async () => {
    await withServer(json(200, {}) as never, async (url) => {
      const secure = url.replace('http:', 'https:')
      refused(
        await verify(['--provider-url', secure]),
        3,
        secure,
        'breaks the connection off. Is it http where https is meant, or the other way round? Look at its log.',
      )
    })
  })
})

describe('a server with a certificate', () => {
  const LATER = new Date('2049-01-01T00:00:00Z')
  const listener = asAuthentik(json(403, { detail: 'Token invalid/expired' }))

  it.each([
    [
      'that signed itself is not trusted',
      { names: ['127.0.0.1'], expires: LATER },
      false,
      3,
      'its certificate is signed by nobody that is trusted here. Give the certificate of its authority: --ca FILE',
    ],
    [
      'that signed itself is trusted with --ca',
      { names: ['127.0.0.1'], expires: LATER },
      true,
      4,
      `refuses the token (Token invalid/expired). ${ASK_API_TOKEN}`,
    ],
    [
      'that has expired is not trusted, even with --ca',
      { names: ['127.0.0.1'], expires: new Date('2021-01-01T00:00:00Z') },
      true,
      3,
      'its certificate has expired. Renew it.',
    ],
    [
      'for another name is not trusted, even with --ca',
      { names: ['authentik.example'], expires: LATER },
      true,
      3,
      'its certificate is for another name. Give the name that the certificate is for.',
    ],
  ])('%s', async (_title, certificate, isTrusted, code, message) => {
    const tls = certify(certificate)
    const ca = writeFile('ca.pem', tls.cert)
    await withServer(
      listener,
      async (url) =>
        refused(await verify(['--provider-url', url, ...(isTrusted ? ['--ca', ca] : [])]), code, url, message),
      tls,
    )
  })

  it('is verified whole over https with --ca', async () => {
    const tls = certify({ names: ['127.0.0.1'], expires: LATER })
    const served = mock({ token: CANARY })
    const forward = async (request: IncomingMessage, response: ServerResponse) => {
      const { origin } = new URL('http://localhost')
      const answer = await served.fetch(
        new Request(origin + request.url, {
          method: request.method ?? 'GET',
          headers: request.headers as Record<string, string>,
        }),
      )
      response.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text())
    }
    await withServer(
      forward,
      async (url) =>
        expect(await verify(['--provider-url', url, '--ca', writeFile('ca.pem', tls.cert)])).toMatchObject({
          code: 0,
          err: '',
        }),
      tls,
    )
  })
})

describe("Pact's verifier", () => {
  it('that crashes ends the command with exit 70: no token is shown, and nothing is left in the temporary folder', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'))
    vi.stubEnv('TMPDIR', temporary)
    const children: ChildProcess[] = []
    const { spawn: original } = childProcess
    vi.spyOn(childProcess, 'spawn').mockImplementation(((...args: Parameters<typeof spawn>) => {
      const child = original(...args)
      children.push(child)
      return child
    }) as typeof spawn)
    const crash: Change = (call, answer) => {
      if (/authorization_codes\/\d+/.test(call.path)) children[0]?.kill('SIGKILL')
      return answer()
    }
    await withMock(
      {},
      async (url) => {
        const { out, err, code } = await verify(['--provider-url', url])
        expect([code, out, findLeaks(err)]).toEqual([70, '', []])
        expect(err).toContain("Pact's verifier ended before it was done (SIGKILL).")
      },
      crash,
    )
    vi.unstubAllEnvs()
    expect(readdirSync(temporary)).toEqual([])
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with the command when %s ends that: a shell sees 130 or 143, and nothing is printed',
    async (signal) => {
      let reached = () => {}
      const isAsked = new Promise<void>((resolve) => (reached = resolve))
      const hang: Change = (call, answer) => {
        if (!/authorization_codes\/\d+/.test(call.path)) return answer()
        reached()
        return new Promise(() => {})
      }
      await withMock(
        {},
        async (url) => {
          const command = spawn(process.execPath, [inject('command'), 'verify', '--provider-url', url], {
            env: { ...process.env, AUTHENTIK_TOKEN: CANARY },
          })
          let output = ''
          for (const stream of [command.stdout, command.stderr]) stream.on('data', (part) => (output += part))
          await isAsked
          const children = listProcesses().flatMap(({ pid, parent }) => (parent === command.pid ? [pid] : []))
          const ended = once(command, 'exit')
          command.kill(signal)
          expect([...(await ended), output]).toEqual([null, signal, ''])
          expect(children.length).toBeGreaterThan(0)
          await expect
            .poll(() => listProcesses().filter(({ pid }) => children.includes(pid)), { timeout: 60_000 })
            .toEqual([])
        },
        hang,
      )
    },
  )

  it('that is not installed makes the command ask for it, with exit 2', async () => {
    const copy = join(folder, 'without-pact')
    cpSync(dirname(inject('command')), copy, { recursive: true })
    await withMock({}, async (url) => {
      const running = promisify(execFile)(process.execPath, [join(copy, 'cli.js'), 'verify', '--provider-url', url], {
        env: { ...process.env, AUTHENTIK_TOKEN: CANARY },
      })
      await expect(running).rejects.toMatchObject({
        code: 2,
        stdout: '',
        stderr:
          'authentik-mock: Pact is not installed. Install it beside this package: npm i -D @pact-foundation/pact@17\n',
      })
    })
  })
})

/** The options that name a server, which is not there. */
const PROVIDER = ['--provider-url', 'http://127.0.0.1:1']

/** Options that are refused, and the message. */
const USAGE_ERRORS: [title: string, args: () => string[], message: string][] = [
  ['no URL', () => [], '--provider-url is missing. Write: authentik-mock verify --provider-url URL'],
  [
    'a URL without a scheme',
    () => ['--provider-url', 'authentik.company'],
    'authentik.company is no address of a server. Give one such as https://authentik.example.',
  ],
  [
    'a URL that is not http',
    () => ['--provider-url', 'ftp://authentik.company'],
    'ftp://authentik.company is no address of a server. Give one such as https://authentik.example.',
  ],
  [
    'a URL with a password in it',
    () => ['--provider-url', `https://me:${CANARY}@authentik.company`],
    'https://authentik.company is given with a user or a password. Give it without, and a token in AUTHENTIK_TOKEN or --token-file.',
  ],
  ['a release that is not known', () => [...PROVIDER, '--release', '2023.1.0'], '--release: '],
  [
    'a reporter that is not known',
    () => [...PROVIDER, '--reporter', 'text,yaml'],
    '--reporter text,yaml: Give one of text, json, junit, github, markdown, or some with commas between.',
  ],
  [
    'several reports at once',
    () => [...PROVIDER, '--reporter', 'text,json'],
    '--reporter: only one report can be printed. Give a folder for several: --output DIR',
  ],
  [
    'a --fail-on that is not known',
    () => [...PROVIDER, '--fail-on', 'never'],
    '--fail-on never: Give one of new, known, any.',
  ],
  [
    'a pact that is not there',
    () => [...PROVIDER, '--pact', 'missing.json'],
    '--pact missing.json cannot be read (ENOENT). Give the path of a pact, or of a folder of them.',
  ],
  [
    'a pact that is no JSON',
    () => [...PROVIDER, '--pact', writeFile('text.json', '{')],
    "--pact {folder}/text.json is no Pact file. Give one that a consumer's test wrote.",
  ],
  ...[
    ['whose method is no text', '[{"request":{"method":7},"response":{}}]'],
    ['whose path is no text', '[{"request":{"path":{"toString":1}},"response":{}}]'],
    ['whose states are no objects', '[{"request":{},"response":{},"providerStates":["a state"]}]'],
    ['whose states have no names', '[{"request":{},"response":{},"providerStates":[{"name":7}]}]'],
    ['whose states are no list', '[{"request":{},"response":{},"providerStates":"a state"}]'],
    ['whose description is no text', '[{"description":{},"request":{},"response":{}}]'],
    ['whose status is a text', '[{"request":{},"response":{"status":"200"}}]'],
    ['whose status no server can send', '[{"request":{},"response":{"status":200.5}}]'],
    ['whose status is below all', '[{"request":{},"response":{"status":-1}}]'],
    ['whose headers are a text', '[{"request":{"headers":"Accept"},"response":{}}]'],
    ['whose interactions are texts', '["a request"]'],
    ['with a body of 10,000 levels', `[{"request":{},"response":{"body":${'['.repeat(10_000)}${']'.repeat(10_000)}}}]`],
  ].map(([kind, interactions]): [string, () => string[], string] => [
    `a pact ${kind}`,
    () => [...PROVIDER, '--pact', writeFile('odd.json', `{"consumer":{"name":"odd"},"interactions":${interactions}}`)],
    "--pact {folder}/odd.json is no Pact file. Give one that a consumer's test wrote.",
  ]),
  [
    'a pact that is another JSON',
    () => [...PROVIDER, '--pact', writeFile('null.json', 'null')],
    "--pact {folder}/null.json is no Pact file. Give one that a consumer's test wrote.",
  ],
  [
    'a pact of messages',
    () => [...PROVIDER, '--pact', writeFile('messages.json', '{"interactions": [{"description": "a message"}]}')],
    "--pact {folder}/messages.json is no Pact file. Give one that a consumer's test wrote.",
  ],
  [
    'a folder without a pact with authentik',
    () => {
      mkdirSync(join(folder, 'others'))
      writeFile(
        join('others', 'shop-billing.json'),
        '{"consumer": {"name": "shop"}, "provider": {"name": "billing"}, "interactions": []}',
      )
      return [...PROVIDER, '--pact', join(folder, 'others')]
    },
    '--pact {folder}/others holds no pact with a provider called "authentik". Give another folder, or what it is called there: --provider-name NAME',
  ],
  [
    'a token file that is not there',
    () => [...PROVIDER, '--token-file', 'missing'],
    '--token-file missing cannot be read (ENOENT). Give the path of a file.',
  ],
  [
    'a token file that is empty',
    () => [...PROVIDER, '--token-file', writeFile('empty', '\n')],
    '--token-file {folder}/empty is empty. Give the key of an API token.',
  ],
  [
    'a token with a line break in it',
    () => [...PROVIDER, '--token-file', writeFile('lines', `${CANARY}\n${CANARY}\n`)],
    '--token-file {folder}/lines holds what no header can carry. Give the key of an API token, and nothing else.',
  ],
  [
    'a second token that is no ASCII',
    () => [...PROVIDER, '--second-token-file', writeFile('accents', `${CANARY}é`)],
    '--second-token-file {folder}/accents holds what no header can carry. Give the key of an API token, and nothing else.',
  ],
  [
    'a certificate that is not there',
    () => [...PROVIDER, '--ca', 'missing.pem'],
    '--ca missing.pem cannot be read (ENOENT). Give the path of a file.',
  ],
  [
    'a certificate that is none',
    () => [...PROVIDER, '--ca', writeFile('none.pem', 'none')],
    '--ca {folder}/none.pem holds no certificate. Give one in PEM.',
  ],
  [
    'a folder that is a file',
    () => [...PROVIDER, '--output', writeFile('a-file', '')],
    '--output {folder}/a-file cannot be made (ENOTDIR). Give a folder.',
  ],
]

describe('options that cannot be used', () => {
  it.each(USAGE_ERRORS)(
    '%s is refused with exit 2, in one line, before anything is sent',
    async (_title, args, message) => {
      const { out, err, code } = await verify(args())
      expect(err).toContain(`authentik-mock: ${message.replace('{folder}', folder)}`)
      expect([code, out, err.split('\n').length, findLeaks(err)]).toEqual([2, '', 2, []])
    },
  )

  it.each([`${CANARY}\u0000`, `${CANARY} x`, `${CANARY}\r\nX-More: 1`, `${CANARY}€`])(
    'a token that no header can carry (%j) is refused without being shown',
    async (token) => {
      const { out, err, code } = await verify(PROVIDER, { AUTHENTIK_TOKEN: token })
      expect([code, out, err]).toEqual([
        2,
        '',
        'authentik-mock: AUTHENTIK_TOKEN holds what no header can carry. Give the key of an API token, and nothing else.\n',
      ])
    },
  )
})

describe('at every level of the logs', () => {
  const run = async (url: string, level: string) => {
    const env = {
      ...process.env,
      AUTHENTIK_TOKEN: CANARY,
      RUST_LOG: level,
      LOG_LEVEL: level,
      PACT_LOG_LEVEL: level,
      DEBUG: '*',
      PACT_DESCRIPTION: 'nothing',
    }
    const running = promisify(execFile)(process.execPath, [inject('command'), 'verify', '--provider-url', url], { env })
    const {
      code = 0,
      stdout,
      stderr,
    } = await running.then(
      (streams) => ({ code: 0, ...streams }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    )
    return { code, output: stdout + stderr }
  }
  const drift: Change = async (call, answer) => {
    const reply = await answer()
    return /authorization_codes\/\d+\/$/.test(call.path) && reply.status === 200
      ? changed(reply, (body) => void (body.scope = call.header('authorization')))
      : reply
  }

  // The last tells all that the others do.
  it.concurrent.each(isWhole ? ['error', 'info', 'debug', 'trace'] : ['trace'])(
    '(%s) a token is never shown, and environment variables for Pact change nothing',
    async (level) => {
      const [sound, drifted] = [
        await withMock({}, (url) => run(url, level)),
        await withMock({}, (url) => run(url, level), drift),
      ]
      expect([sound.code, findLeaks(sound.output), sound.output.match(/✓ conforms/g)?.length]).toEqual([0, [], 19])
      expect([drifted.code, findLeaks(drifted.output), drifted.output.includes('$.scope')]).toEqual([1, [], true])
    },
  )
})

const REPORTERS = ['text', 'json', 'junit', 'github', 'markdown'] as const

/** Serves codes in which the token is repeated wherever it can be, with what could break a report. */
const withLeakingServer = async (use: (url: string) => Promise<void>) =>
  withMock({}, use, async ({ path }, answer) => {
    const reply = await answer()
    if (reply.status !== 200 || !path.includes('/authorization_codes/')) return reply
    const text = `${CANARY} ${btoa(CANARY)} ${encodeURIComponent(CANARY)} ${TOKEN_FORMS.at(-1)} <b>|\u001B[31m\u0000 %\r\n::error::]]>&"`
    return changed(reply, (body) =>
      body.results
        ? { ...body, results: [...body.results, {}] }
        : { ...body, scope: text, [CANARY]: text, user: { ...body.user, type: text, groups_obj: text } },
    )
  })

describe('a report', () => {
  let leaking: Awaited<ReturnType<typeof verify>> & { reports: Record<string, string> }
  beforeAll(() =>
    withLeakingServer(async (url) => {
      const output = join(folder, 'reports', 'deep')
      const outcome = await verify(['--provider-url', url, '--reporter', REPORTERS.join(','), '--output', output])
      const reports = readdirSync(output).map((name) => [name, readFileSync(join(output, name), 'utf8')])
      leaking = { ...outcome, reports: Object.fromEntries(reports) }
    }),
  )

  it.each([
    ['text', 'verify.txt'],
    ['json', 'verify.json'],
    ['junit', 'verify.xml'],
    ['github', 'verify.github.txt'],
    ['markdown', 'verify.md'],
  ])('in %s never shows a token, whatever the server says', (_reporter, name) => {
    const { out, err, code, reports } = leaking
    const text = reports[name] ?? ''
    expect([
      code,
      findLeaks(out + err + text),
      /\*\*\*|(&#42;){3}/.test(text),
      /\p{Cc}/u.test(text.replaceAll('\n', '')),
    ]).toEqual([1, [], true, false])
  })

  it('tells once what is alike in every row of a list; JSON tells all', () => {
    const change: Change = async (call, answer) => {
      const reply = await answer()
      return call.path.endsWith('/authorization_codes/')
        ? changed(reply, (body) => body.results?.forEach(({ provider }: any) => delete provider.name))
        : reply
    }
    const read = async (url: string) => {
      const { out } = await verify(['--provider-url', url])
      expect(out).toMatch(/\n {6}\$\.results\[\d\]\.provider\.name: is not there, and 3 more like it\n/)
      const list = (await report(url)).report.interactions.find(
        ({ operation }) => operation === 'oauth2_authorization_codes_list',
      )
      expect(list?.findings.filter(({ path }) => path.endsWith('.provider.name'))).toHaveLength(4)
    }
    return withMock({ codes: 4 }, read, change)
  })

  it('with --output is a file for each reporter, each whole, and nothing is printed', () => {
    const { code, out, reports } = leaking
    const read = (name: string) => reports[name] ?? ''
    expect([code, out, Object.keys(reports).toSorted()]).toEqual([
      1,
      '',
      ['verify.github.txt', 'verify.json', 'verify.md', 'verify.txt', 'verify.xml'],
    ])

    const judged = verdicts(JSON.parse(read('verify.json')))
    expect(judged.length).toBe(23)
    expect(findLeaks(Object.values(reports).join('\n'))).toEqual([])

    const xml = read('verify.xml')
    expect(findXmlErrors(xml)).toEqual([])
    expect(xml.match(/<testcase /g)).toHaveLength(judged.length)
    expect(xml).toContain(
      `tests="${judged.length}" failures="${judged.filter(({ verdict }) => verdict === 'new drift').length}"`,
    )

    const lines = read('verify.github.txt').trimEnd().split('\n')
    expect(lines.filter((line) => !/^::(error|warning|notice)( title=[^:,]*)?::[^\r\n]+$/.test(line))).toEqual([])
    const titles = lines.flatMap((line) => /^::error title=([^:]*)::/.exec(line)?.[1] ?? [])
    const drifted = judged
      .filter(({ verdict }) => verdict === 'new drift')
      .map(({ name }) => name.replaceAll(':', '%3A').replaceAll(',', '%2C'))
    expect([...new Set(titles)]).toEqual(drifted)

    const rows = read('verify.md')
      .split('\n')
      .filter((line) => line.startsWith('|'))
    expect(rows.map((row) => row.replaceAll('\\|', '').split('|').length)).toEqual(
      Array.from({ length: judged.length + 2 }, () => 5),
    )
    expect(read('verify.md').match(/\n\n/g)).toHaveLength(2)

    for (const { name } of judged) expect(read('verify.txt')).toContain(name)
  })
})

describe('a report of any server', () => {
  playBriefly()

  it('in any format is printed as it is written with --output', async () => {
    await withMock({}, async (url) => {
      const output = join(folder, 'any')
      const reporters = Object.keys(toReport)
      const written = await verify(['--provider-url', url, '--reporter', reporters.join(','), '--output', output])
      const printed: string[] = []
      for (const reporter of reporters)
        printed.push((await verify(['--provider-url', url, '--reporter', reporter])).out)
      const files = readdirSync(output).map((name) => readFileSync(join(output, name), 'utf8'))
      expect([written.out, files.toSorted()]).toEqual(['', printed.toSorted()])
    })
  })
})

/** Finds what is not well-formed in an XML text. */
function findXmlErrors(xml: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  const rest = xml
    .replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
    .replace(
      /<(\/?)([a-z-]+)((?: [a-z]+="[^"<&]*(?:&#\d+;[^"<&]*)*")*)(\/?)>/g,
      (_tag, closes, name, _attributes, alone) => {
        if (closes && open.pop() !== name) wrong.push(`</${name}>`)
        if (!closes && !alone) open.push(name)
        return ''
      },
    )
  if (/[<>]|&(?!#\d+;)/.test(rest)) wrong.push(rest)
  return [...wrong, ...open]
}

describe('nothing is written', () => {
  const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE']

  it('to a server: only GET, HEAD and OPTIONS arrive, even with a pact that would write', async () => {
    const code = readJson('pacts/goauthentik-api-authentik.json').interactions.find(({ description }: any) =>
      description.endsWith('is live'),
    )
    const interactions = [...WRITES, 'HEAD', 'OPTIONS', 'GET'].map((method) => ({
      ...code,
      description: `a ${method}`,
      request: { ...code.request, method },
      response: { status: 200 },
    }))
    const pact = writeFile(
      'writes.json',
      JSON.stringify({ ...readJson('pacts/goauthentik-api-authentik.json'), interactions }),
    )
    const methods = new Set<string>()
    await withMock(
      {},
      async (url) => {
        const result = await report(url, '--pact', pact)
        const judged = result.report.interactions.filter(
          ({ name }) => name.startsWith('a ') && !name.startsWith('a request'),
        )
        expect(judged.map(({ name, verdict }) => [name, verdict])).toEqual([
          ...WRITES.map((method) => [`a ${method}`, 'inconclusive']),
          ['a HEAD', 'conforms'],
          ['a OPTIONS', 'conforms'],
          ['a GET', 'conforms'],
        ])
        expect(judged[0]?.findings[0]?.text).toBe(
          'POST would write, and nothing is ever written to a server that is verified',
        )
        expect(result.code).toBe(0)
      },
      ({ method }, answer) => {
        methods.add(method)
        return answer()
      },
    )
    expect([...methods].toSorted()).toEqual(['GET', 'HEAD', 'OPTIONS'])
  })

  it.each(WRITES)('through the proxy: %s gets 405, and does not arrive', async (method) => {
    const methods: (string | undefined)[] = []
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      methods.push(request.method)
      response.end()
    }
    await withServer(listener, async (base) => {
      const proxy = await openProviderProxy(
        {
          base,
          send: createSend(),
          token: CANARY,
          release: '2024.8.3',
          certainty: '',
          isExact: true,
          isNewer: false,
          caller: { pk: 1, username: 'akadmin', superuser: true },
        },
        () => ({
          values: {},
          listPath: '/',
        }),
      )
      const response = await fetch(`${proxy.url}/api/v3/oauth2/authorization_codes/1/`, { method })
      expect([response.status, await response.text(), methods]).toEqual([
        405,
        `authentik-mock: ${method} would write, and nothing is ever written to a server that is verified.`,
        [],
      ])
      proxy.close()
    })
  })

  it('to the temporary folder', async () => {
    const server = await serve(mock({ token: CANARY }), { port: 0 })
    const temporary = mkdtempSync(join(folder, 'tmp-'))
    vi.stubEnv('TMPDIR', temporary)
    await verify(['--provider-url', server.url, '--pact', inRoot('pacts')])
    vi.unstubAllEnvs()
    await server.close()
    expect(readdirSync(temporary)).toEqual([])
  })
})
