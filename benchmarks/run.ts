/** Measures the mock beside other mock servers, and writes RESULTS.md. It reports and does not judge: no figure makes it fail. */
import { execFileSync } from 'node:child_process'
import { globSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { measureBundles } from './bundle.ts'
import { evaluate, here, ROOT } from './children.ts'
import { BARE, BARE_PAGE, BARE_SPREAD, CACHED, measureLoad, UNCACHED, UNCACHED_PAGES } from './load.ts'
import { LATEST, measureStartup } from './startup.ts'
import { measureVerify } from './verify.ts'
import type { WorldReport } from './world.ts'

buildWhenStale()
const startup = await timed('start', measureStartup)
const load = await timed('load', measureLoad)
const { worlds, transports } = await timed('worlds', async () => evaluate<WorldReport>([here('world.ts')]))
const bundles = await timed('bundles', measureBundles)
const verifications = await timed('verify', measureVerify)

const rateOf = (server: string) => present(load.find(({ name }) => name === server)?.rate)
const cached = rateOf(CACHED)
const uncached = rateOf(UNCACHED)
const bare = rateOf(BARE)
const bareSpread = rateOf(BARE_SPREAD)
const [pages, barePage] = [rateOf(UNCACHED_PAGES), rateOf(BARE_PAGE)]
const served = present(startup[0])
const latestServed = present(startup.find(({ name }) => name === LATEST))
const [smallWorld, largeWorld] = [present(worlds[0]), present(worlds.at(-1))]
const [oneOperation, contract] = [present(verifications[0]), present(verifications[1])]
const [large, largeFromBroker] = [present(verifications[2]), present(verifications[3])]

const sections = [
  '# Benchmark\n\nWritten by `npm run bench`; run it anew rather than trust these figures.',
  `${availableParallelism()} cores (${cpus()[0]?.model.trim() || 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory, Node ${process.versions.node}, ${process.platform}, ${new Date().toISOString().slice(0, 10)}.`,
  '## Against what we want',
  table(
    ['', 'wanted', 'measured'],
    [
      ['retrieve again, requests per second, of bare `node:http`', 'at least 0.9', cached.ofBare.toFixed(2)],
      ['retrieve again, p99, of bare `node:http`', 'under 2', (cached.p99 / bare.p99).toFixed(2)],
      ['retrieve anew, requests per second, of bare `node:http`', 'at least 0.9', uncached.ofBare.toFixed(2)],
      ['retrieve anew, p99, of bare `node:http`', 'under 2', (uncached.p99 / bareSpread.p99).toFixed(2)],
      [
        'a page of 20 anew, bytes per second, of bare `node:http` sending the same',
        '',
        (pages.bytes / barePage.bytes).toFixed(2),
      ],
      ['start of the process to the first 200', 'at most 250 ms', `${served.toFirst.toFixed(0)} ms`],
      ['resident memory after the start', 'at most 80 MiB', `${served.memory.toFixed(0)} MiB`],
      [
        'start as release 2026.8.3, beside the base',
        'at most 30 ms more',
        `${(latestServed.toFirst - served.toFirst).toFixed(0)} ms more`,
      ],
      [
        'retrieve with 100,000 codes, of that with 100',
        'about 1',
        `${(largeWorld.uncached / smallWorld.uncached).toFixed(2)} anew, ${(largeWorld.cached / smallWorld.cached).toFixed(2)} again`,
      ],
      [
        'a page of 20 with 100,000 codes, of that with 100',
        'under 3',
        `${(largeWorld.page / smallWorld.page).toFixed(2)}, ${(largeWorld.afterDelete / smallWorld.afterDelete).toFixed(2)} after a delete`,
      ],
      [
        '`verify` of one operation, beyond Pact',
        'at most 0.4 s',
        `${((oneOperation.whole - oneOperation.pact) / 1000).toFixed(2)} s`,
      ],
      ['`verify` of the grant family', 'at most 5 s', `${(contract.whole / 1000).toFixed(2)} s`],
      [
        '`verify` of 800 interactions, from a file and from a broker',
        'under 8 s',
        `${(large.whole / 1000).toFixed(1)} s, ${(largeFromBroker.whole / 1000).toFixed(1)} s`,
      ],
    ],
  ),
  '## Retrieve over keep-alive\n\n20 connections; medians of six interleaved rounds of two seconds, after five seconds each to warm up. The bare server and fastify stringify the same object for each request. The mock keeps an answer until something changes that it was made from, so it has two rows: again, where it stringifies nothing, and anew, where no kept answer helps it, compared with the bare server asked alike. MSW is asked again and again for one code.',
  table(
    ['server', 'requests per second', 'of bare', 'MB per second', 'p50', 'p99'],
    load.map(({ name, rate }) =>
      rate
        ? [
            name,
            formatWhole(rate.perSecond),
            rate.ofBare.toFixed(2),
            (rate.bytes / 1e6).toFixed(1),
            `${rate.p50} ms`,
            `${rate.p99} ms`,
          ]
        : [name, 'not measured', '', '', '', ''],
    ),
  ),
  '## Answers in one process',
  table(
    ['call', 'per second'],
    transports.map(({ name, perSecond }) => [name, formatWhole(perSecond)]),
  ),
  '## Start',
  table(
    ['', 'to the first 200', 'resident memory'],
    startup.map(({ name, toFirst, memory }) => [name, `${toFirst.toFixed(0)} ms`, `${memory.toFixed(0)} MiB`]),
  ),
  '## Worlds',
  table(
    ['codes', 'seeded in', 'each', 'one retrieve anew', 'again', 'a page of 20', 'after a delete'],
    worlds.map(({ codes, seed, perCode, uncached: retrieve, cached: retrieveAgain, page, afterDelete }) => [
      formatWhole(codes),
      `${seed.toFixed(0)} ms`,
      `${perCode.toFixed(0)} µs`,
      `${retrieve.toFixed(1)} µs`,
      `${retrieveAgain.toFixed(1)} µs`,
      `${page.toFixed(0)} µs`,
      `${afterDelete.toFixed(0)} µs`,
    ]),
  ),
  'The smallest world carries the cost of everything else that is seeded, some 20 ms. An answer is kept for as long as nothing changes (docs/decisions/0009): `anew` is after a change, `again` without one. A hundred codes are read, spread over the world. The page is ordered by `expires` and filtered by user.',
  '## Verifying\n\nAgainst the mock, in a process of its own. Pact alone is its child process, started, with the same interactions through the same proxy.',
  table(
    ['', 'whole', 'Pact alone', 'of it'],
    verifications.map(({ name, whole, pact }) => [
      name,
      `${whole.toFixed(0)} ms`,
      `${pact.toFixed(0)} ms`,
      (whole / pact).toFixed(2),
    ]),
  ),
  '## In the browser\n\nBundled and minified by Vite; MSW is a row of its own and in no other.',
  table(
    ['', 'minified', 'gzipped'],
    bundles.map(({ name, minified, gzipped }) => [
      name,
      `${(minified / 1000).toFixed(0)} kB`,
      `${(gzipped / 1000).toFixed(1)} kB`,
    ]),
  ),
]
writeFileSync(here('RESULTS.md'), `${sections.join('\n\n')}\n`)
process.stdout.write(`${sections.slice(2).join('\n\n')}\n`)

/** Builds dist/ when a source is newer than it. */
function buildWhenStale(): void {
  const built = statSync(here('../dist/cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = globSync(['src/**/*.ts', 'fixtures/*.json', 'package.json', 'tsdown.config.ts'], { cwd: ROOT })
  if (sources.every((path) => statSync(here(`../${path}`)).mtimeMs < built)) return
  execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' })
}

/** Measures, and prints how long that took. */
async function timed<T>(title: string, measure: () => Promise<T>): Promise<T> {
  const startTime = performance.now()
  const result = await measure()
  process.stderr.write(`${title}: ${((performance.now() - startTime) / 1000).toFixed(0)} s\n`)
  return result
}

/** Returns what was measured. @throws when it is missing */
function present<T>(measured: T | undefined): T {
  if (measured === undefined) throw new Error('Failed to write the results: a figure is missing.')
  return measured
}

/** Writes a table in Markdown. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Rounds a number, and writes it with commas between thousands. */
function formatWhole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
