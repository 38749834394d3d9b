/** What `authentik-mock serve` has to do with control: --control, --control-token, --scenario, --verbose, --json. */
import { describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { askerOf, type Ask } from '../support/control.ts'

/** What runs, and what it has said until now. */
interface Running {
  out: string
  warnings: string[]
  report: any
  send(path: string, init?: RequestInit): Promise<Response>
  ask: Ask
}

/** Serves in this process, and stops when the test is done with it. */
async function withServe(args: readonly string[], use: (running: Running) => Promise<void>, env = {}): Promise<void> {
  let out = ''
  const warnings: string[] = []
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  const printed = new Promise<string>((resolve, reject) => {
    const terminal = {
      print: (text: string) => resolve((out = text)),
      warn: (message: string) => void warnings.push(message),
      bold: (text: string) => text,
      env,
      stopped: () => stopped,
    }
    ended = main(['serve', '--port', '0', ...args], terminal)
    void ended.then((code) => reject(new Error(`ended with ${code}: ${warnings.join()}`)))
  })
  await printed
  const report = out.startsWith('{') ? JSON.parse(out) : undefined
  const url = report?.url ?? /http:\/\/[\d.:]+/.exec(out)?.[0]
  const send = (path: string, init?: RequestInit) => fetch(url + path, { redirect: 'manual', ...init })
  try {
    await use({ out, warnings, report, send, ask: askerOf(send, report?.control?.token ?? '') })
  } finally {
    stop()
    expect(await ended).toBe(0)
  }
}
let ended: Promise<number>

/** Runs to an end at once. @returns its code, and what it warned of */
async function refused(args: readonly string[], env = {}): Promise<[number, string]> {
  const warnings: string[] = []
  const terminal = {
    print: () => {},
    warn: (text: string) => void warnings.push(text),
    bold: String,
    env,
    stopped: async () => {},
  }
  return [await main(['serve', '--port', '0', ...args], terminal), warnings.join('\n')]
}

describe('serve is under control', () => {
  it('for this machine alone, and says where and by what token', async () => {
    await withServe(['--json'], async ({ report, ask }) => {
      expect(report.control).toEqual({ url: `${report.url}/-/mock/api/`, token: expect.stringMatching(/^[\w-]{32}$/) })
      expect((await ask('GET', 'status/')).status).toBe(200)
    })
    await withServe([], async ({ out, send }) => {
      const [, link = ''] = /what runs here +\S+?(\/-\/mock\/\?token=\S+)/.exec(out) ?? []
      expect((await send(link)).status).toBe(303)
      expect((await send(link)).status).toBe(401)
    })
  })

  it.each([
    ['--control off', ['--control', 'off']],
    ['--host 0.0.0.0', ['--host', '0.0.0.0']],
  ])('not with %s', async (_name, args) => {
    await withServe(['--json', ...args], async ({ report, send }) => {
      expect(report.control).toBeNull()
      for (const path of ['/-/mock/api/status/', '/-/mock/api/reset/', '/-/mock/ns/one/api/v3/root/config/'])
        expect((await send(path)).status).toBe(404)
      expect((await send('/-/mock/')).status).toBe(200)
    })
  })

  it('of the network where --control on says so', async () => {
    await withServe(['--json', '--host', '0.0.0.0', '--control', 'on'], async ({ ask }) => {
      expect((await ask('GET', 'status/')).status).toBe(200)
    })
  })

  it('by the token of --control-token, before that of the environment', async () => {
    const env = { AUTHENTIK_MOCK_CONTROL_TOKEN: 'of-the-environment' }
    await withServe(['--json'], async ({ report }) => expect(report.control.token).toBe('of-the-environment'), env)
    await withServe(
      ['--json', '--control-token', 'mine'],
      async ({ report }) => expect(report.control.token).toBe('mine'),
      env,
    )
    await withServe(['--json'], async ({ report }) => expect(report.control.token).toHaveLength(32), {
      AUTHENTIK_MOCK_CONTROL_TOKEN: '',
    })
  })

  it.each<[args: string[], message: RegExp]>([
    [['--control', 'maybe'], /--control .*on.*off/],
    [['--control-token', 'two words'], /--control-token/],
    [
      ['--control', 'off', '--control-token', 'x'],
      /--control-token has no effect without the control API. Add: --control on/,
    ],
    [['--host', '0.0.0.0', '--scenario', 'slow'], /--scenario has no effect without the control API/],
    [['--scenario', 'slwo'], /--scenario: name: there is no scenario "slwo"; the nearest is slow/],
    [
      ['--scenario', 'leaks-client-secret'],
      /--scenario: name: "leaks-client-secret" changes nothing: 2024\.8\.3 shows it by itself/,
    ],
  ])('refuses %j', async (args, message) => {
    expect(await refused(args)).toEqual([
      expect.toSatisfy((code: number) => code !== 0),
      expect.stringMatching(message),
    ])
  })
})

it('--scenario has something go wrong from the start, several times', async () => {
  await withServe(['--json', '--scenario', 'slow', '--scenario', 'rate-limited'], async ({ send, ask }) => {
    expect((await send('/api/v3/root/config/')).status).toBe(429)
    expect((await ask('GET', 'scenarios/')).json['active'].map(({ name }: { name: string }) => name)).toEqual([
      'slow',
      'rate-limited',
    ])
  })
})

it('--verbose prints a line for each request, also for one that was refused, and no query', async () => {
  await withServe(['--json', '--verbose'], async ({ send, ask, warnings, report }) => {
    await send('/api/v3/root/config/?token=secret')
    await send('/api/v3/events/rules/')
    await ask('POST', 'scenarios/', { reset: true, once: true })
    await send('/api/v3/root/config/').catch(() => {})
    const { request } = await import('node:http')
    await new Promise((resolve) =>
      request(`${report.url}/x`, { headers: { Host: 'evil.example' } }, (response) =>
        response.resume().on('end', resolve),
      ).end(),
    )
    const lines = warnings.filter((line) => / ms/.test(line))
    expect(lines).toEqual([
      expect.stringMatching(/^GET \/api\/v3\/root\/config\/ 200 [\d.]+ ms$/),
      expect.stringMatching(/^GET \/api\/v3\/events\/rules\/ 501 [\d.]+ ms, not-emulated$/),
      expect.stringMatching(/^POST \/-\/mock\/api\/scenarios\/ 201 [\d.]+ ms$/),
      expect.stringMatching(/^GET \/api\/v3\/root\/config\/ reset [\d.]+ ms$/),
      expect.stringMatching(/^GET \/x 421 [\d.]+ ms$/),
    ])
    expect(warnings.join()).not.toContain('secret')
  })
})
