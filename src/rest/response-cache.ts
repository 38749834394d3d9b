/** Keeps answers for as long as nothing changes that they were made from: rows, permissions, time and the headers that were looked at. */
import type { Call, Reply } from '../http/message.ts'
import type { World } from '../store/world.ts'

type Answer = (call: Call) => Reply | Promise<Reply> | undefined

interface Kept {
  reply: Reply
  /** The state of the world that it was made from. */
  version: number
  /** The first millisecond at which it may be another. */
  until: number
  /** The headers that were looked at, and what they said. */
  headers: readonly (readonly [name: string, value: string | undefined])[]
}

/** How many characters of answers are kept. */
const LIMIT = 8 * 1024 * 1024

/** Answers safe calls from what was kept where it can; the reply is shared, and not to be changed. */
export function memo(answer: Answer, world: World): Answer {
  const { clock } = world
  const kept = new Map<string, Kept>()
  let size = 0

  return (call) => {
    if (call.method !== 'GET' && call.method !== 'HEAD') return answer(call)
    const key = `${call.method} ${call.path}?${call.query}`
    const found = kept.get(key)
    if (
      found &&
      found.version === world.version &&
      clock.now() < found.until &&
      found.headers.every(([name, value]) => call.header(name) === value)
    )
      return found.reply

    const headers: [string, string | undefined][] = []
    const header = (name: string) => {
      const value = call.header(name)
      headers.push([name, value])
      return value
    }
    const { version } = world
    const { result: reply, until } = clock.watch(() => answer({ ...call, header }))
    if (reply === undefined || reply instanceof Promise || world.version !== version) return reply
    size += reply.body.length
    if (size > LIMIT) {
      kept.clear()
      size = reply.body.length
    }
    kept.set(key, { reply, version, until, headers })
    return reply
  }
}
