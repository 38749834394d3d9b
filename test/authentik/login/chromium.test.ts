/** The login page in Chromium, which holds a form to where its policy lets it lead, and a person to what they can read. */
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import axe, { type AxeResults } from 'axe-core'
import { chromium as playwright, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serve, type Server } from '../../../src/http/node/server.ts'
import type { Mock } from '../../../src/mock/mock.ts'
import { chromium } from '../../support/chromium.ts'
import { clientOf, readyMock } from '../../support/client.ts'
import { recordedWorldOf } from '../../support/recordings.ts'
import { isWhole } from '../../support/tier.ts'

const RECOVERY = {
  pk: '00000000-0000-4000-8000-00000000f002',
  slug: 'default-recovery-flow',
  name: 'Default recovery flow',
  title: 'Reset your password',
  designation: 'recovery',
}

let browser: Browser
let authentik: Mock
let server: Server
let client: HttpServer
let callback = ''
/** What the client was asked for. */
const requests: string[] = []
beforeAll(async () => {
  browser = await playwright.launch(await chromium())
  client = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () =>
      response.setHeader('Content-Type', 'text/plain').end(`${request.method} ${request.url} ${body}`),
    )
  })
  await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve))
  callback = `http://127.0.0.1:${(client.address() as AddressInfo).port}/callback`
  const world = recordedWorldOf('2026.2.2')
  const flows = [...(await readyMock({ release: '2026.2.2', world })).world.flows.values(), RECOVERY]
  authentik = await readyMock({ release: '2026.2.2', world: { ...world, flows } as never })
  for (const { pk } of authentik.world.providers.values())
    await authentik.world.providers.update(pk, { redirect_uris: [{ matching_mode: 'strict', url: callback }] as never })
  server = await serve(authentik, { port: 0 })
})
beforeEach(async () => {
  requests.length = 0
  const { authenticated_sessions: sessions } = authentik.world
  for (const { uuid } of sessions.values()) await sessions.delete(uuid)
})
afterAll(async () => {
  await browser.close()
  await server.close()
  client.close()
})

const askFor = (client_id: string, parameters: Record<string, string> = {}) =>
  `${server.url}/application/o/authorize/?${new URLSearchParams({ client_id, redirect_uri: callback, response_type: 'code', scope: 'openid profile', state: 's', ...parameters })}`

/** Opens a page of a new visitor. */
async function openPage(address: string, script = true): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: script })
  const page = await context.newPage()
  await page.goto(address)
  return page
}

/** A link by which alice sets a new password. */
async function recoveryLink(): Promise<string> {
  const alice = [...authentik.world.users.values()].find(({ username }) => username === 'alice')
  const admin = clientOf(server.url, { tokensOf: authentik, as: 'seed-akadmin' })
  return (await admin.post(`/core/users/${alice?.pk}/recovery/`)).json['link']
}

