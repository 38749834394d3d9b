/** What a task takes is told by the best of its runs. */
import { expect, it } from 'vitest'
import { cpuOf, leastOf, timeOf } from './cost.ts'

/** Gives one measurement after the other. */
const measurements = (values: number[]) => async () => values.shift() ?? Infinity

it('a run that is slow by chance is measured again, until a run is below the limit', async () => {
  const values = [30, 9, 8]
  expect([await leastOf(10, measurements(values)), values]).toEqual([9, [8]])
})

it('a task that is always slow is over the limit, and its best run is told', async () => {
  expect(await leastOf(10, measurements([30, 40, 20, 50, 60]))).toBe(20)
})

it('what waits takes time, and hardly any of the processor', async () => {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 100))
  expect(await timeOf(wait)).toBeGreaterThan(90)
  expect(await leastOf(50, () => cpuOf(wait))).toBeLessThan(50)
})
