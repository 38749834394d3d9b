/** A server of ours on the loopback, which stands between Pact and somebody else's. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Loopback {
  url: string
  close(): void
}

/**
 * @param answer is given each request with its body
 * @param fail answers what that could not
 */
export async function openLoopback(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => Promise<void> | void,
  fail: (error: unknown, response: ServerResponse) => void,
): Promise<Loopback> {
  const { createServer } = process.getBuiltinModule('node:http')
  const { text } = process.getBuiltinModule('node:stream/consumers')
  const server = createServer(async (request, response) => {
    try {
      await answer(request, response, await text(request))
    } catch (error) {
      fail(error, response)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
