/** What stands outside the API: health, and the pages that a browser meets first (FACTS 0.2). */
import type { Reply } from '../../http/message.ts'
import type { Page } from '../../rest/dispatch.ts'
import { sessionOf } from '../auth/sessions.ts'

const html = (status: number, body: string, headers: Reply['headers'] = []): Reply => ({
  status,
  headers: [['Content-Type', 'text/html; charset=utf-8'], ...headers],
  body,
})

const isWell: Page = (_call, _world, { health }) => html(health, '')

export const pages: Record<string, Page> = {
  '/-/health/live/': isWell,
  '/-/health/ready/': isWell,
  '/': (call, world) =>
    html(302, '', [['Location', sessionOf(call, world) ? '/if/user/' : '/flows/-/default/authentication/?next=/']]),
  '/api/v3/': (call) => {
    if (call.method === 'GET' || call.method === 'HEAD') return html(200, API_BROWSER)
    return html(call.method === 'OPTIONS' ? 200 : 405, '', [['Allow', 'GET, HEAD, OPTIONS']])
  },
}

const API_BROWSER = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>API Browser - authentik-mock</title></head>
<body><h1>authentik-mock</h1><p>What it answers is in <a href="/api/v3/schema/?format=json">its OpenAPI document</a>.</p></body>
</html>
`
