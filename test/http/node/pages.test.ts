/** Pages of another origin, in Chromium: what they may read with a session, and what the log says where they may not. */
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { chromium as playwright, type Browser, type BrowserContext } from 'playwright'
import { createServer as createVite } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mock } from '../../../src/entries/index.ts'
import { serve, type Server, type ServeOptions } from '../../../src/http/node/server.ts'
import { certify } from '../../contract/verify/certificate.ts'
import { chromium } from '../../support/chromium.ts'

const authentik = mock()
const tls = certify({ names: ['localhost', '127.0.0.1'], expires: new Date('2049-01-01') })
const APPLICATION = '/api/v3/core/applications/recycled-ceramic-ball-1/'

let browser: Browser
let sites: HttpServer[] = []
/** Those of a page that is loaded by HTTP, and of one that is loaded by HTTPS. */
const origins = { http: '', https: '' }
beforeAll(async () => {
  browser = await playwright.launch(await chromium())
  const answer: RequestListener = (_, response) => response.setHeader('Content-Type', 'text/html').end('page')
  sites = [createHttpServer(answer), createHttpsServer(tls, answer)]
  await Promise.all(sites.map((site) => new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))))
  const [http = 0, https = 0] = sites.map((site) => (site.address() as AddressInfo).port)
  Object.assign(origins, { http: `http://localhost:${http}`, https: `https://localhost:${https}` })
})
afterAll(async () => {
  await browser?.close()
  for (const site of sites) site.close()
})

const initOf = (method: string, token: string | undefined) => ({
  method,
  credentials: 'include' as const,
  ...(method !== 'GET' && {
    headers: { ...(token !== undefined && { 'X-authentik-CSRF': token }), 'Content-Type': 'application/json' },
    body: '{"meta_publisher":"Acme"}',
  }),
})

/** Opens a page with the cookies of a session with a server. */
async function openPage(url: string, context: BrowserContext) {
  const { Cookie } = await authentik.logIn('akadmin')
  const cookies = Cookie.split('; ').map((cookie) => cookie.split('='))
  await context.addCookies(cookies.map(([name = '', value = '']) => ({ name, value, domain: 'localhost', path: '/' })))
  const page = await context.newPage()
  await page.goto(url)
  const csrf = cookies.at(-1)?.[1] ?? ''
  return {
    /** What the page reads of an answer: its status, or that there is none. */
    send: (address: string, method = 'GET', withToken = true) =>
      page.evaluate(
        ([target, init]) =>
          fetch(target, init).then(
            (response) => response.status,
            () => 'nothing',
          ),
        [address, initOf(method, withToken ? csrf : undefined)] as const,
      ),
  }
}

async function withServer<T>(
  options: ServeOptions,
  use: (server: Server, context: BrowserContext, messages: string[]) => Promise<T>,
): Promise<T> {
  const messages: string[] = []
  const server = await serve(authentik, { port: 0, log: (message) => messages.push(message), ...options })
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  try {
    return await use(server, context, messages)
  } finally {
    await context.close()
    await server.close()
  }
}

/** Serves the page and, by a proxy, the mock, as Vite does. */
async function withVite<T>(target: string, changeOrigin: boolean, use: (url: string) => Promise<T>): Promise<T> {
  const vite = await createVite({
    configFile: false,
    root: import.meta.dirname,
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
    server: { host: 'localhost', port: 0, proxy: { '/api': { target, changeOrigin } } },
    plugins: [
      {
        name: 'page',
        configureServer: ({ middlewares }) =>
          void middlewares.use('/page', (_, response) => response.setHeader('Content-Type', 'text/html').end('page')),
      },
    ],
  })
  await vite.listen()
  try {
    return await use(new URL(vite.resolvedUrls?.local[0] ?? '').origin)
  } finally {
    await vite.close()
  }
}

describe('a page of an origin that is allowed', () => {
  it.each<['http' | 'https', ServeOptions]>([
    ['http', {}],
    // A browser sends no cookie of a session from a page of the one scheme to a server of the other.
    ['https', { tls }],
  ])('reads and changes what its visitor may, with credentials, over %s', (scheme, options) =>
    withServer({ ...options, cors: [origins[scheme]] }, async ({ port }, context, messages) => {
      const address = `${scheme}://localhost:${port}`
      const { send } = await openPage(origins[scheme], context)
      const statuses = [
        await send(`${address}/api/v3/core/users/me/`),
        await send(address + APPLICATION, 'PATCH'),
        await send(address + APPLICATION, 'PATCH', false),
      ]
      expect(statuses).toEqual([200, 200, 403])
      expect(messages.filter((message) => message.includes('--cors'))).toEqual([])
    }),
  )
})

describe('a page of an origin that is not allowed', () => {
  it('reads nothing, and is named once in the log with the option to give', () =>
    withServer({}, async ({ port }, context, messages) => {
      const address = `http://localhost:${port}/api/v3/core/users/me/`
      const { send } = await openPage(origins.http, context)
      expect([await send(address), await send(address), await send(address, 'PATCH')]).toEqual(
        Array.from({ length: 3 }, () => 'nothing'),
      )
      expect(messages).toEqual([
        `A page of ${origins.http} sent a request, and its browser hides the answer, as it would authentik's. To allow the page: --cors ${origins.http}`,
      ])
    }))
})

describe('a page behind a proxy of Vite', () => {
  it('reads and changes what its visitor may when the proxy leaves Host as it is', () =>
    withServer({}, ({ url }, context, messages) =>
      withVite(url, false, async (page) => {
        const { send } = await openPage(`${page}/page`, context)
        const statuses = [await send('/api/v3/core/users/me/'), await send(APPLICATION, 'PATCH')]
        expect([statuses, messages]).toEqual([[200, 200], []])
      }),
    ))

  it('has its changes refused when the proxy sets Host, and the log says so once', () =>
    withServer({}, ({ url }, context, messages) =>
      withVite(url, true, async (page) => {
        const { send } = await openPage(`${page}/page`, context)
        const read = await send('/api/v3/core/users/me/')
        expect([read, await send(APPLICATION, 'PATCH'), await send(APPLICATION, 'PATCH')]).toEqual([200, 403, 403])
        expect(messages).toEqual([
          `A change was refused (403, CSRF): its Origin is of ${page}, and the server was called ${url}. Have a proxy keep the Host (changeOrigin: false in Vite) and send X-Forwarded-Proto. Without a proxy, allow the page: --cors ${page}`,
        ])
      }),
    ))
})
