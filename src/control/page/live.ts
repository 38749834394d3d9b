/** What the page knows of the mock, kept true by the events that it sends. */
import type { ClockState, ControlEvent, GrantRecord, JournalEntry, MockStatus, Scenario } from '../types.ts'
import { addressOf, ask, ControlError, onForbidden } from './api.ts'
import { Arrivals } from './arrivals.ts'
import { KINDS } from './format.ts'
import { createStore } from './store.ts'

/** What the clock of the world showed, and when that was by this page's own. */
export interface ClockReading extends ClockState {
  /** As `performance.now()`. */
  read: number
}

/** Whether events come in. */
export type Connection = 'connecting' | 'live' | 'interrupted'

/** How many entries of the journal are held here. */
const MAX_ENTRIES = 1000
/** How many of them are asked for at first. */
const FIRST_ENTRIES = 500
/** How many grants are asked for: the newest of more than anybody reads. */
const FIRST_GRANTS = 1000

export const status = createStore<MockStatus | null>(null)
export const clock = createStore<ClockReading | null>(null)
/** The newest first. */
export const grants = createStore<readonly GrantRecord[]>([])
/** The newest first. */
export const entries = createStore<readonly JournalEntry[]>([])
export const scenarios = createStore<readonly Scenario[]>([])
export const connection = createStore<Connection>('connecting')
/** Whether the page lacks the control token. */
export const isForbidden = createStore(false)
/** Counts up whenever rows change, with the names of what did. */
export const change = createStore<{ count: number; resources: readonly string[] }>({ count: 0, resources: [] })

/** What grants are told apart by. */
export const keyOf = ({ kind, pk }: Pick<GrantRecord, 'kind' | 'pk'>): string => `${kind}/${pk}`

/** Notes what the clock shows. */
export const setClock = (state: ClockState): void => clock.set({ ...state, read: performance.now() })

/** What the clock of the world shows now, in milliseconds since 1970. */
export function worldNow({ now, frozen, read }: ClockReading): number {
  return Date.parse(now) + (frozen ? 0 : performance.now() - read)
}

/** Puts grants in, in place of what is known of them. */
export function mergeGrants(fresh: readonly GrantRecord[]): void {
  const byKey = new Map(grants.get().map((grant) => [keyOf(grant), grant]))
  for (const grant of fresh) byKey.set(keyOf(grant), grant)
  grants.set(sortGrants([...byKey.values()]))
}

const sortGrants = (list: GrantRecord[]) =>
  list.sort((a, b) => compareTexts(b.created ?? '', a.created ?? '') || b.pk - a.pk)

/** Instants are all of one form, so that their signs decide, which is many times faster than a language's order. */
const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Puts entries in, in place of what is known of them, and forgets the oldest of too many. */
export function mergeEntries(fresh: readonly JournalEntry[]): void {
  const byId = new Map(entries.get().map((entry) => [entry.id, entry]))
  for (const entry of fresh) byId.set(entry.id, entry)
  entries.set([...byId.values()].sort((a, b) => b.id - a.id).slice(0, MAX_ENTRIES))
}

// An event may overtake an answer that was written before it.
const lateEntries = new Arrivals<JournalEntry>()
const lateGrants = new Arrivals<GrantRecord>()
const lateClocks = new Arrivals<ClockState>()
const lateScenarios = new Arrivals<readonly Scenario[]>()

/** Forgets the entries, and asks for them anew. */
async function loadEntries(): Promise<void> {
  const answer = ask<JournalEntry[]>('GET', `journal/?limit=${FIRST_ENTRIES}&brief=true`)
  const [list, late] = await lateEntries.during(answer)
  entries.set([])
  mergeEntries([...list, ...late])
}

/** Asks for the grants anew. */
export async function loadGrants(): Promise<void> {
  const [list, late] = await lateGrants.during(ask<GrantRecord[]>('GET', `grants/?limit=${FIRST_GRANTS}`))
  grants.set(list)
  mergeGrants(late)
}

