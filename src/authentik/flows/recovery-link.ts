/** Makes and takes the tokens of recovery links, which open a flow once (docs/authentik.md#recovery). */
import { addressOf } from '../../http/message.ts'
import { credentialsMissing, invalid, permissionDenied } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { parseBody } from '../../rest/parse-body.ts'
import { lastOf } from '../../rest/python.ts'
import { createRow } from '../../rest/write-row.ts'
import { DAY, toInstant } from '../../store/clock.ts'
import { toDuration } from '../../store/duration.ts'
import type { World } from '../../store/world.ts'
import { stagesIn } from '../answers/stages.ts'
import { recoveryFlowOf } from '../brands.ts'
import { RECOVERY_REFUSED_IN_TEXT } from '../deviations.ts'
import { apiTokens, type ApiToken } from '../resources/api-tokens.ts'
import type { Flow } from '../resources/flows.ts'
import { checkDuration } from '../resources/oauth2-providers.ts'
import { users, usersViewset, type User } from '../resources/users.ts'

/** What the identifier of a token ends with that opens a recovery flow, behind its user's uid. */
const SUFFIX = '-password-reset'

/** The user whom a key lets give themselves a new password; undefined for one that is spent, or over, or none. */
export function findRecovery(
  key: string,
  { world }: Pick<Context, 'world'>,
): { token: ApiToken; user: User } | undefined {
  const token = world.table(apiTokens).find('key', key)
  const user = token && world.table(users).get(token.user)
  if (!user || token.identifier !== user.uid + SUFFIX || world.clock.hasPassed(token.expires)) return undefined
  return { token, user }
}

/** Whether the world has a stage with a pk that sends mails. */
const isEmailStage = (key: unknown, world: World): boolean =>
  stagesIn(world).some(({ pk, component }) => pk === key && component === 'ak-stage-email-form')

/** The values of a body, in releases that read one. */
async function readValues(context: Context): Promise<Record<string, unknown>> {
  const { call, release, world } = context
  const { body } = context.operation
  if (!body) return {}
  const rules = {
    token_duration: { check: checkDuration },
    email_stage: { exists: (key: unknown) => isEmailStage(key, world) },
  }
  return parseBody(call, body, { partial: false, jsonParser: release.behaviour.jsonParser, rules })
}

/** The user, by whoever may give them a new password. @throws Problem 403, 404 */
function userFor(context: Context): User {
  const { caller } = context
  if (caller.user === undefined) throw credentialsMissing()
  const user = usersViewset.find(context)
  if (!caller.may('reset_user_password', user.pk)) throw permissionDenied()
  return user
}

/** Why there is no link: a list, as is documented of every refusal, and a text as servers send it. */
const refusal = (reason: string, { serializer }: Context) =>
  invalid({ non_field_errors: serializer.has(RECOVERY_REFUSED_IN_TEXT) ? reason : [reason] })

/** @throws Problem 400 where the brand has no such flow */
function requireFlow(context: Context): Flow {
  const flow = recoveryFlowOf(context)
  if (!flow) throw refusal('No recovery flow set.', context)
  return flow
}

/** The token of a user, of which there is one: who asks again is given the same link, for longer. */
function keepToken(user: User, duration: unknown, context: Context): Promise<ApiToken> {
  const { world } = context
  const table = world.table(apiTokens)
  const identifier = user.uid + SUFFIX
  const validity = typeof duration === 'string' ? toDuration(duration) : undefined
  const expires = toInstant(world.clock.now() + (validity ?? DAY))
  const token = table.get(identifier)
  if (!token) return createRow(apiTokens, context, { identifier, user: user.pk, intent: 'verification', expires })
  const key = world.clock.hasPassed(token.expires) ? world.random.key(60) : token.key
  return table.update(identifier, (draft) => void Object.assign(draft, { expires, key }))
}

/** A link for a user. @throws Problem 400, 403, 404 */
export async function createLink(context: Context): Promise<{ link: string }> {
  const user = userFor(context)
  const { token_duration: duration } = await readValues(context)
  const { slug } = requireFlow(context)
  const { key } = await keepToken(user, duration, context)
  return { link: `${addressOf(context.call)}/if/flow/${slug}/?${new URLSearchParams({ flow_token: key })}` }
}

/** Sends nothing: who tests a mail reads the key of its link from the world's tokens. @throws as {@link createLink} */
export async function createMail(context: Context): Promise<void> {
  const { query, world } = context
  const user = userFor(context)
  const { token_duration: duration, email_stage: stage = lastOf(query, 'email_stage') } = await readValues(context)
  if (user.email === '') throw refusal('User does not have an email address set.', context)
  requireFlow(context)
  if (!isEmailStage(stage, world)) throw refusal('Email stage not found.', context)
  await keepToken(user, duration, context)
}
