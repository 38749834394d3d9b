/** The verbs of the control API, for a test that has a namespace, or a mock, of its own. */
import type { AuthentikResource } from '../../authentik/resources/index.ts'
import type { Telling } from '../../control/journal.ts'
import type {
  ClockState,
  Difference,
  GrantKind,
  GrantRecord,
  GrantRequest,
  JournalEntry,
  JournalFilter,
  MintedGrant,
  MockStatus,
  Scenario,
  ScenarioDefinition,
} from '../../control/types.ts'
import type { RowOf } from '../../store/resource.ts'
import type { WorldFile } from '../../store/world-file.ts'
import type { Ask } from './ask.ts'

/** The names of resources in a world: `users`, `providers`, `authorization_codes`. */
export type ResourceName = AuthentikResource['name']

/** A row of a resource. */
export type WorldRow<Name extends ResourceName> = RowOf<Extract<AuthentikResource, { name: Name }>>

/** The world of a test. What does not fit is refused with what is wrong. */
export interface WorldVerbs {
  /** Everything known, as a world file. */
  read(): Promise<WorldFile>
  /** Replaces everything by a world file. */
  replace(world: object): Promise<void>
  /** Merges a world file: rows with a key that is there are changed, others are added. */
  merge(world: object): Promise<void>
  /** The rows of a resource, at most a thousand; with a text only those that have it in them. */
  list<Name extends ResourceName>(resource: Name, search?: string): Promise<WorldRow<Name>[]>
  /** @example await authentik.world.get('users', 2) */
  get<Name extends ResourceName>(resource: Name, key: number | string): Promise<WorldRow<Name>>
  create<Name extends ResourceName>(resource: Name, row: Partial<WorldRow<Name>>): Promise<WorldRow<Name>>
  /** Changes a row; what is left out stays. @example await authentik.world.update('users', 2, { is_active: false }) */
  update<Name extends ResourceName>(
    resource: Name,
    key: number | string,
    changes: Partial<WorldRow<Name>>,
  ): Promise<WorldRow<Name>>
  /** Deletes a row, and what cannot do without it. */
  delete(resource: ResourceName, key: number | string): Promise<void>
  /** What differs from the start. */
  difference(): Promise<Difference>
}

/** The clock of a test's world. A page has its own: that of Playwright's `page.clock`. */
export interface ClockVerbs {
  read(): Promise<ClockState>
  /** Moves it by milliseconds, or by a duration such as `+1h`. */
  move(duration: number | string): Promise<ClockState>
  /** Stops it, at an instant or where it is. */
  freeze(instant?: Date | string): Promise<ClockState>
  /** Lets it run on. */
  run(): Promise<ClockState>
}

/** What was asked of a test's mock; secrets are masked, unless `clear: true` is said. */
export interface JournalVerbs {
  find(filter?: JournalFilter, telling?: Telling): Promise<JournalEntry[]>
  count(filter?: JournalFilter): Promise<number>
  /** What changed something, or would have. */
  writes(filter?: JournalFilter): Promise<JournalEntry[]>
  /** The first entry that a filter means: at once, or as soon as it comes. @default timeout 4000 ms */
  waitFor(filter?: JournalFilter, options?: Telling & { timeout?: number }): Promise<JournalEntry>
  /** As an HTTP archive (HAR 1.2). */
  har(filter?: JournalFilter): Promise<object>
  clear(): Promise<void>
}

/** What is to go wrong for a test. */
export interface ScenarioVerbs {
  list(): Promise<Scenario[]>
  remove(idOrName: string): Promise<void>
  clear(): Promise<void>
}

/** The verbs of the control API. */
export interface ControlVerbs {
  readonly world: WorldVerbs
  readonly clock: ClockVerbs
  readonly journal: JournalVerbs
  readonly scenarios: ScenarioVerbs
  /** What runs here. */
  status(): Promise<MockStatus>
  /** The world and the clock as at the start, an empty journal, no scenarios; with a seed, seeded anew. */
  reset(options?: { seed?: number; codes?: number }): Promise<void>
  /** Keeps the world and the clock as they are. @returns the id that `restore` takes */
  snapshot(): Promise<string>
  restore(id: string): Promise<void>
  /** Keys of API tokens that work; with a user, a new token of theirs. */
  tokens(): Promise<{ superuser: string | null; user: string | null }>
  tokens(request: { user: number | string; intent?: string }): Promise<{ identifier: string; key: string }>
  /** Logs a user in. @returns the headers that a browser then sends; `loginAs` gives a browser its cookies */
  logIn(user: number | string): Promise<{ Cookie: string; 'X-authentik-CSRF': string }>
  /**
   * Mints a code or a token, as a login would.
   * @example await authentik.mint({ kind: 'authorization_code', user: 'akadmin', provider: 'spa' })
   */
  mint(request: GrantRequest): Promise<MintedGrant>
  /** Has a grant expire now. */
  expire(kind: GrantKind, pk: number): Promise<void>
  revoke(kind: GrantKind, pk: number): Promise<void>
  /** The grants that are there, and those that were minted here and are gone. */
  grants(kind?: GrantKind): Promise<GrantRecord[]>
  /**
   * Has something go wrong, until it is removed, or has struck often enough.
   * @example await authentik.scenario({ operationId: 'core_users_me_retrieve', status: 403, once: true })
   */
  scenario(definition: ScenarioDefinition): Promise<Scenario>
}

