/** authentik-mock/msw: a mock as MSW handlers, in Node and in the browser. */
import { http, passthrough, type RequestHandler } from 'msw'
import { isInBrowser, keepCookies } from '../http/browser.ts'
import { MockError } from '../http/mock-error.ts'
import { toCall, toResponse } from '../http/web.ts'
import type { Mock } from '../mock/mock.ts'
import { copyOf, quote, readKey } from '../schema/json.ts'

/** Which requests are a mock's, and what a page keeps of it. */
export interface HandlersOptions {
  /**
   * The origins that are authentik's: no request to another is answered. `location.origin` is the page's own.
   * @default any: what the mock has is answered on every origin
   * @example 'https://authentik.company'
   */
  origin?: string | readonly string[]
  /**
   * What becomes of a request below authentik's own paths, such as `/api/v3/`, where neither authentik nor the mock has
   * anything: it is answered with 501 in JSON and said in the mock's `log`, or it is a network error, which the console
   * says too, or it is left to the next handler and to MSW's `onUnhandledFrame`.
   * @default '501' on the origins of `origin`, or on the page's own where there are none; 'bypass' on any other
   */
  unhandled?: '501' | 'error' | 'bypass'
  /**
   * `'session'` keeps the world in the page's sessionStorage, so that a reload does not lose it, nor a login to which
   * the whole page is redirected. It is written after
   * each change, and dropped, which the console says, when the mock begins with other options or it does not fit. In
   * Node nothing is reloaded, and nothing kept.
   * @default a reload starts anew
   */
  keep?: 'session'
}

/**
 * One handler for all that the mock has, and for what authentik has and the mock has not: that is 501, because a dev
 * server would answer it with a page of its own. A request on another path is left to MSW's `onUnhandledFrame`. Where a
 * page itself is led to the mock, such as to a login, the answer is shown in its place.
 * @throws MockError ERR_OPTION for what is no mock, or an option that cannot be
 * @example setupServer(...handlers(mock())).listen()
 * @example setupWorker(...handlers(mock(), { origin: location.origin, keep: 'session' })).start()
 */
export function handlers(mock: Mock, options: HandlersOptions = {}): RequestHandler[] {
  // A program in JavaScript may give the options of a mock in its place.
  if (typeof readKey(mock, 'answer') !== 'function')
    throw optionError('the first argument is no mock. Write handlers(mock())')
  const { origins, unhandled, keep } = readOptions(options)
  if (keep && isInBrowser()) keepWorld(mock, ['authentik-mock', ...(origins ?? [])].join(' '))
  const navigations = isInBrowser() ? import('../mock/navigations.ts') : undefined
  void navigations?.then((module) => module.answerNavigations(mock, origins, keep !== undefined))
  const isPassed = (origin: string) =>
    unhandled ? unhandled === 'bypass' : !(origins ?? [globalThis.location?.origin]).includes(origin)

  return [
    http.all(
      ({ request }) => {
        const { origin, pathname } = new URL(request.url)
        if (origins && !origins.includes(origin)) return false
        return (!isPassed(origin) && mock.claims(pathname)) || mock.handles(pathname)
      },
      async ({ request, cookies }) => {
        const isNavigation = request.mode === 'navigate'
        // This page is reloaded: what comes has to bring a mock.
        if (isNavigation && request.url === location.href.split('#')[0]) return passthrough()
        // In happy-dom MSW reads no cookies, and the page sees them.
        const call = toCall(request, toHeader(cookies) || undefined)
        const isHandled = await mock.handles(call.path)
        const reply = await (isHandled ? mock.answer(call) : mock.refuse(call))
        if (!keep) void navigations?.then((module) => module.warnOfLostCode(call, reply))
        // MSW would take what toResponse throws for a mistake of the handler, and answer it with 500.
        if (reply.fault === 'reset') return Response.error()
        if (!isHandled && unhandled === 'error' && reply.status === 501) return fail(reply.body)
        keepCookies(reply.headers, request)
        const page = isNavigation ? (await navigations)?.withCall(reply) : undefined
        const response = toResponse(page ?? reply, request.method, request.signal)
        const target = response.headers.get('Location')
        // What a service worker answers has no URL of its own for a browser to resolve a relative Location against.
        if (target !== null && isBesideWorker()) response.headers.set('Location', new URL(target, request.url).href)
        return response
      },
    ),
  ]
}

/** Whether MSW answers through a service worker: a test environment with a `document` has none. */
const isBesideWorker = () => typeof navigator !== 'undefined' && 'serviceWorker' in navigator

/** Cookies as MSW reads them: the page's, and those that only MSW has because a page may not see them. */
const toHeader = (cookies: Readonly<Record<string, string>>) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('; ')

/** A network error, which says as little to a program as any. */
function fail(body: string): Response {
  console.error(`[authentik-mock] ${JSON.parse(body).detail}`)
  return Response.error()
}

/** Has a page's mock begin with the world that the last page kept. It takes the first turn: what follows waits. */
function keepWorld(mock: Mock, key: string): void {
  const keep = import('../mock/keep.ts')
  const loading = mock.load(keep.then(({ readKept }) => readKept(key)))
  void keep.then((module) => module.keepWorld(mock, key, loading))
}

/** What the options may be, beside an origin. */
const CHOICES = new Map([
  ['unhandled', ['501', 'error', 'bypass']],
  ['keep', ['session']],
])

/** @throws MockError ERR_OPTION for what TypeScript would refuse, and for what is no origin */
function readOptions(values: HandlersOptions) {
  const copy: HandlersOptions | undefined = copyOf(values)
  if (!copy)
    throw optionError(`the options are ${quote(values)}. Give an object such as { origin: 'https://my.company' }`)
  const { origin, ...options } = copy
  for (const [name, value] of Object.entries(options)) {
    const choices = CHOICES.get(name)
    if (!choices) throw optionError(`there is no option "${name}". There are origin, ${[...CHOICES.keys()].join(', ')}`)
    if (value !== undefined && !choices.includes(value))
      throw optionError(`${name} is ${quote(value)}. Give ${choices.map(quote).join(' or ')}`)
  }
  const origins = origin === undefined ? undefined : [origin].flat().map(readOrigin)
  if (origins?.length === 0) throw optionError('origin is an empty list. Give one, or leave it out for any')
  return { ...options, origins }
}

/** @throws MockError ERR_OPTION for what is no origin, or more than one */
function readOrigin(text: unknown): string {
  if (typeof text !== 'string')
    throw optionError(`origin is ${quote(text)}, and no text. Give one such as https://my.company`)
  const { origin = '', href } = URL.canParse(text) ? new URL(text) : {}
  if (!origin.startsWith('http')) throw optionError(`origin "${text}" is none. Give one such as https://my.company`)
  if (href !== `${origin}/`) throw optionError(`origin "${text}" is more than an origin. Give ${origin}`)
  return origin
}

const optionError = (reason: string) => new MockError('ERR_OPTION', `Failed to make handlers: ${reason}.`)
