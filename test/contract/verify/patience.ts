/** How long a verification waits for a server: on a machine that is busy one that is well answers late. */
import { afterAll, beforeEach, vi } from 'vitest'

const { timeout } = AbortSignal

/** How many times as long as a command a test waits for what is not about silence. */
export const PATIENCE = 10

/** Multiplies the time-outs of a client, each by a factor that its place in their order decides. @returns the times that it asks for */
export function scaleTimeouts(factorOf: (place: number) => number): number[] {
  const times: number[] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((time) => {
    return timeout.call(AbortSignal, time * factorOf(times.push(time) - 1))
  })
  return times
}

/**
 * Has the tests of a file wait ten times as long as a command does, so that they fail by what a server answers and not by
 * when. What waits for a server that stays silent then takes forty seconds at least.
 */
export function waitPatiently(): void {
  beforeEach(() => void scaleTimeouts(() => PATIENCE))
  afterAll(() => void vi.spyOn(AbortSignal, 'timeout').mockRestore())
}
