/** Measures the mock beside other servers, and writes RESULTS.md. It reports and does not judge: no figure makes it fail. */
import { execFileSync } from 'node:child_process'
import { globSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { measureBundles } from './bundle.ts'
import { evaluate, here, ROOT } from './children.ts'
import { measureLoad } from './load.ts'
import { measureLogin } from './login.ts'
import { measureMemory } from './memory.ts'
import { HELP, parseOptions, SECTIONS, type BenchOptions } from './options.ts'
import { formatResults } from './report.ts'
import type { Results } from './results.ts'
import { measureStartup } from './startup.ts'
import { measureVerify } from './verify.ts'

// A signal alone would end this process without the word that ends its servers.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

let options: BenchOptions | undefined
try {
  options = parseOptions(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(2)
}
if (options) await run(options)
else process.stdout.write(HELP)

async function run({ sections, rounds, seconds, requests, json }: BenchOptions): Promise<void> {
  buildWhenStale()
  const results: Results = { machine: describeMachine() }
  if (sections.has('start')) results.start = await timed('start', measureStartup)
  if (sections.has('load') || sections.has('peers'))
    results.load = await timed('load', () => measureLoad({ rounds, seconds }, sections.has('peers')))
  if (sections.has('login')) results.login = await timed('login', () => measureLogin({ rounds, seconds }))
  if (sections.has('memory')) results.memory = await timed('memory', () => measureMemory(requests))
  if (sections.has('world')) results.world = await timed('world', async () => evaluate<object>([here('world.ts')]))
  if (sections.has('verify')) results.verify = await timed('verify', async () => ({ times: await measureVerify() }))
  if (sections.has('bundle')) results.bundle = await timed('bundle', measureBundles)
  const text = formatResults(results)
  if (SECTIONS.every((section) => sections.has(section))) writeFileSync(here('RESULTS.md'), text)
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`)
  process.stdout.write(text)
}

function describeMachine(): string {
  const processor = cpus()[0]?.model.trim() || 'unknown'
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  const date = new Date().toISOString().slice(0, 10)
  return `${availableParallelism()} cores (${processor}), ${memory} GiB of memory, Node ${process.versions.node}, ${process.platform}, ${date}`
}

/** Builds dist/ when a source is newer than it. */
function buildWhenStale(): void {
  const built = statSync(here('../dist/cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = globSync(['src/**/*.ts', 'fixtures/*.json', 'package.json', 'tsdown.config.ts'], { cwd: ROOT })
  if (sources.every((path) => statSync(here(`../${path}`)).mtimeMs < built)) return
  execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' })
}

/** Measures, and prints how long that took. */
async function timed<T>(title: string, measure: () => Promise<T>): Promise<T> {
  const startTime = performance.now()
  const result = await measure()
  process.stderr.write(`${title}: ${((performance.now() - startTime) / 1000).toFixed(0)} s\n`)
  return result
}
