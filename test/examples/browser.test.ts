/** The example page works in a real browser, as a frontend developer sees it. */
import { chromium as playwright, type Browser, type Page } from 'playwright'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromium } from '../support/chromium.ts'
import { inRoot } from '../support/files.ts'

let vite: ViteDevServer
let browser: Browser
let page: Page
const errors: string[] = []

beforeAll(async () => {
  vite = await createServer({
    root: inRoot('examples/browser'),
    configFile: inRoot('examples/browser/vite.config.ts'),
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
  })
  await vite.listen()
  browser = await playwright.launch(await chromium())
  page = await browser.newPage({ viewport: { width: 1000, height: 700 }, deviceScaleFactor: 1 })
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  const [url = ''] = vite.resolvedUrls?.local ?? []
  await page.goto(url)
  await page.locator('#codes tr').nth(7).waitFor()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await vite?.close()
})

it('shows each code with its user, provider, scopes and the time that is left', async () => {
  const rows = await page.locator('#codes tr').allInnerTexts()
  expect(rows).toHaveLength(8)
  expect(rows[0]).toMatch(/^1\t/)
  expect(rows[0]).toMatch(/\d+ years$/)
  expect(rows.filter((row) => row.endsWith('expired')).length).toBeGreaterThan(0)
  expect(rows.filter((row) => /\d minutes?$/.test(row)).length).toBeGreaterThan(0)
  expect(rows.filter((row) => row.endsWith('no expiry')).length).toBeGreaterThan(0)
  expect(await page.locator('#status').innerText()).toMatch(/^\d of 8 can still be used$/)
  expect(errors).toEqual([])
})

it('is the page of the picture in the README, which `npm run update` takes anew', async () => {
  const path = process.env.UPDATE_SCREENSHOT ? inRoot('docs/images/browser.png') : undefined
  const picture = await page.locator('main').screenshot(path ? { path } : {})
  expect(picture.length).toBeGreaterThan(10_000)
})
