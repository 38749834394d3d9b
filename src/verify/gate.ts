/** The one way from Pact to a server that we do not own: it reads, never writes, brings the token, and keeps what came back. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PactFile } from './pact-file.ts'
import { checkPatience, type Provider } from './preflight.ts'
import type { Prepared } from './states.ts'

/** What Pact asks to be so before an interaction. */
export interface StateChange {
  state: string
  params: Record<string, unknown>
}

/** What was asked in a state, and answered. */
export interface Passage {
  states: StateChange[]
  method: string
  /** As Pact asked for it. */
  url: string
  /** As the server was asked for it. */
  asked: string
  status: number
  text: string
  /** Why there was no whole answer: address, cause and remedy. */
  failure?: string
}

export interface Gate {
  url: string
  passages: Passage[]
  /** Lays out a pact whose every state can be had: Pact asks again and again for one that cannot. @returns where Pact finds it */
  offer(pact: PactFile): string
  close(): void
}

/** Whether a method changes nothing. */
export const isReading = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/**
 * @param prepare makes a state so, as far as reading can. @returns what to put into the request, and the token to send; undefined when it cannot be
 * @param passed is told of each answer
 */
export async function openGate(provider: Provider, prepare: (change: StateChange) => Prepared | undefined, passed: () => void = () => {}): Promise<Gate> {
  const { createServer } = process.getBuiltinModule('node:http')
  const passages: Passage[] = []
  let offered: PactFile | undefined
  let states: StateChange[] = []
  let token = provider.token
  /** What the pact has for an example, and what the server has. */
  let found = new Map<string, string>()

  const server = createServer(async (request, response) => {
    try {
      if (request.url === '/_states') await change(request, response)
      else if (request.url === '/_pact') response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(offered))
      else await forward(request, response)
    } catch (error) {
      response.writeHead(502, { 'Content-Type': 'text/plain' }).end((error as Error).message)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: own,
    passages,
    offer(pact) {
      offered = pact
      return `${own}/_pact`
    },
    close: () => server.close(),
  }

  async function change(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { state, params = {}, action } = JSON.parse(Buffer.concat(parts).toString()) as StateChange & { action?: string }
    if (action === 'teardown') {
      token = provider.token
      found = new Map()
      states = []
      return void response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
    }
    // What an interaction without states is announced with.
    if (state === '') return void response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
    states.push({ state, params })
    const prepared = prepare({ state, params })
    if (!prepared) return void response.writeHead(500, { 'Content-Type': 'application/json' }).end('{}')
    token = prepared.token ?? token
    for (const [name, value] of Object.entries(prepared.values)) if (params[name] !== undefined) found.set(String(params[name]), String(value))
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(prepared.values))
  }

  /** A pact whose path carries its example as it is, without a generator, is asked for the row that there is, too. */
  function withFound(url: string): string {
    return url.replace(/^[^?]*/, (path) => path.replace(/[^/]+/g, (segment) => found.get(segment) ?? segment))
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method!
    if (!isReading(method))
      return void response.writeHead(405, { 'Content-Type': 'text/plain' }).end(`authentik-mock: ${method} would write, and nothing is ever written to a server that is verified.`)
    const { accept } = request.headers
    const headers = { ...(accept === undefined ? {} : { Accept: accept }), ...(request.headers.authorization === undefined ? {} : { Authorization: `Bearer ${token}` }) }
    const asked = withFound(request.url!)
    const passage = { states, method, url: request.url!, asked }
    passed()
    const answer = await provider
      .exchange({ url: provider.base + asked, method, headers, ...(provider.ca === undefined ? {} : { ca: provider.ca }) })
      .then((one) => checkPatience(one, provider.base))
      .catch((error: Error) => {
        passages.push({ ...passage, status: 0, text: '', failure: error.message })
        throw error
      })
    passages.push({ ...passage, status: answer.status, text: answer.text })
    const type = answer.headers['content-type']
    response.writeHead(answer.status, type === undefined ? {} : { 'Content-Type': type }).end(method === 'HEAD' ? undefined : answer.text)
  }
}
