/** Masks what is secret in a request or an answer: by the name that it has, by its form, and because the world knows it. */
import { isObject, readKey } from '../schema/json.ts'
import type { World } from '../store/world.ts'
import { accessTokens } from '../authentik/resources/access-tokens.ts'
import { apiTokens } from '../authentik/resources/api-tokens.ts'
import { authenticatedSessions } from '../authentik/resources/authenticated-sessions.ts'
import { authorizationCodes } from '../authentik/resources/authorization-codes.ts'
import { deviceTokens } from '../authentik/resources/device-tokens.ts'
import { oauth2Providers } from '../authentik/resources/oauth2-providers.ts'
import { refreshTokens } from '../authentik/resources/refresh-tokens.ts'
import { users } from '../authentik/resources/users.ts'
import type { NamedValue } from './types.ts'

/** What stands for a secret. */
export const MASK = '***'

/** Names of what is always secret, in a form, a query, a JSON object or a header. */
const SECRET_NAMES = new RegExp(
  `^(?:${[
    '(?:.*[-_])?(?:password|passwd|passphrase|secret|token)',
    'password_(?:repeat|confirm|confirmation)',
    'secret_key',
    'id_token_hint',
    'code_verifier',
    '(?:client_)?assertion',
    'device_code',
    'user_code',
    'session_key',
    'csrfmiddlewaretoken',
    '(?:private_)?key_data',
    'private_key',
    'x-authentik-csrf',
    'x-csrftoken',
    '(?:x-)?api[-_]?key',
  ].join('|')})$`,
  'i',
)
/** Names of what is secret when it is long, or when the world knows it: an error has a short `code`, too. */
const LONG_SECRET_NAMES = /^(?:key|code)$/i
const LONG = 16
const CODE = /^code$/i
/** The code of an error, such as `invalid`; one that a person types has digits. */
const ERROR_CODE = /^[a-z_]*$/i
/** A code in an address that stands in a text: what is short is no word that is looked up. */
const LINKED_CODE = /([?&;]code=)[^&\s"'<>#]+/gi

const alwaysByName = new Map<string, boolean>()
/** Whether what has a name is always secret: an answer has few names, and has them often. */
function isSecretAlways(name: string): boolean {
  const present = alwaysByName.get(name)
  if (present !== undefined) return present
  if (alwaysByName.size >= MAX_TEXTS) alwaysByName.clear()
  const isSecret = SECRET_NAMES.test(name)
  alwaysByName.set(name, isSecret)
  return isSecret
}

/** What could be a secret: a word as long as the shortest key, and what such a word is made of in an address. */
const SHORTEST = 8
const WORD = /[A-Za-z0-9_~+/=.%-]{8,}/g
const PARTS: readonly RegExp[] = [/[^/=]{8,}/g, /[A-Za-z0-9_-]{8,}/g, /[A-Za-z0-9]{8,}/g]
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g

/** Masks secrets of one world. */
export interface Masking {
  headers(headers: readonly NamedValue[]): NamedValue[]
  path(path: string): string
  query(query: string): string
  /** @param type its Content-Type, where it has one */
  body(body: string, type?: string): string
}

/** Where a world has secrets, each of one row. */
const SECRETS: ReadonlyMap<string, readonly string[]> = new Map([
  [apiTokens.name, ['key']],
  [accessTokens.name, ['token']],
  [refreshTokens.name, ['token']],
  [authenticatedSessions.name, ['session_key']],
  [authorizationCodes.name, ['code']],
  [deviceTokens.name, ['device_code', 'user_code']],
  [oauth2Providers.name, ['client_secret']],
  [users.name, ['password']],
])

/** The secrets that a row of a resource has. */
export const secretsOf = (resource: string, row: object): string[] =>
  (SECRETS.get(resource) ?? []).flatMap((field) => {
    const value = readKey(row, field)
    return typeof value === 'string' && value !== '' ? [value] : []
  })

/** Makes what masks the secrets of a world. @param further tells of secrets that the world does not know */
export function createMasking(world: World, further: (word: string) => boolean): Masking {
  const secrets = new Set<string>()
  for (const { client_secret } of world.table(oauth2Providers).values()) secrets.add(client_secret)
  for (const { password } of world.table(users).values()) if (password) secrets.add(password)
  for (const { user_code } of world.table(deviceTokens).values()) secrets.add(user_code)
  secrets.add(world.secretKey)
  secrets.delete('')
  const isSecret = (word: string) =>
    secrets.has(word) ||
    world.table(apiTokens).find('key', word) !== undefined ||
    world.table(accessTokens).find('token', word) !== undefined ||
    world.table(refreshTokens).find('token', word) !== undefined ||
    world.table(authenticatedSessions).find('session_key', word) !== undefined ||
    world.table(authorizationCodes).find('code', word) !== undefined ||
    world.table(deviceTokens).find('device_code', word) !== undefined ||
    further(word)
  const text = remembering((value) =>
    value
      .replace(LINKED_CODE, `$1${MASK}`)
      .replace(JWT, MASK)
      .replace(WORD, (word) => maskWord(word, isSecret)),
  )
  /** Whether a value is secret under a name that other values have, too. */
  const isSecretValue = (name: string, value: string) =>
    value.length >= LONG || isSecret(value) || (CODE.test(name) && !ERROR_CODE.test(value))
  const maskNamed = (name: string, value: string) => {
    if (name !== '' && (isSecretAlways(name) || (LONG_SECRET_NAMES.test(name) && isSecretValue(name, value))))
      return MASK
    // A picture in an answer is long, and no secret.
    if (value.startsWith('data:image/')) return value
    return value.includes('=') ? address(value) : text(value)
  }
  /** An address, in whose query and fragment there may be secrets. */
  const address = (value: string): string => {
    const [, path = '', search = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#[^]*)?$/.exec(value) ?? []
    const rest = [search, hash].map((part) => part && part.charAt(0) + query(part.slice(1)))
    return text(path) + rest.join('')
  }
  const query = (value: string): string => {
    if (value === '') return ''
    return value
      .split('&')
      .map((pair) => {
        const [name = '', ...rest] = pair.split('=')
        if (rest.length === 0) return text(pair)
        const [key, decoded] = [decode(name), decode(rest.join('='))]
        // No error stands in a query or a form.
        const masked = CODE.test(key) && decoded !== '' ? MASK : maskNamed(key, decoded)
        return masked === decoded ? pair : `${name}=${masked === MASK ? MASK : encodeURIComponent(masked)}`
      })
      .join('&')
  }
  const json = (value: unknown, name = ''): unknown => {
    if (Array.isArray(value)) return value.map((item) => json(item, name))
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, json(item, key)]))
    if (typeof value === 'number') return isSecretAlways(name) || CODE.test(name) ? MASK : value
    return typeof value === 'string' && value !== '' ? maskNamed(name, value) : value
  }
  const body = (value: string, type = ''): string => {
    if (type.includes('x-www-form-urlencoded')) return query(value)
    if (type.includes('multipart/')) return text(maskParts(value))
    if (/^\s*[[{]/.test(value)) return maskJson(value, json, text)
    return /^[\w.%+-]+=/.test(value) ? query(value) : text(maskMarkup(value))
  }
  return {
    path: text,
    query,
    body,
    headers: (headers) => headers.map((header) => maskHeader(header, { address, maskNamed })),
  }
}

/** How many texts are remembered, and how long the longest of them. */
const MAX_TEXTS = 10_000
const MAX_LENGTH = 500

/** The same function, which remembers what it made of short texts: answers say the same again and again. */
function remembering(mask: (value: string) => string): (value: string) => string {
  const masked = new Map<string, string>()
  return (value) => {
    if (value.length < SHORTEST) return value
    if (value.length > MAX_LENGTH) return mask(value)
    const present = masked.get(value)
    if (present !== undefined) return present
    if (masked.size >= MAX_TEXTS) masked.clear()
    const text = mask(value)
    masked.set(value, text)
    return text
  }
}

/** A word without the secrets that it is, or has between the signs of an address. */
function maskWord(word: string, isSecret: (word: string) => boolean): string {
  if (isSecret(word)) return MASK
  if (!/[^A-Za-z0-9]/.test(word)) return word
  const decoded = decode(word)
  if (decoded !== word && isSecret(decoded)) return MASK
  let masked = word
  for (const part of PARTS)
    masked = masked.replace(part, (piece) => (isSecret(piece) || isSecret(decode(piece)) ? MASK : piece))
  return masked
}

/** A JSON text with its secrets masked, indented as it was. */
function maskJson(value: string, json: (value: unknown) => unknown, text: (value: string) => string): string {
  try {
    const indent = /^[[{]\n( +)/.exec(value)?.[1]
    return JSON.stringify(json(JSON.parse(value)), null, indent)
  } catch {
    return text(
      value.replace(PROPERTY, (whole, start: string, name: string) =>
        isSecretName(name) ? `${start}"${MASK}"` : whole,
      ),
    )
  }
}

const isSecretName = (name: string) => isSecretAlways(name) || LONG_SECRET_NAMES.test(name)
/** A property of JSON that is no whole document. */
const PROPERTY = /("([\w-]+)"\s*:\s*)"(?:[^"\\]|\\.)*"?/g

/** What a form in a page has in it, whatever stands first in its fields. */
const maskMarkup = (value: string) =>
  value.replace(/<input\b[^>]*>/gi, (field) => {
    const [, name = ''] = /\bname=["']?([^"'\s>]*)/i.exec(field) ?? []
    if (!isSecretName(name)) return field
    return field.replace(/(\bvalue=)(?:"[^"]*"|'[^']*'|[^"'\s>]+)/i, `$1"${MASK}"`)
  })

/** What a form of several parts has in it (RFC 7578). */
const maskParts = (value: string) =>
  value.replace(
    /(\bname="([^"]*)"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)[^]*?(?=\r?\n--)/gi,
    (whole, start: string, name: string) => (isSecretName(name) ? start + MASK : whole),
  )

interface TextMasking {
  address(value: string): string
  maskNamed(name: string, value: string): string
}

/** Headers whose values are addresses. */
const ADDRESSES: ReadonlySet<string> = new Set(['location', 'referer', 'content-location', 'refresh'])

function maskHeader({ name, value }: NamedValue, { address, maskNamed }: TextMasking): NamedValue {
  const key = name.toLowerCase()
  if (key === 'authorization' || key === 'proxy-authorization')
    return { name, value: value.replace(/^(\S+\s+)?[^]*$/, `$1${MASK}`) }
  if (key === 'cookie') return { name, value: value.replace(/=[^;]*/g, `=${MASK}`) }
  if (key === 'set-cookie') return { name, value: value.replace(/=[^;]*/, `=${MASK}`) }
  return { name, value: ADDRESSES.has(key) ? address(value) : maskNamed(name, value) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
