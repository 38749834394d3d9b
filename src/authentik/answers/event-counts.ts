/** What is counted of events, and what they are called; loaded when asked for. */
import { componentsIn } from '../../rest/deviation.ts'
import type { Context, Release } from '../../rest/operation.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import { isObject, readKey } from '../../schema/json.ts'
import { choicesOf } from '../../schema/words.ts'
import { DAY, toInstant } from '../../store/clock.ts'
import type { World } from '../../store/world.ts'
import type { Application } from '../resources/applications.ts'
import { ACTIONS, events, type Event } from '../resources/events.ts'
import type { User } from '../resources/users.ts'

/** The events that are counted for a caller: who sees none is told of none, and refused nothing. */
function countedFor({ caller, world }: Context): Event[] {
  const rows = [...world.table(events).values()]
  if (caller.may('view_event')) return rows
  const keys = caller.objects('view_event')
  return rows.filter(({ pk }) => keys.has(pk))
}

/** What a release writes events of. */
function actionsIn({ operations: ofRelease }: Release): readonly string[] {
  const lists = ofRelease.filter(({ id }) => id === 'events_events_list')
  const schema = componentsIn(lists).get('EventActions')
  return schema ? choicesOf(schema) : ACTIONS
}

const applicationIn = ({ context }: Event) => readKey(context, 'authorized_application')

/** The applications that were most used, with how often and by how many. */
export function topPerUser(context: Context) {
  const action = lastOf(context.query, 'action') ?? 'login'
  const top = Number(toInteger(lastOf(context.query, 'top_n') ?? '') ?? 15n)
  const rows = countedFor(context).filter((row) => row.action === action)
  const used = Map.groupBy(
    rows.filter((row) => isObject(applicationIn(row))),
    (row) => JSON.stringify(applicationIn(row)),
  )
  return Array.from(used, ([application, uses]) => ({
    application: JSON.parse(application),
    counted_events: uses.length,
    unique_users: new Set(uses.map(({ user }) => readKey(user, 'pk'))).size,
  }))
    .sort((a, b) => b.counted_events - a.counted_events)
    .slice(0, top)
}

/** How many there were in each of so many equal times up to now. */
function countsIn(rows: Iterable<Event>, now: number, span: number, parts: number) {
  const counts = Array.from({ length: parts }, (_, index) => ({
    x_cord: now - span + Math.round(((index + 1) * span) / parts),
    y_cord: 0,
  }))
  for (const { created } of rows) {
    const share = (Date.parse(created) - (now - span)) / span
    // What was written just now is in the last part.
    const count = counts[share === 1 ? parts - 1 : Math.floor(share * parts)]
    if (count) count.y_cord++
  }
  return counts
}

const HOUR = DAY / 24

/** How many there were of each action in each hour, or in each third of a day where a release draws them. */
export function volumeOf(context: Context, rows: readonly Event[]) {
  const now = context.world.clock.now()
  if (!context.operation.query?.['history_days']) return countsIn(rows, now, 7 * DAY, 21)
  const days = Number(lastOf(context.query, 'history_days') ?? 7)
  const recent = rows.filter(({ created }) => Date.parse(created) >= now - days * DAY)
  const hours = Map.groupBy(recent, ({ action, created }) => {
    const hour = toInstant(Math.floor(Date.parse(created) / HOUR) * HOUR)
    return `${hour} ${action}`
  })
  return Array.from(hours, ([key, { length: count }]) => {
    const [time, action] = key.split(' ')
    return { action, time, count }
  }).sort((a, b) => (`${a.time} ${a.action}` < `${b.time} ${b.action}` ? -1 : 1))
}

/** Logins and the like of the last day, by hours. */
export const loginMetrics = ({ world }: Context) => loginsIn(world, DAY, 24, () => true)

/** Those of a user, in the last week: who could not log in is named by what they typed. */
export const userMetrics = ({ pk, username }: User, { world }: Context) =>
  loginsIn(world, 7 * DAY, 21, ({ action, user, context }) =>
    action === 'login_failed' ? readKey(context, 'username') === username : readKey(user, 'pk') === pk,
  )

function loginsIn(world: World, span: number, parts: number, isMeant: (event: Event) => boolean) {
  const rows = [...world.table(events).values()].filter(isMeant)
  const count = (action: string) =>
    countsIn(
      rows.filter((row) => row.action === action),
      world.clock.now(),
      span,
      parts,
    )
  return {
    logins: count('login'),
    logins_failed: count('login_failed'),
    authorizations: count('authorize_application'),
  }
}

/** How often an application was used in the last week. */
export function applicationMetrics({ pk }: Application, { world }: Context) {
  const key = pk.replaceAll('-', '')
  const uses = [...world.table(events).values()].filter(
    (row) => row.action === 'authorize_application' && readKey(applicationIn(row), 'pk') === key,
  )
  return countsIn(uses, world.clock.now(), 7 * DAY, 21)
}

/** How many there were of an action in each of thirty parts of four weeks. */
export function perMonth(context: Context) {
  const { query, world } = context
  const action = lastOf(query, 'action') ?? 'login'
  return countsIn(
    countedFor(context).filter((row) => row.action === action),
    world.clock.now(),
    28 * DAY,
    30,
  )
}

/** What people call an action. */
export const nameOf = (action: string) =>
  NAMES.get(action) ??
  action.replace(/(^|_)([a-z])/g, (_, gap: string, letter: string) => (gap && ' ') + letter.toUpperCase())
const NAMES = new Map([
  ['invitation_used', 'Invite Used'],
  ['custom_', 'Custom Prefix'],
])

/** What a release writes events of, as a form lists it. */
export const describeActions = (release: Release) =>
  actionsIn(release).map((action) => ({
    name: nameOf(action),
    description: '',
    component: action,
    model_name: '',
    requires_enterprise: false,
    deprecated: false,
  }))

// ---- what a search of them can name

const MODEL = 'authentik_events.event'
const texts = (options: readonly string[] | null = null) => ({ type: 'str', nullable: false, options })
const model = (name: string) => ({ type: 'relation', nullable: false, options: null, relation: `${MODEL}_${name}` })
const PARTS: Readonly<Record<string, Record<string, object>>> = {
  user: { pk: { ...texts(), type: 'int' }, username: texts(), email: texts() },
  brand: { pk: texts(), app: texts(), name: texts(), model_name: texts() },
  context: { http_request: model('context_http_request') },
  context_http_request: {
    args: model('context_http_request_args'),
    path: texts(),
    method: texts(),
    request_id: texts(),
    user_agent: texts(),
  },
}

/** What a search of events can name. */
export function searchOfEvents(release: Release, world: World): object {
  const apps = [...new Set([...world.tableNamed<{ app: string }>('events').values()].map(({ app }) => app))].sort()
  const fields = {
    action: texts(actionsIn(release)),
    event_uuid: texts(),
    app: texts(apps),
    client_ip: texts(),
    user: model('user'),
    brand: model('brand'),
    context: model('context'),
    created: { type: 'datetime', nullable: false, options: [] },
  }
  const parts = Object.entries(PARTS).map(([name, part]) => [`${MODEL}_${name}`, part])
  return { current_model: MODEL, models: { [MODEL]: fields, ...Object.fromEntries(parts) } }
}
