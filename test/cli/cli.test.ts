/** What the command line prints, what it refuses, and how it ends. */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { certify } from '../contract/verify/certificate.ts'
import { leastOf } from '../support/cost.ts'
import { inRoot, readJson, root } from '../support/files.ts'

const WORLD = inRoot('fixtures/recordings/2024.8.4.world.json')

interface Output {
  out: string
  err: string
  code: number | null
}

/** Starts `authentik-mock ...`; `printed` and `warned` wait for standard output and standard error to hold a text. */
function start(args: readonly string[], env: Record<string, string> = {}, imports: readonly string[] = []) {
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...inherited } = process.env
  const child = spawn(
    process.execPath,
    [...imports.flatMap((module) => ['--import', module]), inject('command'), ...args],
    {
      cwd: root,
      env: { ...inherited, ...env },
    },
  )
  let [out, err] = ['', '']
  let waiters: (() => void)[] = []
  const wake = () => {
    for (const resume of waiters.splice(0)) resume()
  }
  child.stdout.on('data', (part: Buffer) => {
    out += part.toString()
    wake()
  })
  child.stderr.on('data', (part: Buffer) => {
    err += part.toString()
    wake()
  })
  const ended = new Promise<Output>((resolve) => child.on('close', (code) => resolve({ out, err, code })))
  const waitFor = async (isReached: () => boolean) => {
    while (!isReached())
      await Promise.race([
        new Promise<void>((resolve) => waiters.push(resolve)),
        ended.then(() => Promise.reject(new Error(`ended early: ${out}${err}`))),
      ])
  }
  return {
    child,
    ended,
    printed: (text: string) => waitFor(() => out.includes(text)),
    warned: (text: string) => waitFor(() => err.includes(text)),
    output: () => ({ out, err }),
  }
}

/** Starts a command in this process, which takes a third of the time that one of its own does; `stop` ends one that serves. */
function startHere(args: readonly string[], env: Record<string, string> = {}) {
  let [out, err, stop] = ['', '', () => {}]
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  const code = main(args, {
    print: (text) => (out += text),
    warn: (message) => (err += `authentik-mock: ${message}\n`),
    bold: (text) => text,
    env,
    stopped: () => stopped,
  })
  const output = () => ({ out, err })
  const waitFor = (isReached: () => boolean) =>
    Promise.race([
      vi.waitUntil(isReached, { timeout: 60_000, interval: 5 }),
      code.then(() => Promise.reject(new Error(`ended early: ${out}${err}`))),
    ])
  return {
    output,
    printed: (text: string) => waitFor(() => out.includes(text)),
    warned: (text: string) => waitFor(() => err.includes(text)),
    async stop(): Promise<Output> {
      stop()
      return { code: await code, ...output() }
    },
  }
}

/** Runs a command that ends by itself, in this process. */
const run = (...args: string[]) => startHere(args).stop()

/** Serves with `--json` in this process, and stops when the test is done with it. */
async function withServe<T>(
  args: readonly string[],
  use: (report: any, running: ReturnType<typeof startHere>) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  const running = startHere(['serve', '--port', '0', '--json', ...args], env)
  await running.printed('\n')
  try {
    return await use(JSON.parse(running.output().out), running)
  } finally {
    await running.stop()
  }
}

const retrieve = async (url: string, id: number, token: string) =>
  (
    await fetch(`${url}/api/v3/oauth2/authorization_codes/${id}/`, { headers: { Authorization: `Bearer ${token}` } })
  ).json() as Promise<any>

