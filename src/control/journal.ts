/** The journal of one world: what was asked and what was answered, the last thousand requests. */
import { isSafe, type Reply } from '../http/message.ts'
import { MockError } from '../store/mock-error.ts'
import { checkFilter } from './journal-filter.ts'
import { readTexts, writeTexts, type RecordedRequest, type RequestTexts } from './recorded-request.ts'
import { TextStore } from './text-store.ts'
import type { JournalEntry, JournalFilter } from './types.ts'

/** How many requests are kept, and how many bytes they may have together. */
const MAX_REQUESTS = 1000
const MAX_BYTES = 8 * 1024 * 1024
/** What a request takes beside its texts. */
const OVERHEAD = 1024
/** How long `waitFor` waits unless it is told otherwise, in milliseconds. */
const PATIENCE = 4000

/** How entries are told. */
export interface Telling {
  /** Shows tokens, passwords and codes as they are, instead of `***`. @default false */
  clear?: boolean
  /** Leaves out headers and bodies, which are most of an entry. @default false */
  brief?: boolean
}

/** How long is waited. */
export interface Waiting extends Telling {
  /** In milliseconds. @default 4000 */
  timeout?: number
  /** Ends the waiting. */
  signal?: AbortSignal
}

/** What a journal is told of, and asks. */
export interface JournalSubject {
  /** Writes an entry. */
  toEntry(request: RecordedRequest, texts: RequestTexts, telling: Telling): JournalEntry
  /** Whether a path is meant, as it was sent or as it is below whatever stands before it. */
  isMeant(path: string, pattern: string): boolean
}

/**
 * What was asked of a mock, the oldest first. It is kept as it was, and masked when it is told: in clear only for who says
 * `clear: true`.
 * @example
 * authentik.journal.count({ operationId: 'oauth2_authorization_codes_retrieve' })
 * await authentik.journal.waitFor({ path: '/application/o/token/', status: 200 })
 */
export class Journal {
  readonly #subject: JournalSubject
  readonly #ring: (RecordedRequest | undefined)[] = []
  readonly #listeners = new Set<(request: RecordedRequest) => void>()
  readonly #texts = new TextStore()
  #first = 1
  #next = 1
  #bytes = 0

  constructor(subject: JournalSubject) {
    this.#subject = subject
  }

  /** How many requests it has. */
  get size(): number {
    return this.#next - this.#first
  }

  /** Adds a request with its answer, and forgets the oldest when there are too many. @internal */
  record(recorded: RecordedRequest, reply: Reply | undefined): void {
    recorded.id = this.#next++
    recorded.milliseconds = performance.now() - recorded.milliseconds
    if (reply) {
      recorded.status = reply.status
      recorded.replyHeaders = reply.headers
      recorded.fault = reply.fault
    }
    const text = writeTexts(recorded.headers, reply?.body ?? '')
    recorded.size = OVERHEAD + recorded.path.length + recorded.query.length + recorded.body.length + text.length
    recorded.texts = this.#texts.keep(text)
    recorded.headers = []
    if (this.size > MAX_REQUESTS) this.#forget()
    this.#ring[recorded.id % MAX_REQUESTS] = recorded
    this.#bytes += recorded.size
    while ((this.#bytes > MAX_BYTES && this.#first < this.#next - 1) || !this.#isWhole(this.#first)) this.#forget()
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
    return request && this.#tell(request, telling)
  }

  /**
   * The entries that a filter means, the oldest first; all of them without one.
   * @throws MockError ERR_CONTROL for a filter that says what there is not
   */
  find(filter: JournalFilter = {}, telling: Telling = {}): JournalEntry[] {
    return [...this.#matching(filter)].map((request) => this.#tell(request, telling))
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
   * @throws MockError ERR_JOURNAL when none has come in time, ERR_CONTROL for a filter that says what there is not
   */
  async waitFor(
    filter: JournalFilter = {},
    { timeout = PATIENCE, signal, ...telling }: Waiting = {},
  ): Promise<JournalEntry> {
    const [present] = this.#matching(filter)
    if (present) return this.#tell(present, telling)
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const stop = this.onRecord((request) => {
        if (this.#matches(request, filter)) finish(() => resolve(this.#tell(request, telling)))
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
    this.#texts.clear()
  }

  /** The texts of a request that was recorded. @internal */
  textsOf({ texts }: Pick<RecordedRequest, 'texts'>): RequestTexts {
    return readTexts(this.#texts.read(texts))
  }

  /** The entries as recorded. @internal */
  *requests(): Generator<RecordedRequest> {
    for (let id = this.#first; id < this.#next; id++) {
      const request = this.#requestOf(id)
      if (request) yield request
    }
  }

  #tell(request: RecordedRequest, telling: Telling): JournalEntry {
    return this.#subject.toEntry(request, this.textsOf(request), telling)
  }

  #requestOf(id: number): RecordedRequest | undefined {
    const request = id < this.#first ? undefined : this.#ring[id % MAX_REQUESTS]
    return request?.id === id ? request : undefined
  }

  *#matching(filter: JournalFilter): Generator<RecordedRequest> {
    checkFilter(filter)
    for (const request of this.requests()) if (this.#matches(request, filter)) yield request
  }

  #matches(request: RecordedRequest, filter: JournalFilter): boolean {
    const { after, writes, method, status } = filter
    if (after !== undefined && request.id <= after) return false
    if (writes === true && isSafe(request.method)) return false
    if (method !== undefined && request.method !== method.toUpperCase()) return false
    if (status !== undefined && request.status !== status) return false
    return this.#matchesEntry(request, filter)
  }

  /** What is only known of an entry, which takes longer to write. */
  #matchesEntry(
    request: RecordedRequest,
    { operationId, path, kind, outcome, user, scenario }: JournalFilter,
  ): boolean {
    if (path !== undefined && !this.#subject.isMeant(request.path, path)) return false
    if (outcome !== undefined && request.outcome !== outcome) return false
    if (scenario !== undefined && request.scenario !== scenario) return false
    if (operationId === undefined && kind === undefined && user === undefined) return true
    const entry = this.#tell(request, { clear: true })
    return (
      (operationId === undefined || entry.operationId === operationId) &&
      (kind === undefined || entry.kind === kind) &&
      (user === undefined || entry.user === user)
    )
  }

  /** Whether the texts of an entry are there. */
  #isWhole(id: number): boolean {
    return this.#texts.has(this.#ring[id % MAX_REQUESTS]?.texts ?? '')
  }

  #forget(): void {
    const index = this.#first++ % MAX_REQUESTS
    const request = this.#ring[index]
    if (request) this.#bytes -= request.size
    this.#ring[index] = undefined
  }
}

const lateError = (filter: JournalFilter, timeout: number) =>
  new MockError(
    'ERR_JOURNAL',
    `Failed to wait for a request: none like ${JSON.stringify(filter)} came within ${timeout} ms. See what came: journal.find().`,
  )
