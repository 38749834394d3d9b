/** What a browser adds to the requests of a page, and shows no program: these requests never leave the page. */
import { isSafe } from './message.ts'

/** Whether a page's browser is here. A test environment with a `document` has none: it lets a program send a cookie. */
export function isInBrowser(): boolean {
  if (typeof document === 'undefined' || typeof Request === 'undefined') return false
  if (!globalThis.location?.origin.startsWith('http')) return false
  return !new Request(location.href, { headers: { Cookie: 'a' } }).headers.has('Cookie')
}

/** The headers that a browser adds to a request of its page. @param cookie what it sends; by default, what the page sees */
export const browserHeaders = (request: Request, cookie = cookiesOf(request)): Record<string, string | undefined> => ({
  cookie,
  origin: isSafe(request.method) ? undefined : location.origin,
  referer: request.referrer === 'about:client' ? location.href : request.referrer || undefined,
})

/** The cookies that the page sees, where its browser would send them. */
function cookiesOf({ credentials, url }: Request): string {
  const isSent = credentials === 'include' || (credentials === 'same-origin' && new URL(url).origin === location.origin)
  return isSent ? document.cookie : ''
}

/** Sets cookies of the whole site. @returns whether the browser took them */
export function setCookies(cookies: Readonly<Record<string, string>>): boolean {
  return Object.entries(cookies).every(([name, value]) => {
    document.cookie = `${name}=${value}; path=/; SameSite=Lax`
    return document.cookie.includes(`${name}=${value}`)
  })
}
