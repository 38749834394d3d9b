/** Compresses bodies as authentik's front does, and keeps those that are asked for again. */
import { deflateRawSync, gzipSync, type ZlibOptions } from 'node:zlib'

/** A body as it is sent. */
export interface Compressed {
  /** What Content-Encoding says. */
  encoding: 'gzip' | 'deflate'
  /** Its bytes, one to a character: Node sends a text in one piece with its headers, and a buffer in two. */
  text: string
}

/** The sizes that zlib works with, as powers of two. */
const WINDOW = { smallest: 9, largest: 15 }

/**
 * Zlib clears all the memory that it works with, 256 KiB by default, before it compresses a body, and makes room for
 * 16 KiB of output: as much as the body is long is enough.
 */
function optionsFor(body: string): ZlibOptions {
  const bits = Math.ceil(Math.log2(body.length + 1))
  const windowBits = Math.min(Math.max(bits, WINDOW.smallest), WINDOW.largest)
  return { windowBits, memLevel: windowBits - 7, chunkSize: Math.min(Math.max(body.length, 64), 16_384) }
}

/** How many bodies are kept, and of how many bytes together, their texts counted. */
const MAX_BODIES = 128
const MAX_BYTES = 4 * 1024 * 1024

/** What was answered at an address. */
interface Entry {
  body: string
  /** From the second time on that it is asked for. */
  compressed: Compressed | undefined
  /** Whether it was asked for since it came, or since there was no room the last time. */
  isAsked: boolean
}

/** Compresses bodies. Compressing takes longer than all else that an answer takes, so what is asked for twice is kept. */
export function createCompression() {
  const gzip = createCache('gzip', gzipSync)
  const deflate = createCache('deflate', deflateRawSync)
  /**
   * Compresses with the first of gzip and raw deflate that the client lists, as recordings of a running authentik show
   * (fixtures/recordings, front-2024.8.4). Returns undefined where the client lists neither.
   * @param address by which a body is asked for again
   */
  return (acceptEncoding: string | undefined, address: string, body: string): Compressed | undefined => {
    if (acceptEncoding === undefined) return undefined
    for (const item of acceptEncoding.split(',')) {
      const encoding = item.trim()
      if (encoding === 'gzip') return gzip(address, body)
      if (encoding === 'deflate') return deflate(address, body)
    }
    return undefined
  }
}

/** Keeps bodies by their addresses: to look for a long text in a map takes its hash, to compare it with another does not. */
function createCache(encoding: Compressed['encoding'], compress: (body: string, options: ZlibOptions) => Buffer) {
  const bodies = new Map<string, Entry>()
  let size = 0
  const sizeOf = (address: string, { body, compressed }: Entry) =>
    2 * (address.length + body.length) + (compressed?.text.length ?? 0)
  const drop = (address: string, entry: Entry) => {
    size -= sizeOf(address, entry)
    bodies.delete(address)
  }
  const add = (address: string, entry: Entry) => {
    size += sizeOf(address, entry)
    bodies.set(address, entry)
  }
  const makeRoom = () => {
    for (const [address, entry] of bodies) {
      if (bodies.size <= MAX_BODIES && size <= MAX_BYTES) break
      drop(address, entry)
      if (entry.isAsked) add(address, { ...entry, isAsked: false })
    }
  }
  return (address: string, body: string): Compressed => {
    const entry = bodies.get(address)
    const isSecond = entry?.body === body
    if (isSecond && entry.compressed) {
      entry.isAsked = true
      return entry.compressed
    }
    const compressed = { encoding, text: compress(body, optionsFor(body)).toString('latin1') }
    if (entry) drop(address, entry)
    add(address, { body, compressed: isSecond ? compressed : undefined, isAsked: false })
    makeRoom()
    return compressed
  }
}
