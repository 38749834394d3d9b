/** Measures the time from the start of a process to its first 200, and the memory that the process then holds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, median, memoryOf, start, stop } from './children.ts'

/** How a server starts. */
export interface Startup {
  name: string
  /** Milliseconds from the start of the process to the first 200. */
  toFirst: number
  /** Resident memory in MiB. */
  memory: number
}

const BARE = `import { createServer } from 'node:http'
const server = createServer((request, response) => response.end('{}'))
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port, token: 'none', pid: process.pid })))`
const SERVE = ['serve', '--port', '0', '--json']

/** The name of the mock of the latest release. */
export const LATEST = '`authentik-mock serve --release 2026.8.3` (dist)'

/** Measures each way to start a server. */
export async function measureStartup(): Promise<Startup[]> {
  const starters = [
    { name: '`authentik-mock serve` (dist)', args: ['dist/cli.js', ...SERVE], times: 9 },
    { name: LATEST, args: ['dist/cli.js', ...SERVE, '--release', '2026.8.3'], times: 9 },
    {
      name: '`npm start` (a clone)',
      args: ['src/entries/cli.ts', ...SERVE],
      times: 3,
    },
    { name: 'bare `node:http` in plain JavaScript', args: ['--input-type=module', '--eval', BARE], times: 9 },
  ]
  const series = starters.map((starter) => ({ ...starter, toFirst: [] as number[], memory: [] as number[] }))
  for (let round = 0; round < 9; round++) {
    for (const { args, times, toFirst, memory } of series) {
      if (round >= times) continue
      const child = await start(args)
      const status = await ask(child)
      if (status !== 200) throw new Error(`Failed to measure ${args.join(' ')}: it answered ${status}.`)
      toFirst.push(performance.now() - child.startTime)
      await sleep(200)
      memory.push(memoryOf(child.pid))
      await stop(child)
    }
  }
  return series.map(({ name, toFirst, memory }) => ({ name, toFirst: median(toFirst), memory: median(memory) }))
}