describe('a person in Chromium', () => {
  it.each([true, false])('who has forgotten the password sets a new one at a link (scripts: %s)', async (script) => {
    const password = `new-${script}`
    const page = await openPage(await recoveryLink(), script)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('Password (repeat)').fill('another')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).toBe("Passwords don't match.")
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('Password (repeat)').fill(password)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${server.url}/if/user/`)
    const alice = [...authentik.world.users.values()].find(({ username }) => username === 'alice')
    expect(alice?.password).toBe(password)
    await authentik.world.users.update(alice?.pk ?? 0, { password: 'alice-pw' })
    await page.context().close()
  })

  it.each([true, false])(
    'clicks a user, types the password, allows, and is at the client (scripts: %s)',
    async (script) => {
      const page = await openPage(askFor('spa-client'), script)
      await page.getByRole('button', { name: 'Alice Example' }).click()
      await page.getByLabel('Password').fill('alice-pw')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Allow' }).click()
      await page.waitForURL(`${callback}?**`)
      expect(await page.locator('body').innerText()).toMatch(/^GET \/callback\?code=[0-9a-f]{32}&state=s $/)
      await page.context().close()
    },
  )

  it('is sent to the client by a form that submits itself', async () => {
    const page = await openPage(askFor('demo-client', { response_mode: 'form_post' }))
    await page.getByLabel('Email or username').fill('alice')
    await page.keyboard.press('Enter')
    await page.getByLabel('Password').fill('alice-pw')
    await page.keyboard.press('Enter')
    await page.waitForURL(callback)
    expect(await page.locator('body').innerText()).toMatch(/^POST \/callback code=[0-9a-f]{32}&state=s$/)
    await page.context().close()
  })

  it('reads every page of it: axe finds nothing, in light and dark, and at 360 px nothing scrolls sideways', async () => {
    const page = await openPage(askFor('spa-client'))
    const faults: string[] = []
    const check = async (name: string) => {
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of isWhole ? [360, 1280] : [360]) {
          await page.emulateMedia({ colorScheme })
          await page.setViewportSize({ width, height: 800 })
          // The page's own policy lets no script in but its own: axe comes by the debugger. In the dark only colors differ.
          const options = isWhole || colorScheme === 'light' ? {} : { runOnly: ['color-contrast'] }
          const script = `${axe.source}; axe.run(${JSON.stringify(options)})`
          const { violations } = await page.evaluate<AxeResults>(script)
          faults.push(...violations.map(({ id }) => `${name}, ${colorScheme}, ${width}: ${id}`))
          if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
            faults.push(`${name} scrolls`)
        }
    }
    await check('identification')
    await page.getByRole('button', { name: 'Alice Example' }).click()
    await page.getByLabel('Password').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await check('password')
    await page.getByLabel('Password').fill('alice-pw')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Allow' }).waitFor()
    await check('consent')
    await page.goto(await recoveryLink())
    await page.getByLabel('Password (repeat)').waitFor()
    await check('new password')
    expect(faults).toEqual([])
    await page.context().close()
  })
})

describe('a refusal in Chromium, of which the client hears nothing:', () => {
  it.each([
    [
      'an unknown client',
      { client_id: 'nobody' },
      'Client ID Error',
      'The client identifier (client_id) is missing or invalid.',
    ],
    [
      "an address that is not the client's",
      { redirect_uri: 'https://evil.example/callback' },
      'Redirect URI Error',
      'The request fails due to a missing, invalid, or mismatching redirection URI (redirect_uri).',
    ],
  ])('%s', async (_, parameters, title, text) => {
    const page = await openPage('about:blank')
    const response = await page.goto(askFor('spa-client', parameters))
    expect(response?.status()).toBe(400)
    await page.getByRole('heading', { name: title }).waitFor()
    expect(await page.locator('body').innerText()).toContain(text)
    expect(requests).toEqual([])
    await page.context().close()
  })

  it.each([
    ['a wrong password', 'alice', 'wrong'],
    ['an inactive user', 'carol', 'carol-pw'],
    ['an unknown user', 'nobody', 'nobody-pw'],
  ])('%s', async (_, username, password) => {
    const page = await openPage(askFor('spa-client'))
    await page.getByLabel('Email or username').fill(username)
    await page.keyboard.press('Enter')
    await page.getByLabel('Password').fill(password)
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.keyboard.press('Enter')
    expect((await answer).status()).toBe(200)
    expect(await page.getByRole('alert').innerText()).toBe('Invalid password')
    expect(await page.getByLabel('Password').inputValue()).toBe('')
    expect([requests, authentik.world.authenticated_sessions.size]).toEqual([[], 0])
    await page.context().close()
  })

  it('Deny, which ends the session', async () => {
    const count = authentik.world.authorization_codes.size
    const page = await openPage(askFor('spa-client'))
    await page.getByRole('button', { name: 'Alice Example' }).click()
    await page.getByLabel('Password').fill('alice-pw')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Deny' }).click()
    await page.waitForURL(`${server.url}/**`)
    expect([requests, authentik.world.authenticated_sessions.size, authentik.world.authorization_codes.size]).toEqual([
      [],
      0,
      count,
    ])
    await page.context().close()
  })

  it('five wrong passwords', async () => {
    const page = await openPage(askFor('spa-client'))
    await page.getByRole('button', { name: 'Bob Example' }).click()
    for (let index = 0; index < 5; index++) {
      await page.getByLabel('Password').fill('wrong')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
    }
    await page.getByRole('link', { name: 'Go home' }).waitFor()
    expect(await page.getByRole('alert').textContent()).toBe('Invalid password')
    expect(await page.getByLabel('Password').count()).toBe(0)
    expect(requests).toEqual([])
    await page.context().close()
  })
})
