/** Measures the mock beside what else one could use and writes RESULTS.md: it reports, it does not judge. */
import { execFileSync } from 'node:child_process'
import { globSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { measureBundles } from './bundle.ts'
import { evaluate, here, ROOT } from './children.ts'
import { ANEW, BARE, BARE_PAGE, BARE_SPREAD, KEPT, measureLoad, PAGES } from './load.ts'
import { LATEST, measureStartup } from './startup.ts'
import { measureVerify } from './verify.ts'
import type { WorldReport } from './world.ts'

buildWhenStale()
const startup = await timed('start', measureStartup)
const load = await timed('load', measureLoad)
const { worlds, carriers } = await timed('worlds', async () => evaluate<WorldReport>([here('world.ts')]))
const bundles = await timed('bundles', measureBundles)
const verified = await timed('verify', measureVerify)

const rateOf = (wanted: string) => load.find(({ name }) => name === wanted)!.rate!
const keptRate = rateOf(KEPT)
const anewRate = rateOf(ANEW)
const bare = rateOf(BARE)
const bareSpread = rateOf(BARE_SPREAD)
const [pages, barePage] = [rateOf(PAGES), rateOf(BARE_PAGE)]
const served = startup[0]!
const small = worlds[0]!
const large = worlds.at(-1)!

const sections = [
  '# Benchmark\n\nWritten by `npm run bench`; run it anew rather than trust these figures.',
  `${availableParallelism()} cores (${cpus()[0]?.model.trim() || 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory, Node ${process.versions.node}, ${process.platform}, ${new Date().toISOString().slice(0, 10)}.`,
  '## Against what we want',
  table(
    ['', 'wanted', 'measured'],
    [
      ['retrieve again, requests per second, of bare `node:http`', 'at least 0.9', keptRate.ofBare.toFixed(2)],
      ['retrieve again, p99, of bare `node:http`', 'under 2', (keptRate.p99 / bare.p99).toFixed(2)],
      ['retrieve anew, requests per second, of bare `node:http`', 'at least 0.9', anewRate.ofBare.toFixed(2)],
      ['retrieve anew, p99, of bare `node:http`', 'under 2', (anewRate.p99 / bareSpread.p99).toFixed(2)],
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
        `${(startup.find(({ name }) => name === LATEST)!.toFirst - served.toFirst).toFixed(0)} ms more`,
      ],
      [
        'retrieve with 100,000 codes, of that with 100',
        'about 1',
        `${(large.anew / small.anew).toFixed(2)} anew, ${(large.again / small.again).toFixed(2)} again`,
      ],
      [
        'a page of 20 with 100,000 codes, of that with 100',
        'under 3',
        `${(large.page / small.page).toFixed(2)}, ${(large.afterDelete / small.afterDelete).toFixed(2)} after a delete`,
      ],
      [
        '`verify` of one operation, beyond Pact',
        'at most 0.4 s',
        `${((verified[0]!.whole - verified[0]!.pact) / 1000).toFixed(2)} s`,
      ],
      ['`verify` of the grant family', 'at most 5 s', `${(verified[1]!.whole / 1000).toFixed(2)} s`],
    ],
  ),
  '## Retrieve over keep-alive\n\n20 connections; medians of six interleaved rounds of two seconds, after five seconds each to warm up. The bare server and fastify stringify the same object for each request. The mock keeps an answer until something changes that it was made from, so it has two rows: again, where it stringifies nothing, and anew, where no kept answer helps it, compared with the bare server asked alike. MSW is asked again and again for one code.',
  table(
    ['server', 'requests per second', 'of bare', 'MB per second', 'p50', 'p99'],
    load.map(({ name, rate }) =>
      rate
        ? [
            name,
            whole(rate.perSecond),
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
    carriers.map(({ name, perSecond }) => [name, whole(perSecond)]),
  ),
  '## Start',
  table(
    ['', 'to the first 200', 'resident memory'],
    startup.map(({ name, toFirst, memory }) => [name, `${toFirst.toFixed(0)} ms`, `${memory.toFixed(0)} MiB`]),
  ),
  '## Worlds',
  table(
    ['codes', 'seeded in', 'each', 'one retrieve anew', 'again', 'a page of 20', 'after a delete'],
    worlds.map(({ codes, seed, each, anew, again, page, afterDelete }) => [
      whole(codes),
      `${seed.toFixed(0)} ms`,
      `${each.toFixed(0)} µs`,
      `${anew.toFixed(1)} µs`,
      `${again.toFixed(1)} µs`,
      `${page.toFixed(0)} µs`,
      `${afterDelete.toFixed(0)} µs`,
    ]),
  ),
  'The smallest world carries the cost of everything else that is seeded, some 20 ms. An answer is kept for as long as nothing changes (docs/decisions/0009): `anew` is after a change, `again` without one. A hundred codes are read, spread over the world. The page is ordered by `expires` and filtered by user.',
  '## Verifying\n\nAgainst the mock, in a process of its own. Pact alone is its child process, started, with the same interactions through the same gate.',
  table(
    ['', 'whole', 'Pact alone', 'of it'],
    verified.map(({ name, whole: all, pact }) => [
      name,
      `${all.toFixed(0)} ms`,
      `${pact.toFixed(0)} ms`,
      (all / pact).toFixed(2),
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

function buildWhenStale(): void {
  const built = statSync(here('../dist/cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = globSync(['src/**/*.ts', 'fixtures/*.json', 'package.json', 'tsdown.config.ts'], { cwd: ROOT })
  if (sources.every((path) => statSync(here(`../${path}`)).mtimeMs < built)) return
  execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' })
}

async function timed<T>(what: string, measure: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const measured = await measure()
  process.stderr.write(`${what}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`)
  return measured
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
