/** Events: what authentik says that it did. */
import { field, type RowOfFields } from '../../rest/field.ts'
import { choosingAny, exactly, FaultyFilter, filterBy, type Filter } from '../../rest/filters.ts'
import { operation, type Context } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { listRows } from '../../rest/viewset.ts'
import { readAddress } from '../../schema/ip-address.ts'
import { readKey } from '../../schema/json.ts'
import {
  anyObject,
  anyValue,
  choice,
  component,
  dateTime,
  integer,
  list,
  nullable,
  number,
  readOnly,
  text,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { DAY, toInstant } from '../../store/clock.ts'
import { once } from '../../schema/lazily.ts'
import { containing } from './text-filters.ts'
import { TypeCreate } from './types.ts'

/** For how long authentik keeps an event, in milliseconds. */
export const EVENT_RETENTION = 365 * DAY

/** What authentik writes an event of, in the base release; later ones have more. */
export const ACTIONS = [
  'login',
  'login_failed',
  'logout',
  'user_write',
  'suspicious_request',
  'password_set',
  'secret_view',
  'secret_rotate',
  'invitation_used',
  'authorize_application',
  'source_linked',
  'impersonation_started',
  'impersonation_ended',
  'flow_execution',
  'policy_execution',
  'policy_exception',
  'property_mapping_exception',
  'system_task_execution',
  'system_task_exception',
  'system_exception',
  'configuration_error',
  'model_created',
  'model_updated',
  'model_deleted',
  'email_sent',
  'update_available',
  'custom_',
] as const

/** What authentik writes an event of. */
export const EventActions = once(() => choice('EventActions', ACTIONS))

const fields = once(() => ({
  pk: field(uuid(), { readOnly: true, order: true }),
  user: field(anyValue(), { default: {}, order: true }),
  // Whoever writes events of their own calls them what they like.
  action: field(EventActions(), { stored: text(), search: true, order: true }),
  app: field(text(), { search: true, order: true }),
  context: field(anyValue(), { default: {}, order: true }),
  client_ip: field(nullable(text()), { default: null, search: true, order: true, refuse: findAddressFault }),
  created: field(dateTime(), { readOnly: true, order: true }),
  expires: field(dateTime(), { isOptional: true, order: true }),
  brand: field(anyValue(), { default: {}, order: true }),
}))
/** A row of events. */
export type Event = RowOfFields<ReturnType<typeof fields>>

/** A filter by a part of what an event is about. */
export const ofContext = (...keys: string[]): Filter<Event> =>
  filterBy(exactly, ({ context }: Event) => keys.reduce<unknown>((value, key) => readKey(value, key), context))

/** What authentik says that it did. */
export const events = resource({
  name: 'events',
  noun: 'an event',
  component: 'Event',
  django: { app: 'authentik_events', className: 'Event', label: ({ action, pk }) => `Event ${action} ${pk}` },
  fields,
  filters: {
    action: filterBy(containing, ({ action }: Event) => action),
    brand_name: filterBy(exactly, ({ brand }: Event) => readKey(brand, 'name')),
    client_ip: addressFilter(),
    context_authorized_app: ofContext('authorized_application', 'pk'),
    context_model_app: ofContext('model', 'app'),
    context_model_name: ofContext('model', 'model_name'),
    context_model_pk: modelKeyFilter(),
    username: filterBy(exactly, ({ user }: Event) => readKey(user, 'username')),
  },
  alsoSearched: ({ user, context }) => [JSON.stringify(user), JSON.stringify(context)],
  shorthand: {
    defaults: (_row, { now }) => ({
      action: 'login',
      app: 'authentik.events.signals',
      created: toInstant(now),
      expires: toInstant(now + EVENT_RETENTION),
    }),
  },
})

/** The actions of the base with another behind one of them. */
export const eventActions = (previous: string, added: string): [string, ...string[]] =>
  ACTIONS.flatMap((action) => (action === previous ? [action, added] : [action])) as [string, ...string[]]

/** Keeps the events of any of these actions. @param actions those that a release has */
export const actionsFilter = (actions: readonly string[]): Filter<Event> =>
  choosingAny<Event>({ value: ({ action }) => action, choices: actions, schema: text() })

/** Keeps what is about the row with this key, which an event has without the hyphens of a UUID. */
function modelKeyFilter(): Filter<Event> {
  return {
    schema: text(),
    read(values) {
      const last = values.at(-1)?.trim().replaceAll('-', '')
      const keyOf = ({ context }: Event) => readKey(readKey(context, 'model'), 'pk') ?? ''
      return last ? (row) => String(keyOf(row)) === last : undefined
    },
  }
}

/** What is wrong with the address that an event is said to come from. */
const findAddressFault = (address: string | number) =>
  readAddress(String(address)) ? undefined : 'Enter a valid IPv4 or IPv6 address.'

/** Keeps what came from an address; a server was seen to fail over what is none. */
function addressFilter(): Filter<Event> {
  const filter = filterBy<Event>(exactly, ({ client_ip }) => client_ip)
  return {
    ...filter,
    read(values, source) {
      const last = values.at(-1)?.trim()
      if (!last) return undefined
      const fault = findAddressFault(last)
      if (fault) throw new FaultyFilter(fault, 'client-ip-500')
      return filter.read([readAddress(last) ?? ''], source)
    },
  }
}

// ---- counts of them

const EventTopPerUser = once(() =>
  component('EventTopPerUser', { application: anyObject(), counted_events: integer(), unique_users: integer() }),
)
/** One count, in releases that draw them by coordinates. */
const Coordinate = once(() => component('Coordinate', { x_cord: readOnly(integer()), y_cord: readOnly(integer()) }))
/** One count, from 2025.8 on. */
const EventVolume = once(() => component('EventVolume', { action: EventActions(), time: dateTime(), count: integer() }))

const LoginMetrics = once(() => {
  const counts = readOnly(list(Coordinate()))
  return component('LoginMetrics', { logins: counts, logins_failed: counts, authorizations: counts })
})

// ---- what can be done with them

const load = () => import('../answers/event-counts.ts')
const { operations: ofRows, viewset } = viewsetOperations(events, {
  path: '/events/events/',
  description: 'Event Read-Only Viewset',
  autocomplete: async ({ release, world }) => (await load()).searchOfEvents(release, world),
  actions: ['list', 'create', 'retrieve', 'update', 'partial_update', 'destroy'],
  ordering: ['-created'],
  async describeBody(post) {
    const { describeFields } = await import('../answers/body-fields.ts')
    return describeFields(post, 'event_uuid', (await load()).nameOf)
  },
  lookup: { parameter: 'event_uuid', schema: uuid(), read: toUuid },
  write: (values, { world }, event) =>
    event
      ? values
      : {
          created: toInstant(world.clock.now()),
          expires: toInstant(world.clock.now() + EVENT_RETENTION),
          ...values,
        },
  written: async (event, { world }, change) => {
    if (change !== 'deleted') (await import('../answers/audit.ts')).expireLater(event, world)
  },
})

/** The events that a caller sees and asks for. */
const eventsFor = (context: Context) => [...listRows(context, { resource: events, sees: viewset.sees })]

const common = { tag: 'events', method: 'GET', parameters: {} } as const
const view = (name: string, title: string, description: string) => ({
  path: `/events/events/${name}/`,
  name: title,
  description,
  open: 'users' as const,
})

/** What can be done with events. */
export const operations = [
  ...ofRows,
  operation({
    ...common,
    id: 'events_events_top_per_user_list',
    view: { ...view('top_per_user', 'Top per user', 'Get the top_n events grouped by user count') },
    summary: 'Lists the applications that were used most.',
    query: { action: { schema: text() }, top_n: { schema: integer() } },
    filters: {},
    get responses() {
      return { 200: list(EventTopPerUser()) }
    },
    resolve: async (context) => (await load()).topPerUser(context),
  }),
  operation({
    ...common,
    id: 'events_events_volume_list',
    lines: '-2025.6',
    view: view('volume', 'Volume', 'Get event volume for specified filters and timeframe'),
    summary: 'Counts events by time.',
    query: { ordering: { schema: text() }, search: { schema: text() } },
    get filters() {
      return events.filters
    },
    get responses() {
      return { 200: list(Coordinate()) }
    },
    resolve: async (context) => (await load()).volumeOf(context, eventsFor(context)),
  }),
  operation({
    ...common,
    id: 'events_events_volume_list',
    lines: '2025.8-',
    view: view('volume', 'Volume', 'Get event volume for specified filters and timeframe'),
    summary: 'Counts events by hour and action.',
    query: {
      ordering: { schema: text() },
      search: { schema: text() },
      history_days: { schema: withDefault(number(), 7) },
    },
    get filters() {
      return events.filters
    },
    get responses() {
      return { 200: list(EventVolume()) }
    },
    resolve: async (context) => (await load()).volumeOf(context, eventsFor(context)),
  }),
  operation({
    ...common,
    id: 'events_events_per_month_list',
    lines: '-2025.6',
    view: view('per_month', 'Per month', 'Get the count of events per month'),
    summary: 'Counts events by day.',
    query: { action: { schema: text() }, query: { schema: text() } },
    get responses() {
      return { 200: list(Coordinate()) }
    },
    resolve: async (context) => (await load()).perMonth(context),
  }),
  operation({
    ...common,
    id: 'events_events_actions_list',
    view: view('actions', 'Actions', 'Get all actions'),
    summary: 'Lists what events are written of.',
    get responses() {
      return { 200: list(TypeCreate()) }
    },
    resolve: async ({ release }) => (await load()).describeActions(release),
  }),
  operation({
    ...common,
    id: 'admin_metrics_retrieve',
    tag: 'admin',
    lines: '-2025.6',
    view: {
      path: '/admin/metrics/',
      name: 'Administration Metrics',
      description: 'Login Metrics per 1h',
      open: 'users',
    },
    summary: 'Counts logins by hour.',
    get responses() {
      return { 200: LoginMetrics() }
    },
    resolve: async (context) => (await load()).loginMetrics(context),
  }),
]
