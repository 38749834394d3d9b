/** What a browser must bring beside its session to change something, as Django asks for it (docs/authentik.md#sessions-and-csrf). */
import { cookieOf } from '../../http/cookies.ts'
import { isSafe, originOf, type Call } from '../../http/message.ts'
import { Problem } from '../../rest/errors.ts'

/** The name of the cookie that a call which changes something must show in a header too. */
export const CSRF_COOKIE = 'authentik_csrf'
/** The name of that header. */
export const CSRF_HEADER = 'X-authentik-CSRF'

/**
 * Lets a call with a session through that reads, or that shows its CSRF cookie in a header too.
 * @throws Problem 403 with Django's reason
 */
export function checkCsrf(call: Call): void {
  if (isSafe(call.method)) return
  checkOrigin(call)
  const secret = cookieOf(call, CSRF_COOKIE)
  if (secret === undefined) throw csrfProblem('CSRF cookie not set.')
  checkForm(secret, 'CSRF cookie')
  const token = call.header(CSRF_HEADER.toLowerCase())
  if (token === undefined) throw csrfProblem('CSRF token missing.')
  checkForm(token, HEADER_TOKEN)
  if (toSecret(token) !== toSecret(secret)) throw csrfProblem(`${HEADER_TOKEN} incorrect.`)
}

const HEADER_TOKEN = "CSRF token from the 'X-Authentik-Csrf' HTTP header"
const csrfProblem = (reason: string) => new Problem(403, { detail: `CSRF Failed: ${reason}` })

/**
 * A page of another site must not make its visitor's browser change something; over https one that does not say where
 * it comes from neither.
 */
function checkOrigin(call: Call): void {
  const server = originOf(call)
  const origin = call.header('origin')
  if (origin !== undefined && origin !== server)
    throw csrfProblem(`Origin checking failed - ${origin} does not match any trusted origins.`)
  if (origin !== undefined || !server.startsWith('https:')) return
  const referer = call.header('referer')
  if (referer === undefined) throw csrfProblem('Referer checking failed - no Referer.')
  if (referer !== server && !referer.startsWith(`${server}/`))
    throw csrfProblem(`Referer checking failed - ${referer} does not match any trusted origins.`)
}

function checkForm(token: string, name: string): void {
  if (token.length !== 32 && token.length !== 64) throw csrfProblem(`${name} has incorrect length.`)
  if (!/^[a-zA-Z0-9]+$/.test(token)) throw csrfProblem(`${name} has invalid characters.`)
}

/** A token of 64 is a mask and, shifted by it, the secret. */
function toSecret(token: string): string {
  if (token.length === 32) return token
  const mask = token.slice(0, 32)
  const unmask = (sign: string, index: number) => SIGNS.at(SIGNS.indexOf(sign) - SIGNS.indexOf(mask.charAt(index)))
  return Array.from(token.slice(32), unmask).join('')
}

const SIGNS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
