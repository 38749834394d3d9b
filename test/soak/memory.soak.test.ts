/** A server that runs for long: its memory stays, and its patience has an end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { describe, expect, inject, it } from 'vitest'
import { endWithTest } from '../support/processes.ts'

const REQUESTS = 400_000
/** How many requests are sent before their answers are waited for. */
const BATCH = 100
const SERVE = ['serve', '--port', '0', '--json', '--allow-host', '*', '--codes', '50']

/** What Node is started with, so that it can be asked for what is left when all garbage is collected. */
const PRELOADED = ['--expose-gc', '--import', new URL('../../benchmarks/servers/usage.js', import.meta.url).href]

/** Serves as a command, for as long as `use` runs. */
async function withServe<T>(use: (port: number, token: string, child: ChildProcess) => Promise<T>): Promise<T> {
  const child = endWithTest(
    spawn(process.execPath, [...PRELOADED, inject('command'), ...SERVE], {
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    }),
  )
  if (!child.stdout) throw new Error('Failed to start the command: its output is not there to read.')
  const [line] = await once(child.stdout, 'data')
  const { url, token } = JSON.parse(String(line)) as { url: string; token: string }
  try {
    return await use(Number(new URL(url).port), token, child)
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

/** The memory of a process in bytes: what it holds, and what lives in it when all garbage is collected. */
async function memoryOf(child: ChildProcess): Promise<{ resident: number; live: number }> {
  const answered = once(child, 'message')
  child.send('memory')
  const [memory] = (await answered) as [{ resident: number; live: number }]
  return memory
}

/** Opens a connection. @returns a function that sends requests, and waits for as many answers */
async function connect(port: number): Promise<(requests: readonly string[]) => Promise<void>> {
  const socket = new Socket().connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.setEncoding('latin1')
  let missing = 0
  let rest = ''
  let resume = () => {}
  socket.on('data', (part: string) => {
    const text = rest + part
    missing -= text.split('HTTP/1.1 ').length - 1
    // A status line may come in two parts.
    rest = text.endsWith('HTTP/1.1 ') ? '' : text.slice(-8)
    if (missing <= 0) resume()
  })
  return (requests) => {
    missing += requests.length
    socket.write(requests.join(''), 'latin1')
    return new Promise((resolve) => (resume = resolve))
  }
}

/** What a request is made of: its path, and headers beside the usual ones. */
type Parts = readonly [path: string, headers?: Record<string, string>]

const CODES = '/api/v3/oauth2/authorization_codes/'
/** An address of 15 kB, which is longer than its answer. */
const LONG = 'x'.repeat(15_000)
const ORDERINGS = ['scope', '-scope', 'provider', '-provider', 'expires', '-expires', 'user', '-user']

/** Some orderings, each in its own order. */
const orderingOf = (index: number): string =>
  ORDERINGS.map((_, position) => ORDERINGS[(index * (position + 1) + position * 3) % ORDERINGS.length]).join(',')

/** Every way in which a request differs from all before it, by what a server might keep of it. */
const UNIQUE: readonly ((index: number) => Parts)[] = [
  (index) => [`${CODES}${(index % 50) + 1}/`],
  (index) => [`${CODES}${(index % 50) + 1}/?unique=${index}`],
  (index) => [`${CODES}?page_size=2&page=${(index % 20) + 1}&search=${index}`],
  (index) => [`${CODES}${index}/`],
  (index) => [`${CODES}1/used_by/?_=${index}`],
  (index) => [`/api/v3/core/users/${index}/`],
  (index) => [`/api/v3/nothing/${index}/`],
  (index) => [`/nothing/${index}`],
  (index) => [`${CODES}?ordering=${orderingOf(index)},${index}&page_size=1`],
  (index) => [`${CODES}?scope=${index}&user=${index}`],
  (index) => [`${CODES}1/`, { Authorization: `Bearer token-${index}` }],
  (index) => [`${CODES}1/`, { Host: `host-${index}.example` }],
  (index) => [`${CODES}1/`, { Cookie: `authentik_session=${index}; authentik_csrf=${index}` }],
  (index) => [`${CODES}1/`, { 'Accept-Language': `de-${index};q=0.5, x-${index}`, 'Accept-Encoding': 'gzip' }],
  (index) => [`${CODES}${(index % 50) + 1}/`, { Accept: `application/x-${index}, */*`, 'Accept-Encoding': 'gzip' }],
  (index) => [index % 8 ? `${CODES}1/used_by/?${index}` : `${CODES}1/used_by/?${index}=${LONG}`],
]

/** A request that differs from all others. */
function requestOf(index: number, token: string): string {
  const [path, headers] = UNIQUE[index % UNIQUE.length]?.(index) ?? ['/']
  const sent = { Host: 'localhost', Authorization: `Bearer ${token}`, ...headers }
  const lines = Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

describe('a server that runs for long', () => {
  it(
    'holds under 200 MiB, and what lives in it grows by less than 1 % in the second half of 400,000 different requests',
    { timeout: 600_000 },
    () =>
      withServe(async (port, token, child) => {
        const send = await connect(port)
        const halves: [number[], number[]] = [[], []]
        let most = 0
        for (let index = 0; index < REQUESTS; index += BATCH) {
          await send(Array.from({ length: BATCH }, (_, offset) => requestOf(index + offset, token)))
          if (index % (REQUESTS / 20) !== 0) continue
          const { resident, live } = await memoryOf(child)
          halves[index < REQUESTS / 2 ? 0 : 1].push(live)
          most = Math.max(most, resident)
        }
        expect(halves.map(({ length }) => length)).toEqual([10, 10])
        // Before the first requests nothing is kept that may be.
        halves[0].shift()
        const [first, second] = halves.map(
          (samples) => samples.reduce((sum, sample) => sum + sample, 0) / samples.length,
        )
        expect((second ?? NaN) / (first ?? NaN)).toBeLessThan(1.01)
        expect(most / 2 ** 20).toBeLessThan(200)
      }),
  )

  it('waits ten seconds for the headers of a request, and answers 408', () =>
    withServe(async (port) => {
      const began = performance.now()
      const socket = new Socket().connect(port, '127.0.0.1')
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
      expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 408 /)
      expect(performance.now() - began).toBeGreaterThan(9000)
      // Node itself waits a minute.
      expect(performance.now() - began).toBeLessThan(40_000)
    }))
})
