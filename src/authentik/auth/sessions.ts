/** Sessions of logged-in users, which a browser shows by cookie. */
import type { Call } from '../../http/message.ts'
import { originOf } from '../../http/message.ts'
import { Problem } from '../../rest/errors.ts'
import { resource } from '../../store/resource.ts'
import { dateTime, integer, nullable, text, uuid } from '../../schema/words.ts'
import type { World } from '../../store/world.ts'
import { defaulted, model, type RowOf } from '../resources/model.ts'
import { users } from '../resources/users.ts'

const Row = model({
  uuid: uuid(),
  session_key: text({ maxLength: 40 }),
  user: integer(),
  expires: defaulted(nullable(dateTime()), null),
})
export type Session = RowOf<typeof Row>

export const sessions = resource<Session>({
  name: 'sessions',
  key: 'uuid',
  unique: ['session_key'],
  model: Row,
  references: { user: users },
  django: {
    app: 'authentik_core',
    model: 'authenticatedsession',
    className: 'AuthenticatedSession',
    words: ({ session_key }) => `Authenticated Session ${session_key.slice(0, 10)}`,
  },
})

/** The names of the cookies, and of the header that a call which changes something must bring (FACTS 1.2). */
export const SESSION_COOKIE = 'authentik_session'
export const CSRF_COOKIE = 'authentik_csrf'
export const CSRF_HEADER = 'X-authentik-CSRF'

/** Logs a user in. @returns the session, whose key is the cookie */
export function startSession(user: number, { dice, rows }: World): Promise<Session> {
  return rows(sessions).create({ uuid: dice.uuid(), session_key: dice.key(32).toLowerCase(), user, expires: null })
}

/** The session that a call's cookie names. */
export function sessionOf(call: Call, world: World): Session | undefined {
  const key = cookieOf(call, SESSION_COOKIE)
  const found = key === undefined ? undefined : world.rows(sessions).find('session_key', key)
  return found?.expires && world.clock.hasPassed(found.expires) ? undefined : found
}

/**
 * Lets a call with a session through that reads, or that shows its CSRF cookie in a header too, as Django asks for it.
 * @throws Problem 403 with Django's reason
 */
export function checkCsrf(call: Call): void {
  if (SAFE.has(call.method)) return
  checkOrigin(call)
  const secret = cookieOf(call, CSRF_COOKIE)
  if (secret === undefined) throw failed('CSRF cookie not set.')
  checkForm(secret, 'CSRF cookie')
  const shown = call.header(CSRF_HEADER.toLowerCase())
  if (shown === undefined) throw failed('CSRF token missing.')
  checkForm(shown, FROM_HEADER)
  if (toSecret(shown) !== toSecret(secret)) throw failed(`${FROM_HEADER} incorrect.`)
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
const FROM_HEADER = "CSRF token from the 'X-Authentik-Csrf' HTTP header"
const failed = (reason: string) => new Problem(403, { detail: `CSRF Failed: ${reason}` })

/** A page of another site must not make its visitor's browser change something; over https one that does not say where it comes from neither. */
function checkOrigin(call: Call): void {
  const own = originOf(call)
  const origin = call.header('origin')
  if (origin !== undefined && origin !== own)
    throw failed(`Origin checking failed - ${origin} does not match any trusted origins.`)
  if (origin !== undefined || !own.startsWith('https:')) return
  const referer = call.header('referer')
  if (referer === undefined) throw failed('Referer checking failed - no Referer.')
  if (referer !== own && !referer.startsWith(`${own}/`))
    throw failed(`Referer checking failed - ${referer} does not match any trusted origins.`)
}

function checkForm(token: string, what: string): void {
  if (token.length !== 32 && token.length !== 64) throw failed(`${what} has incorrect length.`)
  if (!/^[a-zA-Z0-9]+$/.test(token)) throw failed(`${what} has invalid characters.`)
}

/** A token of 64 is a mask and, shifted by it, the secret. */
function toSecret(token: string): string {
  if (token.length === 32) return token
  return Array.from(token.slice(32), (sign, at) => SIGNS.at(SIGNS.indexOf(sign) - SIGNS.indexOf(token[at]!))).join('')
}

const SIGNS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Of several of one name the last counts, as to Django. */
function cookieOf(call: Call, name: string): string | undefined {
  const values = (call.header('cookie') ?? '').split(';').flatMap((pair) => {
    const [key, ...value] = pair.trim().split('=')
    return key === name ? [value.join('=').replace(/^"(.*)"$/, '$1')] : []
  })
  return values.at(-1)
}
