/** Whatever ends a command while it works, nothing of it is left, no file and no process, and no report is torn. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { CANARY, withMock } from '../contract/verify/support.ts'
import { endWithTest, listProcesses } from '../support/processes.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authentik-mock-kills-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const

/** Starts a command that keeps its files in a folder of its own. */
function start(args: readonly string[]) {
  const temporary = mkdtempSync(join(folder, 'tmp-'))
  const child = endWithTest(
    spawn(process.execPath, [inject('command'), ...args], {
      env: { ...process.env, TMPDIR: temporary, AUTHENTIK_TOKEN: CANARY },
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  return { child, temporary }
}

/** Ends a command with a signal. @returns the files and the processes of it that are left */
async function kill({ child, temporary }: ReturnType<typeof start>, signal: NodeJS.Signals) {
  const children = listProcesses().flatMap(({ pid, parent }) => (parent === child.pid ? [pid] : []))
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
  await expect.poll(() => listProcesses().filter(({ pid }) => children.includes(pid)), { timeout: 60_000 }).toEqual([])
  // What Node has compiled it keeps for the next start, in a folder that all programs share.
  const files = readdirSync(temporary).filter((file) => file !== 'node-compile-cache')
  return { files, childCount: children.length }
}

describe.each(SIGNALS)('%s', (signal) => {
  it('ends a server in the middle of its answers', async () => {
    const running = start(['serve', '--port', '0', '--json'])
    const [line] = await once(running.child.stdout, 'data')
    const { url, token } = JSON.parse(String(line)) as { url: string; token: string }
    const ask = () =>
      fetch(`${url}/api/v3/core/users/`, { headers: { Authorization: `Bearer ${token}` } }).then((answer) =>
        answer.text(),
      )
    const answers = Array.from({ length: 50 }, () => ask().catch(() => 'cut off'))
    expect((await kill(running, signal)).files).toEqual([])
    await Promise.all(answers)
    await expect(ask()).rejects.toThrow()
  })

  it.each([1, 5, 10, 15, 20])('ends a verification at its request %i', async (last) => {
    let count = 0
    let reach = () => {}
    const isReached = new Promise<void>((resolve) => (reach = resolve))
    await withMock(
      {},
      async (url) => {
        const running = start(['verify', '--provider-url', url])
        await isReached
        expect((await kill(running, signal)).files).toEqual([])
      },
      (_call, answer) => {
        if (++count === last) reach()
        return answer()
      },
    )
  })
})

describe('a report that is written again and again', () => {
  const KILLS = 500
  const SIZE = 300_000
  const source = new URL('../../src/cli/output-folder.ts', import.meta.url).href

  it(`is whole after each of ${KILLS} kills`, { timeout: 600_000 }, async () => {
    const path = join(mkdtempSync(join(folder, 'reports-')), 'verify.json')
    const script = `import { writeWhole } from '${source}'
      for (let round = 0; ; round++) {
        writeWhole('${path}', String(round % 10).repeat(${SIZE}))
        if (round === 0) console.log('written')
      }`
    const contents = new Set<string>()
    for (let count = 0; count < KILLS; count++) {
      const child = endWithTest(
        spawn(process.execPath, ['--experimental-strip-types', '--input-type=module', '--eval', script], {
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      )
      await once(child.stdout, 'data')
      const ended = once(child, 'exit')
      // Kills come at all times of a round, which takes a few milliseconds.
      await new Promise((resolve) => setTimeout(resolve, count % 10))
      child.kill('SIGKILL')
      await ended
      const content = readFileSync(path, 'utf8')
      expect([content.length, new Set(content).size]).toEqual([SIZE, 1])
      contents.add(content)
    }
    expect(contents.size).toBeGreaterThan(1)
  })
})
