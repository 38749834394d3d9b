/** Writes events of what the mock does itself, as authentik writes them of what it does. */
import { baseOf, type Call } from '../../http/message.ts'
import type { Context } from '../../rest/operation.ts'
import { toInstant } from '../../store/clock.ts'
import { createRandom } from '../../store/random.ts'
import { keyOf, modelNameOf, type Resource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { cleanUpLater } from '../auth/clean-up.ts'
import { clientIpOf } from '../auth/client-ip.ts'
import { brandOf } from '../brands.ts'
import { applications, type Application } from '../resources/applications.ts'
import { brands } from '../resources/brands.ts'
import { EVENT_RETENTION, events, type Event } from '../resources/events.ts'
import { users, type User } from '../resources/users.ts'

/** How many events are kept: the oldest go first. */
const MAX_EVENTS = 10_000

/** What an event says beside who, when and where. */
interface Facts {
  action: Event['action']
  app: string
  user: User | undefined
  context: Record<string, unknown>
}

const plainKey = (key: unknown) => String(key).replaceAll('-', '')

/** A row as an event names it. */
const toModel = (resource: Resource, row: object, world: World) => ({
  pk: plainKey(keyOf(resource, row)),
  app: resource.django.app,
  name: String(Reflect.get(row, 'name') ?? resource.django.label(row, world)),
  model_name: modelNameOf(resource),
})

/** Writes an event. Its key follows from when it was written, so that nothing else of the world's chance does. */
export async function writeEvent({ action, app, user, context }: Facts, call: Call, world: World): Promise<void> {
  const table = world.table(events)
  const now = world.clock.now()
  const brand = brandOf({ call, world })
  const count = world.remember(newCount)
  count.written++
  count.together = count.moment === now ? count.together + 1 : 0
  count.moment = now
  const row = await table.create({
    pk: createRandom('event', now, table.size, count.written).uuid(),
    user: user ? { pk: user.pk, email: user.email, username: user.username } : {},
    action,
    app,
    context: inLength({
      ...context,
      http_request: {
        args: Object.fromEntries(new URLSearchParams(call.query)),
        path: baseOf(call) + call.path,
        method: call.method,
      },
    }),
    client_ip: clientIpOf(call),
    // Events of one millisecond are a microsecond apart, so that they keep their order.
    created: toInstant(now, Math.min(count.together, 999)),
    expires: toInstant(now + EVENT_RETENTION),
    brand: brand ? { ...toModel(brands, brand, world), name: brands.django.label(brand) } : {},
  })
  cleanUpLater(row, world)
  const [oldest] = table.values()
  if (table.size > MAX_EVENTS && oldest) await table.delete(oldest.pk)
}

/** What an event says, in the order in which PostgreSQL keeps it: the shortest key first. */
const inLength = (context: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(context).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)))

/** How many events were written, when the last was, and how many before that in the same millisecond. */
const newCount = () => ({ written: 0, moment: 0, together: 0 })

/** What authentik writes no event of when it is written: events themselves, and what the login makes. */
const SILENT = new Set([
  'event',
  'authenticatedsession',
  'userconsent',
  'authorizationcode',
  'accesstoken',
  'refreshtoken',
])

/** Writes an event of a row that the API wrote. */
export const audit: NonNullable<Context['audit']> = async (change, resource, row, { caller, call, world }) => {
  if (SILENT.has(modelNameOf(resource))) return
  const user = world.table(users).get(caller.user ?? 0)
  const facts = { action: `model_${change}`, app: 'authentik.events.middleware', user }
  await writeEvent({ ...facts, context: { model: toModel(resource, row, world) } }, call, world)
}

/** Writes an event of who was shown a secret. @param app the module of authentik that shows it */
export const writeSecretView = (
  app: string,
  resource: Resource,
  row: object,
  { caller, call, world }: Context,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const user = world.table(users).get(caller.user ?? 0)
  return writeEvent(
    { action: 'secret_view', app, user, context: { secret: toModel(resource, row, world), ...more } },
    call,
    world,
  )
}

/** Writes an event of a password that was set: whose it is, stands as the user. */
export const writePasswordSet = (user: User, { call, world }: Context): Promise<void> =>
  writeEvent({ action: 'password_set', app: 'authentik.events.signals', user, context: {} }, call, world)

/** Writes an event of somebody who did not get in. @param identifier what they said that they are called */
export const writeLoginFailure = (
  user: User | undefined,
  identifier: string | undefined,
  call: Call,
  world: World,
): Promise<void> =>
  writeEvent(
    {
      action: 'login_failed',
      app: 'authentik.events.signals',
      user,
      context: { username: identifier ?? '', stage: { name: 'default-authentication-password' } },
    },
    call,
    world,
  )

/** Has an event deleted when it has expired. */
export const expireLater = (event: Event, world: World): void => void cleanUpLater(event, world)

/** Writes an event of somebody who logged out. */
export const writeLogout = (user: User | undefined, call: Call, world: World): Promise<void> =>
  writeEvent({ action: 'logout', app: 'authentik.events.signals', user, context: {} }, call, world)

/** What a client was let into. */
interface Authorization {
  application: Application
  /** The key of the flow in which its user agreed. */
  flow: string
  scopes: readonly string[]
}

/** Writes an event of a client that gets what it asked for. */
export const writeAuthorization = (
  { application, flow, scopes }: Authorization,
  user: User,
  call: Call,
  world: World,
): Promise<void> =>
  writeEvent(
    {
      action: 'authorize_application',
      app: 'authentik.providers.oauth2.views.authorize',
      user,
      context: {
        flow: plainKey(flow),
        scopes: scopes.join(' '),
        authorized_application: toModel(applications, application, world),
      },
    },
    call,
    world,
  )
