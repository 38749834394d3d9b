/** The cookies of a session, as a browser context takes them. */
import type { BrowserContext } from '@playwright/test'
import { SESSION_COOKIE } from '../../authentik/resources/authenticated-sessions.ts'

/** A cookie that a context takes. */
type Cookie = Parameters<BrowserContext['addCookies']>[0][number]

/**
 * Turns what a browser sends into what it keeps.
 * @param header the value of a header `Cookie`
 * @param url the address below which it is sent, such as `http://localhost:9000/-/mock/ns/NAME`
 */
export function toCookies(header: string, url: string): Cookie[] {
  const { hostname, pathname, protocol } = new URL(url)
  return header.split('; ').map((pair): Cookie => {
    const [name = '', ...value] = pair.split('=')
    return {
      name,
      value: value.join('='),
      domain: hostname,
      path: pathname.endsWith('/') ? pathname : `${pathname}/`,
      // A page reads the CSRF cookie to send it as a header; the session it must not read.
      httpOnly: name === SESSION_COOKIE,
      secure: protocol === 'https:',
      sameSite: 'Lax',
    }
  })
}
