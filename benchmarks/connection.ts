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

/** A keep-alive connection. */
export class Connection {
  readonly #reader = new AnswerReader()
  readonly #socket: Socket
  #onExchange = (_exchange: Exchange): void => {}
  #onEnd = (_error: Error): void => {}
  #sentTime = 0

  private constructor(address: { host: string; port: number }) {
    const onread = { buffer: Buffer.allocUnsafe(READ_SIZE), callback: this.#receive.bind(this) }
    this.#socket = connect({ ...address, noDelay: true, onread })
    this.#socket.on('error', (error) => this.#onEnd(error))
    this.#socket.on('close', () => this.#onEnd(new Error('The server closed the connection.')))
  }

  /** Opens a connection. Rejects when there is no server. */
  static open(address: { host: string; port: number }): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(address)
      connection.#onEnd = reject
      connection.#socket.once('connect', () => resolve(connection))
    })
  }

  /**
   * Sends requests, each when the answer before it is complete.
   * @param next returns the bytes of the next request, or undefined when there are no more
   * @param onExchange is called for each answer
   * @returns a promise that rejects when the connection breaks before an answer is complete
   */
  converse(next: () => Uint8Array | string | undefined, onExchange: (exchange: Exchange) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const send = () => {
        const request = next()
        if (request === undefined) {
          this.#onEnd = () => {}
          resolve()
          return
        }
        this.#sentTime = performance.now()
        this.#socket.write(request)
      }
      this.#onEnd = reject
      this.#onExchange = (exchange) => {
        onExchange(exchange)
        send()
      }
      send()
    })
  }

  /** Closes the connection. */
  close(): void {
    this.#socket.destroy()
  }

  #receive(size: number, buffer: Uint8Array): boolean {
    const complete = this.#reader.read(Buffer.from(buffer.buffer, buffer.byteOffset, size))
    if (complete) this.#onExchange({ ...complete, duration: performance.now() - this.#sentTime })
    return true
  }
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
