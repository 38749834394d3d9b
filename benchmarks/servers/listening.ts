/** How a server of the benchmark says where it listens: one line of JSON, as `authentik-mock serve --json` does. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export const listening = (server: Server, token?: string) => server.listen(0, '127.0.0.1', () => report(server, token))

export function report(server: Server, token = 'none'): void {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, token, pid: process.pid })}\n`)
}
