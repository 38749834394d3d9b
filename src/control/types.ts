/** What the control API takes and gives, for its two sides: the routes that answer it, and the page that asks. */
import type { Instant } from '../store/clock.ts'

/** The kinds of grants, by the names that a world has for them. */
export type GrantKind = 'authorization_codes' | 'access_tokens' | 'refresh_tokens' | 'device_tokens'

/** What a request asked for: the API, the OAuth endpoints, a flow, a page beside them, or nothing that is there. */
export type RequestKind = 'api' | 'oauth' | 'flow' | 'page' | 'unknown'

/**
 * What became of a request: it was answered as authentik would; 501 said that the mock has it not; the socket refused it
 * before the mock saw it; a scenario decided; or the mock itself failed.
 */
export type Outcome = 'answered' | 'not-emulated' | 'refused' | 'scenario' | 'failed'

/** A header, as HAR writes it. */
export interface NamedValue {
  name: string
  value: string
}

/** A row that a request made, changed or deleted. */
export interface RowChange {
  /** The resource's name in a world: `authorization_codes`. */
  resource: string
  key: number | string
  action: 'create' | 'update' | 'delete'
}

/** One request and its answer. Secrets in it are masked, unless it was asked for in clear. */
export interface JournalEntry {
  /** It counts up from 1, in each namespace. */
  id: number
  /** When it came, by the machine's clock. */
  received: Instant
  /** When it came, by the clock of the world. */
  time: Instant
  /** How long it took until its answer was made. */
  milliseconds: number
  kind: RequestKind
  /** authentik's operationId, where the path has one. */
  operationId: string | null
  /** Who asked, by username; null for nobody in particular. */
  user: string | null
  outcome: Outcome
  /** The name, or the id, of the scenario that decided. */
  scenario: string | null
  request: { method: string; path: string; query: string; headers: NamedValue[]; body: string }
  /** Null for a connection that was reset. */
  response: { status: number; headers: NamedValue[]; body: string } | null
  /** Why it was answered so: sentences. */
  reasons: string[]
  changes: RowChange[]
}

/** Which entries of the journal are meant; what is left out is not asked. */
export interface JournalFilter {
  operationId?: string
  method?: string
  /** A path, or its beginning with `*` at the end. */
  path?: string
  status?: number
  kind?: RequestKind
  outcome?: Outcome
  user?: string
  scenario?: string
  /** Only entries after that with this id. */
  after?: number
  /** Only what changes something: any method but GET, HEAD, OPTIONS and TRACE. */
  writes?: boolean
}

/** What is to go wrong, and for whom. Without a condition it is for every request. */
export interface ScenarioDefinition {
  /** One of the named scenarios, such as `token-expired`; what is said beside it narrows it down. */
  name?: string
  operationId?: string
  /** A path, or its beginning with `*` at the end. */
  path?: string
  method?: string
  kind?: RequestKind
  /** The username of whoever asks. */
  user?: string
  status?: number
  /** The body: a text as it is, anything else as JSON. Without one a status has authentik's own text. */
  body?: unknown
  headers?: Record<string, string>
  /** Milliseconds that the answer takes longer: a number, or the least and the most. */
  latency?: number | [least: number, most: number]
  /** Resets the connection instead of answering. */
  reset?: boolean
  /** Sends half of the body, and resets the connection; or a body that is no JSON. */
  damage?: 'truncated' | 'broken'
  /** How many of the requests it leaves alone at first: with 2 it strikes the third. */
  skip?: number
  /** How many of the requests it strikes. */
  count?: number
  /** The same as a count of 1. */
  once?: boolean
  /** In how many of the requests it strikes, from 0 to 1; drawn from the seed. */
  probability?: number
}

/** A scenario that holds. */
export interface Scenario extends ScenarioDefinition {
  id: string
  /** How often it struck. */
  struck: number
}

/** A scenario that has a name. */
export interface NamedScenario {
  name: string
  description: string
}

