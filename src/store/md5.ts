/**
 * MD5 (RFC 1321), which browsers do not have: authentik names keys and colours pictures by it. Nothing is kept safe by
 * it. The libraries that have it are four times as long (docs/decisions/0026-md5-is-our-own.md).
 */

/** By how many bits each step of a round turns. */
const TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

/** What each step adds. */
const SINES = Uint32Array.from({ length: 64 }, (_, step) => Math.abs(Math.sin(step + 1)) * 2 ** 32)

/** How each round mixes three numbers, and which of the sixteen words of a block its steps take. */
const ROUNDS = [
  { mix: (b: number, c: number, d: number) => (b & c) | (~b & d), word: (step: number) => step },
  { mix: (b: number, c: number, d: number) => (d & b) | (~d & c), word: (step: number) => 5 * step + 1 },
  { mix: (b: number, c: number, d: number) => b ^ c ^ d, word: (step: number) => 3 * step + 5 },
  { mix: (b: number, c: number, d: number) => c ^ (b | ~d), word: (step: number) => 7 * step },
] as const

/** The sixteen bytes of a digest. @example toHex(md5(new TextEncoder().encode('abc'))) // '900150983cd24fb0d6963f7d28e17f72' */
export function md5(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = toBlocks(bytes)
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  for (let offset = 0; offset < blocks.byteLength; offset += 64) addBlock(state, blocks, offset)
  const digest = new DataView(new ArrayBuffer(16))
  state.forEach((word, index) => digest.setInt32(4 * index, word, true))
  return new Uint8Array(digest.buffer)
}

/** The bytes, a bit that ends them, zeros, and how many bits there were: whole blocks of 64 bytes. */
function toBlocks(bytes: Uint8Array): DataView {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const blocks = new DataView(padded.buffer)
  blocks.setUint32(padded.length - 8, bytes.length << 3, true)
  blocks.setUint32(padded.length - 4, bytes.length / 2 ** 29, true)
  return blocks
}

function addBlock(state: Int32Array, blocks: DataView, offset: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state
  ROUNDS.forEach(({ mix, word }, round) => {
    for (let step = 16 * round; step < 16 * round + 16; step++) {
      const sum = a + mix(b, c, d) + (SINES[step] ?? 0) + blocks.getInt32(offset + 4 * (word(step) & 15), true)
      const turn = TURNS[round]?.[step & 3] ?? 0
      ;[a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0]
    }
  })
  ;[a, b, c, d].forEach((word, index) => (state[index] = (state[index] ?? 0) + word))
}
