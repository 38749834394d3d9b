/** Writes what was measured under load. */
import { formatNumber, formatRatio, table } from './format.ts'
import type { Load, LoadReport } from './contest.ts'

const HEAD = [
  'server',
  'CPU a request',
  'of bare',
  'quartiles',
  'in all',
  'requests a second',
  'p50',
  'p99',
  "p99 of bare's",
  'memory',
]

/** Writes a row for each server. */
export function formatLoad({ loads, missing }: LoadReport): string {
  return table(HEAD, [
    ...loads.map(toRow),
    ...missing.map((name) => [name, 'not measured', ...HEAD.slice(2).map(() => '')]),
  ])
}

const toRow = (load: Load) => [
  load.name,
  `${formatNumber(load.cpu)} µs`,
  formatRatio(load.ofBare),
  load.spread.map(formatRatio).join(' to '),
  formatRatio(load.ofBareInAll),
  formatNumber(Math.round(load.perSecond)),
  `${formatNumber(load.p50)} ms`,
  `${formatNumber(load.p99)} ms`,
  formatRatio(load.p99OfBare),
  `${formatNumber(load.resident)} MiB`,
]
