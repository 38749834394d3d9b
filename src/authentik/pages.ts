/** What stands outside the API: health, and the pages that a browser meets first (docs/authentik.md#health-and-metrics). */
import { page } from '../http/html.ts'
import { baseOf, type Call, type Reply } from '../http/message.ts'
import type { Route } from '../http/router.ts'
import type { World } from '../store/world.ts'
import { sessionOf } from './auth/sessions.ts'
import type { AuthentikBehaviour } from './behaviour.ts'

/** A page as a route. */
export interface PageRoute extends Route {
  answer(call: Call, params: Record<string, string>): Reply | Promise<Reply>
}

/** Below it stands what is the mock's own, and nothing of authentik's. */
export const MOCK_PATH = '/-/mock/'

const html = (status: number, body: string, headers: Reply['headers'] = []): Reply => ({
  status,
  headers: [['Content-Type', 'text/html; charset=utf-8'], ...headers],
  body,
})

const apiBrowser = (base: string) =>
  page(
    'API Browser',
    `<h1>authentik-mock</h1><p>See <a href="${base}/api/v3/schema/?format=json">the OpenAPI document</a> and <a href="${base}${MOCK_PATH}">what runs here</a>.</p>`,
  )

/**
 * What is measured, in the form of Prometheus, for who has the server's secret key: the mock measures nothing. Seen on a
 * server of 2024.8.4; no other release is known to answer otherwise.
 */
function metrics({ method, header }: Call, { secretKey }: World): Reply {
  if (method !== 'GET' && method !== 'HEAD') return html(405, '', [['Allow', 'GET, HEAD, OPTIONS']])
  const credentials = toBase64(`monitor:${secretKey}`)
  if (secretKey === '' || header('authorization') !== `Basic ${credentials}`)
    return html(401, '', [['WWW-Authenticate', 'Basic realm="authentik-monitoring"']])
  const type = 'text/plain; version=0.0.4; charset=utf-8'
  return { status: 200, headers: [['Content-Type', type]], body: '# authentik-mock measures nothing.\n' }
}

const toBase64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** The pages of a mock. */
export function pageRoutes(world: World, { healthStatus }: AuthentikBehaviour): PageRoute[] {
  const isWell = () => html(healthStatus, '')
  return [
    { path: '/-/health/live/', answer: isWell },
    { path: '/-/health/ready/', answer: isWell },
    { path: '/-/metrics/', answer: (call) => metrics(call, world) },
    {
      path: '/',
      answer(call) {
        const base = baseOf(call)
        const start = sessionOf(call, world) ? '/if/user/' : `/flows/-/default/authentication/?next=${base}/`
        return html(302, '', [['Location', base + start]])
      },
    },
    {
      path: '/api/v3/',
      answer(call) {
        const { method } = call
        if (method === 'GET' || method === 'HEAD') return html(200, apiBrowser(baseOf(call)))
        return html(method === 'OPTIONS' ? 200 : 405, '', [['Allow', 'GET, HEAD, OPTIONS']])
      },
    },
  ]
}
