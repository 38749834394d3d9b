/** The example page and the README's browser door work in a real browser, as a frontend developer sees them. */
import { join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import { chromium as playwright, type Browser, type Page } from 'playwright'
import { build, createServer, type Plugin, type Rolldown, type ViteDevServer } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { chromium } from '../support/chromium.ts'
import { inRoot, readText } from '../support/files.ts'

const WORKER = '/mockServiceWorker.js'
const TITLE = 'authentik did not start'

/** What the server answers in place of the worker's script, by a name; undefined is the script itself. */
const scripts = {
  missing: { status: 404, type: 'text/plain', body: 'Not Found' },
  page: { status: 200, type: 'text/html', body: '<!doctype html><title>A page of the dev server</title>' },
  silent: { status: 200, type: 'text/javascript', body: '// A worker that is not of MSW.' },
}
let script: (typeof scripts)[keyof typeof scripts] | undefined

/** Stands before `msw/vite`, as another server would that has no such script. */
const otherScripts: Plugin = {
  name: 'other-scripts',
  enforce: 'pre',
  configureServer(server) {
    server.middlewares.use(WORKER, (_, response, next) => {
      if (script === undefined) return next()
      response.writeHead(script.status, { 'Content-Type': script.type })
      response.end(script.body)
    })
  },
}

/** What the README shows as the code of a page. */
const [, door = ''] = /^### In the browser\n.*?```ts\n(.*?)```/ms.exec(readText('README.md')) ?? []
const readme: Plugin = {
  name: 'readme',
  resolveId: (id) => (id === '/door.ts' ? inRoot('examples/browser/door.ts') : undefined),
  load: (id) => (id === inRoot('examples/browser/door.ts') ? `${door}\ndocument.title = 'started'` : undefined),
}

/** The built package in place of its sources. */
const library = (name: string, file: string) => ({
  find: new RegExp(`^${name}$`),
  replacement: join(inject('library'), file),
})

let vite: ViteDevServer
let browser: Browser
let page: Page
let errors: string[]
/** The addresses of the page: on this machine, and by a name that a browser does not trust without https. */
let urls: { local: string; insecure: string }

beforeAll(async () => {
  vite = await createServer({
    root: inRoot('examples/browser'),
    configFile: inRoot('examples/browser/vite.config.ts'),
    logLevel: 'error',
    plugins: [otherScripts, readme],
    // A page of 400 modules takes two seconds to open; the package is a few.
    resolve: { alias: [library('authentik-mock', 'index.js'), library('authentik-mock/msw', 'msw.js')] },
    server: { host: '127.0.0.1', port: 0, allowedHosts: ['app.test'], fs: { strict: false } },
  })
  await vite.listen()
  const [local = ''] = vite.resolvedUrls?.local ?? []
  urls = { local, insecure: local.replace('127.0.0.1', 'app.test') }
  const { args = [], ...options } = await chromium()
  browser = await playwright.launch({ ...options, args: [...args, '--host-resolver-rules=MAP app.test 127.0.0.1'] })
})

afterAll(async () => {
  await browser?.close()
  await vite?.close()
})

beforeEach(async () => {
  script = undefined
  errors = []
  const context = await browser.newContext({ viewport: { width: 1120, height: 700 }, deviceScaleFactor: 1 })
  page = await context.newPage()
  page.setDefaultTimeout(60_000)
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
})

afterEach(() => page.context().close())

const rows = () => page.locator('#codes tr')
const status = () => page.locator('#status').innerText()
const problem = () => page.getByRole('alert')

async function open() {
  await page.goto(urls.local)
  await rows().nth(7).waitFor()
}

/** Opens the page where it cannot start. */
async function openFailed(url = urls.local) {
  await page.goto(url)
  await problem().getByRole('heading', { name: TITLE }).waitFor()
}

/** Asks with the other token. */
async function refuse() {
  await page.getByLabel('Ask with').selectOption('a token that nobody has')
  await problem().getByRole('heading').waitFor()
}

describe('the example page', () => {
  it('lists each code with its user, provider, scopes and the time that is left', async () => {
    await open()
    const texts = (await rows().allInnerTexts()).map((text) => text.replace(/\s*Delete$/, ''))
    expect(texts).toHaveLength(8)
    expect(texts.filter((row) => row.endsWith('expired')).length).toBeGreaterThan(0)
    expect(texts.filter((row) => /\d years$/.test(row)).length).toBeGreaterThan(0)
    expect(texts.filter((row) => /\d minutes?$/.test(row)).length).toBeGreaterThan(0)
    expect(texts.filter((row) => row.endsWith('no expiry')).length).toBeGreaterThan(0)
    expect(texts.find((row) => row.startsWith('1\t'))).toMatch(/Linnie Nitzsche.*recycled-ceramic-ball-1.*openid/s)
    expect(await status()).toMatch(/^\d of 8 can still be used$/)
    expect(errors).toEqual([])
  })

  it('shows that a code expires', async () => {
    // The clocks of the page and of the mock in it are one.
    await page.clock.install()
    await open()
    const code = page.locator('#code-8')
    expect(await code.innerText()).toMatch(/\d+ seconds/)
    const [usable] = await status()
    await page.clock.fastForward(31_000)
    await code.getByText('expired').waitFor()
    expect(await status()).toBe(`${Number(usable) - 1} of 8 can still be used`)
  })

  it('deletes a code by keyboard, and keeps it deleted', async () => {
    await open()
    const button = page.getByRole('button', { name: 'Delete code 3' })
    await button.focus()
    await page.keyboard.press('Enter')
    await button.waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.textContent === 'Delete')
    expect(await rows().count()).toBe(7)
    await page.getByLabel('Ask with').focus()
    await refuse()
    await page.getByLabel('Ask with').selectOption('the token of akadmin')
    await rows().nth(6).waitFor()
    expect(await rows().count()).toBe(7)
    expect(await page.locator('#code-3').count()).toBe(0)
  })

  it("shows an error with authentik's own body, and no codes beside it", async () => {
    await page.clock.install()
    await open()
    await refuse()
    await page.clock.runFor(2000)
    expect([await status(), await rows().count()]).toEqual(['No codes', 0])
    expect((await problem().innerText()).split(/\n+/)).toEqual([
      'authentik answered 403',
      'application/json',
      '{"detail":"Token invalid/expired"}',
    ])
  })

  it('is the page of the picture in the README, which `npm run update` takes anew', async () => {
    await open()
    const path = process.env.UPDATE_SCREENSHOT ? inRoot('docs/images/browser.png') : undefined
    const picture = await page.locator('main').screenshot(path ? { path } : {})
    expect(picture.length).toBeGreaterThan(10_000)
  })
})

