/** The picture of a user who has none of their own: the initials of their name, as authentik draws them. */
import { md5 } from './md5.ts'

/** A user, as far as a picture is made of one. */
interface NamedUser {
  name: string
  username: string
}

/** The picture of a user's initials, as a data URI. */
export const initialsOf = ({ name, username }: NamedUser): string => drawInitials(name === '' ? username : name)

/** The picture of a name's initials, as a data URI. */
export function drawInitials(name: string): string {
  const [fill, text] = coloursOf(name)
  const font = "font-family: 'RedHatText','Overpass',overpass,helvetica,arial,sans-serif; "
  const place = 'alignment-baseline="middle" dominant-baseline="middle" text-anchor="middle"'
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="64px" height="64px" viewBox="0 0 64 64" version="1.1">' +
    `<rect fill="#${fill}" cx="32" cy="32" width="64" height="64" r="32"/>` +
    `<text x="50%" y="50%" style="color: #${text}; line-height: 1; ${font}" fill="#${text}" ${place} ` +
    `font-size="28" font-weight="400" dy=".1em">${toAsciiXml(initialsIn(name))}</text></svg>`
  return `data:image/svg+xml;base64,${btoa(svg)}`
}

/** The first letters of the first and the last word, or the first two of the only one. */
function initialsIn(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const [first = '', last] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  const letters = last === undefined ? [...first].slice(0, 2) : [[...first][0], [...last][0]]
  return letters.join('').toUpperCase()
}

/** A colour that follows from the name, neither too dark nor too light, and that of letters on it. */
function coloursOf(name: string): [background: string, text: string] {
  const colour = Number(BigInt(`0x${md5(name.toLowerCase())}`) % 0xffffffn)
  const shades = [16, 8, 0].map((shift) => Math.min(Math.max((colour >> shift) & 0xff, 55), 200))
  const [red = 0, green = 0, blue = 0] = shades
  const isLight = red * 0.299 + green * 0.587 + blue * 0.114 > 186
  return [shades.map((shade) => shade.toString(16).padStart(2, '0')).join(''), isLight ? '000' : 'fff']
}

/** A text in XML that is written in ASCII. */
const toAsciiXml = (text: string) =>
  text.replace(/[<>&]|[^\0-\u007f]/gu, (sign) => NAMED_SIGNS.get(sign) ?? `&#${sign.codePointAt(0)};`)
const NAMED_SIGNS = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
])
