/** Servers in processes of their own: started, asked, measured and stopped. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'

export interface Child {
  url: string
  token: string
  /** Where one code is retrieved. */
  path: string
  /** The server's own process, which a runner such as tsx starts below its own. */
  pid: number
  /** When it was started, by `performance.now()`. */
  started: number
  process: ChildProcess
}

const RETRIEVE = '/api/v3/oauth2/authorization_codes/1/'

/** A path below benchmarks/. */
export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
export const ROOT = here('..')

export const headersFor = (token: string) => ({ accept: 'application/json', authorization: `Bearer ${token}` })

/** Starts a server that says in a line of JSON where it listens. @param args what Node is given */
export async function start(args: readonly string[]): Promise<Child> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  for await (const part of child.stdout!.iterator({ destroyOnReturn: false })) {
    said += String(part)
    if (said.includes('\n')) break
  }
  if (!said.includes('\n'))
    throw new Error(`Failed to start ${args.join(' ')}: it ended before it listened. Run it by hand.`)
  return {
    ...(JSON.parse(said) as { url: string; token: string; pid: number }),
    path: RETRIEVE,
    started,
    process: child,
  }
}

/** Starts a server that says nothing of the kind, and waits until it answers. */
export async function startAt(url: string, path: string, args: readonly string[]): Promise<Child> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore' })
  const made = { url, path, token: 'any', pid: child.pid!, started, process: child }
  for (let tries = 0; tries < 150; tries++) {
    const status = await ask(made).catch(() => 0)
    if (status === 200) return made
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await stop(made)
  throw new Error(`Failed to start ${args.join(' ')}: it did not answer 200 in time.`)
}

/** Retrieves code 1 over a connection of its own. @returns the status */
export const ask = ({ url, path, token }: Child, keep?: (body: string) => void) =>
  new Promise<number>((resolve, reject) => {
    get(url + path, { agent: false, headers: headersFor(token) }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => {
        keep?.(body)
        resolve(response.statusCode!)
      })
    }).on('error', reject)
  })

export async function stop({ process: child }: Child): Promise<void> {
  const ended = once(child, 'exit')
  child.kill()
  await ended
}

/** Resident memory in MiB. */
export function memoryOf(pid: number): number {
  if (process.platform === 'linux')
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout) / 1024
}

/** Runs a script that prints one JSON value. */
export function evaluate<T>(args: readonly string[]): T {
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error(`Failed to run ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout) as T
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}