describe('authentik-mock', () => {
  it('--version prints its version', async () => {
    expect(await run('--version')).toMatchObject({ out: `${readJson('package.json').version}\n`, err: '', code: 0 })
  })

  it('--help has a column of options, and a column that explains them, in 80 columns', async () => {
    const { out } = await run('--help')
    const lines = out.split('\n')
    const options = lines.filter((line) => line.startsWith('  -'))
    expect(options.length).toBeGreaterThan(30)
    expect(options.filter((line) => !/^  (-[a-z], )?--[a-z-]+( [^ ]+)?( {2,}\S.*)?$/.test(line))).toEqual([])
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines.filter((line) => line.startsWith(' '.repeat(28)))).not.toHaveLength(0)
  })

  it('alone prints the commands in short, and where to read on', async () => {
    const { out, code } = await run()
    expect([code, out.split('\n').length < 20, out.includes('--port')]).toEqual([0, true, false])
    for (const word of ['serve', 'seed', 'drift', 'verify', 'init', 'COMMAND --help']) expect(out).toContain(word)
  })

  it.each([
    [['-h'], ['--help']],
    [['help'], ['--help']],
    [
      ['serve', '-h'],
      ['serve', '--help'],
    ],
    [
      ['help', 'serve'],
      ['serve', '--help'],
    ],
    [['-v'], ['--version']],
    [['serve', '-v'], ['--version']],
  ])('%j is %j', async (short, long) => {
    expect(await run(...short)).toEqual(await run(...long))
  })

  it.each([[['-p', '70000']], [['-p70000']], [['--port=70000']]])('serve reads its port in %j', async (args) => {
    expect((await run('serve', ...args)).err).toContain(' 70000: Give a whole number from 0 to 65535.')
  })

  it.each([[['--help']], [['serve', '--help']]])('%j prints every option of serve', async (args) => {
    const { out, code } = await run(...args)
    for (const option of [
      '--port N',
      '--host ADDRESS',
      '--seed N',
      '--codes N',
      '--world FILE',
      '--now ISO',
      '--allow-host NAME',
      '--cors ORIGIN',
      '--https',
      '--https-port N',
      '--cert FILE',
      '--key FILE',
      '--json',
    ])
      expect(out).toContain(option)
    expect(code).toBe(0)
  })

  it.each<[string[], string]>([
    [['sreve'], '"sreve" is no command. Did you mean serve?'],
    [['serve', '--prot', '1'], '--prot is no option. Did you mean --port?'],
    [['serve', '--fid', 'observed'], '--fid is no option. Did you mean --fidelity?'],
    [['serve', '--zzzzzz'], '--zzzzzz is no option. See: authentik-mock --help'],
    [['serve', '--port', 'abc'], '--port abc: Give a whole number from 0 to 65535.'],
    [['serve', '--port', '65536'], '--port 65536: Give a whole number from 0 to 65535.'],
    [['serve', '--port'], '--port is given without its value. Write: --port N'],
    [['serve', '-p'], '-p is given without its value. Write: -p N'],
    [['serve', '-x'], '-x is no option.'],
    [['serve', '--json=yes'], '--json takes no value. Write: --json'],
    [['serve', '--codes', '-1'], '--codes'],
    [['serve', '--seed', '1.5'], '--seed 1.5: Give a whole number'],
    [['serve', '--constructor'], '--constructor is no option.'],
    [['serve', '--now', 'soon'], '--now soon: Write one like 2024-09-27T14:26:18Z.'],
    [['serve', 'extra'], '"extra" is one too many. See: authentik-mock --help'],
    [['serve', 'world.yaml'], '"world.yaml" is one too many. Did you mean --world world.yaml?'],
    [['serve', '9001'], '"9001" is one too many. Did you mean --port 9001?'],
    [['verify', 'http://x/'], '"http://x/" is one too many. Did you mean --provider-url http://x/?'],
    [['verify', 'shop.json'], '"shop.json" is one too many. Did you mean --pact shop.json?'],
    [
      ['serve', '--world', 'missing.json'],
      '--world missing.json: cannot be read (ENOENT). Give the path of a world in JSON or YAML.',
    ],
    [['serve', '--world', 'README.md'], '--world README.md: is no JSON'],
    [['serve', '--world', WORLD, '--seed', '2'], '--seed has no effect with --world. Leave one of them out.'],
    [
      ['serve', '--host', '203.0.113.1', '--port', '0'],
      '203.0.113.1 is no address of this machine. Give one that is: --host 127.0.0.1',
    ],
    [['serve', '--host', 'fe80::1', '--port', '0'], 'fe80::1 is no address of this machine.'],
    [['serve', '--cors', 'localhost:5173'], '--cors localhost:5173: has no scheme. Give http://localhost:5173.'],
    [
      ['serve', '--cors', 'http://a.test,http://b.test'],
      '--cors http://a.test,http://b.test: holds several origins. Give each by itself: http://a.test and http://b.test.',
    ],
    [['serve', '--allow-host', 'http://x'], '--allow-host http://x: is more than a name. Give x.'],
    [['serve', '--allow-host', '*.x'], '--allow-host *.x: is compared as a whole. Give each name, or * for any.'],
    [
      ['serve', '--allow-host', 'münchen.test'],
      '--allow-host münchen.test: is sent by no client in this form. Give xn--mnchen-3ya.test.',
    ],
    [['serve', '--https-port', '9000'], '--https-port 9000 is the port of HTTP too. Give another: --https-port 9001'],
    [['serve', '--key', 'README.md'], '--key is the key of a certificate. Give that too: --cert FILE'],
    [
      ['serve', '--https', '--cert', 'missing.pem'],
      '--cert missing.pem cannot be read (ENOENT). Give the path of a file.',
    ],
    [['serve', '--cert', 'README.md'], '--cert README.md holds no certificate. Give one in PEM.'],
    [['serve', '--release', '2024.9'], 'Failed to find the release "2024.9". The nearest is 2024.8.6;'],
    [
      ['serve', '--world', inRoot('fixtures/problems.json')],
      'Failed to load the world: 400: there is no such key; the nearest is users;',
    ],
    [['seed', '--world', WORLD], '--world is no option.'],
    [
      ['seed', '--release', '2025.12'],
      '--release is no option. The rows are those of every release. Give it where they are served: serve --release VERSION',
    ],
  ])('%j is refused in one line, with exit 2', async (args, message) => {
    const { out, err, code } = await run(...args)
    expect([out, err.split('\n').length, code]).toEqual(['', 2, 2])
    expect(err).toContain(`authentik-mock: ${message}`)
  })
})

