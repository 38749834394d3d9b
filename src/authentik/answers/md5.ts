/** MD5 (RFC 1321), by which authentik chooses the colour of a picture; no browser has it, and it guards nothing here. */

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
]
/** Which word of a block each step reads, by round. */
const WORDS = [
  (step: number) => step,
  (step: number) => 5 * step + 1,
  (step: number) => 3 * step + 5,
  (step: number) => 7 * step,
]
const MIXES = [
  (x: number, y: number, z: number) => (x & y) | (~x & z),
  (x: number, y: number, z: number) => (x & z) | (y & ~z),
  (x: number, y: number, z: number) => x ^ y ^ z,
  (x: number, y: number, z: number) => y ^ (x | ~z),
]
type State = [number, number, number, number]

/** The digest of a text in UTF-8, as 32 hexadecimal digits. */
export function md5(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const padded = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64))
  bytes.forEach((byte, index) => padded.setUint8(index, byte))
  padded.setUint8(bytes.length, 0x80)
  padded.setUint32(padded.byteLength - 8, bytes.length * 8, true)
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let start = 0; start < padded.byteLength; start += 64) state = digestBlock(state, padded, start)
  const digest = new DataView(new ArrayBuffer(16))
  state.forEach((word, index) => digest.setUint32(index * 4, word, true))
  return [0, 4, 8, 12].map((offset) => digest.getUint32(offset).toString(16).padStart(8, '0')).join('')
}

function digestBlock(state: State, data: DataView, start: number): State {
  let [a, b, c, d] = state
  for (let step = 0; step < 64; step++) {
    const round = step >> 4
    const word = data.getUint32(start + ((WORDS[round]?.(step) ?? 0) % 16) * 4, true)
    const sine = Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32)
    const sum = (a + (MIXES[round]?.(b, c, d) ?? 0) + word + sine) | 0
    const shift = SHIFTS[round]?.[step % 4] ?? 0
    ;[a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0]
  }
  return [state[0] + a, state[1] + b, state[2] + c, state[3] + d]
}
