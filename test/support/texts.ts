/** Texts for properties. */
import * as fc from 'fast-check'

const FIRST_SURROGATE = 0xd800
const SURROGATES = 0x800

/**
 * The characters of fast-check's unit `binary`, in its order. To recognize one, fast-check writes a map of all million of
 * them, which takes more than a second and stays in memory; here it is reckoned.
 */
const character = fc.nat({ max: 0x10ffff - SURROGATES }).map(
  (index) => String.fromCodePoint(index < FIRST_SURROGATE ? index : index + SURROGATES),
  (text) => {
    if (typeof text !== 'string' || [...text].length !== 1 || !text.isWellFormed())
      throw new TypeError('Failed to recognize a character: it is none, or several.')
    const point = text.codePointAt(0) ?? 0
    return point < FIRST_SURROGATE ? point : point - SURROGATES
  },
)

/** Any text that is well formed, with names among them that programs stumble over, such as `__proto__`. */
export const anyText = (constraints: fc.StringSharedConstraints = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: character })
