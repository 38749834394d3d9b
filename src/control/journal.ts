/** The journal of one world: what was asked and what was answered, the last thousand requests. */
import type { Reply, Trace } from '../http/message.ts'
import { MockError } from '../store/mock-error.ts'
import type { JournalEntry, JournalFilter, Outcome, RowChange } from './types.ts'

/** One request as it came, and what became of it. Nothing in it is masked. */
export interface RecordedRequest {
  id: number
  /** When it came, by the machine's clock and by the world's, in milliseconds since 1970. */
  received: number
  time: number
  milliseconds: number
  method: string
  path: string
  query: string
  /** Names and values in turn. */
  headers: readonly string[]
  body: string
  /** Undefined for a request that the mock failed at. */
  reply: Reply | undefined
  outcome: Outcome
  scenario: string | undefined
  trace: RequestTrace
}

/** What became known of a request while it was answered. */
export interface RequestTrace extends Trace {
  /** What it changed. */
  changes?: RowChange[]
  /** The scenario that it met, by its name or its id, and whether that made the answer another. */
  scenario?: string
  isStruck?: boolean
  /** Whether the row that its path names is there, where the answer was an error. */
  rowExists?: boolean
}

/** How many requests are kept, and how many bytes they may have together. */
const MAX_REQUESTS = 1000
const MAX_BYTES = 8 * 1024 * 1024
/** What a request takes beside its texts. */
const OVERHEAD = 512
/** How long `waitFor` waits unless it is told otherwise, in milliseconds. */
const PATIENCE = 5000

/** How entries are told. */
export interface Telling {
  /** Shows tokens, passwords and codes as they are, instead of `***`. @default false */
  clear?: boolean
}

/** How long is waited. */
export interface Waiting extends Telling {
  /** In milliseconds. @default 5000 */
  timeout?: number
  /** Ends the waiting. */
  signal?: AbortSignal
}

/** Writes an entry. */
type ToEntry = (request: RecordedRequest, telling: Telling) => JournalEntry

/**
 * What was asked of a mock, the oldest first. It is kept as it was, and masked when it is told: in clear only for who says
 * `clear: true`.
 * @example
 * authentik.journal.count({ operationId: 'oauth2_authorization_codes_retrieve' })
 * await authentik.journal.waitFor({ path: '/application/o/token/', status: 200 })
 */
export class Journal {
  readonly #toEntry: ToEntry
  readonly #ring: (RecordedRequest | undefined)[] = []
  readonly #listeners = new Set<(request: RecordedRequest) => void>()
  #first = 1
  #next = 1
  #bytes = 0

  constructor(toEntry: ToEntry) {
    this.#toEntry = toEntry
  }

  /** How many requests it has. */
  get size(): number {
    return this.#next - this.#first
  }

