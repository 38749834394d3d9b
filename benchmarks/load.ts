/** Retrieve over keep-alive: each server in turn, round after round, so that what disturbs the machine disturbs all. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon, { type Options } from 'autocannon'
import { ask, headersFor, here, median, start, stop, type Child } from './children.ts'
import { installRivals, startPrism } from './rivals.ts'

export interface Load {
  name: string
  /** Undefined when it could not be measured. Bytes are those of all that was sent, a second. */
  rate?: { perSecond: number; ofBare: number; p50: number; p99: number; bytes: number }
}

export const BARE = 'bare `node:http`'
/** The client, too, works more when it asks for another path each time: so the yardstick is asked alike. */
export const BARE_SPREAD = 'bare `node:http`, 20,000 paths in turn'
export const KEPT = 'authentik-mock, again: one code'
export const ANEW = 'authentik-mock, anew: 20,000 codes in turn'
export const BARE_PAGE = 'bare `node:http`, 1,000 pages of 20 in turn'
export const PAGES = 'authentik-mock, anew: 1,000 pages of 20 in turn'

const CODES = 20_000
const CONNECTIONS = 20
const WARM_UP = 5
const ROUND = 2
const ROUNDS = 6

const LIST = '/api/v3/oauth2/authorization_codes/?page_size=20'
const ONE_PATH = [] as const
const CODE_PATHS = Array.from({ length: CODES }, (_, at) => `/api/v3/oauth2/authorization_codes/${at + 1}/`)
const PAGE_PATHS = Array.from({ length: CODES / 20 }, (_, at) => `${LIST}&page=${at + 1}`)

interface Measured {
  child: Child | undefined
  /** Asked for in turn, so that no kept answer serves them; one path again and again when there are none. */
  paths: readonly string[]
  /** What it is compared with. */
  yardstick: string
}

export async function measureLoad(): Promise<Load[]> {
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-bench-'))
  const own = await start(['dist/cli.js', 'serve', '--port', '0', '--json', '--codes', String(CODES)])
  const all = new Map<string, Measured>()
  const add = (name: string, child: Child | undefined, yardstick = BARE, paths: readonly string[] = ONE_PATH) =>
    all.set(name, { child, paths, yardstick })
  try {
    const [file, pageFile] = [join(folder, 'answer.json'), join(folder, 'page.json')]
    await ask(own, (body) => writeFileSync(file, body))
    await ask({ ...own, path: LIST }, (body) => writeFileSync(pageFile, body))
    const manifest = installRivals(folder)
    const bare = await start([here('servers/bare.ts'), file])
    add(BARE, bare)
    add(BARE_SPREAD, bare, BARE_SPREAD, CODE_PATHS)
    add(KEPT, own)
    add(ANEW, own, BARE_SPREAD, CODE_PATHS)
    add(BARE_PAGE, await start([here('servers/bare.ts'), pageFile]), BARE_PAGE, PAGE_PATHS)
    add(PAGES, own, BARE_PAGE, PAGE_PATHS)
    add(
      'fastify 5.12.8',
      manifest === undefined ? undefined : await start([here('servers/fastify.ts'), file, manifest]),
    )
    add('MSW `getResponse` behind `node:http`', await start([here('servers/msw.ts')]))
    add('@stoplight/prism-cli 5.16.0', manifest === undefined ? undefined : await startPrism(folder))
    return await compare(all)
  } finally {
    await Promise.all(
      [...new Set([own, ...[...all.values()].map(({ child }) => child)])].map((child) => child && stop(child)),
    )
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compare(all: ReadonlyMap<string, Measured>): Promise<Load[]> {
  const running = [...all].flatMap(([name, { child, ...rest }]) =>
    child
      ? [
          {
            name,
            child,
            ...rest,
            rates: [] as number[],
            p50: [] as number[],
            p99: [] as number[],
            bytes: [] as number[],
          },
        ]
      : [],
  )
  for (const { child, paths } of running) await press(child, WARM_UP, paths)
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of round % 2 ? running.toReversed() : running) {
      const { requests, duration, latency, throughput, non2xx, errors } = await press(one.child, ROUND, one.paths)
      if (non2xx + errors > 0)
        throw new Error(`Failed to measure ${one.name}: ${non2xx} answers were not 2xx, ${errors} requests failed.`)
      one.rates.push(requests.total / duration)
      one.p50.push(latency.p50)
      one.p99.push(latency.p99)
      one.bytes.push(throughput.total / duration)
    }
  }
  return [...all].map(([name, { yardstick }]) => {
    const one = running.find((other) => other.name === name)
    if (!one) return { name }
    const bare = running.find((other) => other.name === yardstick)!
    const ofBare = median(one.rates.map((rate, round) => rate / bare.rates[round]!))
    return {
      name,
      rate: {
        perSecond: median(one.rates),
        ofBare,
        p50: median(one.p50),
        p99: median(one.p99),
        bytes: median(one.bytes),
      },
    }
  })
}

function press({ url, path, token }: Child, duration: number, paths: readonly string[]) {
  let clients = 0
  const setupClient: Options['setupClient'] = (client) => {
    const from = (clients++ * paths.length) / CONNECTIONS
    client.setRequests([...paths.slice(from), ...paths.slice(0, from)].map((one) => ({ path: one })))
  }
  return autocannon({
    url: url + path,
    connections: CONNECTIONS,
    duration,
    headers: headersFor(token),
    ...(paths.length ? { setupClient } : {}),
  })
}
