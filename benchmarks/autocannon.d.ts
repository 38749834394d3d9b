/** The part of autocannon, which has no types, that the benchmark uses. */
declare module 'autocannon' {
  export interface Result {
    duration: number
    non2xx: number
    errors: number
    requests: { total: number }
    latency: { p50: number; p99: number }
    throughput: { total: number }
  }
  export interface Options {
    url: string
    connections: number
    duration: number
    headers: Record<string, string>
    setupClient?: (client: { setRequests(requests: { path: string }[]): void }) => void
  }
  export default function autocannon(options: Options): Promise<Result>
}
