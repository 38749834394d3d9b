/** What is printed never holds a credential, even when a server says it back. */

/** @returns what puts `***` for each of these, also in base64 and as a part of an address */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => (secret ? [...base64Of(secret), encodeURIComponent(secret), encodeAll(secret), encodeAll(secret).toLowerCase(), secret] : []))
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

const encodeAll = (secret: string) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
