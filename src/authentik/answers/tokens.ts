/** What a body makes of an API token; loaded when asked for. */
import { invalid, Problem } from '../../rest/errors.ts'
import { requireAllowed } from '../../rest/viewset.ts'
import type { Context } from '../../rest/operation.ts'
import { readBody, unchecked } from '../../rest/write-row.ts'
import { behaviourOf } from '../behaviour.ts'
import { DAY, toInstant } from '../../store/clock.ts'
import { apiTokens, pkOf, type ApiToken } from '../resources/api-tokens.ts'
import { users } from '../resources/users.ts'
import { writeKeySet, writeSecretView } from './audit.ts'

/** For how long a token is good whose end nobody may say. */
const VALIDITY = DAY

/** Whether a user's own tokens expire, which an attribute of theirs may forbid. */
const expiresFor = (caller: number | undefined, { world }: Context) =>
  world.table(users).get(caller ?? 0)?.attributes['goauthentik.io/user/token-expires'] !== false

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
  const end = intent === 'api' ? toInstant(world.clock.now() + VALIDITY) : values['expires']
  const written = { ...values, intent, ...(end !== undefined && { expires: end }) }
  if (token) return { ...written, pk: pkOf(token) }
  const isOwn = !caller.superuser
  return {
    pk: world.random.uuid(),
    expires: toInstant(world.clock.now() + VALIDITY),
    ...written,
    user: isOwn ? caller.user : (user ?? caller.user),
    ...(isOwn && { expiring: expiresFor(caller.user, context), owner_views_key: true }),
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
