/** The process that sends the requests of the benchmark, apart from what measures, so that neither takes time from the other. */
import { createHistogram } from 'node:perf_hooks'
import { Connection } from './connection.ts'
import type { LoadAnswer, LoadLimits, LoadMessage, LoadResult, RequestSeries } from './load-client.ts'

interface PreparedSeries {
  address: { host: string; port: number }
  /** Requests as bytes; those that have a number in them are written anew each time. */
  requests: readonly (Buffer | string)[]
  /** How many were sent. The next round goes on from there. */
  sent: number
}

const allSeries = new Map<string, PreparedSeries>()
let openConnections: Connection[] = []

process.on('message', async (message: LoadMessage) => {
  process.send?.(await obey(message).catch((error: unknown) => ({ error: String(error) })))
})

async function obey(message: LoadMessage): Promise<LoadAnswer> {
  if (message.type === 'prepare') {
    allSeries.set(message.series.name, prepare(message.series))
    return {}
  }
  const series = allSeries.get(message.name)
  if (!series) throw new Error(`Failed to send requests: ${message.name} is not prepared.`)
  if (message.type === 'send') return { result: await sendAll(series, message) }
  for (const connection of openConnections) connection.close()
  const open = () => Connection.open(series.address)
  openConnections = await Promise.all(Array.from({ length: message.connections }, open))
  await sendAll(series, { milliseconds: 0, minimum: message.connections, maximum: message.connections })
  return {}
}

function prepare({ url, requests }: RequestSeries): PreparedSeries {
  const { hostname, port } = new URL(url)
  return {
    address: { host: hostname, port: Number(port) },
    requests: requests.map((request) => (request.includes('{number}') ? request : Buffer.from(request))),
    sent: 0,
  }
}

/**
 * Has this process look for answers again and again instead of waiting for them. To wake a process that waits is work of
 * whoever writes to it: a server that keeps its client waiting would pay for that at each answer, and a faster one never.
 * @returns what ends it
 */
function stayAwake(): () => void {
  let isAwake = true
  const look = () => void (isAwake && setImmediate(look))
  look()
  return () => void (isAwake = false)
}

/** Sends requests in turn until the time is used up, and no more or less than the limits say. */
async function sendAll(series: PreparedSeries, { milliseconds, minimum, maximum }: LoadLimits): Promise<LoadResult> {
  const latencies = createHistogram({ figures: 3 })
  const statuses: Record<number, number> = {}
  const cpuBefore = process.cpuUsage()
  const startTime = performance.now()
  let [sent, bytes, failures] = [0, 0, 0]
  const next = () => {
    if (sent >= maximum || (sent >= minimum && performance.now() - startTime >= milliseconds)) return undefined
    sent++
    const request = series.requests[series.sent++ % series.requests.length]
    return typeof request === 'string' ? request.replaceAll('{number}', String(series.sent)) : request
  }
  const converse = (connection: Connection) =>
    connection
      .converse(next, ({ status, bytes: size, duration }) => {
        statuses[status] = (statuses[status] ?? 0) + 1
        bytes += size
        latencies.record(Math.max(1, Math.round(duration * 1000)))
      })
      .catch(() => void failures++)
  const sleep = stayAwake()
  await Promise.all(openConnections.map(converse))
  sleep()
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    statuses,
    failures,
    bytes,
    seconds: (performance.now() - startTime) / 1000,
    p50: latencies.percentile(50),
    p99: latencies.percentile(99),
    clientCpu: user + system,
  }
}
