/** Asks the control API, on a socket or in this process. */
import type { ControlledMock } from '../../control/control.ts'
import { isObject } from '../../schema/json.ts'
import type { ControlServer } from './server.ts'

/** Asks a verb below `/-/mock/api/`. @returns what it answers, read from its JSON; undefined for nothing */
export type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>

/** A web's `fetch` that is asked by whole addresses. */
export type Send = (url: string, init: RequestInit) => Promise<Response>

const PREFIX = 'Failed to control the mock: '

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
    try {
      return text === '' ? undefined : JSON.parse(text)
    } catch (error) {
      throw askError(`${method} ${base}${path}`, strangeAnswer(response.status), error)
    }
  }
}

/** What a test is told when a verb is refused. */
function faultOf(status: number, text: string): string {
  if (status === 401)
    return 'the token is refused. Give that of the server as authentikControlToken, or as AUTHENTIK_MOCK_CONTROL_TOKEN'
  try {
    const fault: unknown = JSON.parse(text)
    if (isObject(fault) && typeof fault['detail'] === 'string') return toDoorWords(fault['detail'])
  } catch {
    // It is no answer of the control API.
  }
  return strangeAnswer(status)
}

const strangeAnswer = (status: number) =>
  `the answer is ${status}, and none of the control API. Give the address of authentik-mock serve --control on`

/** What the control API says by its paths, by the verbs that a test has; what all errors begin with is said once. */
const toDoorWords = (detail: string) =>
  detail
    .replace(PREFIX, '')
    .replace('See which there are: GET snapshots/', 'Give an id that authentik.snapshot() returned')
    .replace('GET scenarios/', 'authentik.scenarios.list()')
    .replace(/\.$/, '')

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error instanceof Error ? error.message : String(error)
}

const askError = (request: string, reason: string, cause?: unknown) =>
  new Error(`${PREFIX}${request}: ${reason}.`, { cause })
