/** Measures the memory of a server that has answered many requests of many kinds. */
import { evaluate, headersFor, start, stop, usageOf } from './children.ts'
import { LoadClient, writeRequest } from './load-client.ts'
import { median } from './statistics.ts'

/** The memory of one server during many requests. */
export interface MemoryReport {
  requests: number
  seconds: number
  /** How many answers there were of each status. */
  statuses: Record<number, number>
  /** Resident memory in MiB, before the first request and after each part of the requests. */
  resident: number[]
  /** Resident memory in MiB at half of the requests and at their end, each as the median of the last few parts. */
  half: number
  end: number
  /** By how much memory grew in the second half, as a share. */
  growth: number
}

const API = '/api/v3'
const CODES = 1000
const CONNECTIONS = 20
const PARTS = 20
/** How many parts a figure is the median of, because garbage waits to be collected. */
const PARTS_OF_A_FIGURE = 3

/** Sends requests to one server, and looks at its memory. */
export async function measureMemory(requests: number): Promise<MemoryReport> {
  const args = ['dist/cli.js', 'serve', '--port', '0', '--json', '--codes', String(CODES)]
  const server = await start(args, { tellsUsage: true, isQuiet: true })
  const client = new LoadClient()
  const statuses: Record<number, number> = {}
  const startTime = performance.now()
  const partSize = Math.ceil(requests / PARTS)
  const residentNow = async () => (await usageOf(server)).resident / 2 ** 20
  const resident = [await residentNow()]
  try {
    await client.prepare({ name: 'mixed', url: server.url, requests: writeMix(server.token, findTokens()) })
    await client.open('mixed', CONNECTIONS)
    for (let part = 0; part < PARTS; part++) {
      const result = await client.send('mixed', { milliseconds: 0, minimum: partSize, maximum: partSize })
      if (result.failures > 0) throw new Error(`Failed to measure memory: ${result.failures} connections broke.`)
      for (const [status, count] of Object.entries(result.statuses))
        statuses[Number(status)] = (statuses[Number(status)] ?? 0) + count
      resident.push(await residentNow())
    }
  } finally {
    client.stop()
    await stop(server)
  }
  const [, ...parts] = resident
  const half = median(parts.slice(0, PARTS / 2).slice(-PARTS_OF_A_FIGURE))
  const end = median(parts.slice(-PARTS_OF_A_FIGURE))
  const seconds = (performance.now() - startTime) / 1000
  return { requests, seconds, statuses, resident, half, end, growth: end / half - 1 }
}

/** Returns the keys of all API tokens that a seeded world has, those too which have expired. */
function findTokens(): string[] {
  const world = evaluate<{ api_tokens: { key: string }[] }>(['dist/cli.js', 'seed', '--codes', '1'])
  return world.api_tokens.map(({ key }) => key)
}

/** Writes requests of all kinds: of 57, 34 retrieve, 10 list, 5 find nothing, 5 have another token or none, and 3 write. */
function writeMix(token: string, tokens: readonly string[]): string[] {
  const headers = headersFor(token)
  const json = { ...headers, 'content-type': 'application/json' }
  const get = (path: string, extraHeaders: Record<string, string> = {}) =>
    writeRequest(API + path, { ...headers, ...extraHeaders })
  return Array.from({ length: CODES / 20 }).flatMap((_group, group) => {
    const codes = Array.from({ length: 20 }, (_code, index) => `/oauth2/authorization_codes/${group * 20 + index + 1}/`)
    const slug = `bench-${group}`
    const application = `${API}/core/applications/${slug}/`
    const list = '/oauth2/authorization_codes/?page_size=20'
    return [
      writeRequest(`${API}/core/applications/`, json, 'POST', JSON.stringify({ name: slug, slug })),
      ...codes.map((path) => get(path)),
      ...codes.slice(0, 8).map((path) => get(path, { 'accept-encoding': 'gzip, deflate, br' })),
      writeRequest(application, json, 'PATCH', JSON.stringify({ name: 'Changed' })),
      ...[1, 2, 3].map((index) => get(`${list}&page=${((group * 3 + index) % (CODES / 20)) + 1}`)),
      get(`${list}&user=${group % 8}&ordering=-expires`),
      get(`${list}&search={number}`),
      get(`/core/users/?search=bench-{number}`),
      get('/oauth2/access_tokens/?ordering=expires'),
      get('/core/applications/?superuser_full_list=true'),
      get(`/providers/oauth2/?name=bench-{number}`),
      get(`/core/groups/?page={number}`),
      ...[1, 2, 3, 4].map((pk) => get(`/core/users/${pk}/`)),
      get('/core/users/me/'),
      get('/oauth2/authorization_codes/1{number}/'),
      get('/core/users/{number}/'),
      get('/core/applications/bench-{number}/'),
      get('/nowhere/{number}/'),
      writeRequest('/nowhere/{number}/', headers),
      get(`/core/users/1/?number={number}`),
      ...[0, 1, 2].map((index) => get(list, headersFor(tokens[(group + index) % tokens.length] ?? token))),
      get('/core/users/me/', headersFor('bench-{number}')),
      writeRequest(`${API}/core/users/me/`, { accept: 'application/json' }),
      writeRequest(application, headers, 'DELETE'),
    ]
  })
}
