/** Has the requests of a connection answered one after another, so that the second finds what the first has done. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Reply } from '../message.ts'
import { hangUp } from './hang-up.ts'

// Whoever fakes timers in a test does not mean those of the server that the test asks.
const { nextTick } = process

/** The turns of all requests of a server. */
export interface Turns {
  /** Notes that a request came, whether or not its body is there. */
  note(request: IncomingMessage, response: ServerResponse): void
  /** Calls a function when those that came before a request on its connection are answered. */
  await(request: IncomingMessage, response: ServerResponse, start: () => void): void
  /** Answers on a socket that nothing more is read from: once, and not before what came whole on it is answered. */
  refuse(socket: Duplex, reply: Reply): void
}

/** The latest response of a connection, and that before it, which is the last to be sent when the latest is of a broken request. */
interface Latest {
  response: ServerResponse
  previous: ServerResponse | undefined
}

/** Creates the turns of a server. */
export function createTurns(): Turns {
  const latest = new WeakMap<Duplex, Latest>()
  const refused = new WeakSet<Duplex>()

  /** The last response on a socket whose request came whole. */
  const lastWhole = (socket: Duplex): ServerResponse | undefined => {
    const { response, previous } = latest.get(socket) ?? {}
    return response?.req.complete ? response : previous
  }

  return {
    note({ socket }, response) {
      const entry = latest.get(socket)
      if (entry) [entry.previous, entry.response] = [entry.response, response]
      else latest.set(socket, { response, previous: undefined })
    },
    await(request, response, start) {
      // Node gives a response its socket when those before it are sent, and then sends what it has of it.
      response.once('socket', () => {
        if (request.complete || !refused.has(request.socket)) nextTick(start)
      })
    },
    refuse(socket, reply) {
      if (refused.has(socket)) return
      refused.add(socket)
      const response = lastWhole(socket)
      if (response && !response.writableFinished) response.once('close', () => hangUp(socket, reply))
      else hangUp(socket, reply)
    },
  }
}
