/** The example that logs in, and the README's first login, work in a real browser against a server as `serve` opens it. */
import { chromium as playwright, type Browser, type Page } from 'playwright'
import { createServer, type Plugin, type ViteDevServer } from 'vite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findLogins } from '../../src/cli/logins.ts'
import { serve, type Server } from '../../src/http/node/server.ts'
import type { Mock } from '../../src/mock/mock.ts'
import { chromium } from '../support/chromium.ts'
import { readyMock } from '../support/client.ts'
import { inRoot, readText } from '../support/files.ts'

const APP = 'http://localhost:5173'

/** What the README shows as the code of a page. */
const [, door = ''] = /^### A first login in a new Vite app\n.*?```ts\n(.*?)```/ms.exec(readText('README.md')) ?? []
const readme: Plugin = {
  name: 'readme',
  transformIndexHtml: (html) => html.replace('/main.ts', '/door.ts').replace(/<main>.*<\/main>/s, ''),
  resolveId: (id) => (id === '/door.ts' ? inRoot('examples/login/door.ts') : undefined),
  load: (id) => (id === inRoot('examples/login/door.ts') ? door : undefined),
}

let authentik: Mock
let server: Server
let vite: ViteDevServer
let browser: Browser
let page: Page

/** Opens a page of the dev server, with the ports that `vite` and `serve` have by default. */
async function open(plugins: Plugin[] = []) {
  vite = await createServer({
    root: inRoot('examples/login'),
    configFile: false,
    // The page of test/examples/browser.test.ts would load dependencies that this server has written anew.
    cacheDir: inRoot('node_modules/.vite/login'),
    logLevel: 'error',
    plugins,
    server: { host: '127.0.0.1', port: 0 },
  })
  await vite.listen()
  const { port } = new URL(vite.resolvedUrls?.local[0] ?? '')
  const rules = `MAP localhost:5173 127.0.0.1:${port}, MAP localhost:9000 127.0.0.1:${server.port}`
  const { args = [], ...options } = await chromium()
  browser = await playwright.launch({ ...options, args: [...args, `--host-resolver-rules=${rules}`] })
  page = await browser.newPage({ viewport: { width: 560, height: 660 }, colorScheme: 'light' })
  await page.goto(APP)
}

beforeEach(async () => {
  authentik = await readyMock()
  server = await serve(authentik, { port: 0 })
})
afterEach(async () => {
  await browser?.close()
  await vite?.close()
  await server.close()
})

async function logIn() {
  const [{ password } = { password: '' }] = findLogins(authentik, server.url)
  await page.getByRole('button', { name: 'akadmin' }).click()
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
}

describe('the example that logs in', () => {
  it('says who is logged in, renews in a hidden frame, and logs out', async () => {
    await open()
    const status = page.getByRole('status')
    expect(await status.innerText()).toBe('Nobody is logged in.')
    await page.getByRole('button', { name: 'Log in' }).click()
    await logIn()
    await page.getByText('akadmin is logged in.').waitFor()
    expect([page.url(), await page.locator('dl').innerText()]).toEqual([
      `${APP}/`,
      expect.stringContaining('akadmin@example.com'),
    ])

    const count = authentik.world.access_tokens.size
    await page.getByRole('button', { name: 'Renew' }).click()
    await expect.poll(() => authentik.world.access_tokens.size).toBe(count + 1)
    expect(await page.getByRole('alert').innerText()).toBe('')

    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('link', { name: 'Log out of authentik' }).click()
    await expect.poll(() => authentik.world.authenticated_sessions.size).toBe(0)
    await page.goto(APP)
    expect(await status.innerText()).toBe('Nobody is logged in.')
  })

  it('leads to the page of the picture in the README, which `npm run update` takes anew', async () => {
    await open()
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByLabel('Email or username').waitFor()
    const path = process.env.UPDATE_SCREENSHOT ? inRoot('docs/images/login.png') : undefined
    const picture = await page.screenshot(path ? { path } : {})
    expect(picture.length).toBeGreaterThan(10_000)
  })
})

describe("the README's first login", () => {
  it('says who logged in, and still does when the page is loaded anew', async () => {
    await open([readme])
    await logIn()
    await page.getByText('Hello akadmin').waitFor()
    expect(page.url()).toBe(`${APP}/`)
    await page.reload()
    await page.getByText('Hello akadmin').waitFor()
  })
})
