/** A person and a program log in through MSW, in a page of their own. */
import { chromium as playwright, type Browser, type BrowserContext, type Frame, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HandlersOptions } from '../../src/entries/msw.ts'
import type { MockOptions } from '../../src/entries/index.ts'
import { chromium } from '../support/chromium.ts'
import { buildPage, closePages, servePage } from '../support/pages.ts'
import { isWhole } from '../support/tier.ts'

/** The worker of MSW 2 leaves navigations to the dev server. */
const asInMsw2 = (text: string) =>
  text.replace(/addEventListener\('fetch', function \(event\) \{/, "$& if (event.request.mode === 'navigate') return")

let browser: Browser
let context: BrowserContext
let page: Page
let warnings: string[]
const origins = { 'MSW 3': '', 'MSW 2': '' }

beforeAll(async () => {
  const folder = await buildPage('test/support/login-page')
  origins['MSW 3'] = await servePage(folder)
  origins['MSW 2'] = await servePage(folder, { changeWorker: asInMsw2 })
  browser = await playwright.launch(await chromium())
})
beforeEach(async () => {
  context = await browser.newContext()
  context.setDefaultTimeout(60_000)
  warnings = []
  context.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
})
afterEach(() => context.close())
afterAll(async () => {
  await browser?.close()
  closePages()
})

/** Opens the page of the application. */
async function open(origin: string, options: { mock?: MockOptions; handlers?: HandlersOptions } = {}): Promise<void> {
  await context.addInitScript((pageOptions) => void (globalThis.options = pageOptions), options)
  page = await context.newPage()
  await page.goto(origin)
  await waitForMock()
  const callback = `${origin}/callback`
  await page.evaluate(async (uri) => {
    const { providers } = authentik.world
    for (const { pk } of providers.values()) await providers.update(pk, { redirect_uris: uri })
  }, callback)
}

const waitForMock = (place: Page | Frame = page) => place.waitForFunction(() => document.title === 'ready')

/** The address at which the page asks for a code. */
const askFor = (parameters: Record<string, string> = {}, origin = '') =>
  page.evaluate(
    ([more, base]) => {
      const client_id = authentik.world.providers.get(1)?.client_id ?? ''
      const redirect_uri = `${location.origin}/callback`
      const wish = {
        client_id,
        redirect_uri,
        response_type: 'code',
        scope: 'openid profile',
        state: 's',
        nonce: 'n',
        ...more,
      }
      return `${base}/application/o/authorize/?${new URLSearchParams(wish)}`
    },
    [parameters, origin] as const,
  )

/** Exchanges the code of an address. @returns the status, and the name of the user */
const exchange = (address: string, origin = '') =>
  page.evaluate(
    async ([url, base]) => {
      const { client_id = '', client_secret = '' } = authentik.world.providers.get(1) ?? {}
      const code = new URL(url).searchParams.get('code') ?? ''
      const redirect_uri = `${location.origin}/callback`
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri,
        client_id,
        client_secret,
      })
      const response = await fetch(`${base}/application/o/token/`, { method: 'POST', body })
      const { access_token, error } = await response.json()
      if (error) return [response.status, error]
      const headers = { Authorization: `Bearer ${access_token}` }
      const info = await fetch(`${base}/application/o/userinfo/`, { headers })
      return [response.status, (await info.json()).preferred_username]
    },
    [address, origin] as const,
  )

const follow = (address: string) => page.evaluate((url) => void (location.href = url), address)

/** Types a name and a password. */
async function logIn(place: Page | Frame, password = 'akadmin-password'): Promise<void> {
  await place.fill('[name=uid_field]', 'akadmin')
  await place.press('[name=uid_field]', 'Enter')
  await place.fill('[name=password]', password)
  await place.press('[name=password]', 'Enter')
}

const CALLBACK = /\/callback\?code=[0-9a-f]{32}&state=s$/
const EXCHANGED = [200, 'akadmin']

/** Opens an address in a frame or popup of the page, as `oidc-client-ts` does. */
async function openBeside(kind: 'frame' | 'popup', address: string): Promise<Page | Frame> {
  if (kind === 'popup') {
    const popup = page.waitForEvent('popup')
    await page.evaluate((url) => window.open('', '', 'popup,width=400,height=500')?.location.replace(url), address)
    return popup
  }
  const attached = page.waitForEvent('frameattached')
  await page.evaluate((url) => {
    const frame = document.createElement('iframe')
    document.documentElement.append(frame)
    frame.contentWindow?.location.replace(url)
  }, address)
  return attached
}

