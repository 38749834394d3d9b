/** Measures requests over keep-alive connections. Each server has its turn in every round, so that what disturbs the machine disturbs all servers alike. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon, { type Options } from 'autocannon'
import { ask, headersFor, here, median, start, stop, type Child } from './children.ts'
import { installRivals, startPrism } from './rivals.ts'

/** What a server did under load. */
export interface Load {
  name: string
  /** The rate, in answers and in bytes per second; undefined when it could not be measured. */
  rate?: { perSecond: number; ofBare: number; p50: number; p99: number; bytes: number }
}

/** The name of the server that all others are compared with. */
export const BARE = 'bare `node:http`'
/** The name of the same server for 20,000 paths, because the client, too, does more work when it sends another path each time. */
export const BARE_SPREAD = 'bare `node:http`, 20,000 paths in turn'
/** The name of the mock whose answers are in its cache. */
export const CACHED = 'authentik-mock, again: one code'
/** The name of the mock whose answers are not in its cache. */
export const UNCACHED = 'authentik-mock, anew: 20,000 codes in turn'
/** The name of the bare server that answers with pages. */
export const BARE_PAGE = 'bare `node:http`, 1,000 pages of 20 in turn'
/** The name of the mock whose pages are not in its cache. */
export const UNCACHED_PAGES = 'authentik-mock, anew: 1,000 pages of 20 in turn'

const CODES = 20_000
const CONNECTIONS = 20
const WARM_UP_SECONDS = 5
const ROUND_SECONDS = 2
const ROUNDS = 6

const LIST = '/api/v3/oauth2/authorization_codes/?page_size=20'
const ONE_PATH = [] as const
const CODE_PATHS = Array.from({ length: CODES }, (_, index) => `/api/v3/oauth2/authorization_codes/${index + 1}/`)
const PAGE_PATHS = Array.from({ length: CODES / 20 }, (_, index) => `${LIST}&page=${index + 1}`)

interface Contestant {
  /** Undefined when the server could not be started. */
  child: Child | undefined
  /** Paths that are requested in turn, so that no cached answer serves them; without any, the child's path is requested each time. */
  paths: readonly string[]
  /** The name of the contestant that this one is compared with. */
  yardstick: string
}

/** Measures each server. */
export async function measureLoad(): Promise<Load[]> {
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-bench-'))
  const mockServer = await start(['dist/cli.js', 'serve', '--port', '0', '--json', '--codes', String(CODES)])
  const contestants = new Map<string, Contestant>()
  const add = (name: string, child: Child | undefined, yardstick = BARE, paths: readonly string[] = ONE_PATH) =>
    contestants.set(name, { child, paths, yardstick })
  try {
    const [file, pageFile] = [join(folder, 'answer.json'), join(folder, 'page.json')]
    await ask(mockServer, (body) => writeFileSync(file, body))
    await ask({ ...mockServer, path: LIST }, (body) => writeFileSync(pageFile, body))
    const manifest = installRivals(folder)
    const bare = await start([here('servers/bare.ts'), file])
    add(BARE, bare)
    add(BARE_SPREAD, bare, BARE_SPREAD, CODE_PATHS)
    add(CACHED, mockServer)
    add(UNCACHED, mockServer, BARE_SPREAD, CODE_PATHS)
    add(BARE_PAGE, await start([here('servers/bare.ts'), pageFile]), BARE_PAGE, PAGE_PATHS)
    add(UNCACHED_PAGES, mockServer, BARE_PAGE, PAGE_PATHS)
    add(
      'fastify 5.12.8',
      manifest === undefined ? undefined : await start([here('servers/fastify.ts'), file, manifest]),
    )
    add('MSW `getResponse` behind `node:http`', await start([here('servers/msw.ts')]))
    add('@stoplight/prism-cli 5.16.0', manifest === undefined ? undefined : await startPrism(folder))
    return await compare(contestants)
  } finally {
    await Promise.all(
      [...new Set([mockServer, ...[...contestants.values()].map(({ child }) => child)])].map(
        (child) => child && stop(child),
      ),
    )
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compare(contestants: ReadonlyMap<string, Contestant>): Promise<Load[]> {
  const series = [...contestants].flatMap(([name, { child, ...contestant }]) =>
    child ? [{ name, child, ...contestant, ...emptySeries() }] : [],
  )
  for (const { child, paths } of series) await press(child, WARM_UP_SECONDS, paths)
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, child, paths, rates, p50, p99, bytes } of round % 2 ? series.toReversed() : series) {
      const { requests, duration, latency, throughput, non2xx, errors } = await press(child, ROUND_SECONDS, paths)
      if (non2xx + errors > 0)
        throw new Error(`Failed to measure ${name}: ${non2xx} answers were not 2xx, ${errors} requests failed.`)
      rates.push(requests.total / duration)
      p50.push(latency.p50)
      p99.push(latency.p99)
      bytes.push(throughput.total / duration)
    }
  }
  return [...contestants].map(([name, { yardstick }]) => {
    const measured = series.find((candidate) => candidate.name === name)
    const bare = series.find((candidate) => candidate.name === yardstick)
    if (!measured || !bare) return { name }
    const { rates, p50, p99, bytes } = measured
    return {
      name,
      rate: {
        perSecond: median(rates),
        ofBare: median(rates.map((rate, round) => rate / (bare.rates[round] ?? NaN))),
        p50: median(p50),
        p99: median(p99),
        bytes: median(bytes),
      },
    }
  })
}

/** Returns lists for the measures of each round. */
const emptySeries = (): Record<'rates' | 'p50' | 'p99' | 'bytes', number[]> => ({
  rates: [],
  p50: [],
  p99: [],
  bytes: [],
})

/** Sends requests to a server for some seconds, as many as it answers. */
function press({ url, path, token }: Child, duration: number, paths: readonly string[]) {
  let clients = 0
  const setupClient: Options['setupClient'] = (client) => {
    const offset = (clients++ * paths.length) / CONNECTIONS
    client.setRequests(
      [...paths.slice(offset), ...paths.slice(0, offset)].map((requestPath) => ({ path: requestPath })),
    )
  }
  return autocannon({
    url: url + path,
    connections: CONNECTIONS,
    duration,
    headers: headersFor(token),
    ...(paths.length ? { setupClient } : {}),
  })
}