describe('authentik-mock serve', () => {
  it('prints where it listens, the release, the seed, two tokens and a curl line', async () => {
    const running = start(['serve', '--port', '0', '--seed', '3'])
    await running.printed('curl')
    const { out } = running.output()
    const [, url = ''] = /listens on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(out) ?? []
    expect(out).toContain('authentik 2024.8.3 (mock, documented, seed 3)')
    const [, superuser = ''] = /superuser's token +(\w{60})\n/.exec(out) ?? []
    const [, user = ''] = /ordinary user's +(\w{60})\n/.exec(out) ?? []
    expect((await retrieve(url, 1, superuser)).pk).toBe(1)
    expect((await retrieve(url, 1, user)).pk).toBe(1)
    // By the name of the pages that log in: to 127.0.0.1 a browser sends no cookie out of one of localhost.
    const [, issuer = ''] = /an OpenID issuer +(\S+)\n/.exec(out) ?? []
    expect(issuer).toBe(`${url.replace('127.0.0.1', 'localhost')}/application/o/spa/`)
    const discovered = await (await fetch(`${issuer}.well-known/openid-configuration`)).json()
    expect(discovered).toMatchObject({ issuer })
    const [, page = ''] = /what runs here +(\S+)\n/.exec(out) ?? []
    expect(page).toMatch(new RegExp(`^${url}/-/mock/\\?token=\\S+$`))
    expect((await fetch(page, { redirect: 'manual' })).status).toBe(303)
    expect(out).toContain(
      `curl -L -X GET '${url}/api/v3//oauth2/authorization_codes/1/' -H 'Accept: application/json' -H 'Authorization: Bearer ${superuser}'`,
    )
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(0)
  })

  it('prints what holds of a world of somebody: who is logged in at once, and a path that is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'authentik-mock-'))
    const file = join(folder, 'world.json')
    const users = [{ username: 'ann', superuser: true }]
    const api_tokens = [{ user: 'ann', key: 'ann-key' }]
    writeFileSync(file, JSON.stringify({ users, api_tokens, applications: [{ slug: 'shop' }] }))
    const running = startHere(['serve', '--port', '0', '--world', file, '--login', 'auto:ann'])
    await running.printed('curl')
    const { out } = running.output()
    expect(out).toMatch(/\n {2}who logs in there {3}ann, at once\n/)
    expect(out).toMatch(/\ncurl -L -X GET 'http:\S+\/api\/v3\/core\/users\/me\/' .* Bearer ann-key'\n/)
    await running.stop()
    await rm(folder, { recursive: true })
  })

  it('prints with --json one object and nothing else on standard output', async () => {
    const running = start(['serve', '--port', '0', '--json'])
    await running.printed('\n')
    const report = JSON.parse(running.output().out)
    expect(Object.keys(report)).toEqual(['url', 'release', 'fidelity', 'token', 'login', 'control', 'pid'])
    expect(report.control).toEqual({ url: `${report.url}/-/mock/api/`, token: expect.stringMatching(/^\S{32}$/) })
    expect(report).toMatchObject({ release: '2024.8.3', fidelity: 'documented', pid: running.child.pid })
    await fetch(`${report.url}/api/v3/nope/`)
    await running.warned('is no path of authentik')
    running.child.kill('SIGTERM')
    const { out, code } = await running.ended
    expect([out.trim().split('\n').length, code]).toEqual([1, 0])
  })

  it('logs a line for a path that it does not have, with the nearest operations', () =>
    withServe([], async ({ url }, { warned, output }) => {
      const response = await fetch(`${url}/api/v3/oauth2/authorization_code/1/`)
      expect([response.status, response.headers.get('content-type'), response.headers.get('x-authentik-mock')]).toEqual(
        [404, 'text/html; charset=utf-8', 'not-emulated'],
      )
      const message =
        'GET /api/v3/oauth2/authorization_code/1/ is no path of authentik 2024.8.3. Nearest: GET /api/v3/oauth2/authorization_codes/{id}/ (oauth2_authorization_codes_retrieve)'
      expect(await response.text()).toContain(message)
      await warned('\n')
      expect(output().err).toContain(`authentik-mock: ${message}`)
    }))

  it.each(['my token', 'tökén', 'my\ntoken'])('refuses the token %j, which no header can carry', async (token) => {
    const { out, err, code } = await startHere(['serve', '--port', '0'], { AUTHENTIK_BOOTSTRAP_TOKEN: token }).stop()
    expect([out, err, code]).toEqual([
      '',
      'authentik-mock: AUTHENTIK_BOOTSTRAP_TOKEN holds what no header can carry. Give the key of an API token, and nothing else.\n',
      2,
    ])
  })

  it('takes its token from AUTHENTIK_BOOTSTRAP_TOKEN, without what stands around it', () =>
    withServe(
      [],
      async ({ url, token }) => expect([token, (await retrieve(url, 1, 'my-token')).pk]).toEqual(['my-token', 1]),
      // A secret's file ends with a line end, and so does what a shell reads of it on other systems.
      { AUTHENTIK_BOOTSTRAP_TOKEN: ' my-token\r\n' },
    ))

  it('serves a world of a running authentik', () =>
    withServe(['--world', WORLD], async ({ url, token }) => {
      expect(token).toBe('seed-token-akadmin')
      expect(await retrieve(url, 1, token)).toMatchObject({
        expires: '2099-01-01T00:00:00Z',
        user: { username: 'alice' },
        scope: ['openid', 'email', 'profile'],
      })
    }))

  it('says with --verbose what of a world it has no table for, and else nothing of it', async () => {
    const world = inRoot('fixtures/recordings/login-2026.2.2.world.json')
    const warnings = (...args: string[]) =>
      withServe(['--release', '2026.2.2', '--world', world, ...args], async (_, { output }) => output().err)
    const [line = '', ...rest] = (await warnings('--verbose')).split('\n')
    expect(line).toMatch(/^authentik-mock: kept aside, because there is no table for it: release, /)
    expect(line).toContain('flow_bindings, stages, ')
    expect(line).not.toMatch(/session_keys|user_consents/)
    expect([rest, await warnings()]).toEqual([[''], ''])
  })

  it('prints issuers, clients and a user with whom a login works, that of a page first', () =>
    withServe(['--base-path', '/auth/'], async ({ url, login }) => {
      const [page, { issuer, client_id, client_secret, alg, user, password }] = login
      expect(page).toMatchObject({
        issuer: `${url}/application/o/spa/`,
        client_id: 'spa',
        client_secret: null,
        alg: 'RS256',
      })
      const configuration: any = await (await fetch(`${issuer}.well-known/openid-configuration`)).json()
      expect([configuration.issuer, configuration.id_token_signing_alg_values_supported]).toEqual([issuer, [alg]])
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
      expect((await fetch(configuration.token_endpoint, { method: 'POST', body })).status).toBe(200)
      const executor = `${url}/api/v3/flows/executor/default-authentication-flow/?query=`
      let cookie = ''
      const answer = async (fields: object) => {
        const headers = { 'Content-Type': 'application/json', cookie }
        const request = { method: 'POST', headers, body: JSON.stringify(fields), redirect: 'manual' } as const
        const response = await fetch(executor, request)
        cookie = response.headers
          .getSetCookie()
          .map((line) => line.split(';')[0])
          .join('; ')
        return response.status
      }
      expect([await answer({ uid_field: user }), await answer({ password })]).toEqual([302, 302])
    }))

  it('logs in without a page with --login, and refuses a user who is not there', async () => {
    const { err, code } = await run('serve', '--port', '0', '--login', 'auto:nobody')
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^authentik-mock: Failed to log in: there is no user "nobody"\. Known: akadmin, /),
    ])
  })

  it('stops the clock at --now', () =>
    withServe(['--now', '2098-01-01T00:00:00Z'], async ({ url, token }) => {
      const response = await fetch(`${url}/api/v3/oauth2/authorization_codes/1/`, {
        headers: { Authorization: `Bearer ${token}` },
      })
      expect(response.headers.get('date')).toBe('Wed, 01 Jan 2098 00:00:00 GMT')
    }))

  it('puts everything below --base-path, which the address that it prints has', () =>
    withServe(['--base-path', '/auth/'], async ({ url, token }) => {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/auth$/)
      const headers = { Authorization: `Bearer ${token}` }
      const response = await fetch(`${url}/api/v3/core/users/me/`, { headers })
      // The page asks for the control token.
      expect([response.status, (await fetch(`${url}/-/mock/`)).status]).toEqual([200, 401])
    }))

  it('says which port to give when the one it wants is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => occupant.once('listening', resolve))
    const { port } = occupant.address() as { port: number }
    const { err, code } = await run('serve', '--port', String(port))
    occupant.close()
    expect([err, code]).toEqual([
      `authentik-mock: Port ${port} of 127.0.0.1 is in use. Give another: --port ${port + 1} (or --port 0 for any that is free).\n`,
      2,
    ])
  })

  it('never says a port that there is not', async () => {
    const occupant = createServer()
    // Whoever has the port already occupies it as well.
    await new Promise((resolve) =>
      occupant.once('error', resolve).listen(65_535, '127.0.0.1', () => resolve(undefined)),
    )
    const { err, code } = await run('serve', '--port', '65535')
    occupant.close()
    expect([err, code]).toEqual([
      'authentik-mock: Port 65535 of 127.0.0.1 is in use. Give another: --port 65534 (or --port 0 for any that is free).\n',
      2,
    ])
  })

  it.each(['0.0.0.0', '0', '::'])('on %s says that the network can reach it, and an address that works', (host) =>
    withServe(['--host', host, '--allow-host', 'authentik'], async ({ url, token }, { output, warned }) => {
      await warned('\n')
      expect(output().err).toMatch(/^authentik-mock: the network can reach this server.*--allow-host NAME.*\n$/)
      const { port } = new URL(url)
      expect([url, (await retrieve(url, 1, token)).pk]).toEqual([`http://127.0.0.1:${port}`, 1])
      const { request } = await import('node:http')
      const statusByName = new Promise<number | undefined>((resolve) =>
        request(url, { headers: { host: 'authentik:9000' } }, (response) =>
          resolve(response.resume().statusCode),
        ).end(),
      )
      expect(await statusByName).toBe(302)
    }),
  )

  it('on ::ffff:127.0.0.1 is reached by this machine alone', () =>
    withServe(['--host', '::ffff:127.0.0.1'], async ({ url, token }, { output }) => {
      expect([url, (await retrieve(url, 1, token)).pk]).toEqual([expect.stringContaining('http://127.0.0.1:'), 1])
      expect(output().err).toBe('')
    }))

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'answers what is in flight and exits 0 within a second of %s',
    async (signal) => {
      const timeOfEnd = async () => {
        const running = start(['serve', '--port', '0', '--json'])
        await running.printed('\n')
        const { url, token } = JSON.parse(running.output().out)
        const { Socket } = await import('node:net')
        const socket = new Socket().connect(Number(new URL(url).port), '127.0.0.1')
        let answer = ''
        socket.on('data', (part) => (answer += part.toString()))
        socket.write(
          `PUT /api/v3/oauth2/authorization_codes/1/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n{`,
        )
        await expect.poll(() => answer, { timeout: 60_000 }).toContain('100 Continue')
        answer = ''
        const began = performance.now()
        running.child.kill(signal)
        await new Promise((resolve) => setTimeout(resolve, 100))
        socket.write('"a}')
        const { code } = await running.ended
        expect(code).toBe(0)
        const time = performance.now() - began
        expect(answer).toContain('405 Method Not Allowed')
        return time
      }
      expect(await leastOf(1000, timeOfEnd)).toBeLessThan(1000)
    },
  )

  it.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
  ])('on a terminal, with %j: prints in bold, %s', async (env, bold) => {
    const terminal =
      "data:text/javascript,import tty from 'node:tty'; Object.assign(process.stdout, { isTTY: true, getColorDepth: tty.WriteStream.prototype.getColorDepth })"
    const running = start(['serve', '--port', '0'], { TERM: 'xterm-256color', ...env }, [terminal])
    await running.printed('curl')
    running.child.kill()
    expect((await running.ended).out.includes('\u001b[1m')).toBe(bold)
  })
})