  /** Adds a request, and forgets the oldest when there are too many. @internal */
  record(request: Omit<RecordedRequest, 'id'>): void {
    const recorded: RecordedRequest = Object.assign(request, { id: this.#next++ })
    if (this.size > MAX_REQUESTS) this.#forget()
    this.#ring[recorded.id % MAX_REQUESTS] = recorded
    this.#bytes += sizeOf(recorded)
    while (this.#bytes > MAX_BYTES && this.#first < this.#next - 1) this.#forget()
    for (const listener of this.#listeners) listener(recorded)
  }

  /** Calls a listener, which may not throw, with each request. @returns what stops that @internal */
  onRecord(listener: (request: RecordedRequest) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** An entry by its id. */
  get(id: number, telling: Telling = {}): JournalEntry | undefined {
    const request = this.#requestOf(id)
    return request && this.#toEntry(request, telling)
  }

  /** The entries that a filter means, the oldest first; all of them without one. */
  find(filter: JournalFilter = {}, telling: Telling = {}): JournalEntry[] {
    return [...this.#matching(filter)].map((request) => this.#toEntry(request, telling))
  }

  /** How many a filter means. */
  count(filter: JournalFilter = {}): number {
    return [...this.#matching(filter)].length
  }

  /** What changed something, or would have. An empty list says that nothing did. */
  writes(filter: JournalFilter = {}): JournalEntry[] {
    return this.find({ ...filter, writes: true })
  }

  /**
   * The first entry that a filter means: at once when it is there, else as soon as it comes.
   * @throws MockError ERR_JOURNAL when none has come in time
   */
  async waitFor(
    filter: JournalFilter = {},
    { timeout = PATIENCE, signal, ...telling }: Waiting = {},
  ): Promise<JournalEntry> {
    const [present] = this.#matching(filter)
    if (present) return this.#toEntry(present, telling)
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const stop = this.onRecord((request) => {
        if (this.#matches(request, filter)) finish(() => resolve(this.#toEntry(request, telling)))
      })
      const finish = (settle: () => void) => {
        stop()
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
        settle()
      }
      const giveUp = () => finish(() => reject(signal?.reason))
      const timer = setTimeout(() => finish(() => reject(lateError(filter, timeout))), timeout)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** Forgets all entries; the numbers go on. */
  clear(): void {
    this.#ring.length = 0
    this.#first = this.#next
    this.#bytes = 0
  }

  /** The entries as recorded. @internal */
  *requests(): Generator<RecordedRequest> {
    for (let id = this.#first; id < this.#next; id++) {
      const request = this.#requestOf(id)
      if (request) yield request
    }
  }

  #requestOf(id: number): RecordedRequest | undefined {
    const request = id < this.#first ? undefined : this.#ring[id % MAX_REQUESTS]
    return request?.id === id ? request : undefined
  }

  *#matching(filter: JournalFilter): Generator<RecordedRequest> {
    for (const request of this.requests()) if (this.#matches(request, filter)) yield request
  }

  #matches(request: RecordedRequest, filter: JournalFilter): boolean {
    const { after, writes, method, status } = filter
    if (after !== undefined && request.id <= after) return false
    if (writes === true && READS.has(request.method)) return false
    if (method !== undefined && request.method !== method.toUpperCase()) return false
    if (status !== undefined && request.reply?.status !== status) return false
    return this.#matchesEntry(request, filter)
  }

  /** What is only known of an entry, which takes longer to write. */
  #matchesEntry(
    request: RecordedRequest,
    { operationId, path, kind, outcome, user, scenario }: JournalFilter,
  ): boolean {
    if (path !== undefined && !matchesPath(request.path, path)) return false
    if (outcome !== undefined && request.outcome !== outcome) return false
    if (scenario !== undefined && request.scenario !== scenario) return false
    if (operationId === undefined && kind === undefined && user === undefined) return true
    const entry = this.#toEntry(request, { clear: true })
    return (
      (operationId === undefined || entry.operationId === operationId) &&
      (kind === undefined || entry.kind === kind) &&
      (user === undefined || entry.user === user)
    )
  }

  #forget(): void {
    const index = this.#first++ % MAX_REQUESTS
    const request = this.#ring[index]
    if (request) this.#bytes -= sizeOf(request)
    this.#ring[index] = undefined
  }
}

/** Whether a path is the one that is meant, or begins as it says: `/api/v3/core/*`. */
export const matchesPath = (path: string, pattern: string): boolean =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** About how many bytes a request takes. */
function sizeOf({ path, query, body, headers, reply }: RecordedRequest): number {
  let size = OVERHEAD + path.length + query.length + body.length
  for (const text of headers) size += text.length
  if (!reply) return size
  size += reply.body.length
  for (const [name, value] of reply.headers) size += name.length + value.length
  return size
}

const lateError = (filter: JournalFilter, timeout: number) =>
  new MockError(
    'ERR_JOURNAL',
    `Failed to wait for a request: none like ${JSON.stringify(filter)} came within ${timeout} ms. See what came: journal.find().`,
  )
