/** A page of its own: over http, over https, reloaded, and on an insecure origin, where there are no service workers. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { chromium as playwright, type Browser, type Page } from 'playwright'
import { build, type Plugin } from 'vite'
import { msw } from 'msw/vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { certify } from '../contract/verify/certificate.ts'
import { chromium } from '../support/chromium.ts'
import { inRoot } from '../support/files.ts'
import { isWhole } from '../support/tier.ts'

const CODE = '/api/v3/oauth2/authorization_codes/1/'
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }
const headers = { Authorization: 'Bearer my-token' }

const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
const servers: Server[] = []
let browser: Browser
let page: Page
let warnings: string[]

/** Builds a page of the source of this repository. @returns its folder */
async function buildPage(root: string, plugins: Plugin[] = []): Promise<string> {
  const outDir = join(folder, root)
  const find = (name: string, path: string) => ({ find: name, replacement: inRoot(path) })
  await build({
    root: inRoot(root),
    configFile: false,
    mode: 'mock',
    logLevel: 'error',
    plugins,
    resolve: {
      alias: [
        find('authentik-mock/msw', 'src/entries/msw.ts'),
        find('authentik-mock', 'src/entries/index.ts'),
        find('./tour.js', 'examples/doors/shared/tour.js'),
      ],
    },
    build: { outDir, emptyOutDir: true, target: 'esnext', minify: isWhole },
  })
  return outDir
}

