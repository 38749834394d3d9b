/** A verb of the control API: what it takes, what it does, and what it answers. */
import type * as z from 'zod/mini'
import type { Route } from '../http/router.ts'
import type { Call, Reply } from '../http/message.ts'
import type { House } from './house.ts'
import type { Namespace } from './namespace.ts'

/** What a verb answers from. */
export interface ControlContext {
  namespace: Namespace
  house: House
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
  /** Whether the body may be left out. */
  isBodyOptional?: true
  /** Query parameters, and what each is. */
  query?: Readonly<Record<string, string>>
  /** What it answers; nothing without one. */
  answer?: z.ZodMiniType
  /** @default 200, or 204 for nothing */
  status?: number
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
