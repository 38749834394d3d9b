/** What the log says of pages, from what their requests say: once each, and no more than is of use. */
import { expect, it } from 'vitest'
import type { Call } from '../../../src/http/message.ts'
import { createPageNotices } from '../../../src/http/node/notices.ts'

/** Looks at requests with these headers. @returns what was logged */
function logOf(requests: readonly Record<string, string>[], reply: { status?: number; body?: string } = {}): string[] {
  const messages: string[] = []
  const notice = createPageNotices(
    (message) => messages.push(message),
    (origin) => origin === 'http://app.example',
  )
  for (const headers of requests) {
    const header = (name: string) => ({ host: 'localhost:9000', ...headers })[name]
    const call: Call = { method: 'PATCH', path: '/', query: '', header, body: async () => '' }
    notice(call, { status: 200, headers: [], body: '', ...reply })
  }
  return messages
}

it('names each origin once, and the origin of a file too', () => {
  const origins = ['http://localhost:5173', 'http://localhost:5173', 'null'].map((origin) => ({ origin }))
  expect(logOf(origins).map((message) => message.replace(/^.*--cors /, ''))).toEqual(['http://localhost:5173', 'null'])
})

it.each([
  {},
  { origin: 'http://localhost:9000' },
  { origin: 'http://app.example' },
  { origin: 'https://auth.example', 'x-forwarded-host': 'auth.example', 'x-forwarded-proto': 'https' },
  { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-origin' },
  { origin: '*' },
  { origin: 'no origin' },
  { origin: 'http://a\u009B31m.example' },
  { origin: `http://${'a'.repeat(5000)}.example` },
])('says nothing of %j', (headers) => {
  expect(logOf([headers])).toEqual([])
})

it('fills no log: of a thousand origins it names a hundred', () => {
  const requests = Array.from({ length: 1000 }, (_, index) => ({ origin: `http://site-${index}.example` }))
  expect(logOf(requests)).toHaveLength(100)
})

it('explains a Referer that names another host, which is checked over HTTPS alone', () => {
  const headers = { referer: 'https://localhost:5173/page?code=secret', 'x-forwarded-proto': 'https' }
  const body =
    '{"detail":"CSRF Failed: Referer checking failed - https://localhost:5173/page?code=secret does not match any trusted origins."}'
  expect(logOf([headers], { status: 403, body })).toEqual([
    'A change was refused (403, CSRF): its Referer is of https://localhost:5173, and the server was called https://localhost:9000. Have a proxy keep the Host (changeOrigin: false in Vite) and send X-Forwarded-Proto. Without a proxy, allow the page: --cors https://localhost:5173',
  ])
})
