/** Writes events of what the mock does itself, as authentik writes them of what it does. */
import { baseOf, type Call } from '../../http/message.ts'
import type { Context } from '../../rest/operation.ts'
import { toInstant } from '../../store/clock.ts'
import { createRandom } from '../../store/random.ts'
import { keyOf, modelNameOf, type Resource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { cleanUpLater } from '../auth/clean-up.ts'
import { clientIpOf } from '../auth/client-ip.ts'
import { sessionOf } from '../auth/sessions.ts'
import { brandOf } from '../brands.ts'
import { apiTokens, type ApiToken } from '../resources/api-tokens.ts'
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
  /** As whom the user acts; found in the session where it is left out. */
  behalf?: User
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

const toNames = ({ pk, email, username }: User) => ({ pk, email, username })

/** Whose event it is: who acts as another has it, and on behalf of whom. */
function toPerson({ user, behalf }: Facts, call: Call, world: World): object {
  const session = behalf ? undefined : sessionOf(call, world)
  const isActing = session !== undefined && session.impersonated !== null
  const person = isActing ? world.table(users).get(session.user) : user
  const role = behalf ?? (isActing ? world.table(users).get(session.impersonated ?? 0) : undefined)
  return person ? { ...toNames(person), ...(role && { on_behalf_of: toNames(role) }) } : {}
}

/** Writes an event. Its key follows from when it was written, so that nothing else of the world's chance does. */
export async function writeEvent(facts: Facts, call: Call, world: World): Promise<void> {
  const { action, app, context } = facts
  const table = world.table(events)
  const now = world.clock.now()
  const brand = brandOf({ call, world })
  const count = world.remember(newCount)
  count.written++
  count.together = count.moment === now ? count.together + 1 : 0
  count.moment = now
  const row = await table.create({
    pk: createRandom('event', now, table.size, count.written).uuid(),
    user: toPerson(facts, call, world),
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

/** The models whose lists of others authentik writes events of. */
const WITH_LISTS = new Set(['user', 'group'])

/** Writes an event of a row that the API wrote, and one each for what left its lists and what came into them. */
export const audit: NonNullable<Context['audit']> = async (change, resource, row, context, previous) => {
  if (SILENT.has(modelNameOf(resource))) return
  const write = (action: string) => writeModel(action, resource, row, context)
  await write(`model_${change}`)
  if (!previous || !WITH_LISTS.has(modelNameOf(resource))) return
  for (const [field, list] of Object.entries(row)) {
    if (Array.isArray(list)) await writeSteps(Reflect.get(previous, field), list, () => write('model_updated'))
  }
}

/**
 * Writes an event for each step in which a list of keys becomes another, as Django's signals tell of it: what is not in it
 * any more leaves, and what is new in it comes.
 */
export async function writeSteps(previous: unknown, current: readonly unknown[], write: () => unknown): Promise<void> {
  const keys: readonly unknown[] = Array.isArray(previous) ? previous : []
  if (keys.some((key) => !current.includes(key))) await write()
  if (current.some((key) => !keys.includes(key))) await write()
}

/** Writes an event of a row. @param app the module of authentik that does it */
function writeModel(
  action: string,
  resource: Resource,
  row: object,
  { caller, call, world }: Context,
  app = 'authentik.events.middleware',
): Promise<void> {
  const user = world.table(users).get(caller.user ?? 0)
  return writeEvent({ action, app, user, context: { model: toModel(resource, row, world) } }, call, world)
}

/** Writes the event of a key that was set, beside that of the token that was written. */
export const writeKeySet = (token: ApiToken, context: Context): Promise<void> =>
  writeModel('model_updated', apiTokens, token, context, 'authentik.core.api.tokens')

/** Writes an event of somebody who begins to act as another, or ends. @param reason why, where a release asks for it */
export const writeImpersonation = (
  action: 'impersonation_started' | 'impersonation_ended',
  { user, behalf }: { user: User | undefined; behalf?: User },
  { call, world }: Context,
  reason?: unknown,
): Promise<void> =>
  writeEvent(
    {
      action,
      app: 'authentik.core.api.users',
      user,
      ...(behalf && { behalf }),
      context: reason === undefined ? {} : { reason },
    },
    call,
    world,
  )

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