/** Serves a page as a dev server does: what is no file is its index.html. @returns its origin */
async function serve(path: string, tls?: { key: string; cert: string }): Promise<string> {
  const listener: RequestListener = ({ url = '/' }, response) => {
    const files = [join(path, url), inRoot(`node_modules/msw/lib${url}`), join(path, 'index.html')]
    const file = files.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile()) ?? ''
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' })
    response.end(readFileSync(file))
  }
  const server = tls ? createHttps(tls, listener) : createHttp(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The origins of the page that keeps its world, without TLS and with it, and of that of examples/doors. */
let keeping: string
let secure: string
const tour = { http: '', https: '' }

beforeAll(async () => {
  const tls = certify({ names: ['127.0.0.1'], expires: new Date(Date.now() + 86_400_000) })
  const toured = await buildPage('examples/doors/vite-msw-3', [msw()])
  tour.http = await serve(toured)
  tour.https = await serve(toured, tls)
  const keeper = await buildPage('test/support/page')
  keeping = await serve(keeper)
  secure = await serve(keeper, tls)
  const { args = [], ...options } = await chromium()
  const flags = ['--ignore-certificate-errors', '--host-resolver-rules=MAP app.test 127.0.0.1']
  browser = await playwright.launch({ ...options, args: [...args, ...flags] })
}, 60_000)
afterEach(() => page.close())
afterAll(async () => {
  await browser?.close()
  for (const server of servers) server.close().closeAllConnections()
  rmSync(folder, { recursive: true })
})

/** Opens a page, and listens to its console. */
async function open(url: string): Promise<void> {
  page = await browser.newPage()
  warnings = []
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
  await page.goto(url)
}

const waitForMock = () => page.waitForFunction(() => document.title === 'ready')

/** What the page is answered. */
const request = (path: string, init: { method?: string; headers: Record<string, string> } = { headers }) =>
  page.evaluate(
    async ([target, options]) => {
      const response = await fetch(target, options)
      return { status: response.status, type: response.headers.get('Content-Type') }
    },
    [path, init] as const,
  )

describe.each(['http', 'https'] as const)('a page over %s', (scheme) => {
  it('reads by its session, deletes with the CSRF header and not without, and a reload keeps that', async () => {
    await open(`${tour[scheme]}/`)
    await page.getByText('akadmin').waitFor()
    expect(await page.evaluate(() => [location.protocol, sessionStorage.getItem('toured')])).toEqual([
      `${scheme}:`,
      'once',
    ])
    expect(warnings).toEqual([])
  })
})

it('a page over https that hides its Referer shows its Origin all the same, and deletes', async () => {
  await open(`${secure}/`)
  await waitForMock()
  const status = await page.evaluate(async (path) => {
    const init: RequestInit = { method: 'DELETE', referrerPolicy: 'no-referrer' }
    return (await fetch(path, { ...init, headers: await authentik.logIn('akadmin') })).status
  }, CODE)
  expect(status).toBe(204)
})

it("a dev server's index.html is no answer: what nobody has below authentik's paths is 501", async () => {
  await open(`${keeping}/`)
  await waitForMock()
  expect(await request('/api/v3/core/no_such_thing/')).toEqual({ status: 501, type: 'application/json' })
  expect(await request('/some/page/')).toEqual({ status: 200, type: 'text/html' })
})

describe("keep: 'session'", () => {
  const KEY = 'authentik-mock'

  /** Deletes a code, changes what the page keeps of it, and reloads the page. @returns what it answers then */
  async function reloadAfter(change: (text: string) => string): Promise<number> {
    await open(`${keeping}/`)
    await waitForMock()
    expect((await request(CODE, { method: 'DELETE', headers })).status).toBe(204)
    const text = await page.evaluate((key) => sessionStorage.getItem(key) ?? '', KEY)
    await page.evaluate(([key, changed]) => sessionStorage.setItem(key, changed), [KEY, change(text)] as const)
    await page.reload()
    await waitForMock()
    return (await request(CODE)).status
  }
  const readKept = () => page.evaluate((key) => sessionStorage.getItem(key), KEY)

  it('has a reload go on with the world as it was, without a warning', async () => {
    expect([await reloadAfter((text) => text), warnings]).toEqual([404, []])
  })

  it('drops the world of a mock that began otherwise, which the console says once', async () => {
    const status = await reloadAfter((text) => JSON.stringify({ ...JSON.parse(text), start: 'another seed' }))
    const reason = 'a mock of another release, seed, codes, token or world saved it'
    expect([status, warnings, await readKept()]).toEqual([
      200,
      [`[authentik-mock] The world of the last page is dropped. Failed to load a saved world: ${reason}.`],
      null,
    ])
  })

  it.each([
    [
      'a world that is not whole',
      (text: string) => JSON.stringify({ ...JSON.parse(text), world: { ...JSON.parse(text).world, users: [] } }),
      'The world of the last page is dropped. Failed to load the world: ',
    ],
    ['what is no JSON', () => '{ "half":', 'What the last page kept cannot be read. '],
  ])('drops %s', async (_, change, reason) => {
    const status = await reloadAfter(change)
    expect([status, warnings, await readKept()]).toEqual([200, [expect.stringContaining(reason)], null])
  })

  it('goes without where the storage is full, which the console says once, and leaves no old world behind', async () => {
    await open(`${keeping}/`)
    await waitForMock()
    await request(CODE, { method: 'DELETE', headers })
    await page.evaluate((key) => {
      const { length } = sessionStorage.getItem(key) ?? ''
      sessionStorage.removeItem(key)
      const room = 5 * 2 ** 20 - 'filler'.length
      sessionStorage.setItem('filler', 'x'.repeat(room - length / 2))
    }, KEY)
    for (const id of [2, 3]) await request(CODE.replace('1', String(id)), { method: 'DELETE', headers })
    expect(warnings).toEqual([
      expect.stringMatching(/The world is not kept any longer: a reload starts anew\. .*quota/),
    ])
    expect(await readKept()).toBeNull()
  })

  it('writes the default world within a few milliseconds', async () => {
    await open(`${keeping}/`)
    await waitForMock()
    const { length, milliseconds } = await page.evaluate(() => {
      const start = performance.now()
      let text = ''
      for (let round = 0; round < 50; round++) {
        text = JSON.stringify(authentik.save())
        sessionStorage.setItem('measured', text)
      }
      return { length: text.length, milliseconds: (performance.now() - start) / 50 }
    })
    expect(length).toBeLessThan(2 ** 17)
    expect(milliseconds).toBeLessThan(50)
  })
})

it('on an insecure origin are no service worker and no randomUUID; mock().fetch answers, with a session too', async () => {
  await open(`${keeping.replace('127.0.0.1', 'app.test')}/`)
  await waitForMock()
  const facts = await page.evaluate(() => [isSecureContext, 'serviceWorker' in navigator, 'randomUUID' in crypto])
  expect(facts).toEqual([false, false, false])
  const statuses = await page.evaluate(async (path) => {
    const { 'X-authentik-CSRF': token } = await authentik.logIn('akadmin')
    const csrf = { 'X-authentik-CSRF': token }
    const body = JSON.stringify({ name: 'New', slug: 'new' })
    const answers = [
      await authentik.fetch('/api/v3/core/users/me/'),
      await authentik.fetch(path, { method: 'DELETE' }),
      await authentik.fetch(path, { method: 'DELETE', headers: csrf }),
      await authentik.fetch(path),
      await authentik.fetch('/api/v3/schema/'),
      await authentik.fetch('/api/v3/core/applications/', {
        method: 'POST',
        headers: { ...csrf, 'Content-Type': 'application/json' },
        body,
      }),
    ]
    return answers.map(({ status }) => status)
  }, CODE)
  expect(statuses).toEqual([200, 403, 204, 404, 200, 201])
})
