/** Writes the results of a run as Markdown: a section for each that was measured. */
import type { Bundle } from './bundle.ts'
import { formatLists, formatNumber, formatRatio, isRecord, table } from './format.ts'
import { formatLoad } from './load-report.ts'
import type { Login } from './login.ts'
import type { MemoryReport } from './memory.ts'
import type { Results } from './results.ts'
import type { Startup } from './startup.ts'
import { formatWishes } from './wanted.ts'

const HEAD = '# Benchmark\n\nWritten by `npm run bench`; run it anew rather than trust these figures.'

const LOAD = `20 keep-alive connections, or one where the row says so, each of which has one request at a time; their client never sleeps, because a server that keeps it waiting would pay by CPU for waking it at each answer, and a faster one never; servers take turns in an order that is turned about from round to round, and figures are medians of the rounds. CPU is that of the server's whole process, because rates depend on what else runs. "Of bare" is the CPU of bare \`node:http\` over the server's, in the same round: bare stringifies the same object for each request. "In all" is the same of all rounds together. Where gzip is accepted, the comparison is still with bare that compresses nothing.`

const LOGIN =
  'Authorization without a page, token and userinfo, each in a new browser, eight at a time; tokens are signed by RS256 with a key of 2048 bits. Servers take turns. authentik-mock and oauth2-mock-server sign two tokens, oidc-provider one; the first row is what two signatures cost alone.'

const START =
  'Medians of nine rounds, in which each has its turn, and the fastest start, which was disturbed least. The clone is started by the command of the script `start`.'

const WORLD =
  'By the number of codes. `anew` and `uncached` are after a change, `again` and `cached` without one; `per second` is of calls in one process.'

const VERIFY =
  'Against the mock in a process of its own. Pact alone is its child process, started, with the same interactions through the same proxy.'

/** The units of what world.ts prints, unless its report has `units` of its own. */
const WORLD_UNITS = { seed: 'ms', perCode: 'µs', uncached: 'µs', cached: 'µs', page: 'µs', afterDelete: 'µs' }

/** The units of what verify.ts measures. */
const VERIFY_UNITS = { whole: 'ms', pact: 'ms' }

/** Writes what was measured, leaving out what was not. */
export function formatResults(results: Results): string {
  const { load, login, start, memory, world, verify, bundle } = results
  const wishes = formatWishes(results)
  const sections = [
    HEAD,
    `${results.machine}.`,
    ...(wishes === undefined ? [] : ['## Against what we want', wishes]),
    ...(load ? ['## Under load', LOAD, formatLoad(load)] : []),
    ...(login ? ['## A login', LOGIN, formatLogins(login)] : []),
    ...(start ? ['## Start', START, formatStart(start)] : []),
    ...(memory ? ['## Memory', ...formatMemory(memory)] : []),
    ...(world
      ? ['## Worlds, and answers in one process', WORLD, ...formatLists(world, { ...WORLD_UNITS, ...unitsOf(world) })]
      : []),
    ...(verify ? ['## Verifying', VERIFY, ...formatLists(verify, VERIFY_UNITS)] : []),
    ...(bundle
      ? [
          '## In the browser',
          'Bundled and minified by Vite; MSW is a row of its own and in no other.',
          formatBundles(bundle),
        ]
      : []),
  ]
  return `${sections.join('\n\n')}\n`
}

/** Returns the units that a report has for its keys. */
function unitsOf(report: object): Record<string, string> {
  const units = 'units' in report && isRecord(report.units) ? report.units : {}
  return Object.fromEntries(Object.entries(units).map(([key, unit]) => [key, String(unit)]))
}

function formatLogins(logins: readonly Login[]): string {
  return table(
    ['', 'CPU a login', 'of signing', 'of ours', 'logins a second', 'of ours'],
    logins.map(({ name, cpu, ofSigning, ofMock, perSecond, rateOfMock }) => [
      name,
      `${formatNumber(cpu)} µs`,
      formatRatio(ofSigning),
      formatRatio(ofMock),
      formatNumber(perSecond),
      formatRatio(rateOfMock),
    ]),
  )
}

function formatStart(startups: readonly Startup[]): string {
  return table(
    ['', 'to the first 200', 'of bare', 'of dist', 'fastest', 'of bare', 'of dist', 'resident memory'],
    startups.map((startup) => [
      startup.name,
      `${formatNumber(startup.toFirst)} ms`,
      formatRatio(startup.ofBare),
      formatRatio(startup.ofDist),
      `${formatNumber(startup.fastest)} ms`,
      formatRatio(startup.fastestOfBare),
      formatRatio(startup.fastestOfDist),
      `${formatNumber(startup.memory)} MiB`,
    ]),
  )
}

function formatMemory({ requests, seconds, statuses, resident, half, end, growth }: MemoryReport): string[] {
  const counts = Object.entries(statuses).map(([status, count]) => `${formatNumber(count)} answers of ${status}`)
  const row = (title: string, memory: number) => [title, `${formatNumber(memory)} MiB`]
  return [
    `One server with 1,000 codes answered ${formatNumber(requests)} requests in ${formatNumber(Math.round(seconds))} s: rows, pages, filters, what is not there, addresses that never come twice, gzip, other tokens, and applications that are created, changed and deleted. It gave ${counts.join(', ')}.`,
    table(
      ['after', 'resident memory'],
      [
        row('the start', resident[0] ?? NaN),
        row('half', half),
        row('all', end),
        row('at most', Math.max(...resident)),
        ['growth in the second half', `${formatNumber(growth * 100)} %`],
      ],
    ),
  ]
}

function formatBundles(bundles: readonly Bundle[]): string {
  return table(
    ['', 'minified', 'gzipped'],
    bundles.map(({ name, minified, gzipped }) => [
      name,
      `${(minified / 1000).toFixed(0)} kB`,
      `${(gzipped / 1000).toFixed(1)} kB`,
    ]),
  )
}
