/** authentik-mock/msw: a mock as MSW handlers, in Node and in the browser. */
import type { RequestHandler } from 'msw'
import { http } from 'msw/http'
import type { Mock } from '../authentik.ts'
import { toCall, toResponse } from '../web.ts'

/**
 * One handler for all that the mock has, on any origin. A request on another path is left to MSW's `onUnhandledFrame`.
 * @example setupServer(...handlers(mock())).listen()
 */
export function handlers(of: Mock): RequestHandler[] {
  return [
    http.all(
      ({ request }) => of.emulates(new URL(request.url).pathname),
      async ({ request }) => {
        const reply = await of.answer(toCall(request))
        // A service worker's answer has no URL of its own that a browser could resolve the front's relative Location against.
        const headers = reply.headers.map(([name, value]): [string, string] => [name, name === 'Location' ? new URL(value, request.url).href : value])
        return toResponse({ ...reply, headers }, request.method)
      },
    ),
  ]
}
