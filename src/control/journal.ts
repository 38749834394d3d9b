/** The journal of one world: what was asked and what was answered, the last thousand requests. */
import { quote, readKey } from '../schema/json.ts'
import { isSafe, type Reply } from '../http/message.ts'
import { MockError } from '../store/mock-error.ts'
import { controlError } from './control-error.ts'
import { findProblems, flag, type FieldForm } from './field-form.ts'
import { checkFilter } from './journal-filter.ts'
import { readRecord, writeRecord, type RecordedRequest, type RequestRecord } from './recorded-request.ts'
import { TextStore, type PairPlace } from './text-store.ts'
import type { JournalEntry, JournalFilter } from './types.ts'

/** How many requests are kept, and how many characters they may have together. */
const MAX_REQUESTS = 1000
const MAX_LENGTH = 8 * 1024 * 1024
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
  toEntry(request: RequestRecord, telling: Telling): JournalEntry
  /** Whether a path is meant, as it was sent or as it is below whatever stands before it. */
  isMeant(path: string, pattern: string): boolean
  /** What is wrong with the id of an operation. */
  findMistake(operationId: string): string | undefined
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
  /** Where each is kept, and how long that is in characters. A list of numbers is one object, whatever it has. */
  readonly #places: PairPlace[] = []
  readonly #lengths: number[] = []
  readonly #listeners = new Set<(request: RequestRecord) => void>()
  readonly #texts = new TextStore()
  #first = 1
  #next = 1
  #total = 0

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
      recorded.replyBody = reply.body
      recorded.fault = reply.fault
    }
    if (this.size > MAX_REQUESTS) this.#forget()
    const text = writeRecord(recorded)
    const slot = recorded.id % MAX_REQUESTS
    this.#places[slot] = this.#texts.keep(text, recorded.replyBody)
    const length = text.length + recorded.replyBody.length
    this.#lengths[slot] = length
    this.#total += length
    while ((this.#total > MAX_LENGTH && this.#first < this.#next - 1) || !this.#isWhole(this.#first)) this.#forget()
    for (const listener of this.#listeners) listener(recorded)
  }

  /** Calls a listener, which may not throw, with each request. @returns what stops that @internal */
  onRecord(listener: (request: RequestRecord) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** An entry by its id. */
  get(id: number, telling: Telling = {}): JournalEntry | undefined {
    const request = this.#requestOf(id)
    checkTelling(telling)
    return request && this.#tell(request, telling)
  }

  /**
   * The entries that a filter means, the oldest first; all of them without one.
   * @throws MockError ERR_CONTROL for a filter that says what there is not
   */
  find(filter: JournalFilter = {}, telling: Telling = {}): JournalEntry[] {
    checkTelling(telling)
    return [...this.#matching(filter)].map((request) => this.#tell(request, telling))
  }

  /** How many a filter means. */
  count(filter: JournalFilter = {}): number {
    return [...this.#matching(filter)].length
  }

  /** What changed something, or would have. An empty list says that nothing did. */
  writes(filter: JournalFilter = {}): JournalEntry[] {
    checkFilter(filter, this.#subject.findMistake)
    return this.find({ ...filter, writes: true })
  }

  /**
   * The first entry that a filter means: at once when it is there, else as soon as it comes.
   * @throws MockError ERR_JOURNAL when none has come in time, ERR_CONTROL for a filter that says what there is not
   */
  async waitFor(filter: JournalFilter = {}, waiting: Waiting = {}): Promise<JournalEntry> {
    checkTelling(waiting)
    const { timeout = PATIENCE, signal, ...telling } = waiting
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
      const timer = setTimeout(() => finish(() => reject(lateError(filter, timeout, 'journal.find()'))), timeout)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** Forgets all entries; the numbers go on. */
  clear(): void {
    this.#places.length = 0
    this.#lengths.length = 0
    this.#first = this.#next
    this.#total = 0
    this.#texts.clear()
  }

  /** The entries as recorded. @internal */
  *requests(): Generator<RequestRecord> {
    for (let id = this.#first; id < this.#next; id++) {
      const request = this.#requestOf(id)
      if (request) yield request
    }
  }

  #tell(request: RequestRecord, telling: Telling): JournalEntry {
    return this.#subject.toEntry(request, telling)
  }

  #requestOf(id: number): RequestRecord | undefined {
    if (!Number.isInteger(id) || id < this.#first || id >= this.#next) return undefined
    const place = this.#places[id % MAX_REQUESTS] ?? 0
    return readRecord(id, this.#texts.headOf(place), () => this.#texts.bodyOf(place))
  }

  *#matching(filter: JournalFilter): Generator<RequestRecord> {
    checkFilter(filter, this.#subject.findMistake)
    for (const request of this.requests()) if (this.#matches(request, filter)) yield request
  }

  #matches(request: RequestRecord, filter: JournalFilter): boolean {
    const { after, writes, method, status } = filter
    if (after !== undefined && request.id <= after) return false
    if (writes === true && isSafe(request.method)) return false
    if (method !== undefined && request.method !== method.toUpperCase()) return false
    if (status !== undefined && request.status !== status) return false
    return this.#matchesEntry(request, filter)
  }

  /** What is only known of an entry, which takes longer to write. */
  #matchesEntry(request: RequestRecord, { operationId, path, kind, outcome, user, scenario }: JournalFilter): boolean {
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
    return this.#texts.has(this.#places[id % MAX_REQUESTS] ?? 0)
  }

  #forget(): void {
    const slot = this.#first++ % MAX_REQUESTS
    this.#total -= this.#lengths[slot] ?? 0
    // What is kept as it is would stay.
    this.#places[slot] = 0
  }
}

/** How an entry can be told, and for how long one is waited for. */
const TELLING: ReadonlyMap<string, FieldForm> = new Map([
  ['clear', flag],
  ['brief', flag],
  ['timeout', { meaning: 'a number of milliseconds', isFit: (value: unknown) => Number.isFinite(value) }],
  [
    'signal',
    { meaning: 'an AbortSignal', isFit: (value: unknown) => typeof readKey(value, 'addEventListener') === 'function' },
  ],
])

/** @throws MockError ERR_CONTROL for options that there are not */
function checkTelling(telling: Telling | Waiting): void {
  const problems = findProblems(telling, TELLING)
  if (problems.length) throw controlError(problems)
}

/** No request came in time. @param list what lists those that came, for who waits */
export const lateError = (filter: JournalFilter, timeout: number, list: string) =>
  new MockError(
    'ERR_JOURNAL',
    `Failed to wait for a request: none like ${quote(filter)} came within ${timeout} ms. See what came: ${list}.`,
  )