const VERSIONS = ['MSW 3', 'MSW 2'] as const

describe.each(isWhole ? VERSIONS : VERSIONS.slice(0, 1))('a login through a worker as that of %s', (version) => {
  it.each(['', 'https://authentik.company'])('by fetch: the executor, the code, the token, at "%s"', async (base) => {
    await open(origins[version])
    const statuses = await page.evaluate(async (server) => {
      const executor = `${server}/api/v3/flows/executor/default-authentication-flow/?query=`
      const init: RequestInit = { method: 'POST', credentials: 'include' }
      const components: string[] = []
      for (const body of [undefined, { uid_field: 'akadmin' }, { password: 'akadmin-password' }]) {
        const headers = { 'Content-Type': 'application/json' }
        const response = await fetch(
          executor,
          body ? { ...init, headers, body: JSON.stringify(body) } : { credentials: 'include' },
        )
        components.push((await response.json()).component)
      }
      return components
    }, base)
    expect(statuses).toEqual(['ak-stage-identification', 'ak-stage-password', 'xak-flow-redirect'])
    const address = await page.evaluate(async (url) => (await fetch(url)).url, await askFor({ prompt: 'none' }))
    expect(address).toMatch(CALLBACK)
    expect(await exchange(address, base)).toEqual(EXCHANGED)
    expect(await exchange(address, base)).toEqual([400, 'invalid_grant'])
  })

  it.each(['frame', 'popup'] as const)('in a %s, by a page, for the page that opened it', async (kind) => {
    await open(origins[version], { handlers: { keep: 'session' } })
    const place = await openBeside(kind, await askFor())
    await logIn(place, 'wrong')
    await place.getByRole('alert').getByText('Invalid password').waitFor()
    await place.fill('[name=password]', 'akadmin-password')
    await place.press('[name=password]', 'Enter')
    await place.waitForURL(CALLBACK)
    await waitForMock(place)
    expect([await exchange(place.url()), warnings]).toEqual([EXCHANGED, []])
  })

  it('is renewed in a frame while there is a session, and a reload keeps what came of it', async () => {
    await open(origins[version], { handlers: { keep: 'session' } })
    const refused = await openBeside('frame', await askFor({ prompt: 'none' }))
    await refused.waitForURL(/\/callback[#?]error=login_required/)
    await page.evaluate(() => authentik.logIn('akadmin'))
    const frame = await openBeside('frame', await askFor({ prompt: 'none' }))
    await frame.waitForURL(CALLBACK)
    await waitForMock(frame)
    expect(await exchange(frame.url())).toEqual(EXCHANGED)
    await page.reload()
    await waitForMock()
    expect([await exchange(frame.url()), warnings]).toEqual([[400, 'invalid_grant'], []])
  })

  it.each(['', 'https://authentik.company'])('by a redirect of the whole page to "%s"', async (base) => {
    await open(origins[version], { handlers: { keep: 'session' } })
    await follow(await askFor({ prompt: 'consent' }, base))
    await logIn(page)
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(CALLBACK)
    await waitForMock()
    expect([await exchange(page.url(), base), warnings]).toEqual([EXCHANGED, []])
  })

  it('shows its address, outlives a reload, and is left by going back', async () => {
    await open(origins[version], { handlers: { keep: 'session' } })
    await follow(await askFor())
    await page.waitForURL('**/if/flow/default-authentication-flow/?next=**')
    await page.reload()
    await logIn(page, 'wrong')
    await page.getByRole('alert').waitFor()
    await page.goBack()
    await waitForMock()
    expect([new URL(page.url()).pathname, warnings]).toEqual(['/', []])
  })
})

describe('a redirect of the whole page', () => {
  const keep = { handlers: { keep: 'session' } } as const

  it('without a login page reaches the client at once, on its present path too', async () => {
    const origin = origins['MSW 3']
    await open(origin, { ...keep, mock: { login: 'auto' } })
    await page.evaluate(() => authentik.world.providers.update(1, { redirect_uris: `${location.origin}/` }))
    await follow(await askFor({ response_type: 'id_token', redirect_uri: `${origin}/` }))
    await page.waitForURL(`${origin}/#**id_token=**`)
    await waitForMock()
    expect(
      await page.evaluate(() =>
        performance.getEntriesByType('navigation').map((entry) => 'type' in entry && entry.type),
      ),
    ).toEqual(['reload'])
  })

  it('gives way to the one that comes after it', async () => {
    await open(origins['MSW 3'], keep)
    const address = await askFor()
    const length = await page.evaluate((url) => {
      location.assign(`${url}&former`)
      location.assign(url)
      return history.length
    }, address)
    await page.getByLabel('Email or username').waitFor()
    expect(await page.evaluate(() => history.length)).toBe(length + 1)
    expect(page.url()).not.toContain('former')
  })

  it('logs out, so that nobody is logged in at the next request', async () => {
    await open(origins['MSW 3'], keep)
    await page.evaluate(() => authentik.logIn('akadmin'))
    const slug = await page.evaluate(
      () => [...authentik.world.applications.values()].find(({ provider }) => provider === 1)?.slug,
    )
    await follow(`/application/o/${slug}/end-session/`)
    await page.getByRole('link', { name: 'Log out of authentik' }).click()
    await page.waitForURL(`${origins['MSW 3']}/`)
    await waitForMock()
    expect(await page.evaluate(async () => (await fetch('/api/v3/core/users/me/')).status)).toBe(403)
  })

  it('is answered by a form that sends itself, where the client wants it', async () => {
    await open(origins['MSW 3'], { ...keep, mock: { login: 'auto' } })
    await follow(await askFor({ response_mode: 'form_post' }))
    await page.waitForURL('**/callback')
    await waitForMock()
    const scope = await page.evaluate(() => authentik.world.authorization_codes.find('nonce', 'n')?.scope)
    expect(scope).toBe('openid profile')
  })

  it('says once that the world is lost without keep, and again where its code is to be exchanged', async () => {
    await open(origins['MSW 3'])
    await follow(await askFor())
    await logIn(page)
    await page.waitForURL(CALLBACK)
    await waitForMock()
    const message =
      "[authentik-mock] The login leaves this page, and the world is lost with it, the code too. Give handlers(mock, { keep: 'session' })"
    expect([await exchange(page.url()), warnings]).toEqual([
      [400, expect.stringMatching(/^invalid_/)],
      [
        expect.stringContaining(message),
        expect.stringContaining('is of a world that was lost when the page was loaded'),
      ],
    ])
  })

  it("says where the browser lacks the Navigation API that the page's forms are answered by nobody", async () => {
    await context.addInitScript(() => Object.defineProperty(globalThis, 'navigation', { value: undefined }))
    await open(origins['MSW 3'], keep)
    await follow(await askFor())
    await page.waitForURL('**/if/flow/**')
    expect(warnings).toEqual([expect.stringContaining("that takes the browser's Navigation API")])
  })
})

it('a frame of a page without a mock says that nobody answers it', async () => {
  await open(origins['MSW 2'])
  const address = await askFor()
  await page.goto(`${origins['MSW 2']}/mockServiceWorker.js`)
  await openBeside('frame', address)
  await expect.poll(() => warnings).toEqual([expect.stringContaining('no page with the mock opened this one')])
})

it.each(['by its address', 'by a script'])(
  'a frame of another origin, led there %s, is answered by nobody, which is said',
  async (way) => {
    const base = 'https://authentik.invalid'
    await open(origins['MSW 3'], { handlers: { keep: 'session', origin: base } })
    const address = await askFor({}, base)
    await page.evaluate(
      ([url, isLed]) => {
        const frame = document.createElement('iframe')
        if (!isLed) frame.src = url
        document.documentElement.append(frame)
        if (isLed) frame.contentWindow?.location.replace(url)
      },
      [address, way === 'by a script'] as const,
    )
    await expect.poll(() => warnings).toEqual([expect.stringContaining('where no service worker answers')])
  },
)

it('a frame of the application itself is nothing to be said', async () => {
  await open(origins['MSW 3'], { handlers: { keep: 'session', origin: 'https://authentik.invalid' } })
  const frame = await openBeside('frame', `${origins['MSW 3']}/other`)
  await waitForMock(frame)
  expect(warnings).toEqual([])
})
