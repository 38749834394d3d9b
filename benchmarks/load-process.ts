/** The process that sends the requests of the benchmark, apart from what measures, so that neither takes time from the other. */
import { createHistogram } from 'node:perf_hooks'
import { converse } from './connection.ts'
import type { LoadMessage, LoadResult, RequestSeries } from './load-client.ts'

interface PreparedSeries {
  address: { host: string; port: number }
  /** Requests as bytes; those that have a number in them are written anew each time. */
  requests: readonly (Buffer | string)[]
  /** How many were sent. The next round goes on from there. */
  sent: number
}

const allSeries = new Map<string, PreparedSeries>()

process.on('message', async (message: LoadMessage) => {
  if (message.type === 'prepare') {
    allSeries.set(message.series.name, prepare(message.series))
    process.send?.({})
    return
  }
  const series = allSeries.get(message.name)
  if (!series) throw new Error(`Failed to send requests: ${message.name} is not prepared.`)
  process.send?.(await sendAll(series, message))
})

function prepare({ name: _name, url, requests }: RequestSeries): PreparedSeries {
  const { hostname, port } = new URL(url)
  return {
    address: { host: hostname, port: Number(port) },
    requests: requests.map((request) => (request.includes('{number}') ? request : Buffer.from(request))),
    sent: 0,
  }
}

/** Sends requests in turn until the time or the number of them is used up. */
async function sendAll(
  series: PreparedSeries,
  { connections, milliseconds, count }: { connections: number; milliseconds: number; count: number },
): Promise<LoadResult> {
  const latencies = createHistogram({ figures: 3 })
  const statuses: Record<number, number> = {}
  const cpuBefore = process.cpuUsage()
  const startTime = performance.now()
  let [remaining, bytes, failures] = [count, 0, 0]
  const next = () => {
    if (remaining === 0 || performance.now() - startTime >= milliseconds) return undefined
    remaining--
    const request = series.requests[series.sent++ % series.requests.length]
    return typeof request === 'string' ? request.replaceAll('{number}', String(series.sent)) : request
  }
  const converseOnce = () =>
    converse(series.address, next, (exchange) => {
      statuses[exchange.status] = (statuses[exchange.status] ?? 0) + 1
      bytes += exchange.bytes
      latencies.record(Math.max(1, Math.round(exchange.duration * 1000)))
    }).catch(() => void failures++)
  await Promise.all(Array.from({ length: connections }, converseOnce))
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
