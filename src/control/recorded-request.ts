/** One request as the journal keeps it, and what became of it. */
import type { Call, Header, Reply, Trace } from '../http/message.ts'
import { quoteText } from '../schema/json.ts'
import type { Outcome, RowChange } from './types.ts'

/** One request as it came, and what became of it. Nothing in it is masked. */
export interface RequestRecord {
  readonly id: number
  /** When it came, by the machine's clock and by the world's, in milliseconds since 1970. */
  readonly received: number
  readonly time: number
  /** How long it took. */
  readonly milliseconds: number
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  /** 0 for a request that the mock failed at. */
  readonly status: number
  readonly replyHeaders: readonly Header[]
  readonly replyBody: string
  readonly fault: Reply['fault']
  readonly outcome: Outcome
  /** The scenario that it met, by its name or its id. */
  readonly scenario: string | undefined
  /** The key of the user who asked. */
  readonly user: number | undefined
  /** Why an OAuth endpoint refused. */
  readonly reason: string | undefined
  /** What it changed. */
  readonly changes: readonly RowChange[] | undefined
  /** Whether the row that its path names is there, where the answer was an error. */
  readonly rowExists: boolean | undefined
}

/** A request while it is answered, which it has as its trace: one object, because there is one for each request. */
export class RecordedRequest implements Trace, RequestRecord {
  id = 0
  readonly received = Date.now()
  readonly time: number
  /** Until it is answered, when it came, in milliseconds since the process began. */
  milliseconds = performance.now()
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  readonly headers: readonly string[]
  status = 0
  replyHeaders: readonly Header[] = EMPTY
  replyBody = ''
  fault: Reply['fault']
  outcome: Outcome = 'answered'
  scenario: string | undefined
  /** Whether the scenario made the answer another. */
  isStruck = false
  user: number | undefined
  reason: string | undefined
  changes: RowChange[] | undefined
  rowExists: boolean | undefined

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

/**
 * A record as text, but for its id and the body of its answer: a line of JSON, in which what it has not is null, and a line
 * for each name and value of a header, which have no line breaks (RFC 9110 5.5); JSON would take twice as long for these.
 */
export function writeRecord(record: RequestRecord): string {
  const { headers, received, time, milliseconds, method, path, query, body, status, user } = record
  const texts = `${quoteText(method)},${quoteText(path)},${quoteText(query)},${quoteText(body)}`
  // A fraction takes longer to write than all the rest.
  const numbers = `${headers.length},${received},${time},${Math.round(milliseconds * 1000)},${status},${user ?? 'null'}`
  let text = `[${numbers},${texts}${writeRest(record)}]\n${headers.join('\n')}`
  for (const [name, value] of record.replyHeaders) text += `\n${name}\n${value}`
  return text
}

/** What few records have: JSON from a comma on, or nothing. */
function writeRest({ fault, outcome, scenario, reason, changes, rowExists }: RequestRecord): string {
  const rare = fault ?? scenario ?? reason ?? changes ?? rowExists
  if (outcome === 'answered' && rare === undefined) return ''
  return `,${JSON.stringify([outcome, fault, scenario, reason, changes, rowExists]).slice(1, -1)}`
}

/** Reads what `writeRecord` wrote. @param readBody reads the body of the answer, which is most of it, where that is asked for */
export function readRecord(id: number, text: string, readBody: () => string): RequestRecord {
  const [values = '', ...lines] = text.split('\n')
  const [count, received, time, microseconds, status, user, method, path, query, body, ...rest] = JSON.parse(values)
  const [outcome = 'answered', fault, scenario, reason, changes, rowExists] = rest.map(
    (value: unknown) => value ?? undefined,
  )
  // A request without headers has an empty line.
  const ofReply = lines.slice(Math.max(count, 1))
  const replyHeaders = Array.from({ length: ofReply.length / 2 }, (_, index): Header => [
    ofReply[2 * index] ?? '',
    ofReply[2 * index + 1] ?? '',
  ])
  return {
    id,
    received,
    time,
    milliseconds: microseconds / 1000,
    method,
    path,
    query,
    body,
    headers: lines.slice(0, count),
    status,
    replyHeaders,
    fault,
    outcome,
    scenario,
    user: user ?? undefined,
    reason,
    changes,
    rowExists,
    get replyBody() {
      return readBody()
    },
  }
}
