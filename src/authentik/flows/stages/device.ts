/** The stages of a device that somebody logs in elsewhere (RFC 8628, section 3.3; docs/authentik.md#device). */
import { createRow } from '../../../rest/write-row.ts'
import { toInteger } from '../../../rest/python.ts'
import { component, text } from '../../../schema/words.ts'
import { cleanUpLater } from '../../auth/clean-up.ts'
import { deniedPage } from '../../oidc/pages.ts'
import { planForDevice } from '../../oidc/device-page.ts'
import { behaviourIn } from '../../oidc/endpoint.ts'
import { deviceTokens } from '../../resources/device-tokens.ts'
import { flowLocation, queryOf } from '../flow-location.ts'
import { error, type StageContext, type StageDefinition } from './stage.ts'

const NAME = 'OAuthDeviceCodeChallengeResponse'
const FORM = component(NAME, { code: text({ minLength: 1 }) })
/** Of a whole number, which a blank is none of. */
const NUMBER_FORM = component(NAME, { code: text() })

/** A code as the release reads it: as a whole number until 2025.6, so that it loses the zeros that it begins with. */
function readCode(code: string, context: StageContext): string | undefined {
  return behaviourIn(context).deviceCodeIsText ? code : toInteger(code)?.toString()
}

/** Asks for the code that a device shows. */
export const deviceCode: StageDefinition = {
  component: 'ak-provider-oauth2-device-code',
  challenge: () => ({}),
  form: (context) => (behaviourIn(context).deviceCodeIsText ? FORM : NUMBER_FORM),
  async answer(context, { code }) {
    const { call, session } = context
    const userCode = readCode(String(code), context)
    if (userCode === undefined) return { errors: { code: error('A valid integer is required.', 'invalid') } }
    const plan = planForDevice(userCode, context)
    if (!plan) {
      const { body, headers } = deniedPage(context)
      session.hasMessage = undefined
      const cookies = headers.filter(([name]) => name === 'Set-Cookie')
      return { show: { component: 'xak-flow-shell', body }, headers: cookies }
    }
    if (!behaviourIn(context).deviceCodeIsText) return 'unanswered'
    session.plan = plan
    return { show: { component: 'xak-flow-redirect', to: flowLocation(plan.flow.slug, context, queryOf(call)) } }
  },
}

/** Tells that the device goes on: to look at it is to agree. */
export const deviceFinish: StageDefinition = {
  component: 'ak-provider-oauth2-device-code-finish',
  async pass({ plan, world }) {
    const { device, user } = plan
    if (!device || user === undefined) return 'failed'
    const table = world.table(deviceTokens)
    const row = table.get(device.pk)
    // The row is kept with the plan: who looks again, once the device has its tokens, gives it another code to use.
    const written = row
      ? await table.update(row.pk, (draft) => void (draft.user = user))
      : await createRow(deviceTokens, { world }, { ...device, user })
    cleanUpLater(written, world)
    return undefined
  },
  challenge: () => ({}),
}
