/** The page at /-/mock/ of a served mock, in Chromium: a real login beside it, odd texts everywhere, and pages of others. */
import { createServer } from 'node:http'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { control, type ControlledMock } from '../../../src/entries/control.ts'
import { mock } from '../../../src/entries/index.ts'
import { serve, type Server } from '../../../src/entries/node.ts'
import { chromium } from '../../support/chromium.ts'
import { inRoot } from '../../support/files.ts'
import { isWhole } from '../../support/tier.ts'
import { payloads } from './payloads.ts'

const TOKEN = 'the-control-token'
const CALLBACK = 'http://localhost:4173/callback'

let authentik: ControlledMock
let server: Server
let browser: Browser
let context: BrowserContext
let page: Page
/** Dialogs, errors, and what was asked of another server. */
const complaints: string[] = []

beforeAll(async () => {
  authentik = control(mock(), { token: TOKEN })
  server = await serve(authentik, { port: 0, cors: [CALLBACK.replace('/callback', '')] })
  browser = await playwright.launch(await chromium())
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  context.setDefaultTimeout(60_000)
  page = await context.newPage()
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) complaints.push(request.url())
  })
  await page.goto(`${server.url}/-/mock/?token=${TOKEN}`)
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

const open = (hash: string) => page.evaluate((target) => void (location.hash = target), hash)
const address = (path: string, parameters: Record<string, string>) =>
  `${server.url}${path}?${new URLSearchParams(parameters)}`

/** Logs a person in at the page of the login, and exchanges the code. */
async function logIn(): Promise<void> {
  const visitor = await (await browser.newContext()).newPage()
  const clientRequest = visitor.waitForRequest((request) => request.url().startsWith(CALLBACK))
  await visitor.goto(
    address('/application/o/authorize/', {
      client_id: 'web',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid email',
    }),
  )
  await visitor.getByRole('button', { name: /akadmin/ }).click()
  await visitor.getByLabel(/password/i).fill('akadmin-password')
  await visitor.keyboard.press('Enter')
  await visitor.getByRole('button', { name: 'Allow' }).click()
  const code = new URL((await clientRequest).url()).searchParams.get('code') ?? ''
  await visitor.context().close()
  const { pk } = authentik.world.authorization_codes.find('code', code)!
  const headers = { Authorization: `Bearer ${authentik.tokens().superuser}` }
  await fetch(`${server.url}/api/v3/oauth2/authorization_codes/${pk}/`, { headers })
  const { client_id, client_secret } = authentik.world.providers.find('client_id', 'web')!
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    client_id,
    client_secret,
  })
  expect((await fetch(`${server.url}/application/o/token/`, { method: 'POST', body })).status).toBe(200)
}

describe('the page of a served mock', () => {
  it('shows a login as it happens: authorize, login, consent, the code, a read of the API, and the exchange', async () => {
    await page.getByText('live', { exact: true }).waitFor()
    await logIn()
    const grant = page.locator('.grant', { hasText: 'exchanged' }).first()
    await grant.waitFor()
    const steps = ['authorize', 'login', 'consent', 'minted', 'read', 'exchanged']
    await expect
      .poll(async () => (await grant.innerText()).match(/authorize|login|consent|minted|read|exchanged/g))
      .toEqual(expect.arrayContaining(steps))
    const path = process.env.UPDATE_SCREENSHOT ? inRoot('docs/images/control.png') : undefined
    if (path) await page.screenshot({ path })
    expect(complaints).toEqual([])
  })

  it('has no password, code, token or cookie of that login in the journal, but for who asks to see them', async () => {
    const masked = JSON.stringify(authentik.journal.find())
    const secrets = [
      'akadmin-password',
      authentik.world.providers.find('client_id', 'web')!.client_secret,
      authentik.tokens().superuser!,
      ...[...authentik.world.access_tokens.values()].map(({ token }) => token),
      ...[...authentik.world.authenticated_sessions.values()].map(({ session_key }) => session_key),
    ]
    const clear = JSON.stringify(authentik.journal.find({}, { clear: true }))
    expect(secrets.filter((secret) => masked.includes(secret))).toEqual([])
    expect(clear).toContain('akadmin-password')
    expect(masked).not.toMatch(/[?&]code=[0-9a-f]{32}/)
  })

  it('logs in, moves the clock, and starts again at a press', async () => {
    await open('world')
    await page.getByRole('button', { name: 'Log in as akadmin' }).click()
    await expect.poll(async () => (await context.cookies()).map(({ name }) => name)).toContain('authentik_session')
    await open('clock')
    const start = authentik.clock.now()
    await page.getByRole('button', { name: '+1 h' }).click()
    await expect.poll(() => authentik.clock.now() - start).toBeGreaterThan(3_599_000)
    await authentik.reset()
    expect(complaints).toEqual([])
  })
})

