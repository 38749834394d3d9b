/** Asks the control API, on a socket or in this process. */
import type { ControlledMock } from '../../control/control.ts'
import { isObject } from '../../schema/json.ts'
import type { ControlServer } from './server.ts'

/** Asks a verb below `/-/mock/api/`. @returns what it answers, read from its JSON; undefined for nothing */
export type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>

/** A web's `fetch` that is asked by whole addresses. */
export type Send = (url: string, init: RequestInit) => Promise<Response>

/** Asks a server. @param base the path of a namespace, from its slash on; '' for the server itself */
export const askServer = ({ url, token }: ControlServer, base = ''): Ask =>
  createAsk(fetch, `${url}${base}/-/mock/api/`, token)

/** Asks a mock of this process. */
export const askMock = (authentik: ControlledMock): Ask =>
  createAsk(authentik.fetch, `http://localhost${authentik.basePath}-/mock/api/`, authentik.control.token)

function createAsk(send: Send, base: string, token: string): Ask {
  return async (method, path, body) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    let response: Response
    try {
      response = await send(base + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
    } catch (error) {
      throw askError(
        `${method} ${base}${path}`,
        `nobody answers (${reasonOf(error)}). Start authentik-mock serve there, as with webServer: authentikWebServer()`,
        error,
      )
    }
    const text = await response.text()
    if (!response.ok) throw askError(`${method} ${base}${path}`, faultOf(response.status, text))
    return text === '' ? undefined : JSON.parse(text)
  }
}

/** What a test is told when a verb is refused. */
function faultOf(status: number, text: string): string {
  if (status === 401)
    return 'the token is refused. Give that of the server as authentikControlToken, or as AUTHENTIK_MOCK_CONTROL_TOKEN'
  try {
    const fault: unknown = JSON.parse(text)
    if (isObject(fault) && typeof fault['detail'] === 'string') return fault['detail'].replace(/\.$/, '')
  } catch {
    // It is no answer of the control API.
  }
  return `the answer is ${status}, and none of the control API. Give the address of authentik-mock serve --control on`
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error instanceof Error ? error.message : String(error)
}

const askError = (request: string, reason: string, cause?: unknown) =>
  new Error(`Failed to control the mock: ${request}: ${reason}.`, { cause })
