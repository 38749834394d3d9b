/** What the control API takes and gives, as schemas: bodies are checked by them, and its OpenAPI document is made of them. */
import * as z from 'zod/mini'
import type {
  ClockChange,
  ClockState,
  ControlFault,
  GrantRecord,
  GrantRequest,
  JournalEntry,
  MintedGrant,
  MockStatus,
  NamedScenario,
  NamespaceRecord,
  Scenario,
  ScenarioDefinition,
} from './types.ts'
import { OUTCOMES, REQUEST_KINDS } from './journal-filter.ts'
import { NAMED_RULES } from './named-scenarios.ts'

const name = z.union([z.int(), z.string()])
const kind = z.enum(['authorization_codes', 'access_tokens', 'refresh_tokens', 'device_tokens'])
const headers = z.array(z.strictObject({ name: z.string(), value: z.string() }))

const requestKind = z.enum(REQUEST_KINDS)
/** The fields of a scenario, as they are documented: `scenario()` checks more of them, and says the nearest of a wrong name. */
const definition = {
  name: z.optional(z.enum(NAMED_RULES.map((rule) => rule.name))),
  operationId: z.optional(z.string()),
  path: z.optional(z.string()),
  method: z.optional(z.string()),
  kind: z.optional(requestKind),
  user: z.optional(z.string()),
  status: z.optional(z.int().check(z.minimum(200), z.maximum(599))),
  body: z.optional(z.unknown()),
  headers: z.optional(z.record(z.string(), z.string())),
  latency: z.optional(z.union([z.number(), z.tuple([z.number(), z.number()])])),
  reset: z.optional(z.boolean()),
  damage: z.optional(z.enum(['truncated', 'broken'])),
  skip: z.optional(z.int().check(z.minimum(0))),
  count: z.optional(z.int().check(z.minimum(1))),
  once: z.optional(z.boolean()),
  probability: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
} satisfies Record<keyof ScenarioDefinition, z.ZodMiniType>

/** Bodies. */
export const bodies = {
  seed: z.strictObject({
    seed: z.optional(z.int().check(z.minimum(0))),
    codes: z.optional(z.int().check(z.minimum(0), z.maximum(1_000_000))),
  }),
  clock: z.strictObject({
    now: z.optional(z.string()),
    frozen: z.optional(z.boolean()),
    moveBy: z.optional(z.union([z.number(), z.string()])),
  }) satisfies z.ZodMiniType<Partial<Record<keyof ClockChange, unknown>>>,
  session: z.strictObject({ user: name, cookie: z.optional(z.boolean()) }),
  token: z.strictObject({ user: name, intent: z.optional(z.string()) }),
  grant: z.strictObject({
    kind: z.string(),
    user: name,
    provider: name,
    scope: z.optional(z.union([z.string(), z.array(z.string())])),
    expires: z.optional(z.nullable(z.string())),
  }) satisfies z.ZodMiniType<Partial<Record<keyof GrantRequest, unknown>>>,
  scenario: z.looseObject({}),
  documentedScenario: z.strictObject(definition),
  namespace: z.strictObject({ name: z.string(), options: z.optional(z.looseObject({})) }),
  names: z.strictObject({ name: z.optional(z.string()) }),
  world: z.looseObject({}),
  row: z.looseObject({}),
} as const

