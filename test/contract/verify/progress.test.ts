/** What a terminal shows of a verification while it runs. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startProgress } from '../../../src/cli/progress.ts'
import { waitPatiently } from './patience.ts'
import { CANARY, verify, withMock } from './support.ts'

waitPatiently()

afterEach(() => vi.useRealTimers())

describe('on a terminal', () => {
  it('a verification that takes longer than two seconds says what it is doing, and clears it away', async () => {
    const lines: string[] = []
    let callCount = 0
    let earlyCount: number | undefined
    await withMock(
      {},
      (url) => {
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
        return verify(['--provider-url', url], { AUTHENTIK_TOKEN: CANARY }, (line) => lines.push(line))
      },
      (_call, answer) => {
        callCount++
        if (callCount === 1) vi.advanceTimersByTime(1999)
        if (callCount === 2) earlyCount = lines.length
        if (callCount === 2) vi.advanceTimersByTime(1)
        return answer()
      },
    )
    expect(earlyCount).toBe(0)
    expect(lines[0]).toMatch(/^asking http:\/\/127\.0\.0\.1:\d+ who it is \.\.\.$/)
    expect(lines).toContain('verifying interaction 14 of 14 ...')
    expect(lines.at(-1)).toBe('')
  })

  it('a shorter verification says nothing', () => {
    vi.useFakeTimers()
    const lines: string[] = []
    const progress = startProgress((line) => lines.push(line))
    progress.show('looking')
    vi.advanceTimersByTime(1999)
    progress.clear()
    vi.advanceTimersByTime(10_000)
    expect(lines).toEqual([])
  })
})
