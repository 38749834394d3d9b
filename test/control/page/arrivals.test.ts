/** What events bring while an answer is on its way is not lost to it. */
import { expect, it } from 'vitest'
import { Arrivals } from '../../../src/control/page/arrivals.ts'

it('has what came while an answer was on its way, and nothing from before or after', async () => {
  const arrivals = new Arrivals<number>()
  const { promise, resolve } = Promise.withResolvers<string>()
  arrivals.note(1)
  const waiting = arrivals.during(promise)
  arrivals.note(2, 3)
  const second = arrivals.during(promise)
  arrivals.note(4)
  resolve('answer')
  expect(await waiting).toEqual(['answer', [2, 3, 4]])
  expect(await second).toEqual(['answer', [4]])
  arrivals.note(5)
  expect((await waiting)[1]).toEqual([2, 3, 4])
})

it('waits no longer for an answer that failed', async () => {
  const arrivals = new Arrivals<number>()
  await expect(arrivals.during(Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await arrivals.during(Promise.resolve('answer'))).toEqual(['answer', []])
})
