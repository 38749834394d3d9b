/** Who may use the control API: whoever shows its token, or the cookie that the page got for it. */
import { cookieOf } from '../http/cookies.ts'
import { baseOf, isSafe, originOf, type Call, type Header } from '../http/message.ts'
import { MOCK_PATH } from '../authentik/pages.ts'
import { toHex } from '../store/hex.ts'

/** The cookie of the page. */
export const CONTROL_COOKIE = 'authentik_mock_control'

/** How many pages may be let in at a time. */
const MAX_PAGES = 100

/** Keeps the token, the link, and the pages that were let in. */
export class Access {
  readonly token: string
  #isLinkUsed = false
  readonly #pages = new Set<string>()

  constructor(token: string) {
    this.token = token
  }

  /** Whether a word is one that lets somebody in. */
  isSecret(word: string): boolean {
    return word === this.token || this.#pages.has(word)
  }

  /** Whether a call shows the token, or the cookie of a page. */
  isAllowed(call: Call): boolean {
    const [, bearer] = /^\s*bearer\s+(\S+)\s*$/i.exec(call.header('authorization') ?? '') ?? []
    if (bearer !== undefined) return isEqual(bearer, this.token)
    const page = cookieOf(call, CONTROL_COOKIE)
    return page !== undefined && this.#pages.has(page)
  }

  /** Lets a page in by the link, which does it once. @returns the cookie; undefined for a wrong token, or a used link */
  openLink(token: string, call: Call): Header | undefined {
    if (this.#isLinkUsed || !isEqual(token, this.token)) return undefined
    this.#isLinkUsed = true
    return this.#letIn(call)
  }

  /** Lets a page in by the token that a person entered. @returns the cookie; undefined for a wrong one */
  enter(token: string, call: Call): Header | undefined {
    return isEqual(token, this.token) ? this.#letIn(call) : undefined
  }

  #letIn(call: Call): Header {
    const value = toHex(crypto.getRandomValues(new Uint8Array(24)))
    if (this.#pages.size >= MAX_PAGES) this.#pages.delete(this.#pages.values().next().value ?? '')
    this.#pages.add(value)
    const secure = originOf(call).startsWith('https:') ? '; Secure' : ''
    const path = baseOf(call) + MOCK_PATH
    return ['Set-Cookie', `${CONTROL_COOKIE}=${value}; HttpOnly; Path=${path}; SameSite=Strict${secure}`]
  }
}

/** Compares in a time that tells nothing of where they differ. */
function isEqual(credential: string, token: string): boolean {
  let difference = credential.length ^ token.length
  for (let index = 0; index < credential.length; index++)
    difference |= credential.charCodeAt(index) ^ token.charCodeAt(index % Math.max(token.length, 1))
  return difference === 0
}

/**
 * Whether another page sends a call: one of another origin, be it allowed for authentik's own API or not. What a page of
 * the mock's own sends names its origin, or says that it is of the same.
 */
export function isForeign(call: Call): boolean {
  const origin = call.pageOrigin ?? call.header('origin')
  if (origin !== undefined) return origin !== originOf(call)
  const site = call.header('sec-fetch-site')
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  // A link may lead to the page from anywhere; the cookie does not come along.
  return !(isSafe(call.method) && call.header('sec-fetch-mode') === 'navigate')
}
