/** Measures the time from the start of a process to its first 200, and the memory that the process then holds. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, endWithProcess, here, memoryOf, ROOT, start, stop, whenListening, type Child } from './children.ts'
import { median } from './statistics.ts'

/** How a server starts: medians of the rounds. */
export interface Startup {
  name: string
  /** Milliseconds from the start of the process to the first 200. */
  toFirst: number
  /** The least of it, of the round that was disturbed least. */
  fastest: number
  /** `toFirst` over that of bare `node:http`, of the same round. */
  ofBare: number
  /** `fastest` over that of bare `node:http`. */
  fastestOfBare: number
  /** `toFirst` over that of the mock as it is published, of the same round. */
  ofDist: number
  /** `fastest` over that of the mock as it is published. */
  fastestOfDist: number
  /** Resident memory in MiB. */
  memory: number
}

/** The names of the ways to start. */
export const STARTS = {
  bare: 'bare `node:http` in plain JavaScript',
  dist: '`authentik-mock serve` (dist)',
  latest: '`authentik-mock serve --release 2026.8.3` (dist)',
  clone: '`npm start` in a clone, without npm',
} as const

const BARE = `import { createServer } from 'node:http'
const server = createServer((request, response) => response.end('{}'))
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port, token: 'none', pid: process.pid })))`
const LISTEN = ['--port', '0', '--json']
const ROUNDS = 9

const STARTERS: readonly { name: string; launch: () => Promise<Child> }[] = [
  { name: STARTS.bare, launch: () => start(['--input-type=module', '--eval', BARE]) },
  { name: STARTS.dist, launch: () => start(['dist/cli.js', 'serve', ...LISTEN]) },
  { name: STARTS.latest, launch: () => start(['dist/cli.js', 'serve', ...LISTEN, '--release', '2026.8.3']) },
  { name: STARTS.clone, launch: startClone },
]

/** Measures each way to start a server, in turn. */
export async function measureStartup(): Promise<Startup[]> {
  const series = STARTERS.map((starter) => ({ ...starter, toFirst: [] as number[], memory: [] as number[] }))
  // The first round fills the caches of the machine and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, launch, toFirst, memory } of round % 2 ? series.toReversed() : series) {
      const child = await launch()
      const { status } = await ask(child)
      if (status !== 200) throw new Error(`Failed to measure the start of ${name}: it answered ${status}.`)
      const duration = performance.now() - child.startTime
      await sleep(200)
      if (round > 0) {
        toFirst.push(duration)
        memory.push(memoryOf(child.pid))
      }
      await stop(child)
    }
  }
  const timesOf = (yardstick: string) => series.find(({ name }) => name === yardstick)?.toFirst ?? []
  const compare = (times: readonly number[], others: readonly number[]) => ({
    ratio: median(times.map((duration, round) => duration / (others[round] ?? NaN))),
    fastestRatio: Math.min(...times) / Math.min(...others),
  })
  return series.map(({ name, toFirst, memory }) => {
    const [ofBare, ofDist] = [compare(toFirst, timesOf(STARTS.bare)), compare(toFirst, timesOf(STARTS.dist))]
    return {
      name,
      toFirst: median(toFirst),
      fastest: Math.min(...toFirst),
      ofBare: ofBare.ratio,
      fastestOfBare: ofBare.fastestRatio,
      ofDist: ofDist.ratio,
      fastestOfDist: ofDist.fastestRatio,
      memory: median(memory),
    }
  })
}

/** Starts the clone by the command of the script `start`, in a shell as npm does. */
function startClone(): Promise<Child> {
  const { scripts } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { scripts: { start: string } }
  const command = [scripts.start, ...LISTEN].join(' ')
  const PATH = [here('../node_modules/.bin'), process.env['PATH']].join(delimiter)
  const startTime = performance.now()
  const child = spawn(command, {
    cwd: ROOT,
    shell: true,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return whenListening(endWithProcess(child), startTime, command)
}
