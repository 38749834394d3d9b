/** The language that a client asks for (OpenID Connect Core 1.0, section 3.1.2.1), from 2025.10 on. */
import type { Reply } from '../../http/message.ts'
import { LANGUAGE_COOKIE } from '../../rest/language.ts'
import { quoteUrl } from './python-text.ts'

/** The languages of authentik's pages. */
const LANGUAGES: ReadonlySet<string> = new Set(
  'cs de en es fi fr it ja ko nl no pl pt-br pt ru tr zh-hans zh-hant'.split(' '),
)

/** The first of the wanted languages that authentik has. @param locales separated by spaces, the best first */
export const languageOfLocales = (locales: string): string | undefined =>
  locales
    .toLowerCase()
    .split(' ')
    .find((locale) => LANGUAGES.has(locale))

/**
 * A redirect that also says in which language: to the browser, which keeps it, and to where it leads.
 * @param isAnswered whether the answer is in that language already
 */
export function inUiLocale(reply: Reply, language: string, { isAnswered }: { isAnswered: boolean }): Reply {
  const headers = reply.headers.map(([name, value]): [string, string] =>
    name === 'Location' ? [name, withLocale(value, language)] : [name, value],
  )
  headers.splice(2, 0, ['Set-Cookie', `${LANGUAGE_COOKIE}=${language}; Path=/`])
  return { ...reply, headers: isAnswered ? [...headers, ['Content-Language', language]] : headers }
}

/** An address with the language as its last parameter, its query escaped as Python does. */
function withLocale(address: string, language: string): string {
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/.exec(address) ?? []
  const pairs = [...new URLSearchParams(query), ['locale', language] as const]
  return `${path}?${pairs.map((pair) => pair.map((text) => quoteUrl(text, '%2F')).join('=')).join('&')}${fragment}`
}
