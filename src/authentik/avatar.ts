/** The pictures of users who have none of their own: initials, as authentik draws them (docs/authentik.md#users). */
import { md5 } from '../store/md5.ts'

/** How every picture begins that authentik drew. */
const HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="64px" height="64px" viewBox="0 0 64 64" version="1.1">'
const TYPE = 'data:image/svg+xml;base64,'
// Three letters become four: what begins alike does so in base64 too.
const DRAWN = TYPE + btoa(HEAD.slice(0, HEAD.length - (HEAD.length % 3)))

/** The darkest and the lightest that each part of a colour becomes. */
const [DARKEST, LIGHTEST] = [55, 200]
/** From which brightness on the letters are black. */
const BRIGHT = 186

/** Pictures by name: a user stands in many answers. */
const pictures = new Map<string, string>()
const MAX_PICTURES = 1024

/** The picture of a user: their own, or their initials. What authentik drew is drawn by the name that they have now. */
export const avatarOf = ({ avatar, name, username }: { avatar?: string; name: string; username: string }): string =>
  avatar === undefined || avatar.startsWith(DRAWN) ? initialsOf(name.trim() || username) : avatar

/** The picture of a name's initials, as a data URI. */
export function initialsOf(name: string): string {
  let picture = pictures.get(name)
  if (picture === undefined) {
    if (pictures.size >= MAX_PICTURES) pictures.clear()
    picture = draw(name)
    pictures.set(name, picture)
  }
  return picture
}

function draw(name: string): string {
  const background = colourOf(name)
  const letters = brightnessOf(background) > BRIGHT ? '#000' : '#fff'
  const font = `font-family: 'RedHatText','Overpass',overpass,helvetica,arial,sans-serif; `
  const style = `color: ${letters}; line-height: 1; ${font}`
  const place = 'alignment-baseline="middle" dominant-baseline="middle" text-anchor="middle"'
  const square = `<rect fill="#${toHexColour(background)}" cx="32" cy="32" width="64" height="64" r="32"/>`
  const text = `<text x="50%" y="50%" style="${style}" fill="${letters}" ${place} font-size="28" font-weight="400" dy=".1em">`
  return `${TYPE}${btoa(`${HEAD}${square}${text}${toXml(lettersOf(name))}</text></svg>`)}`
}

/** The first letters of the first and the last word, or the first two letters of the only one. */
function lettersOf(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== '')
  const [first = '', last] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return (last === undefined ? [...first].slice(0, 2).join('') : firstOf(first) + firstOf(last)).toUpperCase()
}

const firstOf = (word: string) => [...word][0] ?? ''

/** ASCII, as base64 takes it: a name may begin with any sign. */
const toXml = (letters: string) =>
  letters
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[^\0-\x7f]/gu, (sign) => `&#${sign.codePointAt(0)};`)

type Colour = readonly [red: number, green: number, blue: number]

/** The digest of a name in lower case, as a number, without its multiples of 0xffffff. */
function colourOf(name: string): Colour {
  let number = 0
  for (const byte of md5(new TextEncoder().encode(name.toLowerCase()))) number = (number * 256 + byte) % 0xffffff
  return [part(number >> 16), part(number >> 8), part(number)]
}

const part = (number: number) => Math.min(Math.max(number & 255, DARKEST), LIGHTEST)

/** How bright a colour seems to an eye, from 0 to 255. */
const brightnessOf = ([red, green, blue]: Colour) => 0.299 * red + 0.587 * green + 0.114 * blue

const toHexColour = (colour: Colour) => colour.map((value) => value.toString(16)).join('')
