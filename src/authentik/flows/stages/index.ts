/** Every kind of stage that is played. */
import { fulfil, refusalOf } from '../../oidc/fulfil.ts'
import type { StageKind } from '../plan.ts'
import { consent } from './consent.ts'
import { deviceCode, deviceFinish } from './device.ts'
import { identification } from './identification.ts'
import { login } from './login.ts'
import { logout, sessionEnd } from './logout.ts'
import { password } from './password.ts'
import { prompt, userWrite } from './prompt.ts'
import { settings } from './settings.ts'
import type { StageDefinition } from './stage.ts'

/** Gives the client what it asked for. */
const authorization: StageDefinition = {
  async pass(context) {
    const refusal = refusalOf(context)
    if (refusal) {
      context.session.plan = undefined
      return { show: refusal }
    }
    const end = await fulfil(context)
    return end ? { end } : 'failed'
  },
}

/** Nobody in a world has a second factor. */
const authenticatorValidate: StageDefinition = { pass: () => 'done' }

/** What the mock cannot play ends the flow, and says what it is. */
const unsupported: StageDefinition = {
  pass: ({ stage }) => ({ denied: `authentik-mock does not play the ${stage.name}.`, isUnplayed: true }),
}

/** The kinds of stages by their names. */
export const STAGES: Readonly<Record<StageKind, StageDefinition>> = {
  identification,
  password,
  'authenticator-validate': authenticatorValidate,
  login,
  consent,
  prompt,
  settings,
  'user-write': userWrite,
  authorization,
  'device-code': deviceCode,
  'device-finish': deviceFinish,
  logout,
  'session-end': sessionEnd,
  unsupported,
}
