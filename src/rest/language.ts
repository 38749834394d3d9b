/** The language that a caller is answered in, from 2025.10 on (FACTS 0.1). */
import type { Call } from '../http/message.ts'

export type Language = 'en' | 'de'

/** The first that the caller asks for and the mock speaks: English, and German as far as authentik's answers in it are known. */
export function languageOf(call: Call): Language {
  const asked = (call.header('accept-language') ?? '')
    .split(',')
    .map((range) => {
      const [tag, quality = 'q=1'] = range.trim().split(';')
      return { language: tag!.toLowerCase().split('-')[0]!, quality: Number(quality.trim().slice(2)) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { language } of asked) if (language === 'en' || language === 'de') return language
  return 'en'
}

/** A text of authentik's in a language; in English where no other is known. */
export const inLanguage = (language: Language, text: string) => (language === 'de' ? (GERMAN[text] ?? text) : text)

/** As servers were seen to answer. */
const GERMAN: Record<string, string> = {
  'Not found.': 'Nicht gefunden.',
  'Authentication credentials were not provided.': 'Anmeldedaten fehlen.',
  'Invalid page.': 'Ungültige Seite.',
  'OAuth2/OpenID Provider': 'OAuth2/OpenID Anbieter',
  'OAuth2/OpenID Providers': 'OAuth2/OpenID Anbietern',
}
