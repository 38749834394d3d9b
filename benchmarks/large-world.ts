/**
 * Measures what writes, pages and deletions cost in a large world, in a process of its own; prints the report as JSON.
 * Times are of the processor, in milliseconds, because those of the clock say what else the machine does.
 */
import { mock, type Call } from 'authentik-mock'
import { headersFor, median } from './children.ts'

/** What this script prints. */
export interface LargeWorldReport {
  codes: number
  /** The time that seeding one code took, in microseconds. */
  perCode: number
  /** The most memory that the process ever had, in MiB: `seeded` when the world was filled, `most` at the end. */
  resident: { seeded: number; most: number }
  /** The time to list the first page of an order that was not asked for before, by the query. */
  firstPage: Record<string, number>
  /** The median time of one write while those orders are kept. */
  write: { create: number; update: number; delete: number }
  /** The median time to list a page in the middle. */
  middlePage: number
  snapshot: number
  restore: number
  /** The time to delete a user with all codes of theirs. */
  deleteUser: { codes: number; time: number }
  /** The time to delete a provider with all codes of it, and to take it from its application. */
  deleteProvider: { codes: number; time: number }
}

const [codes = 1_000_000] = process.argv.slice(2).map(Number)
const CODES = '/api/v3/oauth2/authorization_codes/'
const ORDERS = ['ordering=expires', 'ordering=-expires', 'ordering=pk', 'user=2&ordering=expires', 'user=3&ordering=pk']
const ROUNDS = 100

/** Returns the time that the processor has worked for this process, in milliseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function timeOf(run: () => unknown): Promise<number> {
  const startTime = processorTime()
  await run()
  return processorTime() - startTime
}

/** Returns the median time of a run, whose rounds are spread over the world. */
async function medianTime(run: (pk: number) => unknown): Promise<number> {
  const times = []
  for (let round = 0; round < ROUNDS; round++)
    times.push(await timeOf(() => run(1 + Math.floor(((round + 0.5) * codes) / ROUNDS))))
  return median(times)
}

const mostResident = () => process.resourceUsage().maxRSS / 1024

// What happens only once in a process is no cost of the large world.
await mock({ codes: 100 }).ready
const authentik = mock({ codes })
const seedTime = await timeOf(() => authentik.ready)
const seeded = mostResident()
const headers: Record<string, string> = headersFor(authentik.tokens().superuser ?? '')

async function send(method: Call['method'], path: string, query = ''): Promise<void> {
  const call = { method, path, query, header: (name: string) => headers[name], body: async () => '' }
  const { status } = await authentik.answer(call)
  if (status >= 300) throw new Error(`Failed to measure ${method} ${path}?${query}: it answered ${status}.`)
}

const firstPage: Record<string, number> = {}
for (const query of ORDERS) firstPage[query] = await timeOf(() => send('GET', CODES, query))
let snapshot = authentik.snapshot()
const snapshotTime = await timeOf(() => (snapshot = authentik.snapshot()))
const table = authentik.world.authorization_codes
const write = {
  create: await medianTime(() => table.create({ user: 2, provider: 1, scope: 'openid', expires: null })),
  update: await medianTime((pk) => table.update(pk, { expires: '2050-01-01T00:00:00Z' })),
  delete: await medianTime((pk) => table.delete(pk + 1)),
}
const pages = Math.ceil(codes / 20)
let page = Math.floor(pages / 2)
const middlePage = await medianTime(() =>
  send('GET', CODES, `ordering=expires&page_size=20&page=${1 + (page++ % pages)}`),
)
const restore = await timeOf(() => authentik.restore(snapshot))
for (const query of ORDERS) await send('GET', CODES, query)

async function measureDeletion(path: string): Promise<{ codes: number; time: number }> {
  const { size } = table
  const time = await timeOf(() => send('DELETE', path))
  return { codes: size - table.size, time }
}

const report: LargeWorldReport = {
  codes,
  perCode: (seedTime * 1000) / codes,
  resident: { seeded, most: 0 },
  firstPage,
  write,
  middlePage,
  snapshot: snapshotTime,
  restore,
  deleteUser: await measureDeletion('/api/v3/core/users/2/'),
  deleteProvider: await measureDeletion('/api/v3/providers/oauth2/1/'),
}
report.resident.most = mostResident()
process.stdout.write(JSON.stringify(report))
