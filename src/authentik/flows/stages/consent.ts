/** The stage that asks whether an application may learn what it wants to (docs/authentik.md#flow-executor). */
import { inLanguage, languageIn } from '../../../rest/language.ts'
import { createRow } from '../../../rest/write-row.ts'
import { component, text } from '../../../schema/words.ts'
import { toInstant } from '../../../store/clock.ts'
import { toDuration } from '../../../store/duration.ts'
import { cleanUpLater } from '../../auth/clean-up.ts'
import { behaviourIn } from '../../oidc/endpoint.ts'
import { isExpired } from '../../resources/grants.ts'
import { oauth2Providers } from '../../resources/oauth2-providers.ts'
import { scopeMappings } from '../../resources/scope-mappings.ts'
import { userConsents } from '../../resources/user-consents.ts'
import { error, pendingUser, type StageContext, type StageDefinition, type StageErrors } from './stage.ts'

const FORM = component('ConsentChallengeResponse', { token: text({ minLength: 1 }) })

export const consent: StageDefinition = {
  component: 'ak-stage-consent',
  async pass(context) {
    if (context.autoLogin !== undefined) {
      await keepConsent(context)
      return 'done'
    }
    const row = keptConsent(context)
    return row !== undefined && isOf(row.permissions, scopesOf(context)) ? 'done' : undefined
  },
  challenge(context) {
    const { plan, world } = context
    plan.consentToken = world.random.uuid()
    const { allowed, added } = askedOf(context)
    const describe = (id: string) => ({ name: descriptionOf(id, context), id })
    return {
      ...pendingUser(context),
      ...(plan.application ? { header_text: headerOf(plan.application.name, context) } : {}),
      permissions: allowed.map(describe),
      additional_permissions: added.map(describe),
      token: plan.consentToken,
    }
  },
  form: () => FORM,
  async answer(context, { token }) {
    if (token !== context.plan.consentToken) return { errors: wrongToken(context) }
    await keepConsent(context)
    return 'done'
  },
}

const headerOf = (name: string, { call, release }: StageContext) =>
  inLanguage(languageIn(release.behaviour, call) ?? 'en', "You're about to sign into {0}.").replace('{0}', () => name)

const wrongToken = (context: StageContext): StageErrors | undefined =>
  behaviourIn(context).consentTokenIsExplained
    ? { token: error('Invalid consent token, re-showing prompt', 'invalid') }
    : undefined

/** What a consent is kept for. */
type ConsentContext = Pick<StageContext, 'plan' | 'stage' | 'world'>

/** The scopes that are asked for, in the order of their names. */
const scopesOf = ({ plan }: ConsentContext): readonly string[] => plan.client?.scopes.toSorted() ?? []

/** The same scopes by whether a kept consent has them; without one there is nothing to be added to. */
function askedOf(context: ConsentContext): { allowed: readonly string[]; added: readonly string[] } {
  const scopes = scopesOf(context)
  const permissions = keptConsent(context)?.permissions
  if (permissions === undefined) return { allowed: scopes, added: [] }
  const agreed = new Set(permissions.split(' '))
  return { allowed: scopes.filter((scope) => agreed.has(scope)), added: scopes.filter((scope) => !agreed.has(scope)) }
}

/** Whether a row's scopes, which come in the order in which they were agreed to, are these. */
function isOf(permissions: string, scopes: readonly string[]): boolean {
  const agreed = permissions === '' ? [] : permissions.split(' ')
  return new Set(agreed).size === scopes.length && scopes.every((scope) => agreed.includes(scope))
}

const descriptionOf = (scope: string, { plan, world }: StageContext) =>
  (plan.client && world.table(oauth2Providers).get(plan.client.provider))?.property_mappings
    .map((pk) => world.table(scopeMappings).get(pk))
    .find((mapping) => mapping?.scope_name === scope)?.description ?? ''

function keptConsent(context: ConsentContext) {
  const { plan, stage, world } = context
  if (stage.mode === 'always_require') return undefined
  return [...world.table(userConsents).values()].find(
    (row) => row.user === plan.user && row.application === plan.application?.pk && !isExpired(row, world),
  )
}

/** Keeps that a user has agreed, in one row for each application, where the stage's mode does. */
export async function keepConsent(context: ConsentContext): Promise<void> {
  const { plan, stage, world } = context
  if (stage.mode === 'always_require' || plan.user === undefined || !plan.application) return
  const { allowed, added } = askedOf(context)
  const permissions = [...allowed, ...added].join(' ')
  const validity = stage.mode === 'expiring' ? toDuration(stage.validity ?? 'weeks=4') : undefined
  const expires = validity === undefined ? null : toInstant(world.clock.now() + validity)
  const row = { permissions, expires, expiring: expires !== null }
  const consentRow = keptConsent(context)
  const written = consentRow
    ? await world.table(userConsents).update(consentRow.pk, (draft) => void Object.assign(draft, row))
    : await createRow(userConsents, { world }, { user: plan.user, application: plan.application.pk, ...row })
  cleanUpLater(written, world)
}
