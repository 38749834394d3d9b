/** Answers the requests of a browser context from a mock of this process, by Playwright's own routes. */
import type { BrowserContext, Request as BrowserRequest, Route } from '@playwright/test'
import type { ControlledMock } from '../../control/control.ts'
import { escapeHtml } from '../../http/html.ts'

/** A whole answer to a route. */
type Fulfilment = NonNullable<Parameters<Route['fulfill']>[0]>

/** How many redirects are followed, as in every browser. */
const MAX_REDIRECTS = 20

/**
 * Has a context's requests to some origins answered by a mock. On the origin of the application only the paths of
 * authentik are: all else goes on to the next route, or to the network.
 */
export async function answerRoutes(
  context: BrowserContext,
  authentik: ControlledMock,
  { origins, appOrigin }: RoutedOrigins,
): Promise<void> {
  await context.route(
    (url) => origins.includes(url.origin),
    async (route) => {
      const request = route.request()
      const { origin, pathname } = new URL(request.url())
      const isClaimed = authentik.claims(pathname) || (await authentik.handles(pathname))
      if (origin === appOrigin && !isClaimed) return route.fallback()
      const answer = await answerRequest(request, { context, authentik, origins })
      // A page may be closed while it is answered.
      await (answer ? route.fulfill(answer) : route.abort('connectionreset')).catch(() => {})
    },
  )
}

/** The origins of which requests are answered. */
export interface RoutedOrigins {
  origins: readonly string[]
  /** That of the application, which may be among them. */
  appOrigin: string | undefined
}

/** What answers a context. */
interface Answering {
  context: BrowserContext
  authentik: ControlledMock
  origins: readonly string[]
}

/** Answers a request; undefined where the connection is to be reset. */
async function answerRequest(request: BrowserRequest, answering: Answering): Promise<Fulfilment | undefined> {
  const isNavigation = request.isNavigationRequest()
  const setCookies: string[] = []
  let url = request.url()
  let init: RequestInit = { method: request.method(), body: bodyOf(request) }
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await send(url, init, { request, setCookies, ...answering })
    if (!response) return undefined
    const location = response.response.headers.get('Location')
    const { status } = response.response
    if (location === null || status < 300 || status > 399) return toFulfilment(response, setCookies)
    const target = new URL(location, url)
    if (isNavigation) return toRedirectPage(target.href, setCookies)
    if (!answering.origins.includes(target.origin)) return toFulfilment(response, setCookies)
    url = target.href
    if (status < 303 ? init.method === 'POST' : status === 303 && init.method !== 'HEAD') init = { method: 'GET' }
  }
  return undefined
}

interface Sending extends Answering {
  request: BrowserRequest
  setCookies: string[]
}

/** A response, with its body read. */
interface ReadResponse {
  response: Response
  body: Buffer
}

/** Sends a request to the mock; undefined where the connection is reset, which a scenario may ask for. */
async function send(
  url: string,
  init: RequestInit,
  { request, context, authentik, setCookies }: Sending,
): Promise<ReadResponse | undefined> {
  // What the context has of the request leaves cookies out, as the browser adds them later.
  const cookies = await context.cookies(url).catch(() => [])
  const jar = new Map(cookies.map(({ name, value }) => [name, value]))
  for (const text of setCookies) {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(text) ?? []
    jar.set(name, value)
  }
  const headers = new Headers(request.headers())
  if (init.method === 'GET') headers.delete('Content-Type')
  if (jar.size > 0) headers.set('Cookie', [...jar].map((pair) => pair.join('=')).join('; '))
  try {
    const response = await authentik.fetch(url, { ...init, headers, redirect: 'manual' })
    setCookies.push(...response.headers.getSetCookie())
    return { response, body: Buffer.from(await response.arrayBuffer()) }
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** The body of a request, which one that reads has none of. */
function bodyOf(request: BrowserRequest): Uint8Array<ArrayBuffer> | null {
  const body = request.postDataBuffer()
  return body && new Uint8Array(body)
}

function toFulfilment({ response, body }: ReadResponse, setCookies: readonly string[]): Fulfilment {
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'))
  return { status: response.status, headers: withCookies(headers, setCookies), body }
}

/**
 * A page that leads on at once. What a browser is redirected to by an answer of Playwright goes to no route, but to the
 * network, and WebKit takes no such answer.
 */
function toRedirectPage(target: string, setCookies: readonly string[]): Fulfilment {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }
  return {
    status: 200,
    headers: withCookies(headers, setCookies),
    body: `<!doctype html><meta http-equiv="refresh" content="0;url=${escapeHtml(target)}">`,
  }
}

/** Several cookies stand in one header, each on a line of its own, as Playwright takes them. */
const withCookies = (headers: Record<string, string>, setCookies: readonly string[]): Record<string, string> =>
  setCookies.length > 0 ? { ...headers, 'set-cookie': setCookies.join('\n') } : headers
