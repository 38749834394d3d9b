/** Starts servers in child processes, sends requests to them, measures and stops them. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'

/** A server in a child process. */
export interface Child {
  url: string
  token: string
  /** The path at which a code is retrieved. */
  path: string
  /** The process of the server. */
  pid: number
  /** When the process was startTime, by `performance.now()`. */
  startTime: number
  process: ChildProcess
}

const RETRIEVE = '/api/v3/oauth2/authorization_codes/1/'

/** Returns the absolute path of a file below benchmarks/. */
export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The root of the repository. */
export const ROOT = here('..')

/** Returns the headers of a request with a token. */
export const headersFor = (token: string) => ({ accept: 'application/json', authorization: `Bearer ${token}` })

/**
 * Starts a server that prints in a line of JSON where it listens.
 * @param args the arguments of Node
 */
export async function start(args: readonly string[]): Promise<Child> {
  const startTime = performance.now()
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  for await (const part of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(part)
    if (output.includes('\n')) break
  }
  if (!output.includes('\n'))
    throw new Error(`Failed to start ${args.join(' ')}: it ended before it listened. Run it by hand.`)
  return {
    ...(JSON.parse(output) as { url: string; token: string; pid: number }),
    path: RETRIEVE,
    startTime,
    process: child,
  }
}

/** Starts a server that does not print where it listens, and waits until it answers. */
export async function startAt(url: string, path: string, args: readonly string[]): Promise<Child> {
  const startTime = performance.now()
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore' })
  const server = { url, path, token: 'any', pid: child.pid ?? 0, startTime, process: child }
  for (let tries = 0; tries < 150; tries++) {
    const status = await ask(server).catch(() => 0)
    if (status === 200) return server
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await stop(server)
  throw new Error(`Failed to start ${args.join(' ')}: it did not answer 200 in time.`)
}

/**
 * Sends one request to a server, over a new connection.
 * @param onBody receives the body of the answer
 * @returns the status
 */
export const ask = ({ url, path, token }: Child, onBody?: (body: string) => void) =>
  new Promise<number>((resolve, reject) => {
    get(url + path, { agent: false, headers: headersFor(token) }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => {
        onBody?.(body)
        resolve(response.statusCode ?? 0)
      })
    }).on('error', reject)
  })

/** Stops a server, and waits until its process has ended. */
export async function stop({ process: child }: Child): Promise<void> {
  const ended = once(child, 'exit')
  child.kill()
  await ended
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

/** Returns the median of some values, NaN when there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower = NaN, upper = NaN] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (lower + upper) / 2
}
