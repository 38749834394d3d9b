/**
 * What a task takes, so that no noise fails a test: a machine that is busy slows a run down now and then, and a fault slows
 * down all of them.
 */
import { collectGarbage } from './garbage.ts'

const RUNS = 5

/** How long the processor works for a task, in milliseconds. */
export async function cpuOf(task: () => unknown): Promise<number> {
  const start = process.cpuUsage()
  await task()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** How long a task takes by the clock, in milliseconds. */
export async function timeOf(task: () => unknown): Promise<number> {
  const start = performance.now()
  await task()
  return performance.now() - start
}

/**
 * The least of some measurements, of which the first that is below a limit is the last. The garbage of other tests, which
 * takes a tenth of a second or more in each of many runs, is collected before a run is measured again.
 */
export async function leastOf(limit: number, measure: () => Promise<number>): Promise<number> {
  let least = Infinity
  for (let run = 0; run < RUNS && least >= limit; run++) {
    if (run > 0) collectGarbage()
    least = Math.min(least, await measure())
  }
  return least
}
