/** A keep-alive connection that sends requests which are already written, one after the other. */
import { connect, type Socket } from 'node:net'

/** What came back for a request. */
export interface Exchange {
  status: number
  /** The bytes of the answer, its head included. */
  bytes: number
  /** Milliseconds from the request to the last byte of the answer. */
  duration: number
}

const HEAD_END = '\r\n\r\n'
const CHUNKS_END = '\r\n0\r\n\r\n'
const READ_SIZE = 256 * 1024

/**
 * Sends requests over one connection, each when the answer before it is complete.
 * @param next returns the bytes of the next request, or undefined when there are no more
 * @param onExchange is called for each answer
 * @returns a promise that rejects when the connection breaks before an answer is complete
 */
export function converse(
  address: { host: string; port: number },
  next: () => Uint8Array | string | undefined,
  onExchange: (exchange: Exchange) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader()
    let sentTime = 0
    const send = () => {
      const request = next()
      if (request === undefined) {
        resolve()
        socket.destroy()
        return
      }
      sentTime = performance.now()
      socket.write(request)
    }
    const receive = (size: number, buffer: Uint8Array) => {
      const complete = reader.read(Buffer.from(buffer.buffer, buffer.byteOffset, size))
      if (complete) {
        onExchange({ ...complete, duration: performance.now() - sentTime })
        send()
      }
      return true
    }
    const onread = { buffer: Buffer.allocUnsafe(READ_SIZE), callback: receive }
    const socket: Socket = connect({ ...address, noDelay: true, onread })
    socket.once('connect', send)
    socket.once('error', reject)
    // After resolve() this changes nothing.
    socket.once('close', () => reject(new Error('The server closed the connection before its answer was complete.')))
  })
}

/** Finds where answers end: by their Content-Length, or by the last chunk. Answers do not overlap, as requests do not. */
class AnswerReader {
  #head = ''
  #status = 0
  #bytes = 0
  /** The bytes of the body that are to come; undefined while the head is read, infinite when it comes in chunks. */
  #remaining: number | undefined
  #tail = ''

  /** Reads what arrived. @returns the status and the size of an answer that is complete now */
  read(part: Buffer): Pick<Exchange, 'status' | 'bytes'> | undefined {
    this.#bytes += part.length
    const body = this.#remaining === undefined ? this.#readHead(part) : part
    if (body === undefined || this.#remaining === undefined) return undefined
    if (this.#remaining === Infinity) {
      this.#tail = (this.#tail + body.toString('latin1', Math.max(0, body.length - CHUNKS_END.length))).slice(
        -CHUNKS_END.length,
      )
      if (this.#tail !== CHUNKS_END) return undefined
    } else {
      this.#remaining -= body.length
      if (this.#remaining > 0) return undefined
    }
    const complete = { status: this.#status, bytes: this.#bytes }
    this.#head = ''
    this.#bytes = 0
    this.#remaining = undefined
    return complete
  }

  /** Reads the head. @returns what there is of the body, or undefined when the head goes on */
  #readHead(part: Buffer): Buffer | undefined {
    const end = this.#head === '' ? part.indexOf(HEAD_END, 0, 'latin1') : -1
    if (end === -1) {
      // A head in several parts is rare, so that reading it anew each time does not matter.
      const before = this.#head.length
      this.#head += part.toString('latin1')
      const wholeEnd = this.#head.indexOf(HEAD_END)
      if (wholeEnd === -1) return undefined
      this.#parseHead(this.#head.slice(0, wholeEnd))
      return part.subarray(wholeEnd + HEAD_END.length - before)
    }
    this.#parseHead(part.toString('latin1', 0, end))
    return part.subarray(end + HEAD_END.length)
  }

  #parseHead(head: string): void {
    this.#status = Number(head.slice(9, 12))
    this.#tail = '\r\n'
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (length !== undefined) this.#remaining = Number(length)
    else this.#remaining = /\r\ntransfer-encoding: *chunked/i.test(head) ? Infinity : 0
  }
}