describe('authentik-mock serve --https', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "authentik-mock's cache-"))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Asks over TLS, trusting the certificates of a file. */
  const retrieveTrusting = (ca: string, url: string, token: string) =>
    new Promise<any>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}` }
      const options = { ca: readFileSync(ca), headers, agent: false }
      const outgoing = httpsRequest(`${url}/api/v3/oauth2/authorization_codes/1/`, options, async (response) =>
        resolve(JSON.parse(Buffer.concat(await response.toArray()).toString())),
      )
      outgoing.on('error', reject).end()
    })

  it('makes a certificate, prints what to trust, and a curl line that trusts it', async () => {
    const running = start(['serve', '--port', '0', '--https'], { XDG_CACHE_HOME: folder })
    await running.printed('curl')
    running.child.kill('SIGTERM')
    const { out, err } = await running.ended
    const [, url = ''] = /listens on (https:\/\/127\.0\.0\.1:\d+)\n/.exec(out) ?? []
    const ca = join(folder, 'authentik-mock', 'ca.pem')
    const quoted = `'${ca.replace("'", String.raw`'\''`)}'`
    expect(out).toContain(`\n  certificates by     ${ca}\n  to trust them       NODE_EXTRA_CA_CERTS=${quoted} in Node`)
    expect(out).toContain(`\n  what runs here      ${url}/-/mock/?token=`)
    expect(out).toContain(`\ncurl -L --cacert ${quoted} -X GET '${url}/api/v3//oauth2/authorization_codes/1/' -H`)
    expect(err).toBe('')
  })

  it('answers whoever trusts the CA, which two first starts at once make only once', async () => {
    const env = { XDG_CACHE_HOME: await mkdtemp(join(folder, 'first-')) }
    const serveOnce = async () => {
      const running = start(['serve', '--port', '0', '--json', '--https', '--allow-host', 'auth.example'], env)
      await running.printed('\n')
      const { url, https, ca, token } = JSON.parse(running.output().out)
      expect([url, ca]).toEqual([https, join(env.XDG_CACHE_HOME, 'authentik-mock', 'ca.pem')])
      expect((await retrieveTrusting(ca, url, token)).pk).toBe(1)
      running.child.kill('SIGTERM')
      await running.ended
      return readFileSync(ca, 'utf8')
    }
    const [first, second] = await Promise.all([serveOnce(), serveOnce()])
    expect(first).toBe(second)
  })

  it('serves HTTP on --port and HTTPS on --https-port, and prints both', async () => {
    const env = { XDG_CACHE_HOME: folder }
    await withServe(
      ['--https-port', '0'],
      async ({ url, https, ca, token, ...report }) => {
        expect(Object.keys(report)).toEqual(['release', 'fidelity', 'login', 'control', 'pid'])
        expect([url, https]).toEqual([expect.stringMatching(/^http:/), expect.stringMatching(/^https:/)])
        expect([await retrieve(url, 1, token), (await retrieveTrusting(ca, https, token)).pk]).toEqual([
          expect.objectContaining({ pk: 1 }),
          1,
        ])
      },
      env,
    )
    const running = startHere(['serve', '--port', '0', '--https-port', '0'], env)
    await running.printed('curl -L --cacert')
    expect((await running.stop()).out).toMatch(
      /listens on (http:\S+) and (https:\S+)\n[^]*\ncurl -L -X GET '\1\/[^]*\ncurl -L --cacert .* -X GET '\2\//,
    )
  })

  it('says which option has the port that is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => occupant.once('listening', resolve))
    const { port } = occupant.address() as { port: number }
    const [cert, key] = await writePair('port', ['127.0.0.1'])
    const { err, code } = await run('serve', '-p', '0', '--https-port', String(port), '--cert', cert, '--key', key)
    occupant.close()
    expect([err, code]).toEqual([
      `authentik-mock: Port ${port} of 127.0.0.1 is in use. Give another: --https-port ${port + 1} (or --https-port 0 for any that is free).\n`,
      2,
    ])
  })

  /** Writes a certificate of one's own. */
  async function writePair(name: string, names: string[], expires = '2049-01-01'): Promise<[string, string]> {
    const pair = certify({ names, expires: new Date(expires) })
    const paths: [string, string] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)]
    await writeFile(paths[0], pair.cert)
    await writeFile(paths[1], pair.key)
    return paths
  }

  it('shows a certificate of your own, and calls itself by the name that it is for', async () => {
    const [cert, key] = await writePair('own', ['localhost'])
    await withServe(['--cert', cert, '--key', key], async ({ url, ca, token }, { output }) => {
      expect([url, ca, output().err]).toEqual([expect.stringMatching(/^https:\/\/localhost:\d+$/), null, ''])
      expect((await retrieveTrusting(cert, url, token)).pk).toBe(1)
    })
  })

  it('warns of a certificate of your own that clients refuse', async () => {
    const [cert, key] = await writePair('old', ['auth.example'], '2021-01-01')
    await withServe(['--cert', cert, '--key', key], async (_, { output }) =>
      expect(output().err).toBe(
        'authentik-mock: the certificate of --cert expired at 2021-01-01T00:00:00.000Z: clients refuse it. Give another.\n' +
          'authentik-mock: the certificate of --cert is for DNS:auth.example, and not for 127.0.0.1: clients that ask 127.0.0.1 refuse it.\n',
      ),
    )
  })

  it('refuses a key of another certificate', async () => {
    const [cert] = await writePair('one', ['localhost'])
    const [, key] = await writePair('two', ['localhost'])
    expect((await run('serve', '--cert', cert, '--key', key)).err).toBe(
      `authentik-mock: --key ${key} is not the key of the certificate. Give the two that were made together.\n`,
    )
  })
})

describe('authentik-mock seed', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'authentik-mock-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('prints the same world for the same seed, ready to serve', async () => {
    const [first, second] = await Promise.all([
      run('seed', '--seed', '5', '--codes', '3'),
      run('seed', '--seed', '5', '--codes', '3'),
    ])
    expect(first.out).toBe(second.out)
    const path = join(folder, 'world.json')
    writeFileSync(path, first.out)
    await withServe(['--world', path], async ({ url, token }) => expect((await retrieve(url, 3, token)).pk).toBe(3))
  })

  it('prints a large world whole, also into a pipe', async () => {
    expect(JSON.parse((await start(['seed', '--codes', '1000']).ended).out).authorization_codes).toHaveLength(1000)
  })
})
