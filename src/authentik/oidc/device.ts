/** The device authorization endpoint (RFC 8628, section 3.1): a device asks for a code that a person is to enter. */
import { readForm } from '../../http/form.ts'
import { addressOf, type Reply } from '../../http/message.ts'
import { createRow } from '../../rest/write-row.ts'
import { toInstant } from '../../store/clock.ts'
import { toDuration } from '../../store/duration.ts'
import type { Random } from '../../store/random.ts'
import { cleanUpLater } from '../auth/clean-up.ts'
import { deviceTokens } from '../resources/device-tokens.ts'
import { applicationOf } from '../resources/oauth2-providers.ts'
import { credentialsIn, noteUnknownClient, providerOf } from './clients.ts'
import { behaviourIn, empty, json, refusal, secretJson, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'
import { OAuthError } from './oauth-error.ts'
import { knownScopes } from './token.ts'

/** How often a device may ask, in seconds. */
const INTERVAL = 5
const PRINTABLE = 94

/** So many printable ASCII characters, quotation marks among them. */
const printable = (length: number, random: Random) =>
  Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random.next() * PRINTABLE))).join('')

const digits = (length: number, random: Random) => Array.from({ length }, () => Math.floor(random.next() * 10)).join('')

async function authorizeDevice(context: OAuthContext): Promise<Reply> {
  const { call, world } = context
  const { deviceReadsBasic, deviceAnswersInJson } = behaviourIn(context)
  const form = await readForm(call)
  const id = deviceReadsBasic ? credentialsIn(context, form).id : (form.get('client_id') ?? '')
  const provider = providerOf(id, context)
  if (!provider) noteUnknownClient(id, context)
  if (!provider || !applicationOf(provider, world))
    return deviceAnswersInJson ? refusal(new OAuthError('invalid_client'), 400, context) : empty(400)
  const lifetime = toDuration(provider.access_code_validity) ?? 0
  const row = await createRow(
    deviceTokens,
    { world },
    {
      provider: provider.pk,
      scope: knownScopes(form, provider, context).join(' '),
      expires: toInstant(world.clock.now() + lifetime),
      device_code: printable(128, world.random),
      user_code: digits(9, world.random),
    },
  )
  const { device_code, user_code } = cleanUpLater(row, world)
  const address = `${addressOf(call)}/device`
  const answer = {
    device_code,
    verification_uri: address,
    verification_uri_complete: `${address}?code=${user_code}`,
    user_code,
    expires_in: Math.floor(lifetime / 1000),
    interval: INTERVAL,
  }
  return deviceAnswersInJson ? secretJson(200, answer) : json(200, answer)
}

/** Gives a device its codes; whether its client shows a secret does not count. */
export const deviceEndpoint: OAuthEndpoint = { methods: { POST: authorizeDevice }, isCsrfExempt: true }
