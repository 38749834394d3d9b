/** Which client asks, and whether it is the one it says it is (RFC 6749, section 2.3). */
import { pathOf } from '../../rest/errors.ts'
import { quote } from '../../schema/json.ts'
import { applicationOf, oauth2Providers, type OAuth2Provider } from '../resources/oauth2-providers.ts'
import { behaviourIn, type OAuthContext } from './endpoint.ts'
import { logOnce } from './log-once.ts'

/** What a client says of itself. */
export interface ClientCredentials {
  id: string
  secret: string
}

const NOTHING: ClientCredentials = { id: '', secret: '' }

/**
 * Reads what a client says of itself: in the header, which counts even when it is broken, or in the form. The word
 * `Basic` is met in this case alone.
 */
export function credentialsIn(context: OAuthContext, form: URLSearchParams): ClientCredentials {
  const [, encoded] = /^Basic\s+(\S+)/.exec(context.call.header('authorization') ?? '') ?? []
  if (encoded === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const text = decodeBase64(encoded)
  if (text === undefined) return NOTHING
  const colon = text.indexOf(':')
  const [id, secret] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  return behaviourIn(context).basicIsPercentDecoded ? { id: unquote(id), secret: unquote(secret) } : { id, secret }
}

/** Base64 of UTF-8, as Python reads it: a sign of another alphabet is left out, and what lacks its end is none. */
export function decodeBase64(encoded: string): string | undefined {
  const signs = untilItsEnd(encoded.replace(/[^A-Za-z0-9+/=]/g, ''))
  if (!isAscii(encoded) || signs.length % 4 !== 0) return undefined
  try {
    const bytes = Uint8Array.from(atob(signs), (sign) => sign.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const isAscii = (text: string) => /^[\0-\x7f]*$/.test(text)

/** Base64 up to the equals signs that fill its last four; those that fill nothing are left out. */
function untilItsEnd(signs: string): string {
  let read = ''
  for (const [index, sign] of [...signs].entries()) {
    const place = read.length % 4
    if (sign !== '=') read += sign
    else if (place === 3) return `${read}=`
    else if (place === 2 && signs[index + 1] === '=') return `${read}==`
  }
  return read
}

/** Decodes a part of a URL as Python does, which leaves what is not escaped rightly, and that alone. */
const unquote = (text: string): string =>
  text.replace(/(?:%[\da-f]{2})+/gi, (escaped) => {
    const bytes = Uint8Array.from(escaped.slice(1).split('%'), (digits) => Number.parseInt(digits, 16))
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  })

/** The provider of a client. */
export const providerOf = (client: string, { world }: OAuthContext): OAuth2Provider | undefined =>
  client === '' ? undefined : world.table(oauth2Providers).find('client_id', client)

/** The provider of a client that shows the right secret, whether or not it could keep one. */
export function authenticatedProvider({ id, secret }: ClientCredentials, context: OAuthContext) {
  const provider = providerOf(id, context)
  return provider?.client_secret === secret ? provider : undefined
}

/** How many clients a message names. */
const MAX_CLIENTS = 20

/**
 * Says which client is not there, and which are: once in the log, and in the journal each time. Who asks is told no more
 * than authentik tells.
 * @returns what is said
 */
export function noteUnknownClient(id: string, context: OAuthContext): string {
  const { call, world } = context
  const providers = [...world.table(oauth2Providers).values()]
  const names = providers.map((provider) => {
    const application = applicationOf(provider, world)
    return provider.client_id + (application ? ` (of the application ${application.slug})` : '')
  })
  const more = names.length > MAX_CLIENTS ? `, and ${names.length - MAX_CLIENTS} more` : ''
  const remedy = names.length > 0 ? `There are: ${names.slice(0, MAX_CLIENTS).join(', ')}${more}` : 'The world has none'
  const fault = id === '' ? 'The request names no client_id' : `There is no client ${quote(id)}`
  const message = `${fault}. ${remedy}.`
  logOnce(`client ${id}`, `${call.method} ${pathOf(call)} is refused. ${message}`, context)
  if (call.trace) call.trace.reason = message
  return message
}
