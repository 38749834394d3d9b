/** The one way from Pact to a server that we do not own: it reads, never writes, brings the token, and keeps what came back. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exchange } from './exchange.ts'
import type { Provider } from './preflight.ts'

/** What Pact asks to be so before an interaction. */
export interface StateChange {
  state: string
  params: Record<string, unknown>
}

/** What was asked in a state, and answered. */
export interface Passage {
  states: StateChange[]
  /** As Pact asked for it, with its example's id. */
  url: string
  /** As the server was asked for it. */
  asked: string
  text: string
}

export interface Gate {
  url: string
  passages: readonly Passage[]
  close(): void
}

/** Whether a method changes nothing. */
export const isReading = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/**
 * @param prepare makes a state so, as far as reading can. @returns what to put into the request, and the token to send; undefined when it cannot be
 */
export async function openGate(provider: Provider, prepare: (change: StateChange) => Promise<{ values: object; token?: string } | undefined>): Promise<Gate> {
  const { createServer } = process.getBuiltinModule('node:http')
  const passages: Passage[] = []
  let states: StateChange[] = []
  let token = provider.token
  /** The id that the pact has for an example, and the one that the server has. */
  let id: { example: string; found: string } | undefined

  const server = createServer(async (request, response) => {
    try {
      if (request.url === '/_states') await change(request, response)
      else await forward(request, response)
    } catch (error) {
      response.writeHead(502, { 'Content-Type': 'text/plain' }).end((error as Error).message)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, passages, close: () => server.close() }

  async function change(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { state, params = {}, action } = JSON.parse(Buffer.concat(parts).toString()) as StateChange & { action?: string }
    if (action === 'teardown') {
      token = provider.token
      id = undefined
      states = []
      return void response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
    }
    states.push({ state, params })
    const prepared = await prepare({ state, params })
    if (!prepared) return void response.writeHead(500, { 'Content-Type': 'application/json' }).end('{}')
    token = prepared.token ?? token
    if (params['id'] !== undefined && 'id' in prepared.values) id = { example: String(params['id']), found: String(prepared.values.id) }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(prepared.values))
  }

  /** A pact whose path carries its example as it is, without a generator, is asked for the row that there is, too. */
  function withFoundId(url: string): string {
    if (!id) return url
    const { example, found } = id
    return url
      .split('/')
      .map((segment) => (segment === example ? found : segment))
      .join('/')
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method!
    if (!isReading(method))
      return void response.writeHead(405, { 'Content-Type': 'text/plain' }).end(`authentik-mock: ${method} would write, and nothing is ever written to a server that is verified.`)
    const { accept } = request.headers
    const headers = { ...(accept === undefined ? {} : { Accept: accept }), ...(request.headers.authorization === undefined ? {} : { Authorization: `Bearer ${token}` }) }
    const asked = withFoundId(request.url!)
    const answer = await exchange({ url: provider.base + asked, method, headers, ...(provider.ca === undefined ? {} : { ca: provider.ca }) })
    passages.push({ states, url: request.url!, asked, text: answer.text })
    const type = answer.headers['content-type']
    response.writeHead(answer.status, type === undefined ? {} : { 'Content-Type': type }).end(method === 'HEAD' ? undefined : answer.text)
  }
}
