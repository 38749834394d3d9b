/** Hides credentials in everything that is printed, even when a server says them back. */

/** What is shorter may be a part of any word: it is hidden where it stands by itself. */
const SHORTEST = 8

/**
 * Makes a function that puts `***` for each secret: as it is, in base64, as a part of an address, and as JSON and HTML
 * write it. A secret of a few letters is hidden where no letter or digit stands beside it: `x` is no part of `expired`.
 */
export function createRedact(secrets: readonly (string | undefined)[]): (text: string) => string {
  const forms = secrets.flatMap((secret) =>
    secret
      ? [
          ...toBase64Forms(secret),
          JSON.stringify(secret).slice(1, -1),
          toHtml(secret),
          encodeURIComponent(secret),
          toPercentForm(secret),
          toPercentForm(secret).toLowerCase(),
          secret,
        ]
      : [],
  )
  // A form may hold a shorter one, which would leave the rest of it to be seen.
  const longestFirst = [...new Set(forms)].toSorted((a, b) => b.length - a.length)
  return (text) => longestFirst.reduce(hide, text)
}

/** Puts `***` for each form of a secret in a text; for a short one where it begins and ends no word that goes on. */
const hide = (text: string, form: string): string =>
  form.length >= SHORTEST
    ? text.replaceAll(form, '***')
    : text.replaceAll(form, (word, offset: number) => {
        const end = offset + word.length
        // A letter has one unit, or two.
        const [start, rest] = [text.slice(Math.max(0, offset - 2), offset), text.slice(end, end + 2)]
        const isPart = (GOES_ON.test(start) && BEGINS.test(word)) || (GOES_ON.test(word) && BEGINS.test(rest))
        return isPart ? word : '***'
      })

const GOES_ON = /[\p{L}\p{N}_]$/u
const BEGINS = /^[\p{L}\p{N}_]/u

/**
 * Encodes a secret in base64 at each of the three offsets that it may have in a group of bytes, without the letters that
 * depend on what stands before and after it.
 */
function toBase64Forms(secret: string): string[] {
  const forms = [0, 1, 2].map((offset) => {
    const bytes = Buffer.from(' '.repeat(offset) + secret)
    const start = Math.ceil((offset * 8) / 6)
    return bytes.toString('base64').slice(start, Math.floor((bytes.length * 8) / 6))
  })
  return forms
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
    .filter((form) => form.length >= 8)
}

const toHtml = (secret: string) =>
  secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')

const toPercentForm = (secret: string) =>
  [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

/**
 * Leaves out the end of a text that is too long. It comes after `createRedact`'s function, because half a secret would
 * not be recognized.
 */
export const shorten = (text: string, maxLength: number) =>
  text.length > maxLength ? `${text.slice(0, maxLength)}...` : text
