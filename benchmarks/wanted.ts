/** What we want of the figures, in one place. Nothing fails when a figure is another. */
import { formatNumber, formatRatio, table } from './format.ts'
import { ROWS } from './load.ts'
import type { Results } from './results.ts'

interface Wish {
  what: string
  wanted: string
  measured: (results: Results) => string | undefined
}

const WISHES: readonly Wish[] = [
  ofBare('retrieve anew, of bare `node:http` by CPU', 'at least 0.8', ROWS.anew),
  ofBare('retrieve again', 'at least 0.8', ROWS.again),
  ofBare('a page of 20 anew', 'at least 0.8', ROWS.pages),
  ofBare('retrieve again, gzip accepted, of bare that compresses nothing', 'at least 0.6', ROWS.againGzip),
  ofBare('retrieve anew, gzip accepted, of bare that compresses nothing', '', ROWS.anewGzip),
  {
    what: "p99 of retrieve anew, of bare's",
    wanted: 'under 2',
    measured: ({ load }) => map(load?.loads.find(({ name }) => name === ROWS.anew)?.p99OfBare, formatRatio),
  },
]

/** Writes what we want beside what was measured, leaving out what was not. */
export function formatWishes(results: Results): string | undefined {
  const rows = WISHES.flatMap(({ what, wanted, measured }) => {
    const figure = measured(results)
    return figure === undefined ? [] : [[what, wanted, figure]]
  })
  return rows.length === 0 ? undefined : table(['', 'wanted', 'measured'], rows)
}

function ofBare(what: string, wanted: string, row: string): Wish {
  return {
    what,
    wanted,
    measured: ({ load }) => {
      const measured = load?.loads.find(({ name }) => name === row)
      return measured && `${formatRatio(measured.ofBare)} (${formatNumber(measured.cpu)} µs)`
    },
  }
}

function map<T>(value: T | undefined, format: (value: T) => string): string | undefined {
  return value === undefined ? undefined : format(value)
}
