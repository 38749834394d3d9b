/** A body is compressed as authentik's front does; one that is asked for again is kept, within bounds. */
import { gunzipSync, inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createCompression, type Compressed } from '../../../src/http/node/compression.ts'

const bytesOf = ({ text }: Compressed) => Buffer.from(text, 'latin1')

describe('a body', () => {
  it.each([
    ['gzip, deflate, br', 'gzip', gunzipSync],
    ['deflate, gzip', 'deflate', inflateRawSync],
    ['br ,  gzip', 'gzip', gunzipSync],
  ] as const)('for "Accept-Encoding: %s" is packed with %s', (accepted, encoding, unpack) => {
    const compressed = createCompression()(accepted, '/', 'a body')
    expect(compressed?.encoding).toBe(encoding)
    expect(compressed && unpack(bytesOf(compressed)).toString()).toBe('a body')
  })

  it.each([1, 100, 511, 512, 513, 5000, 40_000])('of %i characters is the same when it is unpacked', (length) => {
    const body = Array.from({ length }, (_, index) => String.fromCharCode(32 + ((index * index) % 90))).join('')
    const compressed = createCompression()('gzip', '/', body)
    expect(compressed && gunzipSync(bytesOf(compressed)).toString()).toBe(body)
  })

  it.each([undefined, '', 'br', 'identity', 'x-gzip'])('for "Accept-Encoding: %s" is sent as it is', (accepted) => {
    expect(createCompression()(accepted, '/', 'a body')).toBeUndefined()
  })
})

describe('a compressed body', () => {
  const packer = () => {
    const compress = createCompression()
    return (body: string, address = `/${body.slice(0, 20)}/`) => compress('gzip', address, body)
  }

  it('is kept from the second time on that it is asked for', () => {
    const pack = packer()
    const [first, second, third] = [pack('a body'), pack('a body'), pack('a body')]
    expect(second).not.toBe(first)
    expect(third).toBe(second)
  })

  it('is not kept for an address at which another body was asked for meanwhile', () => {
    const pack = packer()
    const [first] = [pack('a body', '/'), pack('a body', '/')]
    expect(bytesOf(pack('another', '/')!)).not.toEqual(bytesOf(first!))
    expect(gunzipSync(bytesOf(pack('another', '/')!)).toString()).toBe('another')
    expect(pack('a body', '/')).not.toBe(first)
  })

  it('is kept while others come and go that are asked for once', () => {
    const pack = packer()
    pack('often')
    const packed = pack('often')
    const later = Array.from({ length: 2000 }, (_, index) => {
      pack(`once ${index}`)
      return index % 100 === 0 ? pack('often') : packed
    })
    expect(later.every((bytes) => bytes === packed)).toBe(true)
  })

  it('is dropped when it is not asked for while 256 others are', () => {
    const pack = packer()
    pack('seldom')
    const packed = pack('seldom')
    expect(pack('seldom')).toBe(packed)
    // What was asked for since it came is dropped at the second time that there is no room.
    for (let i = 0; i < 256; i++) pack(`another ${i}`)
    expect(pack('seldom')).not.toBe(packed)
  })

  it('is dropped when others take 4 MiB', () => {
    const pack = packer()
    pack('seldom')
    const packed = pack('seldom')
    for (let i = 0; i < 3; i++) pack(`${i}`.repeat(1024 * 1024))
    expect(pack('seldom')).not.toBe(packed)
  })
})
