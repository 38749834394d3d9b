/** The language that a caller is answered in, in releases that have several (docs/authentik.md#languages). */
import { cookieOf } from '../http/cookies.ts'
import type { Call } from '../http/message.ts'
import type { Behaviour } from './behaviour.ts'

/** A language that the mock speaks. */
export type Language = 'en' | 'de'

/** The cookie that keeps the language of a browser. */
export const LANGUAGE_COOKIE = 'authentik_language'

/** The first that the caller asks for and the mock speaks: English, and German as far as authentik's answers in it are known. */
function languageOf(call: Call): Language {
  const chosen = cookieOf(call, LANGUAGE_COOKIE)
  if (chosen === 'en' || chosen === 'de') return chosen
  const header = call.header('accept-language')
  if (header === undefined) return 'en'
  const ranges = Array.from(new Set(header.split(',')), (range) => {
    const [tag = '', quality = 'q=1'] = range.trim().split(';')
    return { language: tag.toLowerCase().split('-')[0], quality: Number(quality.trim().slice(2)) }
  })
  const preferred = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality)
  for (const { language } of preferred) if (language === 'en' || language === 'de') return language
  return 'en'
}

/** The language of an answer; undefined in releases that have only one. */
export const languageIn = ({ answersAreLocalised }: Behaviour, call: Call): Language | undefined =>
  answersAreLocalised ? languageOf(call) : undefined

/** A text of authentik's in a language; in English where no other is known. */
export const inLanguage = (language: Language, text: string) => (language === 'de' ? (GERMAN.get(text) ?? text) : text)

/** As servers were seen to answer. */
const GERMAN: ReadonlyMap<string, string> = new Map([
  ['Not found.', 'Nicht gefunden.'],
  ['Authentication credentials were not provided.', 'Anmeldedaten fehlen.'],
  ['Invalid page.', 'Ungültige Seite.'],
  ["You're about to sign into {0}.", 'Sie sind dabei, sich bei {0} anzumelden.'],
  ['OAuth2/OpenID Provider', 'OAuth2/OpenID Anbieter'],
  ['OAuth2/OpenID Providers', 'OAuth2/OpenID Anbietern'],
])
