/** A page of its own: over http, over https, reloaded, and on an insecure origin, where there are no service workers. */
import { chromium as playwright, type Browser, type Page } from 'playwright'
import { msw } from 'msw/vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { certify } from '../contract/verify/certificate.ts'
import { chromium } from '../support/chromium.ts'
import { buildPage, closePages, servePage } from '../support/pages.ts'

const CODE = '/api/v3/oauth2/authorization_codes/1/'
const headers = { Authorization: 'Bearer my-token' }

let browser: Browser
let page: Page
let warnings: string[]

/** The origins of the page that keeps its world, without TLS and with it, and of that of examples/doors. */
let keeping: string
let secure: string
const tour = { http: '', https: '' }

beforeAll(async () => {
  const tls = certify({ names: ['127.0.0.1'], expires: new Date(Date.now() + 86_400_000) })
  const toured = await buildPage('examples/doors/vite-msw-3', [msw()])
  tour.http = await servePage(toured)
  tour.https = await servePage(toured, { tls })
  const keeper = await buildPage('test/support/page')
  keeping = await servePage(keeper)
  secure = await servePage(keeper, { tls })
  const { args = [], ...options } = await chromium()
  const flags = ['--ignore-certificate-errors', '--host-resolver-rules=MAP app.test 127.0.0.1']
  browser = await playwright.launch({ ...options, args: [...args, ...flags] })
})
afterEach(() => page.close())
afterAll(async () => {
  await browser?.close()
  closePages()
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

  it('writes nothing that it only loaded: a page in a frame has the same storage', async () => {
    await open(`${keeping}/`)
    await waitForMock()
    await request(CODE, { method: 'DELETE', headers })
    await page.addInitScript(() => {
      const { setItem } = Storage.prototype
      Storage.prototype.setItem = function (key, value) {
        console.warn(`set ${key}`)
        setItem.call(this, key, value)
      }
    })
    await page.reload()
    await waitForMock()
    expect([(await request(CODE)).status, warnings]).toEqual([404, []])
    await request(CODE.replace('1', '2'), { method: 'DELETE', headers })
    expect(warnings).toEqual([`set ${KEY}`])
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
    const { length, milliseconds } = await page.evaluate(async () => {
      await authentik.ready
      let text = ''
      let least = Infinity
      for (let round = 0; round < 50; round++) {
        const start = performance.now()
        text = JSON.stringify(authentik.save())
        sessionStorage.setItem('measured', text)
        least = Math.min(least, performance.now() - start)
      }
      return { length: text.length, milliseconds: least }
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
