/** Layers: what a request passes on its way to the route, and its answer on the way back. */
import type { Answer, Call, Reply } from './message.ts'

/** Makes an answer of what lies behind it into another. */
export type Layer = (next: Answer) => Answer

/** Puts layers around an answer, the outermost first. */
export const pipeline = (layers: readonly Layer[], route: Answer): Answer =>
  layers.reduceRight((next, layer) => layer(next), route)

/** Changes a reply as soon as it is there: at once, where it is there at once. */
export const mapReply = (reply: Reply | Promise<Reply>, change: (reply: Reply) => Reply): Reply | Promise<Reply> =>
  reply instanceof Promise ? reply.then(change) : change(reply)

/** A layer that changes every reply, and no call. */
export const onReply =
  (change: (reply: Reply, call: Call) => Reply): Layer =>
  (next) =>
  (call) =>
    mapReply(next(call), (reply) => change(reply, call))
