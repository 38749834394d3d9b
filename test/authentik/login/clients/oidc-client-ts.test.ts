/** `oidc-client-ts` logs somebody in, unchanged, from a page of a dev server in Chromium. */
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { User, UserManager, UserManagerSettings } from 'oidc-client-ts'
import { chromium as playwright, type Browser, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromium } from '../../../support/chromium.ts'
import { readText } from '../../../support/files.ts'
import { CALLBACK, KINDS, RELEASES, serveLogin, type Kind, type LoginServer } from '../../../support/login-clients.ts'
import { isWhole } from '../../../support/tier.ts'

/** What the page has beside its client. */
declare global {
  var manager: UserManager
}

const { origin: ORIGIN } = new URL(CALLBACK)

/** A page that comes back from a login, in its window or in a hidden frame, and says who is there. */
const PAGE = `<!doctype html><title>app</title><link rel="icon" href="data:,"><script src="/client.js"></script><script>
  const settings = JSON.parse(localStorage.settings ?? 'null')
  if (settings) globalThis.manager = new oidc.UserManager(settings)
  if (location.pathname === '/callback') manager.signinCallback()
    .then((user) => { document.title = 'as ' + user?.profile.preferred_username })
    .catch((error) => { document.title = 'failed: ' + error.message })
</script>`
const CLIENT = readText('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js')

let app: HttpServer
let browser: Browser
beforeAll(async () => {
  app = createServer((request, response) => {
    const isScript = request.url === '/client.js'
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html').end(isScript ? CLIENT : PAGE)
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const { args = [], ...options } = await chromium()
  const { port } = app.address() as AddressInfo
  // Whatever listens on the machine's own port 8080, the browser's is the page.
  const rules = `--host-resolver-rules=MAP localhost:8080 127.0.0.1:${port}`
  browser = await playwright.launch({ ...options, args: [...args, rules] })
})
afterAll(async () => {
  await browser.close()
  app.close()
})

let server: LoginServer
let page: Page
afterEach(async () => {
  await page.context().close()
  await server.close()
})

/** Opens the page of a new visitor, with a client of a kind. */
async function openApp(kind: Kind, settings: Partial<UserManagerSettings> = {}) {
  const { issuer, client_id, client_secret } = server.login(kind)
  const completeSettings = {
    // The same site as the page: a hidden frame of another one gets no cookie of a session.
    authority: issuer.replace('127.0.0.1', 'localhost'),
    client_id,
    ...(client_secret === null ? {} : { client_secret }),
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    automaticSilentRenew: false,
    silentRequestTimeoutInSeconds: 5,
    ...settings,
  }
  page = await (await browser.newContext()).newPage()
  await page.goto(ORIGIN)
  await page.evaluate((value) => (localStorage.settings = JSON.stringify(value)), completeSettings)
  await page.reload()
}

/** Clicks through what the pages of a login want, and comes back. */
async function logIn(kind: Kind) {
  const { user, password } = server.login(kind)
  await page.evaluate(() => void manager.signinRedirect())
  if (server.isPaged) {
    await page.getByLabel('Email or username').fill(user)
    await page.keyboard.press('Enter')
    await page.getByLabel('Password').fill(password)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.origin === ORIGIN || url.pathname.includes('consent'))
    const allow = page.getByRole('button', { name: 'Allow' })
    if (new URL(page.url()).origin !== ORIGIN) await allow.click()
  }
  await page.waitForURL(`${CALLBACK}?**`)
  await page.waitForFunction(() => document.title !== 'app')
  expect(await page.title()).toBe(`as ${user}`)
  return (await page.evaluate(() => manager.getUser()))! as User
}

const renew = () => page.evaluate(() => manager.signinSilent()) as Promise<User>

const matrix = RELEASES.flatMap((release) =>
  (['page', 'auto'] as const).flatMap((login) => KINDS.map((kind) => ({ release, login, kind }))),
)
const spread = [
  { release: '2024.8.3', login: 'auto', kind: 'confidential HS256' },
  { release: '2026.8.3', login: 'page', kind: 'confidential RS256' },
] as const

describe('oidc-client-ts in Chromium', () => {
  it.each(isWhole ? matrix : spread)(
    'logs in at a $kind provider of $release, with login: $login, and renews by a refresh token',
    async ({ kind, ...options }) => {
      server = await serveLogin(options)
      await openApp(kind, { scope: 'openid profile email offline_access', loadUserInfo: true })
      const user = await logIn(kind)
      expect(user.profile.email).toContain('@')
      const renewed = await renew()
      expect([renewed.profile.sub, renewed.access_token === user.access_token]).toEqual([user.profile.sub, false])
      expect(renewed.refresh_token).not.toBe(user.refresh_token)
    },
  )

  it.each(isWhole ? RELEASES : RELEASES.slice(-1))(
    'renews at %s in a hidden frame, until the session is ended by a logout',
    async (release) => {
      server = await serveLogin({ release, login: 'page' })
      await openApp('public RS256')
      const user = await logIn('public RS256')
      const renewed = await renew()
      expect([renewed.profile.sub, renewed.access_token === user.access_token]).toEqual([user.profile.sub, false])

      await page.evaluate(() => void manager.signoutRedirect())
      await page.getByRole('link', { name: 'Log out of authentik' }).click()
      await page.waitForLoadState()
      expect(server.authentik.world.authenticated_sessions.size).toBe(0)
      await page.goto(ORIGIN)
      await expect(renew()).rejects.toThrow('The Authorization Server requires End-User authentication')
    },
  )

  it('comes back from a logout at 2026.8.3, with what it gave along', async () => {
    server = await serveLogin({ release: '2026.8.3', login: 'auto' })
    await openApp('public RS256', { post_logout_redirect_uri: `${ORIGIN}/bye` })
    await logIn('public RS256')
    await page.evaluate(() => void manager.signoutRedirect({ state: 'from the page' }))
    await page.waitForURL(`${ORIGIN}/bye?**`)
    const { userState } = await page.evaluate(() => manager.signoutRedirectCallback())
    expect([userState, await page.evaluate(() => manager.getUser())]).toEqual(['from the page', null])
  })
})
