/** Writes the results of a run as Markdown. */
import { formatLoad } from './load-report.ts'
import type { Results } from './results.ts'
import { formatWishes } from './wanted.ts'

const HEAD = '# Benchmark\n\nWritten by `npm run bench`; run it anew rather than trust these figures.'

const LOAD = `## Under load

20 keep-alive connections, each of which waits for its answer; servers take turns in an order that is turned about from round to round, and figures are medians of the rounds. CPU is that of the server's whole process, because rates depend on what else runs. "Of bare" is the CPU of bare \`node:http\` over the server's, in the same round: bare stringifies the same object for each request. Where gzip is accepted, the comparison is still with bare that compresses nothing.`

/** Writes what was measured, leaving out what was not. */
export function formatResults(results: Results): string {
  const wishes = formatWishes(results)
  const sections = [
    HEAD,
    `${results.machine}.`,
    ...(wishes === undefined ? [] : ['## Against what we want', wishes]),
    ...(results.load ? [LOAD, formatLoad(results.load)] : []),
  ]
  return `${sections.join('\n\n')}\n`
}
