/** authentik-mock/msw: a mock as MSW handlers, in Node and in the browser. */
import { http, type RequestHandler } from 'msw'
import type { Mock } from '../mock/mock.ts'
import { toCall, toResponse } from '../http/web.ts'

/**
 * One handler, on any origin, for all that the mock has, and for what authentik has and the mock has not: that is 501,
 * because a dev server would answer it with a page of its own. A request on another path is left to MSW's
 * `onUnhandledFrame`.
 * @example setupServer(...handlers(mock())).listen()
 */
export function handlers(mock: Mock): RequestHandler[] {
  return [
    http.all(
      ({ request }) => mock.handles(new URL(request.url).pathname),
      async ({ request }) => {
        const response = toResponse(await mock.answer(toCall(request)), request.method)
        const location = response.headers.get('Location')
        // What a service worker answers has no URL of its own for a browser to resolve a relative Location against.
        if (location !== null && isBesideWorker()) response.headers.set('Location', new URL(location, request.url).href)
        return response
      },
    ),
  ]
}

/** Whether MSW answers through a service worker: a test environment with a `document` has none. */
const isBesideWorker = () => typeof navigator !== 'undefined' && 'serviceWorker' in navigator
