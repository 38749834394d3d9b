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

/** How many requests are sent, and for how long. */
export interface LoadLimits {
  milliseconds: number
  /** The requests that are sent even when the time is used up: a figure of a few requests is chance. */
  minimum: number
  /** The requests that are sent at most. */
  maximum: number
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

/** What the process of the client answers. */
export interface LoadAnswer {
  result?: LoadResult
  /** Why it could not do what it was told. */
  error?: string
}

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
    const { result } = await this.#call({ type: 'send', name, ...limits })
    if (!result) throw new Error(`Failed to send requests to ${name}: the client measured nothing.`)
    return result
  }

  /** Ends the process of the client. */
  stop(): void {
    this.#process.kill()
  }

  async #call(message: LoadMessage): Promise<LoadAnswer> {
    const abort = new AbortController()
    const onExit = () => abort.abort(new Error('Failed to send requests: the client ended.'))
    this.#process.once('exit', onExit)
    const answered = once(this.#process, 'message', { signal: abort.signal })
    this.#process.send(message)
    const [answer] = (await answered) as [LoadAnswer]
    this.#process.off('exit', onExit)
    if (answer.error !== undefined) throw new Error(`Failed to send requests: ${answer.error}`)
    return answer
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
