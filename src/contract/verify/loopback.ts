/** Opens a server of ours on the loopback, which stands between Pact and a server that we do not own. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A server of ours on the loopback. */
export interface Loopback {
  url: string
  close(): void
}

/**
 * Opens a server on a free port.
 *
 * @param answer is called with each request and its body
 * @param fail answers a request for which `answer` threw
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
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
