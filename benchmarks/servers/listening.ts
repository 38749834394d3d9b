/** Prints where a server of the benchmark listens, in one line of JSON as `authentik-mock serve --json` does. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Lets a server listen, and prints where. */
export const listening = (server: Server, token?: string) => server.listen(0, '127.0.0.1', () => report(server, token))

/** Prints where a server listens. */
export function report(server: Server, token = 'none'): void {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, token, pid: process.pid })}\n`)
}
