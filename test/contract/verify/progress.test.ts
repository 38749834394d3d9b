/** What a terminal shows of a verification while it runs. */
import { describe, expect, it, vi } from 'vitest'
import { startProgress } from '../../../src/cli/progress.ts'
import { CANARY, verify, withMock } from './support.ts'

/** Records the last line of a terminal while a server is verified that takes so long for each answer. */
async function watch(delay: number) {
  const lines: { line: string; time: number }[] = []
  const began = performance.now()
  await withMock(
    {},
    (url) =>
      verify(['--provider-url', url], { AUTHENTIK_TOKEN: CANARY }, (line) =>
        lines.push({ line, time: performance.now() - began }),
      ),
    async (_call, answer) => {
      await new Promise((resolve) => setTimeout(resolve, delay))
      return answer()
    },
  )
  return lines
}

describe('on a terminal', () => {
  it('a verification that takes longer than two seconds says what it is doing, and clears it away', async () => {
    const lines = await watch(120)
    expect(lines.at(0)?.time).toBeGreaterThan(1900)
    expect(lines.map(({ line }) => line)).toContain('verifying interaction 14 of 14 ...')
    expect(lines.at(-1)?.line).toBe('')
  })

  it('a shorter verification says nothing', () => {
    vi.useFakeTimers()
    const lines: string[] = []
    const progress = startProgress((line) => lines.push(line))
    progress.show('looking')
    vi.advanceTimersByTime(1999)
    progress.clear()
    vi.advanceTimersByTime(10_000)
    vi.useRealTimers()
    expect(lines).toEqual([])
  })
})
