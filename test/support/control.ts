/** Asks the control API of a mock, through any transport. */
import { setupServer } from 'msw/node'
import { control, type ControlledMock, type ControlOptions } from '../../src/entries/control.ts'
import type { Mock, MockOptions } from '../../src/entries/index.ts'
import { handlers } from '../../src/entries/msw.ts'
import { serve, type ServeOptions } from '../../src/entries/node.ts'
import { coreOf } from '../../src/mock/mock.ts'
import { readyMock, type Row } from './client.ts'

/** Sends a request to a path. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>

/** An answer of the control API, read to its end. */
export interface ControlAnswer {
  status: number
  headers: Headers
  text: string
  json: Row
}

/** What asks the control API with its token. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<ControlAnswer>

const filled = new Map<string, Promise<Mock>>()

/**
 * Makes a mock under control whose world is filled. Of those with the same options the first is seeded, and the others begin
 * as that did, in a tenth of the time.
 */
export async function controlledMock(options: MockOptions = {}, more: ControlOptions = {}): Promise<ControlledMock> {
  const name = JSON.stringify(options)
  const origin = filled.get(name) ?? readyMock(options)
  filled.set(name, origin)
  return control(coreOf(await origin).fork('/of-no-test'), more)
}

/**
 * Asks below `/-/mock/api/`, with the token.
 * @param base what stands before that
 * @example const { json } = await askerOf(send, token)('POST', 'grants/', { kind: 'access_token', user: 'akadmin', provider: 1 })
 */
export const askerOf =
  (send: Send, token: string, base = ''): Ask =>
  async (method, path, body, headers) => {
    const response = await send(`${base}/-/mock/api/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('Content-Type') === 'application/json' && text !== ''
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} }
  }

/** The same of a mock in process. */
export const askerIn = (authentik: ControlledMock, base = ''): Ask =>
  askerOf(sendIn(authentik), authentik.control.token, base)

/** Sends to a mock in process. */
export const sendIn =
  (authentik: Pick<ControlledMock, 'fetch'>): Send =>
  (path, init) =>
    authentik.fetch(`http://authentik.test${path}`, { redirect: 'manual', ...init })

/** A way to a mock, until it is closed. */
export interface Way {
  send: Send
  close(): Promise<void>
}

/** The three ways to a mock, by their names. */
export const WAYS: Readonly<Record<string, (authentik: ControlledMock) => Promise<Way>>> = {
  async 'by HTTP on a socket'(authentik) {
    return onSocket(authentik)
  },
  async 'in process'(authentik) {
    return { send: sendIn(authentik), close: async () => {} }
  },
  async 'through MSW'(authentik) {
    const server = setupServer(...handlers(authentik))
    server.listen()
    return { send: (path, init) => fetch(`http://authentik.test${path}`, init), close: async () => server.close() }
  },
}

/** Serves a mock on a socket. */
export async function onSocket(
  authentik: ControlledMock,
  options: ServeOptions = {},
): Promise<Way & { url: string; port: number }> {
  const server = await serve(authentik, { port: 0, ...options })
  const origin = new URL(server.url).origin
  return {
    url: server.url,
    port: server.port,
    send: (path, init) => fetch(origin + path, { redirect: 'manual', ...init }),
    close: () => server.close(),
  }
}
