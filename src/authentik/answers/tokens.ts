/** What a body makes of an API token; loaded when asked for. */
import { invalid, Problem } from '../../rest/errors.ts'
import { requireAllowed } from '../../rest/viewset.ts'
import type { Context } from '../../rest/operation.ts'
import { readBody, unchecked } from '../../rest/write-row.ts'
import { behaviourOf } from '../behaviour.ts'
import { brandOf } from '../brands.ts'
import { DAY, toInstant } from '../../store/clock.ts'
import { toDuration } from '../../store/duration.ts'
import { apiTokens, pkOf, type ApiToken } from '../resources/api-tokens.ts'
import { merge } from '../resources/attributes.ts'
import type { Attributes } from '../resources/jsonb.ts'
import { withAncestors } from '../resources/groups.ts'
import { users, type User } from '../resources/users.ts'
import { writeKeySet, writeSecretView } from './audit.ts'

/** For how long a token is good whose end nobody may say. */
const VALIDITY = DAY

/** Whether a user's own tokens expire, which an attribute of theirs may forbid. */
const expiresFor = (caller: number | undefined, { world }: Context) =>
  world.table(users).get(caller ?? 0)?.attributes['goauthentik.io/user/token-expires'] !== false

/** What says for how long an app password of a user may last: the user, a group of theirs, or the brand. */
const MAXIMUM_LIFETIME = 'goauthentik.io/user/token-maximum-lifetime'

/** For how long an app password of a user may last at most, in milliseconds. */
function longestFor({ groups, attributes }: User, context: Context): number {
  const { attributes: ofBrand = {} } = brandOf(context) ?? {}
  const ofGroups = withAncestors(groups, context.world).map((group) => group.attributes)
  const duration = merge([ofBrand as Attributes, ...ofGroups, attributes])[MAXIMUM_LIFETIME]
  return (typeof duration === 'string' ? toDuration(duration) : undefined) ?? VALIDITY
}

/** @throws Problem 400 for an app password that would last longer than its user's may */
function checkLifetime({ user, expires }: Record<string, unknown>, context: Context): void {
  const { caller, world } = context
  const row = world.table(users).get(Number(user ?? caller.user))
  if (typeof expires !== 'string' || !row || !behaviourOf(context).appPasswordsAreLimited) return
  const latest = world.clock.now() + longestFor(row, context)
  if (Date.parse(expires) <= latest) return
  const time = toInstant(latest).replace('T', ' ').replace('Z', '+00:00')
  throw invalid({ expires: [`Token expires exceeds maximum lifetime (${time} UTC).`] })
}

/** What a body makes of a token. @throws Problem 400 for a user who is another, or an intent that no body may have */
export function writeToken(
  values: Record<string, unknown>,
  context: Context,
  token?: ApiToken,
): Record<string, unknown> {
  const { caller, world } = context
  const { user, intent = 'api' } = values
  if (token && user !== undefined && user !== token.user) throw invalid({ user: ['User cannot be changed'] })
  if (intent !== 'api' && intent !== 'app_password') throw invalid({ intent: [`Invalid intent ${String(intent)}`] })
  if (intent === 'app_password') checkLifetime(values, context)
  const isOwn = !token && !caller.superuser
  const expiring = isOwn ? expiresFor(caller.user, context) : (values['expiring'] ?? token?.expiring ?? true)
  const usual = toInstant(world.clock.now() + VALIDITY)
  const { expires = token ? token.expires : usual } = values
  // What expires has an end: authentik's model gives it one where nobody says it.
  const end = intent === 'api' || (expires === null && expiring) ? usual : expires
  const written = { ...values, intent, expires: end }
  if (token) return { ...written, pk: pkOf(token) }
  return {
    pk: world.random.uuid(),
    ...written,
    user: isOwn ? caller.user : (user ?? caller.user),
    ...(isOwn && { expiring, owner_views_key: true }),
  }
}

/** The key of a token. @throws Problem 403 */
export async function viewKey(token: ApiToken, context: Context) {
  const { caller } = context
  const isOwn = token.owner_views_key && token.user === caller.user
  requireAllowed(isOwn || caller.may('view_token_key', token.identifier), caller)
  await writeSecretView('authentik.core.api.tokens', apiTokens, token, context)
  return { key: token.key }
}

/** Gives a token another key. @throws Problem 400, 403 */
export async function setKey(token: ApiToken, context: Context): Promise<void> {
  requireAllowed(context.caller.may('set_token_key', token.identifier), context.caller)
  const body = await readBody(context, behaviourOf(context).actionsCheckBodies ? undefined : unchecked('key'))
  const key = typeof body['key'] === 'number' ? String(body['key']) : body['key']
  // A body that is not looked at is refused without a word for a key that is not there.
  if ((key ?? '') === '') throw new Problem(400, undefined)
  if (typeof key !== 'string') throw invalid({ key: ['Not a valid string.'] })
  const table = context.world.table(apiTokens)
  // authentik would have two tokens of one key, of which it takes either; a world tells its tokens apart by them.
  const holder = table.find('key', key)
  if (holder && holder.identifier !== token.identifier) throw invalid({ key: ['This field must be unique.'] })
  const updated = await table.update(token.identifier, (draft) => void (draft.key = key))
  await context.audit?.('updated', apiTokens, updated, context)
  await writeKeySet(updated, context)
}
