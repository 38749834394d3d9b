/** Says in the log, once each, what a browser does not show to whoever wonders why a page gets no answer. */
import type { Log } from '../log.ts'
import { originOf, type Call, type Reply } from '../message.ts'
import { readOrigin } from './addresses.ts'

/** How many different notices there are at most: what others send must not fill the log. */
const MAX_NOTICES = 100

/** Creates what logs each message once. */
export function createNotices(log: Log): Log {
  const messages = new Set<string>()
  return (message) => {
    if (messages.size >= MAX_NOTICES || messages.has(message)) return
    messages.add(message)
    log(message)
  }
}

/** Django's reason to refuse what a page of another site asks for (src/authentik/auth/csrf.ts). */
const REFUSED_ORIGIN = /CSRF Failed: (Origin|Referer) checking failed - \S+ does not match/

/** Looks at an answer, and says what a page of another origin does not see of it. */
export type PageNotices = (call: Call, reply: Reply) => void

/** @param isAllowed tells whether pages of an origin may read the answers */
export function createPageNotices(log: Log, isAllowed: (origin: string) => boolean): PageNotices {
  const notify = createNotices(log)
  return (call, reply) => {
    const header = reply.status === 403 ? REFUSED_ORIGIN.exec(reply.body)?.[1] : undefined
    const origin = pageOf(call, header)
    if (origin === undefined) return
    const server = originOf(call)
    if (header !== undefined)
      notify(
        `A change was refused (403, CSRF): its ${header} is of ${origin}, and the server was called ${server}. Have a proxy keep the Host (changeOrigin: false in Vite) and send X-Forwarded-Proto. Without a proxy, allow the page: --cors ${origin}`,
      )
    // A browser that calls the page and the server one origin has a proxy before it, and hides nothing.
    else if (origin === server || call.header('sec-fetch-site') === 'same-origin') return
    else if (reply.decidesOrigins) {
      if (!allowsOrigin(reply))
        notify(
          `A page of ${origin} sent a request to ${call.path}, and its browser hides the answer, as it would authentik's. Pages may read discovery, tokens and userinfo of a provider that has an address of theirs in its redirect_uris, in full and not as a pattern: add one such as ${origin}/callback to the provider, or serve the page where one is. No page may read the refusal of an unknown client or token.`,
        )
    } else if (!isAllowed(origin))
      notify(
        `A page of ${origin} sent a request, and its browser hides the answer, as it would authentik's. To allow the page: --cors ${origin}`,
      )
  }
}

/** Whether a page may read an answer that says so itself. */
const allowsOrigin = ({ headers }: Reply) => headers.some(([name]) => name === 'Access-Control-Allow-Origin')

/** The origin of the page that sent a request, as far as a browser tells: what no browser sends is no page's. */
function pageOf(call: Call, header = 'Origin'): string | undefined {
  const value = call.pageOrigin ?? call.header(header.toLowerCase())
  if (value === undefined || value.length > 300) return undefined
  const origin = header === 'Referer' && URL.canParse(value) ? new URL(value).origin : value
  try {
    return readOrigin(origin) === origin && origin !== '*' ? origin : undefined
  } catch {
    return undefined
  }
}
