/** What becomes of the readers of its outputs ends no server, and nothing that was asked for is lost without a word. */
import { spawn, spawnSync, type StdioOptions } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { leastOf, timeOf } from '../support/cost.ts'
import { findPort } from '../support/ports.ts'

const UNKNOWN = '/api/v3/core/no_such_thing/'
const CONFIG = '/api/v3/root/config/'

let folder: string
/** What cannot be written: a file that is open for reading, and on Linux the disk that is always full. */
const unwritable: number[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
  writeFileSync(join(folder, 'read-only'), '')
  unwritable.push(openSync(join(folder, 'read-only'), 'r'))
  if (existsSync('/dev/full')) unwritable.push(openSync('/dev/full', 'w'))
})
afterAll(() => {
  unwritable.forEach(closeSync)
  rmSync(folder, { recursive: true })
})

/** Serves with these outputs, of which none is read. */
async function startServe(stdio: StdioOptions) {
  const port = await findPort()
  const child = spawn(process.execPath, [inject('command'), 'serve', '--codes', '0', '--port', String(port)], { stdio })
  const outputs = [child.stdout, child.stderr]
  for (const stream of outputs) stream?.pause()
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status
  await expect.poll(() => ask(CONFIG).catch(String), { timeout: 60_000 }).toBe(200)
  return {
    ask,
    closeOutputs: () => outputs.forEach((stream) => stream?.destroy()),
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

describe('authentik-mock serve', () => {
  it('goes on, and exits with 0 when it is told to, when the readers of its outputs go away', async () => {
    const { ask, closeOutputs, stop } = await startServe(['ignore', 'pipe', 'pipe'])
    closeOutputs()
    expect([await ask(UNKNOWN), await ask(UNKNOWN), await ask(CONFIG)]).toEqual([404, 404, 200])
    expect(await stop()).toBe(0)
  })

  it('goes on, and exits with 0, when its outputs cannot be written', async () => {
    expect(unwritable.length).toBeGreaterThan(0)
    for (const fd of unwritable) {
      const { ask, stop } = await startServe(['ignore', fd, fd])
      expect([await ask(UNKNOWN), await ask(UNKNOWN), await ask(CONFIG)]).toEqual([404, 404, 200])
      expect(await stop()).toBe(0)
    }
  })

  it('goes on, and exits within 2 seconds, when nobody reads what it says', async () => {
    const timeOfStop = async () => {
      const { ask, stop } = await startServe(['ignore', 'ignore', 'pipe'])
      // Each is said in a line of 12 kB: more than any pipe holds, and more than is kept for a reader.
      for (let count = 0; count < 300; count++) expect(await ask(`${UNKNOWN}${'x'.repeat(12_000)}/`)).toBe(404)
      return timeOf(async () => expect(await stop()).toBe(0))
    }
    expect(await leastOf(2000, timeOfStop)).toBeLessThan(2000)
  })
})

describe('authentik-mock seed', () => {
  const LINE = /^authentik-mock: Failed to print: standard output cannot be written \(\w+\)\. .*\n$/

  it('says in one line that its output cannot be written, with exit 2', () => {
    for (const fd of unwritable) {
      const { status, stderr } = spawnSync(process.execPath, [inject('command'), 'seed'], {
        stdio: ['ignore', fd, 'pipe'],
        encoding: 'utf8',
      })
      expect([status, stderr]).toEqual([2, expect.stringMatching(LINE)])
    }
  })

  it('says so too when the disk takes a part of the world', () => {
    const file = join(folder, 'torn.json')
    // The shell lets a file have 50 kB, or twice as much.
    const script = 'ulimit -f 100; exec "$0" "$1" seed --codes 500 > "$2"'
    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, inject('command'), file], {
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([2, expect.stringMatching(LINE)])
    expect(() => JSON.parse(readFileSync(file, 'utf8'))).toThrow(SyntaxError)
  })

  it('ends with 0 and says nothing when its reader has read enough, and drift keeps its exit', () => {
    const exits = (command: string) => {
      const script = `{ "$0" "$1" ${command}; echo "exit $?" >&2; } | head -n 1 > /dev/null`
      return spawnSync('sh', ['-c', script, process.execPath, inject('command')], { encoding: 'utf8' }).stderr
    }
    expect(exits('seed --codes 1000')).toBe('exit 0\n')
    expect(exits('drift 2024.8.3 2026.8.3 --fail-on breaking')).toBe('exit 6\n')
  })
})
