/** Namespaces of a server: one for each test, by a header or by a path. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, mergeTests, test as base, type Page } from '@playwright/test'
import { authentikFixtures, test } from '../../../../src/entries/playwright.ts'
import { allowPage, enterPassword, expectCodes } from './page.ts'

test.use({ authentikOptions: { codes: 0 } })
test.beforeEach(({ authentik, baseURL }) => allowPage(authentik, baseURL))

/** Waits until so many tests have come here, so that they run at the same time. */
async function meet(name: string, count: number): Promise<void> {
  const folder = join(process.env['OUTPUT'] ?? '', '..', 'met')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), '')
  await expect.poll(() => readdirSync(folder).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count)
}

for (const name of ['n0', 'n1', 'n2', 'n3'])
  test(`four contexts of ${name} see its codes`, async ({ page, browser, authentik, loginAs, mintCode }) => {
    await meet(name, 4)
    await mintCode({ scope: `openid ${name}` })
    const pages = [page]
    for (let index = 1; index < 4; index++) pages.push(await (await browser.newContext()).newPage())
    // One after the other: the code of a login is a code of the namespace until it is exchanged.
    for (const tab of pages) {
      await loginAs(tab, 'akadmin')
      await tab.goto('/')
      await expectCodes(tab, 'akadmin', [`akadmin: openid ${name}`])
    }
    expect(await authentik.journal.count({ path: '/application/o/token/', status: 200 })).toBe(4)
    expect((await authentik.world.list('authenticated_sessions')).length).toBe(4)
  })

test('a person logs in at the page of authentik', async ({ page, mintCode }) => {
  await mintCode()
  await page.goto('/')
  await enterPassword(page, 'akadmin')
  await expectCodes(page, 'akadmin', ['akadmin: openid'])
})

test.describe('with options', () => {
  test.use({ authentikOptions: { codes: 0, release: '2025.12', login: 'auto', now: '2030-01-01T00:00:00Z' } })

  test('the options are those of the namespace', async ({ page, authentik, clock }) => {
    expect(await authentik.status()).toMatchObject({ release: '2025.12.6', clock: { frozen: true } })
    expect((await clock.move('+1h')).now).toBe('2030-01-01T01:00:00Z')
    await page.goto(`${authentik.url}/application/o/spa/`)
    expect((await authentik.fetch('/api/v3/root/config/')).headers.get('Date')).toContain('2030')
  })
})

test.describe('by path', () => {
  test.use({ authentikMode: 'path' })

  test('the application is told the issuer', async ({ page, authentik, loginAs, mintCode }) => {
    expect(authentik.issuer()).toContain(`/-/mock/ns/${authentik.namespace}/application/o/spa/`)
    await loginAs(page, 'akadmin')
    await mintCode()
    await page.goto(`/?issuer=${encodeURIComponent(authentik.issuer())}`)
    await expectCodes(page, 'akadmin', ['akadmin: openid'])
    const [cookie] = await page.context().cookies(`${authentik.url}/`)
    expect(cookie?.path).toBe(`/-/mock/ns/${authentik.namespace}/`)
  })
})

test.describe('headers of a file', () => {
  test.use({ extraHTTPHeaders: { 'X-File': 'yes' } })

  test('are sent beside that of the namespace', async ({ page, authentik }) => {
    await page.goto(`${authentik.url}/api/v3/root/config/`)
    const [entry] = await authentik.journal.find({ path: '/api/v3/root/config/' })
    expect(entry?.request.headers.map(({ name }) => name.toLowerCase())).toContain('x-file')
  })
})

test('a request without a browser is led, too', async ({ request, authentik }) => {
  await request.get(`${authentik.url}/api/v3/root/config/`)
  await authentik.fetch('/api/v3/root/config/')
  expect(await authentik.journal.count({ operationId: 'root_config_retrieve' })).toBe(2)
})

test.describe.serial('tests that share a namespace', () => {
  test.use({ authentikNamespace: 'checkout' })
  let page: Page

  test.beforeAll(async ({ browser }) => {
    page = await (await browser.newContext()).newPage()
  })
  test.afterAll(() => page.close())

  test('the first logs in', async ({ loginAs, mintCode, baseURL }) => {
    await loginAs(page, 'akadmin')
    await mintCode({ scope: 'openid first' })
    await page.goto(baseURL ?? '')
    await expectCodes(page, 'akadmin', ['akadmin: openid first'])
  })

  test('the second goes on with that', async ({ mintCode, baseURL }) => {
    await mintCode({ scope: 'openid second' })
    await page.goto(baseURL ?? '')
    await expectCodes(page, 'akadmin', ['akadmin: openid first', 'akadmin: openid second'])
  })
})

test.describe('a test that is tried again', () => {
  test.describe.configure({ retries: 1 })

  test('begins with a namespace of its own', async ({ authentik, mintCode }, { retry }) => {
    expect(await authentik.world.list('authorization_codes')).toEqual([])
    await mintCode()
    expect(retry).toBe(1)
  })
})

const merged = mergeTests(base.extend<{ greeting: string }>({ greeting: 'hello' }), test)
const extended = base.extend(authentikFixtures)

merged('the fixtures are merged with others', async ({ greeting, authentik }) => {
  expect([greeting, (await authentik.tokens()).superuser]).toEqual(['hello', expect.stringMatching(/^\w{40,}$/)])
})

extended('the fixtures extend a test of your own', async ({ authentik }) => {
  const { key } = await authentik.tokens({ user: 'akadmin' })
  const response = await authentik.fetch('/api/v3/core/users/me/', { headers: { Authorization: `Bearer ${key}` } })
  expect(response.status).toBe(200)
})
