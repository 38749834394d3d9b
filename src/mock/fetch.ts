/** Takes what the web's own `fetch` takes, and answers with what a mock answers. */
import { keepCookies } from '../http/browser.ts'
import type { Answer, Call, Reply } from '../http/message.ts'
import { toCall, toResponse } from '../http/web.ts'

/** The web's own `fetch`, as far as a mock is asked. */
export type Fetch = (input: Request | URL | string, init?: RequestInit) => Promise<Response>

/** How many redirects are followed, as in every browser. */
const MAX_REDIRECTS = 20

/** What a server is asked through: a file, or an address that holds its own data, is none's. */
const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:'])

/** What a relative address is below where there is no page, whose address it would be below otherwise. */
const BASE = 'http://localhost'

/** Makes a `fetch` of what answers calls. It needs no `this`. */
export const createFetch =
  (answer: Answer): Fetch =>
  async (input, init) => {
    const request = toRequest(input, init)
    const { signal, redirect } = request
    signal.throwIfAborted()
    let { url } = request
    const { protocol } = new URL(url)
    if (!PROTOCOLS.has(protocol)) throw new TypeError(`Failed to fetch ${protocol} the mock has http: and https:.`)
    let call = toCall(request)
    for (let redirects = 0; ; redirects++) {
      const reply = await settle(answer(call), signal)
      keepCookies(reply.headers, request)
      const location = locationOf(reply)
      if (location === undefined || redirect === 'manual')
        return finish(reply, { method: call.method, signal }, url, redirects > 0)
      if (redirect === 'error') throw new TypeError(`Failed to fetch ${url}: it redirects to ${location}.`)
      if (redirects === MAX_REDIRECTS) throw new TypeError(`Failed to fetch ${request.url}: too many redirects.`)
      const target = new URL(location, url)
      url = target.href
      call = follow(call, target, reply.status)
    }
  }

function toRequest(input: Request | URL | string, init: RequestInit | undefined): Request {
  try {
    if (input instanceof Request) return init ? new Request(input, init) : input
    const isWhole = typeof input !== 'string' || /^\s*[a-z][a-z0-9+.-]*:/i.test(input)
    return new Request(isWhole ? input : new URL(input, baseUrl()), init)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const reason = error.message
    const remedy = 'Give what the fetch of a browser takes: an address or a Request, and an object of options'
    throw new TypeError(`Failed to fetch: ${reason.replace(/\.$/, '')}. ${remedy}.`, { cause: error })
  }
}

/** The address of the page, or of the worker; that of an empty page is below nothing. */
function baseUrl(): string {
  const href = globalThis.location?.href
  return href !== undefined && URL.canParse('/', href) ? href : BASE
}

/** Waits for a reply, but no longer than until the caller gives up. */
function settle(reply: Reply | Promise<Reply>, signal: AbortSignal): Reply | Promise<Reply> {
  if (!(reply instanceof Promise)) return reply
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
    reply.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}

function locationOf({ status, headers }: Reply): string | undefined {
  return REDIRECTS.has(status) ? headers.find(([name]) => name === 'Location')?.[1] : undefined
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** The call that a redirect leads to. As in every browser a POST becomes a GET, unless the status says that it may not. */
function follow(call: Call, { pathname, search }: URL, status: number): Call {
  const isGet = call.method === 'POST' ? status < 303 : status === 303 && call.method !== 'HEAD'
  return { ...call, ...(isGet && { method: 'GET', body: async () => '' }), path: pathname, query: search.slice(1) }
}

/** A response that says where it comes from, which only a response of the network can otherwise. */
function finish(
  reply: Reply,
  { method, signal }: Pick<Request, 'method' | 'signal'>,
  url: string,
  redirected: boolean,
): Response {
  const response = toResponse(reply, method, signal)
  Object.defineProperty(response, 'url', { value: url.split('#')[0], configurable: true })
  if (redirected) Object.defineProperty(response, 'redirected', { value: true, configurable: true })
  return response
}
