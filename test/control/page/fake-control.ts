/** A control API of canned answers, for the page to stand before: it keeps what it was asked. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerInspector, type InspectorState } from '../../../src/control/inspector.ts'
import type { ControlEvent, ControlFault } from '../../../src/control/types.ts'
import type { Call } from '../../../src/http/message.ts'

/** A request that changed something. */
export interface Written {
  /** `POST grants/`. */
  request: string
  body: unknown
  type: string | undefined
}

/** What a request is answered with: a status and JSON, or a value for 200. */
export type Canned = unknown

/** The server. */
export interface FakeControl {
  url: string
  /** What changed something, in its order. */
  written: Written[]
  /** The headers of the last of them. */
  headers: IncomingHttpHeaders
  /** Answers by `GET status/`; a path without its query. What is not there cannot be read. */
  answers: Map<string, Canned>
  /** Whether the page has leave. */
  state: InspectorState
  /** Tells everybody who listens. */
  send(event: ControlEvent): void
  /** Ends the connections of who listens. */
  interrupt(): void
  close(): void
}

/** Answers with a status and a fault. */
export class Refusal {
  readonly status: number
  readonly fault: ControlFault

  constructor(status: number, detail: string, problems: string[] = []) {
    this.status = status
    this.fault = { detail, problems }
  }
}

const API = '/-/mock/api/'

/** Starts the server on the loopback. @param answers what it answers at first */
export async function startFakeControl(answers: Iterable<[string, Canned]>): Promise<FakeControl> {
  const listeners = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  const control: FakeControl = {
    url: '',
    written: [],
    headers: {},
    answers: new Map(answers),
    state: { isAllowed: true },
    send(event) {
      for (const listener of listeners) listener.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    },
    interrupt() {
      for (const listener of listeners) listener.destroy()
    },
    close: () => void server.close().closeAllConnections(),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '', 'http://localhost')
    // A namespace and a base path are taken off before the page and the API are asked.
    const start = pathname.lastIndexOf('/-/mock/')
    const [base, path] = [pathname.slice(0, start), pathname.slice(start)]
    const body = await readBody(request)
    if (!path.startsWith(API)) return answerPage(request, response, { base, path, body })
    if (!control.state.isAllowed) return answerJson(response, 401, { detail: 'No token.', problems: [] })
    const name = `${request.method} ${path.slice(API.length)}`
    if (name === 'GET events/') return listen(response)
    if (request.method !== 'GET') {
      control.headers = request.headers
      control.written.push({ request: name, body: parse(body), type: request.headers['content-type'] })
    }
    const canned = control.answers.get(name + search) ?? control.answers.get(name) ?? toDefault(request.method)
    if (canned instanceof Refusal) return answerJson(response, canned.status, canned.fault)
    return answerJson(response, 200, canned)
  }

  async function answerPage(
    request: IncomingMessage,
    response: ServerResponse,
    { base, path, body }: { base: string; path: string; body: string },
  ): Promise<void> {
    if (request.method === 'POST') {
      // The real one takes a form only from a page of its own.
      if (request.headers.origin !== control.url) return void response.writeHead(403).end()
      control.state = { isAllowed: body === 'token=right', fault: 'This is not the token.' }
      if (control.state.isAllowed) return void response.writeHead(303, { Location: `${base}/-/mock/` }).end()
    }
    const call: Call = {
      method: request.method ?? 'GET',
      path,
      base,
      query: '',
      header: (header) => String(request.headers[header] ?? ''),
      body: async () => body,
    }
    const reply = await answerInspector(call, path, control.state)
    response.writeHead(reply.status, reply.headers.flat()).end(reply.body)
  }

  function listen(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write(': hello\n\n')
    listeners.add(response)
    response.on('close', () => listeners.delete(response))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  control.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return control
}

/** What is not there cannot be read, and whatever is written is taken. */
const toDefault = (method: string | undefined): Canned =>
  method === 'GET' ? new Refusal(404, 'Nothing stands here.') : {}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

function parse(body: string): unknown {
  try {
    return body === '' ? undefined : JSON.parse(body)
  } catch {
    return body
  }
}
