/** Keeps answers for as long as nothing changes that they were made from: rows, permissions, time and the headers that were read. */
import type { Call, Reply } from '../http/message.ts'
import type { World } from '../store/world.ts'

type MaybeAnswer = (call: Call) => Reply | Promise<Reply> | undefined

interface CachedReply {
  reply: Reply
  /** The state of the world that it was made from. */
  version: number
  /** The first millisecond at which it may be another. */
  validUntil: number
  /** The headers that were read, and what they said. */
  headers: readonly (readonly [name: string, value: string | undefined])[]
}

/** How many characters of answers are kept. */
const LIMIT = 8 * 1024 * 1024

/** Answers safe calls from what was kept where it can; the reply is shared, and not to be changed. */
export function responseCache(answer: MaybeAnswer, world: World): MaybeAnswer {
  const { clock } = world
  const cache = new Map<string, CachedReply>()
  let size = 0
  const isValid = ({ version, validUntil, headers }: CachedReply, call: Call) =>
    version === world.version &&
    clock.now() < validUntil &&
    headers.every(([name, value]) => call.header(name) === value)

  return (call) => {
    if (call.method !== 'GET' && call.method !== 'HEAD') return answer(call)
    const key = `${call.method} ${call.path}?${call.query}`
    const cached = cache.get(key)
    if (cached && isValid(cached, call)) return cached.reply

    const headers: [string, string | undefined][] = []
    const header = (name: string) => {
      const value = call.header(name)
      headers.push([name, value])
      return value
    }
    const { version } = world
    const { result: reply, validUntil } = clock.watch(() => answer({ ...call, header }))
    if (reply === undefined || reply instanceof Promise || world.version !== version) return reply
    size += reply.body.length
    if (size > LIMIT) {
      cache.clear()
      size = reply.body.length
    }
    cache.set(key, { reply, version, validUntil, headers })
    return reply
  }
}
