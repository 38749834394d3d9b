/** Notifications: what authentik tells a user, such as that a newer version is out. */
import { invalid } from '../../rest/errors.ts'
import { field, hidden } from '../../rest/field.ts'
import { choosing, exactly, happening, pointing, widget } from '../../rest/filters.ts'
import { operation, type Context } from '../../rest/operation.ts'
import { resource } from '../../rest/resource.ts'
import { toUuid } from '../../rest/python.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { boolean, choice, dateTime, integer, nullable, optional, text, uuid } from '../../schema/words.ts'
import { toInstant } from '../../store/clock.ts'
import { once } from '../../schema/lazily.ts'
import { events } from './events.ts'
import { isShownByPermission, requireKnown, whereOwnedOr, whereUsedOr } from './owned.ts'

/** How much a notification matters. */
export const SeverityEnum = once(() => choice('SeverityEnum', ['notice', 'warning', 'alert']))

const fields = once(() => ({
  pk: field(uuid(), { readOnly: true, order: true }),
  severity: field(SeverityEnum(), { readOnly: true, default: 'notice', filter: choosing, order: true }),
  body: field(text(), { readOnly: true, isOptional: false, default: '', filter: exactly, search: true, order: true }),
  hyperlink: field(nullable(text({ maxLength: 4096 })), {
    default: null,
    mayBeBlank: true,
    addedIn: '2025.12',
    order: true,
  }),
  hyperlink_label: field(nullable(text()), { default: null, mayBeBlank: true, addedIn: '2025.12', order: true }),
  created: field(dateTime(), { readOnly: true, filter: happening, order: true }),
  event: {
    ...field(nullable(uuid()), {
      references: 'events',
      default: null,
      filter: pointing,
      order: true,
      response: events.component,
      getter: ({ event }: { event: string | null }, { world }: Context) =>
        event === null ? null : world.table(events).require(event),
    }),
    request: optional(events.request),
  },
  seen: field(boolean(), { default: false, filter: widget, order: true }),
  user: { ...hidden(integer(), { references: 'users' }), filters: { '': pointing } },
}))

/** What authentik tells users. */
export const notifications = resource({
  name: 'notifications',
  noun: 'a notification',
  component: 'Notification',
  django: {
    app: 'authentik_events',
    className: 'Notification',
    label: ({ body, user }) => `Notification for user ${user}: ${body}`,
  },
  fields,
  shorthand: { defaults: (_row, { now }) => ({ created: toInstant(now) }) },
})

const { operations: ofRows } = viewsetOperations(notifications, {
  path: '/events/notifications/',
  actions: ['list', 'retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
  sees: whereOwnedOr(isShownByPermission),
  usedBySees: whereUsedOr(isShownByPermission),
  owner: 'user',
  open: 'owners',
  ordering: [],
  lookup: { parameter: 'uuid', schema: uuid(), read: toUuid },
  write(values) {
    // A server fails here: REST framework writes no row inside another.
    if ('event' in values) throw invalid({ event: ['The event of a notification cannot be changed.'] })
    return values
  },
})

/** What can be done with notifications. */
export const operations = [
  ...ofRows,
  operation({
    id: 'events_notifications_mark_all_seen_create',
    method: 'POST',
    tag: 'events',
    parameters: {},
    view: {
      path: '/events/notifications/mark_all_seen/',
      name: 'Mark all seen',
      description: "Mark all the user's notifications as seen",
      open: 'users',
    },
    summary: 'Marks the notifications of whoever asks as seen.',
    responses: { 204: null },
    async resolve(context) {
      requireKnown(context)
      const table = context.world.table(notifications)
      const unseen = [...table.values()].filter((row) => row.user === context.caller.user && !row.seen)
      for (const { pk } of unseen) await table.update(pk, (draft) => void (draft.seen = true))
    },
  }),
]
