/** Shows what would steer a terminal, or turn its text round, as signs that do nothing. */

/** Control characters, the marks that change the direction of a text, and the separators of lines. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Writes each of them as JSON does, such as `\u001b`, and breaks what a runner of GitHub takes for a command anywhere in
 * a line. The end of a line at the end of a text stays.
 */
export const showControls = (text: string): string =>
  text.replace(/\n$/, '').replace(CONTROLS, toEscape).replaceAll('##[', '#\\u0023[') + (text.endsWith('\n') ? '\n' : '')

/** Escapes them in a text of JSON, whose own lines stay. */
export const escapeControls = (json: string): string =>
  json.replace(CONTROLS, (character) => (character === '\n' ? character : toEscape(character)))