describe('the example page, where the mock cannot start,', () => {
  it('says so where the script of the worker is missing', async () => {
    script = scripts.missing
    await openFailed()
    expect(await problem().innerText()).toMatch(
      /mockServiceWorker\.js is not there\.[^]*msw\/vite[^]*npx msw init public/,
    )
  })

  it('says so where the script of the worker is a page of the dev server', async () => {
    script = scripts.page
    await openFailed()
    expect(await problem().innerText()).toMatch(/mockServiceWorker\.js is answered with text\/html[^]*msw init public/)
  })

  it('says so after ten seconds where the script is of another worker, which does not answer', async () => {
    script = scripts.silent
    await page.clock.install()
    await page.goto(urls.local)
    await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active !== null)
    await page.clock.fastForward(10_000)
    await problem().getByRole('heading', { name: TITLE }).waitFor()
    expect(await problem().innerText()).toContain('The service worker does not answer.')
  })

  it('says so on an insecure origin, with the address to open instead', async () => {
    await openFailed(urls.insecure)
    const { port } = new URL(urls.local)
    expect(await problem().innerText()).toMatch(/need https or localhost/)
    expect(await problem().innerText()).toContain(`Open it as http://localhost:${port}/`)
  })

  it('says so where the browser has no service workers', async () => {
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'))
    await openFailed()
    expect(await problem().innerText()).toMatch(/This browser has no service workers here/)
    expect(await page.getByLabel('Ask with').isDisabled()).toBe(true)
  })
})

const states = {
  'in good order': open,
  'with an error of authentik': async () => {
    await open()
    await refuse()
  },
  'that could not start': async () => {
    script = scripts.missing
    await openFailed()
  },
}

it.each(Object.entries(states))(
  'the example page %s has no violations of axe and no sideways scrolling, light and dark, narrow and wide',
  async (_, reach) => {
    await reach()
    await page.evaluate(axe.source)
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [360, 1280]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        const { violations, passes } = await page.evaluate<AxeResults>('axe.run()')
        const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
        expect([colorScheme, width, ...faults]).toEqual([colorScheme, width])
        expect(passes.map(({ id }) => id)).toContain('color-contrast')
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      }
  },
)

it("answers with the README's browser door", async () => {
  await page.route('**/door.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<script type="module" src="/door.ts"></script>' }),
  )
  await page.goto(new URL('door.html', urls.local).href)
  await page.waitForFunction(() => document.title === 'started')
  const headers = { Authorization: 'Bearer my-token' }
  const name = await page.evaluate(
    async (init) => (await (await fetch('/api/v3/core/users/me/', init)).json()).user.username as string,
    { headers },
  )
  expect([name, errors]).toEqual(['akadmin', []])
})

it.each([
  ["the README's browser door", '/door.ts'],
  ['the example page', inRoot('examples/browser/index.html')],
])('a build of %s for production has nothing of the mock', async (_, input) => {
  vi.stubEnv('NODE_ENV', 'production')
  const { output } = (await build({
    root: inRoot('examples/browser'),
    configFile: inRoot('examples/browser/vite.config.ts'),
    logLevel: 'error',
    plugins: [readme],
    build: { write: false, rolldownOptions: { input } },
  })) as Rolldown.RolldownOutput
  vi.unstubAllEnvs()
  const texts = output.map((file) => (file.type === 'chunk' ? file.code : String(file.source)))
  expect(texts.filter((text) => /ERR_WORLD|setupWorker|Mock Service Worker/.test(text))).toEqual([])
  expect(output.map(({ fileName }) => fileName)).not.toContain('mockServiceWorker.js')
})