/** What the clock of the world shows. */
export interface ClockState {
  now: Instant
  frozen: boolean
}

/** What is to become of the clock. */
export interface ClockChange {
  now?: Instant
  frozen?: boolean
  /** Milliseconds, or a duration such as `+61s`, `-1h`, `+1d`. */
  moveBy?: number | string
}

/** What a grant is to be. */
export interface GrantRequest {
  /** In the plural, as in a world, or in the singular. */
  kind: GrantKind | 'access_token' | 'authorization_code' | 'device_token' | 'refresh_token'
  /** A pk, or a username. */
  user: number | string
  /** A pk, a name, a client_id, or the slug of its application. */
  provider: number | string
  /** @default 'openid' */
  scope?: string | string[]
  /** An instant, a duration from now such as `+5m`, or null for never. @default as the provider has it */
  expires?: Instant | string | null
}

/** A grant, and what became of it. */
export interface GrantRecord {
  kind: GrantKind
  pk: number
  user: { pk: number; username: string; name: string; avatar: string }
  provider: { pk: number; name: string; client_id: string }
  application: { slug: string; name: string } | null
  scope: string[]
  /** Undefined for what was there at the start. */
  created: Instant | null
  expires: Instant | null
  state: 'active' | 'expired' | 'exchanged' | 'revoked' | 'deleted'
  /** The requests of its life, from the authorization on, in their order. */
  life: GrantStep[]
}

/** One request in the life of a grant. */
export interface GrantStep {
  /** The id of the entry of the journal. */
  entry: number
  step: 'authorize' | 'login' | 'consent' | 'mint' | 'exchange' | 'read' | 'expire' | 'revoke' | 'delete'
  time: Instant
  status: number
  milliseconds: number
}

/** A grant that was minted, with what stands for it: the code or the token. */
export interface MintedGrant {
  kind: GrantKind
  pk: number
  value: string
  expires: Instant | null
}

/** What runs here. */
export interface MockStatus {
  /** The version of this package. */
  version: string
  release: string
  fidelity: string
  seed: number | null
  basePath: string
  namespace: string | null
  clock: ClockState
  /** Rows by resource. */
  rows: Record<string, number>
  /** The field by which a row is addressed, by resource, such as `slug` of applications. @default 'pk' */
  keys: Record<string, string>
  operations: { supported: number; documented: number }
  deviations: string[]
  tokens: { superuser: string | null; user: string | null }
  /** All releases that a mock can be. */
  releases: string[]
}

/** What differs from the start. */
export type Difference = Record<
  string,
  { created: object[]; updated: { key: number | string; before: object; after: object }[]; deleted: object[] }
>

/** A namespace that is in use. */
export interface NamespaceRecord {
  name: string
  /** When it was last asked, by the machine's clock. */
  used: Instant
  /** How many requests its journal has. */
  requests: number
}

/** What the release documents of an operation, and what other releases have otherwise. */
export interface OperationRecord {
  operationId: string
  method: string
  path: string
  summary: string
  /** The operation of the OpenAPI document, with its references resolved. */
  documented: unknown
  /** Keys of the answer that another release has beside these, or has not. */
  releases: { release: string; added: string[]; removed: string[]; missing: boolean }[]
}

/** What is told to who listens, gathered for 100 ms: the data of one event of `events/`. */
export type ControlEvent =
  /** The last twenty, without headers and bodies, and how many came before them since the last event. */
  | { type: 'journal'; entries: JournalEntry[]; skipped: number }
  | { type: 'change'; resources: string[] }
  | { type: 'grant'; grants: GrantRecord[] }
  | { type: 'clock'; clock: ClockState }
  | { type: 'scenario'; scenarios: Scenario[] }

/** What is wrong with a request to the control API. */
export interface ControlFault {
  /** What is wrong, and what to do. */
  detail: string
  /** Each with the path of the value: `users[2].groups: ...`. */
  problems: string[]
}
