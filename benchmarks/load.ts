/** Retrieve over keep-alive: each server in turn, round after round, so that what disturbs the machine disturbs all. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon, { type Options } from 'autocannon'
import { ask, headersFor, here, median, start, stop, type Child } from './children.ts'
import { installRivals, startPrism } from './rivals.ts'

export interface Load {
  name: string
  /** Undefined when it could not be measured. */
  rate?: { perSecond: number; ofBare: number; p50: number; p99: number }
}

export const BARE = 'bare `node:http`'
/** The client, too, works more when it asks for another path each time: so the yardstick is asked alike. */
export const BARE_SPREAD = 'bare `node:http`, 20,000 paths in turn'
export const KEPT = 'authentik-mock, again: one code'
export const ANEW = 'authentik-mock, anew: 20,000 codes in turn'

const CODES = 20_000
const CONNECTIONS = 20
const WARM_UP = 5
const ROUND = 2
const ROUNDS = 6

export async function measureLoad(): Promise<Load[]> {
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-bench-'))
  const own = await start(['dist/cli.js', 'serve', '--port', '0', '--json', '--codes', String(CODES)])
  const children = new Map<string, Child | undefined>()
  try {
    const file = join(folder, 'answer.json')
    await ask(own, (body) => writeFileSync(file, body))
    const manifest = installRivals(folder)
    const bare = await start([here('servers/bare.ts'), file])
    children.set(BARE, bare)
    children.set(BARE_SPREAD, bare)
    children.set(KEPT, own)
    children.set(ANEW, own)
    children.set('fastify 5.12.8', manifest === undefined ? undefined : await start([here('servers/fastify.ts'), file, manifest]))
    children.set('MSW `getResponse` behind `node:http`', await start([here('servers/msw.ts')]))
    children.set('@stoplight/prism-cli 5.16.0', manifest === undefined ? undefined : await startPrism(folder))
    return await compare(children)
  } finally {
    await Promise.all([...new Set([own, ...children.values()])].map((child) => child && stop(child)))
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compare(children: ReadonlyMap<string, Child | undefined>): Promise<Load[]> {
  const running = [...children].flatMap(([name, child]) => (child ? [{ name, child, rates: [] as number[], p50: [] as number[], p99: [] as number[] }] : []))
  for (const { name, child } of running) await press(child, WARM_UP, isSpread(name))
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of round % 2 ? running.toReversed() : running) {
      const { requests, duration, latency, non2xx, errors } = await press(one.child, ROUND, isSpread(one.name))
      if (non2xx + errors > 0) throw new Error(`Failed to measure ${one.name}: ${non2xx} answers were not 2xx, ${errors} requests failed.`)
      one.rates.push(requests.total / duration)
      one.p50.push(latency.p50)
      one.p99.push(latency.p99)
    }
  }
  return [...children.keys()].map((name) => {
    const one = running.find((other) => other.name === name)
    if (!one) return { name }
    const bare = running.find((other) => other.name === (isSpread(name) ? BARE_SPREAD : BARE))!
    const ofBare = median(one.rates.map((rate, round) => rate / bare.rates[round]!))
    return { name, rate: { perSecond: median(one.rates), ofBare, p50: median(one.p50), p99: median(one.p99) } }
  })
}

const isSpread = (name: string) => name === ANEW || name === BARE_SPREAD

/** @param spread whether each request asks for a code that was not asked for lately, so that no kept answer serves it */
function press({ url, path, token }: Child, duration: number, spread: boolean) {
  const paths = Array.from({ length: CODES }, (_, at) => ({ path: path.replace('/1/', `/${at + 1}/`) }))
  let clients = 0
  const setupClient: Options['setupClient'] = (client) => {
    const from = (clients++ * CODES) / CONNECTIONS
    client.setRequests([...paths.slice(from), ...paths.slice(0, from)])
  }
  return autocannon({ url: url + path, connections: CONNECTIONS, duration, headers: headersFor(token), ...(spread ? { setupClient } : {}) })
}
