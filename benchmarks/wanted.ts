/** What we want of the figures, in one place. Nothing fails when a figure is another. */
import { formatNumber, formatRatio, isRecord, table } from './format.ts'
import { ROWS } from './load.ts'
import { LOGINS, type Login } from './login.ts'
import type { Results } from './results.ts'
import { STARTS, type Startup } from './startup.ts'

interface Wish {
  what: string
  wanted: string
  measured: (results: Results) => string | undefined
}

const WISHES: readonly Wish[] = [
  byCpu('retrieve anew, of bare `node:http` by CPU', 'at least 0.8', ROWS.anew),
  byCpu('retrieve again', 'at least 0.8', ROWS.again),
  byCpu('retrieve anew over one connection, of bare over one', '', ROWS.anewAlone),
  byCpu('a page of 20 anew, of bare that sends the same', 'at least 0.9', ROWS.pages),
  byCpu('retrieve again, gzip accepted, of bare that compresses nothing', 'at least 0.6', ROWS.againGzip),
  byCpu('retrieve anew, gzip accepted, of bare that compresses nothing', '', ROWS.anewGzip),
  byLatency("p99 of retrieve anew, of bare's", ROWS.anew),
  byLatency("p99 of retrieve again, of bare's", ROWS.again),
  byLatency("p99 of a page of 20 anew, of bare's", ROWS.pages),
  byLogin("a login by CPU, of oauth2-mock-server's", 'at most 0.75', LOGINS.mockServer, ({ ofMock }) => 1 / ofMock),
  byLogin("logins a second, of oidc-provider's", 'at least 4', LOGINS.provider, ({ rateOfMock }) => 1 / rateOfMock),
  byLogin('a login by CPU, of two bare signatures', '', LOGINS.mock, ({ ofSigning }) => ofSigning),
  byLogin('the share of signing in it', '', LOGINS.mock, ({ ofSigning }) => 1 / ofSigning),
  bySigning("two bare signatures by CPU, of oauth2-mock-server's login", LOGINS.mockServer, ({ cpu }) => cpu),
  bySigning("two bare signatures a second, of oidc-provider's logins", LOGINS.provider, ({ perSecond }) => perSecond),
  byStart('start to the first 200, of bare `node:http`', 'at most 2.2', STARTS.dist, ({ ofBare }) =>
    formatRatio(ofBare),
  ),
  byStart('resident memory after the start', 'at most 75 MiB', STARTS.dist, ({ memory }) => inMebibytes(memory)),
  byStart('start of a clone, of that of dist', 'at most 3', STARTS.clone, ({ ofDist }) => formatRatio(ofDist)),
  {
    what: 'resident memory after a million mixed requests',
    wanted: 'under 200 MiB',
    measured: ({ memory }) => memory && `${inMebibytes(memory.end)} after ${formatNumber(memory.requests)}`,
  },
  {
    what: 'growth of it in the second half',
    wanted: 'about 0',
    measured: ({ memory }) => memory && `${formatNumber(memory.growth * 100)} %`,
  },
  byWorld('a retrieve with 100,000 codes, of that with 100', 'about 1', ['uncached', 'anew', 'retrieve']),
  byWorld('a page of 20 with 100,000 codes, of that with 100', 'under 3', ['page']),
  byWorld('the same after a delete', 'under 3', ['afterDelete']),
  byVerify('`verify` of one operation, beyond Pact', 'at most 0.4 s', 'one operation', (whole, pact) => whole - pact),
  byVerify('`verify` of the grant family', 'at most 5 s', 'the contract of the grant family', (whole) => whole),
  byVerify('`verify` of 800 interactions', 'at most 8 s', 'a pact of 800 interactions', (whole) => whole),
  byVerify('the same from a broker', 'at most 8 s', 'a pact of 800 interactions, from a broker', (whole) => whole),
]

/** Writes what we want beside what was measured, leaving out what was not. */
export function formatWishes(results: Results): string | undefined {
  const rows = WISHES.flatMap(({ what, wanted, measured }) => {
    const figure = measured(results)
    return figure === undefined ? [] : [[what, wanted, figure]]
  })
  return rows.length === 0 ? undefined : table(['', 'wanted', 'measured'], rows)
}

function byCpu(what: string, wanted: string, row: string): Wish {
  const measured = ({ load }: Results) => {
    const server = load?.loads.find(({ name }) => name === row)
    return server && `${formatRatio(server.ofBare)} (${formatNumber(server.cpu)} µs)`
  }
  return { what, wanted, measured }
}

function byLatency(what: string, row: string): Wish {
  const measured = ({ load }: Results) => {
    const server = load?.loads.find(({ name }) => name === row)
    return server && `${formatRatio(server.p99OfBare)} (${formatNumber(server.p99)} ms)`
  }
  return { what, wanted: 'at most 1.5', measured }
}

function byLogin(what: string, wanted: string, row: string, figure: (login: Login) => number): Wish {
  const measured = ({ login }: Results) => {
    const server = login?.find(({ name }) => name === row)
    return server && formatRatio(figure(server))
  }
  return { what, wanted, measured }
}

/** What no login that signs two tokens can be below, or above, of another server's. */
function bySigning(what: string, row: string, figure: (login: Login) => number): Wish {
  const measured = ({ login }: Results) => {
    const find = (name: string) => login?.find((candidate) => candidate.name === name)
    const [signing, server] = [find(LOGINS.signing), find(row)]
    return signing && server && formatRatio(figure(signing) / figure(server))
  }
  return { what, wanted: '', measured }
}

function byStart(what: string, wanted: string, row: string, format: (startup: Startup) => string): Wish {
  const measured = ({ start }: Results) => {
    const startup = start?.find(({ name }) => name === row)
    return startup && format(startup)
  }
  return { what, wanted, measured }
}

/** Compares the largest world with the smallest. @param keys the names that the figure has or had */
function byWorld(what: string, wanted: string, keys: readonly string[]): Wish {
  const measured = ({ world }: Results) => {
    const worlds = rowsOf(world, 'worlds')
    const ratios = keys.map((key) => Number(worlds.at(-1)?.[key]) / Number(worlds[0]?.[key]))
    const ratio = ratios.find(Number.isFinite)
    return ratio === undefined ? undefined : formatRatio(ratio)
  }
  return { what, wanted, measured }
}

function byVerify(what: string, wanted: string, row: string, figure: (whole: number, pact: number) => number): Wish {
  const measured = ({ verify }: Results) => {
    const times = rowsOf(verify, 'times').find(({ name }) => name === row)
    const milliseconds = figure(Number(times?.['whole']), Number(times?.['pact']))
    return Number.isFinite(milliseconds) ? `${(milliseconds / 1000).toFixed(2)} s` : undefined
  }
  return { what, wanted, measured }
}

/** Returns a list of figures in a report whose form is not ours. */
function rowsOf(report: object | undefined, key: string): Record<string, unknown>[] {
  const rows = isRecord(report) ? report[key] : undefined
  return Array.isArray(rows) ? rows.filter(isRecord) : []
}

const inMebibytes = (memory: number) => `${formatNumber(memory)} MiB`
