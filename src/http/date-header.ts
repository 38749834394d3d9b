/** The Date header, which every answer has. */
import { onReply, type Layer } from './layer.ts'
import type { Header } from './message.ts'

/** Dates every answer. @param now milliseconds since 1970, by the world's clock */
export function dateHeader(now: () => number): Layer {
  let second = Number.NaN
  let header: Header = ['Date', '']
  return onReply((reply) => {
    const current = Math.floor(now() / 1000)
    if (current !== second) {
      second = current
      header = ['Date', new Date(current * 1000).toUTCString()]
    }
    reply.headers.push(header)
    return reply
  })
}
