/** Measures what a world costs by its size, and what an answer costs in one process; prints the report as JSON. */
import { mock, type Call, type Mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { getResponse } from 'msw'
import { evaluate, headersFor, here, median } from './children.ts'
import type { LargeWorldReport } from './large-world.ts'

/** What this script prints. Times are in microseconds, but `seed` is in milliseconds. */
export interface WorldReport {
  worlds: {
    codes: number
    seed: number
    /** The time that seeding one code took. */
    perCode: number
    /** The time to retrieve a code whose answer is not in the cache. */
    uncached: number
    /** The time to retrieve a code whose answer is in the cache. */
    cached: number
    /** The time to list a page. */
    page: number
    /** The time to list a page after a code was deleted. */
    afterDelete: number
  }[]
  transports: { name: string; perSecond: number }[]
  /** What a world of a million codes costs, in a process of its own. */
  large: LargeWorldReport
}

const SIZES = [100, 1000, 10_000, 100_000]
const CALLS = 2000
/** How many codes are read, whatever the size of the world. */
const CODES_READ = 100
/** The query of a page of 20 codes of one user, in an order. */
const PAGE = 'user=2&ordering=expires&page_size=20'

// These mocks are made first, so that no world carries the cost of what happens only once.
await Promise.all(SIZES.map(() => mock({ codes: 0 }).ready))
const worlds = []
for (const codes of SIZES) {
  const startTime = performance.now()
  const authentik = mock({ codes })
  await authentik.ready
  worlds.push({
    codes,
    authentik,
    seed: performance.now() - startTime,
    uncached: [] as number[],
    cached: [] as number[],
    page: [] as number[],
    afterDelete: [] as number[],
  })
}

for (let round = 0; round < 30; round++) {
  for (const { codes, authentik, uncached, cached } of worlds) {
    const headers = tokenHeaders(authentik)
    const retrieve = async (clearsCache: boolean) => {
      const startTime = performance.now()
      for (let number = 0; number < CALLS; number++) {
        // Every change of the clock, even one by nothing, makes the mock drop the answers in its cache.
        if (clearsCache) authentik.clock.move(0)
        const path = `/api/v3/oauth2/authorization_codes/${1 + (number % CODES_READ) * (codes / CODES_READ)}/`
        const { status } = await authentik.answer(toCall(path, '', headers))
        if (status !== 200) throw new Error(`Failed to measure ${path}: it answered ${status}.`)
      }
      return ((performance.now() - startTime) * 1000) / CALLS
    }
    uncached.push(await retrieve(true))
    cached.push(await retrieve(false))
  }
}

for (const { authentik, page, afterDelete } of worlds) {
  const headers = tokenHeaders(authentik)
  const list = async (change: () => void) => {
    change()
    const startTime = performance.now()
    await authentik.answer(toCall('/api/v3/oauth2/authorization_codes/', PAGE, headers))
    return (performance.now() - startTime) * 1000
  }
  const codes = authentik.world.authorization_codes
  const codesOfUser = [...codes.values()].filter((code) => code.user === 2)
  for (let round = 0; round < 200; round++) page.push(await list(() => authentik.clock.move(0)))
  for (const { pk } of codesOfUser.slice(-8)) afterDelete.push(await list(() => void codes.delete(pk)))
}

const [smallestWorld] = worlds
if (!smallestWorld) throw new Error('Failed to measure: there are no worlds.')
const { authentik } = smallestWorld
const token = authentik.tokens().superuser ?? ''
const latest = mock({ release: '2026.8.3', codes: 100, token })
await latest.ready
const mockHandlers = handlers(authentik)
const headers: Record<string, string> = headersFor(token)
const path = '/api/v3/oauth2/authorization_codes/1/'
const url = `http://localhost${path}`
const answer = (server: Mock) => server.answer(toCall(path, '', headers))
const CALLS_BY_NAME: Record<string, () => unknown> = {
  '`mock().answer(call)`, anew': () => {
    authentik.clock.move(0)
    return answer(authentik)
  },
  '`mock({ release: "2026.8.3" }).answer(call)`, anew': () => {
    latest.clock.move(0)
    return answer(latest)
  },
  '`mock().answer(call)`, again': () => answer(authentik),
  '`mock().fetch(request)`, again': () => authentik.fetch(new Request(url, { headers })),
  'MSW `getResponse(handlers, request)`, again': () => getResponse(mockHandlers, new Request(url, { headers })),
}

const report: WorldReport = {
  worlds: worlds.map(({ codes, seed, uncached, cached, page, afterDelete }) => ({
    codes,
    seed,
    perCode: (seed * 1000) / codes,
    uncached: median(uncached),
    cached: median(cached),
    page: median(page),
    afterDelete: median(afterDelete),
  })),
  transports: [],
  large: evaluate<LargeWorldReport>([...process.execArgv, here('large-world.ts')]),
}
for (const [name, send] of Object.entries(CALLS_BY_NAME)) {
  const rates = []
  for (let round = 0; round < 8; round++) {
    const startTime = performance.now()
    for (let number = 0; number < 1000; number++) await send()
    rates.push(1_000_000 / (performance.now() - startTime))
  }
  report.transports.push({ name, perSecond: median(rates) })
}
process.stdout.write(JSON.stringify(report))

/** Returns the call of a GET. */
function toCall(callPath: string, query: string, callHeaders: Record<string, string>): Call {
  return { method: 'GET', path: callPath, query, header: (name) => callHeaders[name], body: async () => '' }
}

/** Returns the headers of a request with the token of a mock's superuser. */
function tokenHeaders(server: Mock): Record<string, string> {
  return headersFor(server.tokens().superuser ?? '')
}
