/** Compresses bodies as authentik's front does, and keeps those that are asked for again. */
import { deflateRawSync, gzipSync, type ZlibOptions } from 'node:zlib'

/** A body as it is sent. */
export interface Compressed {
  /** What Content-Encoding says. */
  encoding: 'gzip' | 'deflate'
  bytes: Buffer
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

/** Compressed bodies by their texts, the latest asked for last; undefined for one that was asked for once. */
type Bodies = Map<string, Buffer | undefined>

/** Compresses bodies. Compressing takes longer than all else that an answer takes, so what is asked for twice is kept. */
export function createCompression() {
  const gzip = createCache(gzipSync)
  const deflate = createCache(deflateRawSync)
  /**
   * Compresses with the first of gzip and raw deflate that the client lists, as recordings of a running authentik show
   * (fixtures/recordings, front-2024.8.4). Returns undefined where the client lists neither.
   */
  return (acceptEncoding: string | undefined, body: string): Compressed | undefined => {
    if (acceptEncoding === undefined) return undefined
    for (const item of acceptEncoding.split(',')) {
      const encoding = item.trim()
      if (encoding === 'gzip') return { encoding, bytes: gzip(body) }
      if (encoding === 'deflate') return { encoding, bytes: deflate(body) }
    }
    return undefined
  }
}

function createCache(compress: (body: string, options: ZlibOptions) => Buffer): (body: string) => Buffer {
  const bodies: Bodies = new Map()
  let size = 0
  const sizeOf = (body: string, bytes: Buffer | undefined) => 2 * body.length + (bytes?.length ?? 0)
  const drop = (body: string) => {
    size -= sizeOf(body, bodies.get(body))
    bodies.delete(body)
  }
  const keep = (body: string, bytes: Buffer | undefined) => {
    bodies.set(body, bytes)
    size += sizeOf(body, bytes)
    for (const oldest of bodies.keys()) {
      if (bodies.size <= MAX_BODIES && size <= MAX_BYTES) break
      drop(oldest)
    }
  }
  return (body) => {
    const isSecond = bodies.has(body)
    const bytes = bodies.get(body) ?? compress(body, optionsFor(body))
    if (isSecond) drop(body)
    keep(body, isSecond ? bytes : undefined)
    return bytes
  }
}
