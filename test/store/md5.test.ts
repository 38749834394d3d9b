/** MD5 of bytes. */
import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { toHex } from '../../src/store/hex.ts'
import { md5 } from '../../src/store/md5.ts'

const digestOf = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

it.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
])('of "%s" is what RFC 1321 says', (text, digest) => {
  expect(toHex(md5(new TextEncoder().encode(text)))).toBe(digest)
})

it('is what Node has for it, of any bytes, whole blocks among them', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(fc.property(bytes, (sample) => toHex(md5(sample)) === digestOf(sample)))
  for (const length of [55, 56, 63, 64, 65, 119, 120, 128]) {
    const zeros = new Uint8Array(length)
    expect(toHex(md5(zeros))).toBe(digestOf(zeros))
  }
})
