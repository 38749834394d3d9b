/** What is printed never holds a credential, even when a server says it back. */

/** @returns what puts `***` for each of these, also in base64, as a part of an address, and as JSON and HTML write it */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const forms = secrets.flatMap((secret) =>
    secret
      ? [
          ...base64Of(secret),
          JSON.stringify(secret).slice(1, -1),
          toHtml(secret),
          encodeURIComponent(secret),
          encodeAll(secret),
          encodeAll(secret).toLowerCase(),
          secret,
        ]
      : [],
  )
  const long = forms.toSorted((one, other) => other.length - one.length)
  return (text) => long.reduce((hidden, form) => hidden.replaceAll(form, '***'), text)
}

/** As base64 has it at each of the three places in a group, without the letters that depend on what is around. */
function base64Of(secret: string): string[] {
  const all = [0, 1, 2].map((before) => {
    const bytes = Buffer.from(' '.repeat(before) + secret)
    const from = Math.ceil((before * 8) / 6)
    return bytes.toString('base64').slice(from, Math.floor((bytes.length * 8) / 6))
  })
  return all.flatMap((one) => [one, one.replaceAll('+', '-').replaceAll('/', '_')]).filter((one) => one.length >= 8)
}

const toHtml = (secret: string) =>
  secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')

const encodeAll = (secret: string) =>
  [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

/** A text of which the end is left out where it is too long. After what must not be seen is gone: half of it would not be known again. */
export const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}...` : text)
