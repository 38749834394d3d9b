/** The results of a benchmark are written whatever they hold. */
import { expect, it } from 'vitest'
import { formatLists, formatNumber } from '../../benchmarks/format.ts'
import { median, quantile } from '../../benchmarks/statistics.ts'

it('numbers have about three digits that count, and what could not be measured says so', () => {
  expect([0, 0.123, 1.5, 12.345, 123.456, 1_234_567, NaN, Infinity].map(formatNumber)).toEqual([
    '0',
    '0.12',
    '1.50',
    '12.3',
    '123',
    '1,234,567',
    'not measured',
    'not measured',
  ])
})

it('each list of a report becomes a table, with a column for each key that a row has', () => {
  const report = {
    worlds: [
      { codes: 100, perCode: 33.3 },
      { codes: 1000, deleted: true },
    ],
    units: { perCode: 'µs' },
  }

  expect(formatLists(report, { perCode: 'µs' })).toEqual([
    '| codes | per code | deleted |\n| --- | ---: | ---: |\n| 100 | 33.3 µs |  |\n| 1,000 |  | true |',
  ])
})

it('the quartile of some values lies between two of them', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), quantile([0, 10, 20, 30, 40], 0.25), median([])]).toEqual([
    2,
    2.5,
    10,
    NaN,
  ])
})