/** The control API gives the first hundred of what it lists, or the last; this is the highest number that it takes. */
const LIMIT = 999_999_999

/** The verbs, each of which is asked by HTTP. */
export function createVerbs(ask: Ask): ControlVerbs {
  const send = async <Answer>(method: string, path: string, body?: unknown) => (await ask(method, path, body)) as Answer
  return {
    world: createWorldVerbs(send),
    clock: createClockVerbs(send),
    journal: createJournalVerbs(send),
    scenarios: {
      list: async () => (await send<{ active: Scenario[] }>('GET', 'scenarios/')).active,
      remove: (idOrName) => send('DELETE', `scenarios/${encodeURIComponent(idOrName)}/`),
      clear: () => send('DELETE', 'scenarios/', {}),
    },
    status: () => send('GET', 'status/'),
    reset: (options) => (options ? send('POST', 'seed/', options) : send('POST', 'reset/')),
    snapshot: async () => (await send<{ id: string }>('POST', 'snapshots/')).id,
    restore: (id) => send('POST', `snapshots/${encodeURIComponent(id)}/restore/`),
    tokens: (async (request?: object) =>
      request
        ? send('POST', 'tokens/', request)
        : (await send<MockStatus>('GET', 'status/')).tokens) as ControlVerbs['tokens'],
    logIn: (user) => send('POST', 'sessions/', { user }),
    mint: (request) => send('POST', 'grants/', request),
    expire: (kind, pk) => send('POST', `grants/${kind}/${pk}/expire/`),
    revoke: (kind, pk) => send('POST', `grants/${kind}/${pk}/revoke/`),
    grants: (kind) => send('GET', `grants/${toQuery({ limit: LIMIT, kind })}`),
    scenario: (definition) => send('POST', 'scenarios/', definition),
  }
}

type Sender = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>

function createWorldVerbs(send: Sender): WorldVerbs {
  const pathOf = (resource: string, key: number | string) => `world/${resource}/${encodeURIComponent(key)}/`
  return {
    read: () => send('GET', 'world/'),
    replace: (world) => send('PUT', 'world/', world),
    merge: (world) => send('PATCH', 'world/', world),
    list: async (resource, search) =>
      (await send<{ rows: never[] }>('GET', `world/${resource}/${toQuery({ limit: LIMIT, search })}`)).rows,
    get: (resource, key) => send('GET', pathOf(resource, key)),
    create: (resource, row) => send('POST', `world/${resource}/`, row),
    update: (resource, key, changes) => send('PATCH', pathOf(resource, key), changes),
    delete: (resource, key) => send('DELETE', pathOf(resource, key)),
    difference: () => send('GET', 'difference/'),
  }
}

const createClockVerbs = (send: Sender): ClockVerbs => ({
  read: () => send('GET', 'clock/'),
  move: (duration) => send('PATCH', 'clock/', { moveBy: duration }),
  freeze: (instant) =>
    send('PATCH', 'clock/', {
      frozen: true,
      ...(instant !== undefined && { now: instant instanceof Date ? instant.toISOString() : instant }),
    }),
  run: () => send('PATCH', 'clock/', { frozen: false }),
})

function createJournalVerbs(send: Sender): JournalVerbs {
  const find = (filter: JournalFilter = {}, telling: Telling = {}) =>
    send<JournalEntry[]>('GET', `journal/${toQuery({ limit: LIMIT, ...filter, ...telling })}`)
  return {
    find,
    count: async (filter) => (await find(filter, { brief: true })).length,
    writes: (filter) => find({ ...filter, writes: true }),
    waitFor: (filter, options) => send('GET', `journal/wait/${toQuery({ ...filter, ...options })}`),
    har: (filter) => send('GET', `journal/har/${toQuery({ ...filter })}`),
    clear: () => send('DELETE', 'journal/'),
  }
}

/** A query of what is said, with its `?`; '' for nothing. */
function toQuery(values: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return query && `?${query}`
}
