/** What a browser adds to the requests of a page, and shows no program: these requests never leave the page. */
import { isSafe, type Header } from './message.ts'

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

/** Whether a browser sends cookies with a request, and takes those of its answer. */
const hasCredentials = ({ credentials, url }: Request) =>
  credentials === 'include' || (credentials === 'same-origin' && new URL(url).origin === location.origin)

/** The cookies that the page sees, where its browser would send them. */
const cookiesOf = (request: Request) => (hasCredentials(request) ? document.cookie : '')

/** Sets cookies of the whole site. @returns whether the browser took them */
export function setCookies(cookies: Readonly<Record<string, string>>): boolean {
  return Object.entries(cookies).every(([name, value]) => {
    setCookie(`${name}=${value}`)
    return document.cookie.includes(`${name}=${value}`)
  })
}

/**
 * Keeps the cookies of an answer in a page's browser, which takes none of an answer that never left the page. They are
 * of the whole site, and not HttpOnly: a page can set no other.
 */
export function keepCookies(headers: readonly Header[], request: Request): void {
  if (!isInBrowser() || !hasCredentials(request)) return
  for (const [name, value] of headers) if (name === 'Set-Cookie') setCookie(value.split('; ').filter(isKept).join('; '))
}

const setCookie = (text: string) => void (document.cookie = `${text}; path=/; SameSite=Lax`)

/** Whether a part of a cookie stays: its value, and its age, because when it expires is a time of the mock's clock. */
const isKept = (part: string, index: number) => index === 0 || part.startsWith('Max-Age=')