/** Asks for the status, and with it the clock. */
export async function loadStatus(): Promise<void> {
  const [fresh, late] = await lateClocks.during(ask<MockStatus>('GET', 'status/'))
  status.set(fresh)
  setClock(late.at(-1) ?? fresh.clock)
}

/** Asks for the scenarios that hold. */
export async function loadScenarios(): Promise<void> {
  const [{ active }, late] = await lateScenarios.during(ask<{ active: Scenario[] }>('GET', 'scenarios/'))
  scenarios.set(late.at(-1) ?? active)
}

/** Asks for all of it, after a start and after a break. */
export async function loadAll(): Promise<void> {
  await loadStatus()
  await Promise.all([loadGrants(), loadEntries(), loadScenarios()])
  tellChange([])
}

const tellChange = (resources: readonly string[]) => change.set({ count: change.get().count + 1, resources })

/** Whether entries are of a journal that began anew, in which ids that are known stand for other requests. */
function isAnew(fresh: readonly JournalEntry[]): boolean {
  const byId = new Map(entries.get().map((entry) => [entry.id, entry]))
  const last = entries.get()[0]?.id ?? 0
  return fresh.some(({ id, received }) => (byId.has(id) ? byId.get(id)?.received !== received : id < last))
}

/** Takes what happened in. */
function take(event: ControlEvent): void {
  if (event.type === 'journal') {
    lateEntries.note(...event.entries)
    if (isAnew(event.entries)) void attempt(loadEntries)
    else mergeEntries(event.entries)
  }
  if (event.type === 'grant') {
    lateGrants.note(...event.grants)
    mergeGrants(event.grants)
  }
  if (event.type === 'clock') {
    lateClocks.note(event.clock)
    setClock(event.clock)
  }
  if (event.type === 'scenario') {
    lateScenarios.note(event.scenarios)
    scenarios.set(event.scenarios)
  }
  if (event.type === 'change') {
    tellChange(event.resources)
    queueRows(event.resources)
  }
}

let rowsTimer: number | undefined
let hasChangedGrants = false

/** Counts the rows anew, and asks for the grants among them, once for many changes. */
function queueRows(resources: readonly string[]): void {
  // Of a user and a provider a grant shows the names, and it goes with them.
  hasChangedGrants ||= resources.some((name) => Object.hasOwn(KINDS, name) || SHOWN_IN_GRANTS.has(name))
  rowsTimer ??= window.setTimeout(() => {
    rowsTimer = undefined
    void attempt(loadStatus)
    if (hasChangedGrants) void attempt(loadGrants)
    hasChangedGrants = false
  }, 500)
}

const SHOWN_IN_GRANTS: ReadonlySet<string> = new Set(['users', 'providers', 'applications'])

const EVENT_TYPES: readonly ControlEvent['type'][] = ['journal', 'change', 'grant', 'clock', 'scenario']

/** Does what may fail while the mock is away; whoever comes back asks for all anew. */
async function attempt(load: () => Promise<void>): Promise<void> {
  try {
    await load()
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
  }
}

/** How long the page waits until it listens again, in milliseconds. */
const RETRY = 2000

/** Listens, and goes on listening after a break. */
function listen(): void {
  const source = new EventSource(addressOf('events/'))
  source.addEventListener('open', () => {
    connection.set('live')
    // What happened before the listening began would be missing.
    void attempt(loadAll)
  })
  source.addEventListener('error', () => {
    source.close()
    if (isForbidden.get()) return
    connection.set('interrupted')
    window.setTimeout(() => void restart(), RETRY)
  })
  for (const type of EVENT_TYPES)
    source.addEventListener(type, ({ data }: MessageEvent<string>) => take(JSON.parse(data)))
}

/** Asks whether the mock is there, because a source of events does not say why it failed. */
async function restart(): Promise<void> {
  await attempt(loadStatus)
  if (!isForbidden.get()) listen()
}

/** Begins to listen. */
export function start(): void {
  onForbidden(() => isForbidden.set(true))
  void restart()
}
