/** Prints a line for each request that a server answers. */
import { mapReply } from '../http/layer.ts'
import type { Answering, Call, Reply } from '../http/message.ts'

/** What answers, with a line for each request: without its query, which may hold a token. */
export function withRequestLines(served: Answering, print: (line: string) => void): Answering {
  const note = (call: Call, reply: Reply, began: number) => {
    const marks = reply.headers.flatMap(([name, value]) => (name === 'X-Authentik-Mock' ? [value] : []))
    const status = reply.fault === 'reset' ? 'reset' : reply.status
    print([`${call.method} ${call.path} ${status} ${(performance.now() - began).toFixed(1)} ms`, ...marks].join(', '))
    return reply
  }
  return {
    ready: served.ready,
    basePath: served.basePath ?? '/',
    bodyLimit: (path) => served.bodyLimit?.(path),
    answer(call) {
      const began = performance.now()
      return mapReply(served.answer(call), (reply) => note(call, reply, began))
    },
    refused(call, reply) {
      served.refused?.(call, reply)
      note(call, reply, performance.now())
    },
  }
}
