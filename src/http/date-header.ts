/** The Date header, which every answer has, by the world's clock. */
import type { Call, Reply } from './message.ts'
import type { Clock } from '../store/clock.ts'

type Answer = (call: Call) => Reply | Promise<Reply>

export function dated(answer: Answer, clock: Clock): Answer {
  let second = Number.NaN
  let date: [string, string] = ['Date', '']
  const stamp = ({ status, headers, body }: Reply): Reply => {
    const now = Math.floor(clock.now() / 1000)
    if (now !== second) {
      second = now
      date = ['Date', new Date(now * 1000).toUTCString()]
    }
    return { status, headers: [...headers, date], body }
  }
  return (call) => {
    const reply = answer(call)
    return reply instanceof Promise ? reply.then(stamp) : stamp(reply)
  }
}