describe('a text that a page could take for a script', () => {
  const odd = payloads.filter((_, index) => isWhole || index % 10 === 0)

  it(`is a text in every field that a world or a request can fill: ${odd.length} of them`, async () => {
    for (const [index, payload] of odd.entries()) {
      await authentik.world.users.create({ username: `odd${index}`, name: payload, email: '', groups: [] })
      await authentik.world.groups.create({ name: payload })
      await authentik.fetch(`/api/v3/core/users/?search=${encodeURIComponent(payload)}`, {
        method: 'PATCH',
        body: payload,
        headers: { 'X-Odd': encodeURI(payload) },
      })
      await authentik.fetch(`/${encodeURIComponent(payload)}/`)
      authentik.scenario({ path: `/${encodeURIComponent(payload)}`, status: 418, body: payload })
      await authentik.fetch(`/${encodeURIComponent(payload)}`)
    }
    const newest = authentik.journal.find().at(-1)?.id ?? 0
    for (const hash of [
      'grants',
      'journal',
      `journal/${newest}`,
      'world',
      'world/users',
      'world/groups',
      'scenarios',
    ]) {
      await open(hash)
      await page.getByRole('heading', { level: 2 }).first().waitFor()
      await page.waitForTimeout(100)
    }
    const isRun = await page.evaluate(() => Reflect.has(window, 'isRun'))
    expect([isRun, complaints]).toEqual([false, []])
    await authentik.reset()
  })
})

describe('a page of another origin', () => {
  it('neither reads nor drives it, be its origin allowed for the API or not', async () => {
    const stranger = createServer((_, response) =>
      response.setHeader('Content-Type', 'text/html').end('<h1>Elsewhere</h1>'),
    )
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const foreign = await context.newPage()
    await foreign.goto(`http://localhost:${(stranger.address() as AddressInfo).port}/`)
    const api = `${server.url}/-/mock/api/`
    const outcome = await foreign.evaluate(async (base) => {
      const attempt = async (task: () => Promise<unknown>) => task().then(String, () => 'refused')
      const events = new Promise((resolve) => {
        const source = new EventSource(`${base}events/`, { withCredentials: true })
        source.addEventListener('open', () => resolve('open'))
        source.addEventListener('error', () => resolve('refused'))
      })
      return {
        read: await attempt(async () => (await fetch(`${base}world/`, { credentials: 'include' })).status),
        write: await attempt(
          async () => (await fetch(`${base}reset/`, { method: 'POST', credentials: 'include' })).status,
        ),
        json: await attempt(
          async () =>
            (
              await fetch(`${base}scenarios/`, {
                method: 'POST',
                credentials: 'include',
                headers: { 'Content-Type': 'application/json' },
                body: '{"name":"slow"}',
              })
            ).status,
        ),
        blind: await attempt(
          async () =>
            (
              await fetch(`${base}scenarios/`, {
                method: 'POST',
                mode: 'no-cors',
                credentials: 'include',
                body: '{"name":"slow"}',
              })
            ).type,
        ),
        events: await events,
      }
    }, api)
    expect(outcome).toEqual({ read: 'refused', write: 'refused', json: 'refused', blind: 'opaque', events: 'refused' })
    expect(authentik.scenarios.list()).toEqual([])
    for (const origin of ['http://evil.test', new URL(CALLBACK).origin, 'null']) {
      const headers = { Authorization: `Bearer ${TOKEN}`, Origin: origin }
      const response = await fetch(`${api}status/`, { headers })
      expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([403, null])
    }
    await foreign.close()
    stranger.close()
  })
})
