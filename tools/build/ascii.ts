/** Writes the modules of dist/ in ASCII: V8 keeps a module that has a single other character at two bytes for each. */
import type { Rolldown } from 'tsdown'

export const ascii: Rolldown.Plugin = {
  name: 'ascii',
  // At the end: what is printed after `renderChunk` has its characters again.
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !/\.c?js$/.test(chunk.fileName)) continue
      // There an escape would stand for itself.
      if (RAW.test(chunk.code)) throw new Error(`${chunk.fileName} has a raw template that is not ASCII.`)
      chunk.code = chunk.code.replace(OTHERS, escape)
    }
  },
}

/** What is not ASCII, half a surrogate pair at a time: strings, other templates and patterns read its escape as it. */
const OTHERS = /[^\0-\x7F]/g
const RAW = /String\.raw`[^`]*[^\0-\x7F][^`]*`/

const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
