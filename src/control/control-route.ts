/** A verb of the control API: what it takes, what it does, and what it answers. */
import type * as z from 'zod/mini'
import type { Route } from '../http/router.ts'
import type { Call, Reply } from '../http/message.ts'
import type { Whereabouts } from './house.ts'

/** What a verb answers from. */
export interface ControlContext extends Whereabouts {
  call: Call
  params: Readonly<Record<string, string>>
  query: URLSearchParams
  /** The body, as its schema has it; undefined where there is none. */
  body: unknown
}

/** One verb. */
export interface Verb {
  /** What it does, in a sentence. */
  summary: string
  body?: z.ZodMiniType
  /** What the body is documented as, where its check says more than a schema. @default `body` */
  documentedBody?: z.ZodMiniType
  /** Whether the body may be left out. */
  isBodyOptional?: true
  /** Query parameters, and what each is. */
  query?: Readonly<Record<string, string>>
  /** What it answers; nothing without one. */
  answer?: z.ZodMiniType
  /** The media type of what it answers. @default 'application/json' */
  answerType?: string
  /** @default 200, or 204 for nothing */
  status?: number
  /** What it may answer instead, beside what any verb may. */
  faults?: Readonly<Record<number, string>>
  /** @returns what is answered as JSON, or a whole reply */
  run(context: ControlContext): unknown
}

/** What stands on a path below `/-/mock/api/`. */
export interface ControlRoute extends Route {
  methods: Partial<Record<'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT', Verb>>
}

/** A reply that a verb gives whole. */
export class WholeReply {
  readonly reply: Reply
  constructor(reply: Reply) {
    this.reply = reply
  }
}
