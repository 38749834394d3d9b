/**
 * Sends requests from a process of its own. A client of a few lines takes less of the machine than autocannon, whose latencies
 * are whole milliseconds and which slows down when it is given 20,000 paths.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { here } from './children.ts'

/** Requests that are sent in turn. */
export interface RequestSeries {
  name: string
  url: string
  /** Whole requests, as text. `{number}` becomes a number that is different each time; in a body, its length would be wrong. */
  requests: readonly string[]
}

/** How many requests are sent, and for how long: what is used up first ends it. */
export interface LoadLimits {
  milliseconds: number
  count: number
}

/** What came back. */
export interface LoadResult {
  /** How many answers there were of each status. */
  statuses: Record<number, number>
  /** How many connections broke. */
  failures: number
  /** The bytes of all answers, their heads included. */
  bytes: number
  seconds: number
  /** Latencies in microseconds. */
  p50: number
  p99: number
  /** The CPU time of the client, in microseconds. */
  clientCpu: number
}

/** What the process of the client is told. */
export type LoadMessage =
  | { type: 'prepare'; series: RequestSeries }
  | { type: 'open'; name: string; connections: number }
  | ({ type: 'send'; name: string } & LoadLimits)

/** A client in a process of its own. */
export class LoadClient {
  readonly #process: ChildProcess = fork(here('load-process.ts'), { execArgv: [], serialization: 'advanced' })

  /** Gives requests to the client, which writes them once and not while it measures. */
  async prepare(series: RequestSeries): Promise<void> {
    await this.#call({ type: 'prepare', series })
  }

  /** Opens connections for what was prepared under a name, sends a request over each, and closes those that were open. */
  async open(name: string, connections: number): Promise<void> {
    await this.#call({ type: 'open', name, connections })
  }

  /** Sends the requests that were prepared under a name, over the connections that are open. */
  async send(name: string, limits: LoadLimits): Promise<LoadResult> {
    return (await this.#call({ type: 'send', name, ...limits })) as LoadResult
  }

  /** Ends the process of the client. */
  stop(): void {
    this.#process.kill()
  }

  async #call(message: LoadMessage): Promise<unknown> {
    const abort = new AbortController()
    const onExit = () => abort.abort(new Error('Failed to send requests: the client ended.'))
    this.#process.once('exit', onExit)
    const answered = once(this.#process, 'message', { signal: abort.signal })
    this.#process.send(message)
    const [result] = (await answered) as [unknown]
    this.#process.off('exit', onExit)
    return result
  }
}

/**
 * Writes a request.
 * @example writeRequest('/api/', { accept: 'application/json' })
 */
export function writeRequest(path: string, headers: Record<string, string>, method = 'GET', body = ''): string {
  const allHeaders = {
    host: 'localhost',
    ...headers,
    ...(body && { 'content-length': String(Buffer.byteLength(body)) }),
  }
  const lines = Object.entries(allHeaders).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${path} HTTP/1.1`, ...lines, '', body].join('\r\n')
}
