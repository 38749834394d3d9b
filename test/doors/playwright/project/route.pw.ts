/** Routes to a mock in the process of the test: no server listens on these origins. */
import { expect } from '@playwright/test'
import { test } from '../../../../src/entries/playwright.ts'
import { allowPage, enterPassword, expectCodes } from './page.ts'

const origin = 'https://authentik.company'
test.use({ authentikMode: 'route', authentikOptions: { codes: 0 }, authentikOrigin: origin })
test.beforeEach(({ authentik, baseURL }) => allowPage(authentik, baseURL))

test('a person logs in at a page that no server has', async ({ page, authentik, mintCode }) => {
  await mintCode({ scope: 'openid routed' })
  await page.goto(`/?issuer=${authentik.issuer()}`)
  await page.waitForURL(`${origin}/if/flow/**`)
  await enterPassword(page, 'akadmin')
  await expectCodes(page, 'akadmin', ['akadmin: openid routed'])
  expect(new URL(page.url()).origin).not.toBe(origin)
})

test('a session that is given needs no page', async ({ page, authentik, loginAs }) => {
  await loginAs(page, 'akadmin')
  await page.goto(`/?issuer=${authentik.issuer()}`)
  await expectCodes(page, 'akadmin', [])
})

test('another context is led, too', async ({ browser, baseURL, authentik, loginAs }) => {
  const context = await browser.newContext()
  await loginAs(context, 'akadmin')
  const page = await context.newPage()
  await page.goto(`${baseURL}/?issuer=${authentik.issuer()}`)
  await expectCodes(page, 'akadmin', [])
})

test('what the page writes reaches the mock whole', async ({ page, authentik, loginAs }) => {
  await loginAs(page, 'akadmin')
  await page.goto(`${origin}/api/v3/root/config/`)
  const status = await page.evaluate(async () => {
    const [, token = ''] = /authentik_csrf=(\w+)/.exec(document.cookie) ?? []
    const headers = { 'Content-Type': 'application/json', 'X-authentik-CSRF': token }
    const body = JSON.stringify({ name: 'Käufer' })
    return (await fetch('/api/v3/core/groups/', { method: 'POST', headers, body })).status
  })
  expect(status).toBe(201)
  expect(await authentik.world.list('groups', 'Käufer')).toHaveLength(1)
})

test('nothing of the origin goes to the network', async ({ page, authentik }) => {
  await page.goto(authentik.url)
  await page.waitForURL(`${origin}/if/flow/**`)
  expect((await page.goto(`${origin}/nothing/here/`))?.status()).toBe(404)
})

test('a connection that a scenario resets is a network error', async ({ page, scenario, authentik }) => {
  await scenario({ path: '/api/v3/root/config/', reset: true })
  await expect(page.goto(`${authentik.url}/api/v3/root/config/`)).rejects.toThrow('ERR_CONNECTION_RESET')
})

test.describe('with login auto', () => {
  test.use({ authentikOptions: { codes: 0, login: 'auto' } })

  test('nobody enters anything', async ({ page, authentik }) => {
    await page.goto(`/?issuer=${authentik.issuer()}`)
    await expectCodes(page, 'akadmin', [])
  })
})

test.describe('on the origin of the page', () => {
  test.use({ authentikOrigin: `http://localhost:${process.env['APP_PORT']}` })

  test('only the paths of authentik are answered', async ({ page, loginAs, baseURL }) => {
    await loginAs(page, 'akadmin')
    await page.goto(`/?issuer=${baseURL}/application/o/spa/`)
    await expectCodes(page, 'akadmin', [])
  })
})
