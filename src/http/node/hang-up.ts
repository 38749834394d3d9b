/** Ends a connection with an answer, so that its client can read it and cannot hold the socket. */
import type { Duplex } from 'node:stream'
import type { Reply } from '../message.ts'

// An import would evaluate every lazy export of node:http, undici among them.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** How long a client has to read the last answer, in milliseconds. */
const LINGER = 500

/**
 * Answers on a socket, takes nothing more from it, and destroys it when the client closes it too, or soon. Until then
 * what the client still sends is discarded: a socket that is closed with bytes unread resets the connection, and the
 * client may lose the answer.
 * @param method that of the request: an answer to HEAD has no body
 */
export function hangUp(socket: Duplex, { status, headers, body }: Reply, method = ''): void {
  if (!socket.writable) return
  // Whoever reads the socket is Node's parser, which would make requests of what comes.
  socket.removeAllListeners('data')
  socket.on('data', () => {}).resume()
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(
    Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(method === 'HEAD' ? '' : body)]),
  )
  const timer = setTimeout(() => socket.destroy(), LINGER)
  socket.once('close', () => clearTimeout(timer))
}