const scenario = z.object({ id: z.string(), struck: z.int(), ...definition }) satisfies z.ZodMiniType<{
  [Field in keyof Scenario]?: unknown
}>
const entry = z.object({
  id: z.int(),
  received: z.string(),
  time: z.string(),
  milliseconds: z.number(),
  kind: requestKind,
  operationId: z.nullable(z.string()),
  user: z.nullable(z.string()),
  outcome: z.enum(OUTCOMES),
  scenario: z.nullable(z.string()),
  request: z.object({ method: z.string(), path: z.string(), query: z.string(), headers, body: z.string() }),
  response: z.nullable(z.object({ status: z.int(), headers, body: z.string() })),
  reasons: z.array(z.string()),
  changes: z.array(z.object({ resource: z.string(), key: name, action: z.enum(['create', 'update', 'delete']) })),
}) satisfies z.ZodMiniType<JournalEntry>
const grant = z.object({
  kind,
  pk: z.int(),
  user: z.object({ pk: z.int(), username: z.string(), name: z.string(), avatar: z.string() }),
  provider: z.object({ pk: z.int(), name: z.string(), client_id: z.string() }),
  application: z.nullable(z.object({ slug: z.string(), name: z.string() })),
  scope: z.array(z.string()),
  created: z.nullable(z.string()),
  expires: z.nullable(z.string()),
  state: z.enum(['active', 'expired', 'exchanged', 'revoked', 'deleted']),
  life: z.array(
    z.object({
      entry: z.int(),
      step: z.enum(['authorize', 'login', 'consent', 'mint', 'exchange', 'read', 'expire', 'revoke', 'delete']),
      time: z.string(),
      status: z.int(),
      milliseconds: z.number(),
    }),
  ),
}) satisfies z.ZodMiniType<GrantRecord>

const clock = z.object({ now: z.string(), frozen: z.boolean() }) satisfies z.ZodMiniType<ClockState>

const namespaceRecord = z.object({
  name: z.string(),
  used: z.string(),
  requests: z.int(),
}) satisfies z.ZodMiniType<NamespaceRecord>

/** Answers. */
export const answers = {
  clock,
  snapshot: z.object({ id: z.string(), taken: z.string() }),
  snapshots: z.array(z.object({ id: z.string(), taken: z.string() })),
  world: z.looseObject({}),
  rows: z.object({ count: z.int(), rows: z.array(z.looseObject({})) }),
  row: z.looseObject({}),
  difference: z.record(
    z.string(),
    z.object({
      created: z.array(z.looseObject({})),
      updated: z.array(z.object({ key: name, before: z.looseObject({}), after: z.looseObject({}) })),
      deleted: z.array(z.looseObject({})),
    }),
  ),
  session: z.object({ Cookie: z.string(), 'X-authentik-CSRF': z.string() }),
  token: z.object({ identifier: z.string(), key: z.string() }),
  minted: z.object({
    kind,
    pk: z.int(),
    value: z.string(),
    expires: z.nullable(z.string()),
  }) satisfies z.ZodMiniType<MintedGrant>,
  grants: z.array(grant),
  scenario,
  scenarios: z.object({
    active: z.array(scenario),
    named: z.array(z.object({ name: z.string(), description: z.string() }) satisfies z.ZodMiniType<NamedScenario>),
  }),
  entry,
  entries: z.array(entry),
  har: z.looseObject({ log: z.looseObject({}) }),
  namespace: namespaceRecord,
  namespaces: z.array(namespaceRecord),
  status: z.object({
    version: z.string(),
    release: z.string(),
    fidelity: z.string(),
    seed: z.nullable(z.int()),
    basePath: z.string(),
    namespace: z.nullable(z.string()),
    clock,
    rows: z.record(z.string(), z.int()),
    keys: z.record(z.string(), z.string()),
    operations: z.object({ supported: z.int(), documented: z.int() }),
    deviations: z.array(z.string()),
    tokens: z.object({ superuser: z.nullable(z.string()), user: z.nullable(z.string()) }),
    releases: z.array(z.string()),
  }) satisfies z.ZodMiniType<MockStatus>,
  operation: z.object({
    operationId: z.string(),
    method: z.string(),
    path: z.string(),
    summary: z.string(),
    documented: z.unknown(),
    releases: z.array(
      z.object({
        release: z.string(),
        added: z.array(z.string()),
        removed: z.array(z.string()),
        missing: z.boolean(),
      }),
    ),
  }),
  event: z.union([
    z.object({ type: z.literal('journal'), entries: z.array(entry), skipped: z.int() }),
    z.object({ type: z.literal('change'), resources: z.array(z.string()) }),
    z.object({ type: z.literal('grant'), grants: z.array(grant) }),
    z.object({ type: z.literal('clock'), clock }),
    z.object({ type: z.literal('scenario'), scenarios: z.array(scenario) }),
  ]),
  fault: z.object({ detail: z.string(), problems: z.array(z.string()) }) satisfies z.ZodMiniType<ControlFault>,
} as const
