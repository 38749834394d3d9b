/** Starts servers in child processes, sends requests to them, measures and stops them. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get, type IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export { median } from './statistics.ts'

/** A server in a child process. */
export interface Child {
  url: string
  token: string
  /** The path at which a code is retrieved. */
  path: string
  /** The process of the server, which may be a child of the process that was started, as with a shell. */
  pid: number
  /** When the process was started, by `performance.now()`. */
  startTime: number
  process: ChildProcess
}

/** The token of a server that takes any. */
export const ANY_TOKEN = 'any'

const RETRIEVE = '/api/v3/oauth2/authorization_codes/1/'

/** Returns the absolute path of a file below benchmarks/. */
export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The root of the repository. */
export const ROOT = here('..')

/** Returns the headers of a request with a token. */
export const headersFor = (token: string) => ({ accept: 'application/json', authorization: `Bearer ${token}` })

/** What a process has used since it started. */
export interface Usage {
  /** The CPU time of all its threads, in microseconds. */
  cpu: number
  /** Resident memory in bytes. */
  resident: number
}

/** How a server is started. */
export interface StartOptions {
  /** Whether `usageOf` can be asked of it. It starts a little slower then. @default false */
  tellsUsage?: boolean
  /** Whether what it writes on standard error is dropped. @default false */
  isQuiet?: boolean
}

/**
 * Starts a server that prints in a line of JSON where it listens.
 * @param args the arguments of Node
 */
export async function start(args: readonly string[], options: StartOptions = {}): Promise<Child> {
  const startTime = performance.now()
  return whenListening(spawnNode(args, 'pipe', options), startTime, args.join(' '))
}

/** Waits until a process prints in a line of JSON where it listens. @param title what the process is called in an error */
export async function whenListening(child: ChildProcess, startTime: number, title: string): Promise<Child> {
  let output = ''
  for await (const part of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += String(part)
    if (output.includes('\n')) break
  }
  if (!output.includes('\n')) throw new Error(`Failed to start ${title}: it ended before it listened. Run it by hand.`)
  return {
    ...(JSON.parse(output) as { url: string; token: string; pid: number }),
    path: RETRIEVE,
    startTime,
    process: child,
  }
}

/** Starts a server that does not print where it listens, and waits until it answers. */
export async function startAt(
  url: string,
  path: string,
  args: readonly string[],
  options: StartOptions = {},
): Promise<Child> {
  const startTime = performance.now()
  const child = spawnNode(args, 'ignore', { ...options, isQuiet: true })
  const server = { url, path, token: ANY_TOKEN, pid: child.pid ?? 0, startTime, process: child }
  for (let tries = 0; tries < 150 && child.exitCode === null; tries++) {
    const status = await ask(server).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return server
    await sleep(100)
  }
  await stop(server)
  throw new Error(`Failed to start ${args.join(' ')}: it did not answer 200 in time.`)
}

function spawnNode(
  args: readonly string[],
  stdout: 'pipe' | 'ignore',
  { tellsUsage = false, isQuiet = false }: StartOptions,
) {
  const preloaded = tellsUsage ? ['--import', new URL('servers/usage.js', import.meta.url).href] : []
  return endWithProcess(
    spawn(process.execPath, [...preloaded, ...args], {
      cwd: ROOT,
      stdio: ['ignore', stdout, isQuiet ? 'ignore' : 'inherit', ...(tellsUsage ? ['ipc' as const] : [])],
    }),
  )
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Has a child end with this process, also where a measurement fails before it stops its servers. */
export function endWithProcess(child: ChildProcess): ChildProcess {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Asks a server that was started with `tellsUsage` what it has used. */
export async function usageOf({ process: child }: Child): Promise<Usage> {
  const answered = once(child, 'message', { signal: AbortSignal.timeout(30_000) })
  child.send('usage')
  const [usage] = (await answered) as [Usage]
  return usage
}

/** The answer to one request. */
export interface Answer {
  status: number
  body: string
  headers: IncomingHttpHeaders
}

/** Sends one request to a server, over a new connection. */
export const ask = ({ url, path, token }: Pick<Child, 'url' | 'path' | 'token'>) =>
  new Promise<Answer>((resolve, reject) => {
    get(url + path, { agent: false, headers: headersFor(token) }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    }).on('error', reject)
  })

/** Stops a server, and waits until its process has ended. */
export async function stop({ process: child, pid }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  process.kill(pid)
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(timer)
}

/** Returns the resident memory of a process in MiB. */
export function memoryOf(pid: number): number {
  if (process.platform === 'linux')
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout) / 1024
}

/** Runs a script that prints one JSON value, and returns the value. */
export function evaluate<T>(args: readonly string[]): T {
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error(`Failed to run ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout) as T
}
