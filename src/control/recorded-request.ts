/** One request as the journal keeps it, and what became of it. */
import type { Call, Header, Reply, Trace } from '../http/message.ts'
import type { StoredText } from './text-store.ts'
import type { Outcome, RowChange } from './types.ts'

/** The texts that are most of a request and its answer. */
export interface RequestTexts {
  /** The headers of the request, names and values in turn. */
  headers: readonly string[]
  /** The body of the answer. */
  replyBody: string
}

/**
 * One request as it came, and what became of it. Nothing in it is masked. It is one object, which the request has as its
 * trace, because there is one for each request.
 */
export class RecordedRequest implements Trace {
  id = 0
  /** When it came, by the machine's clock and by the world's, in milliseconds since 1970. */
  readonly received = Date.now()
  readonly time: number
  /** How long it took; until then, when it came, in milliseconds since the process began. */
  milliseconds = performance.now()
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  /** Its headers, until they are kept as text. */
  headers: readonly string[]
  /** What `readTexts` reads, kept when it is answered. */
  texts: StoredText | string = ''
  /** 0 for a request that the mock failed at. */
  status = 0
  /** They are kept as they are: most are the same objects in every answer. */
  replyHeaders: readonly Header[] = EMPTY
  fault: Reply['fault']
  outcome: Outcome = 'answered'
  /** The scenario that it met, by its name or its id, and whether that made the answer another. */
  scenario: string | undefined
  isStruck = false
  /** The key of the user who asked. */
  user: number | undefined
  /** Why an OAuth endpoint refused. */
  reason: string | undefined
  /** What it changed. */
  changes: RowChange[] | undefined
  /** Whether the row that its path names is there, where the answer was an error. */
  rowExists: boolean | undefined
  /** About how many bytes it takes. */
  size = 0

  /** @param time what the clock of the world shows */
  constructor(call: Call, body: string, time: number) {
    this.time = time
    this.method = call.method
    this.path = call.path
    this.query = call.query
    this.headers = call.rawHeaders?.() ?? EMPTY
    this.body = body
  }
}

const EMPTY: readonly never[] = []

/** What no header has in it (RFC 9110, section 5.5): it ends a name or a value, and stands for the end of all headers. */
const END = '\n'
const END_OF_HEADERS = '\0'

/** Writes the headers of a request and the body of its answer as one text, which costs less than to keep each. */
export const writeTexts = (headers: readonly string[], replyBody: string): string =>
  headers.join(END) + END_OF_HEADERS + replyBody

/** Reads what `writeTexts` wrote. */
export function readTexts(text: string): RequestTexts {
  const end = text.indexOf(END_OF_HEADERS)
  const headers = end === 0 ? EMPTY : text.slice(0, end).split(END)
  return { headers, replyBody: text.slice(end + END_OF_HEADERS.length) }
}
