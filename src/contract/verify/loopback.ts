/** Opens a server of ours on the loopback, which stands between Pact and a server that we do not own. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A server of ours on the loopback. */
export interface Loopback {
  /** Its address, with a secret as its path. */
  url: string
  close(): void
}

/**
 * Opens a server on a free port. It answers whoever knows the secret in its address, and calls it by that address alone: it
 * acts with the credentials of an administrator, and any process of this machine could ask it, or any page whose name leads
 * here.
 *
 * @param answer is called with each request, whose `url` is without the secret, and its body
 * @param fail answers a request for which `answer` threw
 */
export async function openLoopback(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => Promise<void> | void,
  fail: (error: unknown, response: ServerResponse) => void,
): Promise<Loopback> {
  const { createServer } = process.getBuiltinModule('node:http')
  const { text } = process.getBuiltinModule('node:stream/consumers')
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const secret = `/${randomBytes(24).toString('base64url')}`
  let host = ''
  const server = createServer(async (request, response) => {
    const { url = '', headers } = request
    if (headers.host !== host || !url.startsWith(`${secret}/`)) {
      response.writeHead(404).end()
      return
    }
    request.url = url.slice(secret.length)
    try {
      await answer(request, response, await text(request))
    } catch (error) {
      fail(error, response)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  host = `127.0.0.1:${port}`
  return { url: `http://${host}${secret}`, close: () => server.close() }
}
