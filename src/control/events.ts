/** What happens in one world, gathered for a moment, for whoever listens. */
import type { Stream } from '../http/message.ts'
import type { RowAction } from '../store/table.ts'
import type { Clock } from '../store/clock.ts'
import { clockState } from './clock-state.ts'
import type { Journal } from './journal.ts'
import { isGrantKind, type GrantRow, type Ledger } from './ledger.ts'
import type { RequestRecord } from './recorded-request.ts'
import type { Scenarios } from './scenarios.ts'
import type { ControlEvent, GrantKind } from './types.ts'

/** How long events are gathered, in milliseconds. */
const GATHERING = 100
/** How many entries and grants are told at once: whoever asks faster than anybody reads is told of the last. */
const MAX_TOLD = 20
/** How often a silent stream shows that it lives, in milliseconds. */
const HEARTBEAT = 15_000

/** What has a type of its own. */
type EventType = ControlEvent['type']
/** Hears of events of one type. */
export type EventListener<Type extends EventType> = (event: Extract<ControlEvent, { type: Type }>) => void

/** What events are told of. */
export interface EventSubject {
  journal: Journal
  ledger: Ledger
  scenarios: Scenarios
  clock: Clock
  core: { readonly world: { readonly resources: readonly { readonly name: string }[] } }
}

/** The events of one world. While nobody listens, nothing is gathered. */
export class Events {
  readonly #subject: EventSubject
  readonly #readers = new Set<(events: readonly ControlEvent[]) => void>()
  #requests: RequestRecord[] = []
  #skipped = 0
  #resources = new Set<string>()
  #grants = new Map<string, { kind: GrantKind; row: GrantRow; isPresent: boolean }>()
  #types = new Set<'clock' | 'scenario'>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopJournal: (() => void) | undefined

  constructor(subject: EventSubject) {
    this.#subject = subject
  }

  /** Notes that the clock was set, or the scenarios are others. */
  tell(type: 'clock' | 'scenario'): void {
    if (this.#readers.size === 0) return
    this.#types.add(type)
    this.#gather()
  }

  /** Notes that all rows are others, and with them the clock and what was to go wrong. */
  tellOfWorld(): void {
    if (this.#readers.size === 0) return
    for (const { name } of this.#subject.core.world.resources) this.#resources.add(name)
    this.tell('clock')
    this.tell('scenario')
  }

  /** Whether somebody listens. */
  get isHeard(): boolean {
    return this.#readers.size > 0
  }

  /** Notes a change of a row. */
  noteRow(resource: string, action: RowAction, row: object): void {
    if (this.#readers.size === 0) return
    this.#resources.add(resource)
    if (isGrantKind(resource)) {
      const grant = row as GrantRow
      this.#grants.set(`${resource}/${grant.pk}`, { kind: resource, row: grant, isPresent: action !== 'delete' })
    }
    this.#gather()
  }

  /** Calls a listener with what was gathered, every 100 ms in which something happened. @returns what stops that */
  listen(listener: (events: readonly ControlEvent[]) => void): () => void {
    this.#readers.add(listener)
    this.#stopJournal ??= this.#subject.journal.onRecord((request) => this.#noteRequest(request))
    return () => {
      this.#readers.delete(listener)
      if (this.#readers.size > 0) return
      this.#stopJournal?.()
      this.#stopJournal = undefined
      clearTimeout(this.#timer)
      this.#timer = undefined
      // Who listens next hears of what happens then.
      this.#clear()
    }
  }

  /** The same as server-sent events (HTML, section 9.2): the text is written once for all who read. */
  readonly stream: Stream = (send) => {
    send(': this stream tells what happens\n\n')
    const stop = this.listen((events) => send(textOf(events)))
    const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT)
    letGo(heartbeat)
    return () => {
      clearInterval(heartbeat)
      stop()
    }
  }

  #noteRequest(request: RequestRecord): void {
    this.#requests.push(request)
    if (this.#requests.length > MAX_TOLD) {
      this.#requests.shift()
      this.#skipped++
    }
    this.#gather()
  }

  #gather(): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => this.#flush(), GATHERING)
    letGo(this.#timer)
  }

  #flush(): void {
    this.#timer = undefined
    const events = [...this.#take()]
    for (const reader of this.#readers) reader(events)
  }

  *#take(): Generator<ControlEvent> {
    const { journal, ledger, scenarios, clock } = this.#subject
    if (this.#requests.length) {
      const entries = this.#requests.flatMap(({ id }) => journal.get(id, { brief: true }) ?? [])
      yield { type: 'journal', entries, skipped: this.#skipped }
    }
    if (this.#resources.size) yield { type: 'change', resources: [...this.#resources] }
    const grants = [...this.#grants.values()].slice(-MAX_TOLD)
    if (grants.length)
      yield { type: 'grant', grants: grants.map(({ kind, row, isPresent }) => ledger.record(kind, row, isPresent)) }
    if (this.#types.has('clock')) yield { type: 'clock', clock: clockState(clock) }
    if (this.#types.has('scenario')) yield { type: 'scenario', scenarios: scenarios.list() }
    this.#clear()
  }

  #clear(): void {
    this.#requests = []
    this.#skipped = 0
    this.#resources.clear()
    this.#grants.clear()
    this.#types.clear()
  }
}

/** Has a timer of Node hold up no process. */
const letGo = (timer: unknown) => void Object(timer).unref?.()

/** The text of the events that were gathered last, which many read. */
let latest: { events: readonly ControlEvent[]; text: string } = { events: [], text: '' }

function textOf(events: readonly ControlEvent[]): string {
  if (latest.events !== events)
    latest = {
      events,
      text: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
    }
  return latest.text
}
