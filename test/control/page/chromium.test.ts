/** The page at /-/mock/ in Chromium, before a control API of canned answers: what it shows, and what each button asks. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import axe, { type AxeResults } from 'axe-core'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromium } from '../../support/chromium.ts'
import { isWhole } from '../../support/tier.ts'
import { cannedAnswers, entryOf, grantOf, NOW, ODD, SCENARIO } from './canned.ts'
import { Refusal, startFakeControl, type FakeControl } from './fake-control.ts'

let browser: Browser
let context: BrowserContext
let page: Page
let control: FakeControl
/** What the page said in its console, and where it asked beside the control API. */
const complaints: string[] = []

beforeAll(async () => {
  control = await startFakeControl(cannedAnswers())
  browser = await playwright.launch(await chromium())
  context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce' })
  context.setDefaultTimeout(60_000)
  page = await context.newPage()
  page.on('console', (message) => {
    // A refusal is no fault of the page, and Chromium writes each.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(control.url) && !request.url().startsWith('data:')) complaints.push(request.url())
  })
  await page.goto(`${control.url}/-/mock/`)
})
beforeEach(() => {
  control.answers = new Map(cannedAnswers())
  control.written.length = 0
  complaints.length = 0
})
afterAll(async () => {
  await browser.close()
  control.close()
})

/** A busy machine takes its time. */
const SOON = { timeout: 60_000 }

const SECTIONS = ['grants', 'journal', 'world', 'clock', 'scenarios', 'namespaces']

/** Goes to a part of the page, which is drawn anew. */
async function open(hash: string): Promise<void> {
  await page.evaluate(() => (location.hash = '#nowhere'))
  await page.evaluate((target) => (location.hash = target), hash)
}

/** Loads the page, and waits until it listens and has all. */
async function load(): Promise<void> {
  await page.goto(`${control.url}/-/mock/`)
  await page.getByText('live', { exact: true }).waitFor()
  await page.locator('.grant').first().waitFor()
}

const button = (name: string) => page.getByRole('button', { name, exact: true })
const field = (label: string) => page.getByLabel(label, { exact: true })
const press = (name: string) => button(name).first().click()

/** Waits until something was written. */
async function firstWritten(): Promise<void> {
  await expect.poll(() => control.written.length, SOON).toBeGreaterThan(0)
}

describe('the keyboard', () => {
  it('skips to the content, and goes to each section, whose heading is read then', async () => {
    await page.goto(`${control.url}/-/mock/`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
    for (const section of SECTIONS.slice(1)) {
      await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: section }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 2, name: section }).waitFor()
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.textContent?.toLowerCase()), SOON)
        .toBe(section)
      expect(await page.locator('nav [aria-current=page]').first().innerText()).toMatch(new RegExp(section, 'i'))
    }
  })

  it('reaches everything that can be pressed, in the order in which it stands', async () => {
    await open('scenarios')
    await button('End all').waitFor()
    await page.locator('h1').evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    const controls = await page.locator('a[href], button, input, select, textarea, summary').count()
    const reached: string[] = []
    // Once around, with the page itself between the last and the first.
    for (let count = 0; count <= controls; count++) {
      await page.keyboard.press('Tab')
      reached.push(await page.evaluate(() => document.activeElement?.outerHTML ?? ''))
    }
    expect(new Set(reached.filter((html) => !html.startsWith('<body'))).size).toBe(controls)
  })

  it('keeps the focus where it is when something comes in', async () => {
    await open('world/users')
    await field('Search').fill('al')
    control.send({ type: 'change', resources: ['users'] })
    control.send({ type: 'journal', skipped: 0, entries: [entryOf({ id: 70 })] })
    await page.waitForTimeout(400)
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    expect(await field('Search').inputValue()).toBe('al')
  })
})

describe('a button that is there no more when it has done its work', () => {
  it('leaves the focus at the top of the section', async () => {
    await open('scenarios')
    await button('End token-expired').focus()
    control.answers.set('GET scenarios/', { active: [], named: [] })
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), SOON).toBe('Scenarios')
  })
})

describe('what happens shows at once', () => {
  it('a grant, and what becomes of it', async () => {
    await open('grants')
    const card = page.getByRole('listitem').filter({ hasText: 'authorization code 99' })
    control.send({ type: 'grant', grants: [grantOf({ pk: 99, created: '2024-09-27T14:26:18Z' })] })
    await card.getByText('active').waitFor()
    expect(await page.locator('.grant').first().innerText()).toContain('authorization code 99')
    expect(await card.getByRole('img', { name: 'Time left: 0:40' }).count()).toBe(1)
    control.send({ type: 'clock', clock: { now: '2024-09-27T14:26:58.307Z', frozen: true } })
    await card.getByText('expired', { exact: true }).waitFor()
    control.send({ type: 'clock', clock: { now: NOW, frozen: true } })
    control.send({ type: 'grant', grants: [grantOf({ pk: 99, state: 'exchanged' })] })
    await card.getByText('exchanged').waitFor()
    expect(await card.getByRole('button', { name: 'Expire' }).count()).toBe(0)
  })

  it('also where it overtakes an answer that was written before it', async () => {
    await open('grants')
    let release = () => {}
    const isReleased = new Promise<void>((resolve) => (release = resolve))
    const requests: string[] = []
    await page.route(/\/api\/(grants|status)\//, async (route) => {
      const response = await route.fetch()
      requests.push(new URL(route.request().url()).pathname)
      await isReleased
      await route.fulfill({ response })
    })
    control.send({ type: 'change', resources: ['users'] })
    await expect.poll(() => requests.length, SOON).toBe(2)
    control.send({ type: 'grant', grants: [grantOf({ pk: 97, created: '2024-09-27T14:26:18Z' })] })
    control.send({ type: 'clock', clock: { now: '2024-09-27T14:26:48Z', frozen: true } })
    const card = page.getByRole('listitem').filter({ hasText: 'authorization code 97' })
    await card.getByRole('img', { name: 'Time left: 0:10' }).waitFor()
    const answers = Promise.all(
      ['grants', 'status'].map((name) => page.waitForResponse((answer) => answer.url().includes(`/${name}/`))),
    )
    release()
    await answers
    await page.waitForTimeout(200)
    expect(await card.getByRole('img', { name: 'Time left: 0:10' }).count()).toBe(1)
    await page.unrouteAll({ behavior: 'wait' })
  })

  it("the ring runs down by the world's clock, and stands when that stands", async () => {
    await open('grants')
    control.send({ type: 'clock', clock: { now: '2024-09-27T14:26:48Z', frozen: true } })
    const ring = page.getByRole('listitem').filter({ hasText: 'authorization code 21' }).locator('.ring')
    await expect.poll(() => ring.getAttribute('aria-label'), SOON).toBe('Time left: 0:10')
    control.send({ type: 'clock', clock: { now: '2024-09-27T14:26:48Z', frozen: false } })
    await expect.poll(() => ring.getAttribute('aria-label'), SOON).toMatch(/^Time left: 0:0[0-8]$/)
    control.send({ type: 'clock', clock: { now: NOW, frozen: true } })
    await expect.poll(() => ring.getAttribute('aria-label'), SOON).toBe('Time left: 0:40')
  })

  it("a code's life is a line, each step of which leads to its request", async () => {
    await open('grants')
    const life = page.getByRole('list', { name: 'The life of authorization code 21' })
    const steps = await life.getByRole('listitem').allInnerTexts()
    expect(steps.map((text) => text.split('\n').slice(0, 3))).toEqual([
      ['authorize', '302', '1.3 ms'],
      ['login', '200', '2.5 ms'],
      ['consent', '200', '3.8 ms'],
      ['minted', '302', '5 ms'],
      ['exchanged', '200', '6.3 ms'],
      ['read', '200', '7.5 ms'],
    ])
    await life.getByRole('link', { name: 'read' }).click()
    await page.getByRole('heading', { name: 'Request 6' }).waitFor()
  })

  it('a request, with the reason, unless the filter leaves it out or the journal is paused', async () => {
    await open('journal')
    const first = page.locator('.entry').first()
    control.send({ type: 'journal', skipped: 0, entries: [entryOf({ id: 80, reasons: ['Because of 80.'] })] })
    await first.getByText('Because of 80.').waitFor()
    await field('Path').fill('/api/v3/rbac/*')
    control.send({ type: 'journal', skipped: 0, entries: [entryOf({ id: 81, reasons: ['Because of 81.'] })] })
    await page.getByText('1 request, the newest first').waitFor()
    await field('Path').fill('')
    await first.getByText('Because of 81.').waitFor()
    await press('Pause')
    control.send({ type: 'journal', skipped: 0, entries: [entryOf({ id: 82, reasons: ['Because of 82.'] })] })
    await page.waitForTimeout(200)
    expect(await first.innerText()).toContain('Because of 81.')
    await press('Go on')
    await first.getByText('Because of 82.').waitFor()
  })

  it('a journal that began anew, in which the first request is another', async () => {
    await open('journal')
    const anew = entryOf({ id: 1, received: '2026-02-02T03:04:05Z', reasons: ['Because it is anew.'] })
    control.answers.set('GET journal/', [anew])
    control.send({ type: 'journal', skipped: 0, entries: [anew] })
    await page.getByText('Because it is anew.').waitFor()
    expect(await page.locator('.entry').count()).toBe(1)
    await load()
  })

  it('scenarios, and how often they struck', async () => {
    await open('scenarios')
    control.send({ type: 'scenario', scenarios: [{ ...SCENARIO, struck: 3 }] })
    await expect.poll(() => page.getByText('It struck 3 times.').count(), SOON).toBe(1)
  })

  it('a break, after which it asks for all anew', async () => {
    await open('grants')
    control.answers.set('GET grants/', [grantOf({ pk: 50 })])
    control.interrupt()
    await page.getByText('interrupted: it tries again').waitFor()
    await page.getByRole('link', { name: 'authorization code 50' }).waitFor({ timeout: 60_000 })
    expect(await page.locator('.grant').count()).toBe(1)
    await page.getByText('live', { exact: true }).waitFor()
    control.answers = new Map(cannedAnswers())
    await load()
  })
})

/** A button, and what it asks. */
interface Verb {
  hash: string
  does: string
  act: () => Promise<unknown>
  request: string
  body?: unknown
}

const VERBS: Verb[] = [
  {
    hash: 'grants',
    does: 'expires a grant',
    act: () => press('Expire authorization code 21'),
    request: 'POST grants/authorization_codes/21/expire/',
  },
  {
    hash: 'grants',
    does: 'revokes a grant',
    act: () => press('Revoke access token 13'),
    request: 'POST grants/access_tokens/13/revoke/',
  },
  {
    hash: 'grants',
    does: 'mints a grant',
    act: async () => {
      await page.getByText('Mint a grant').click()
      await field('User').fill('alice')
      await field('Provider').fill('spa')
      await field('Expires').fill('+5m')
      await press('Mint')
      await page.getByText('the-minted-code').waitFor()
      await page.getByText('Mint a grant').click()
    },
    request: 'POST grants/',
    body: { kind: 'authorization_codes', user: 'alice', provider: 'spa', scope: 'openid', expires: '+5m' },
  },
  { hash: 'journal', does: 'clears the journal', act: () => press('Clear'), request: 'DELETE journal/' },
  {
    hash: 'world',
    does: 'logs in as a user, and shows the headers',
    act: async () => {
      await press('Log in as akadmin')
      await page.getByText('X-authentik-CSRF: def').waitFor()
    },
    request: 'POST sessions/',
    body: { user: 1, cookie: true },
  },
  {
    hash: 'world',
    does: 'makes an API token',
    act: async () => {
      await press('API token for akadmin')
      await page.getByText('the-new-key').waitFor()
    },
    request: 'POST tokens/',
    body: { user: 1, intent: 'api' },
  },
  {
    hash: 'world',
    does: 'makes an app password',
    act: () => press('App password for akadmin'),
    request: 'POST tokens/',
    body: { user: 1, intent: 'app_password' },
  },
  { hash: 'world', does: 'resets the world', act: () => press('Reset'), request: 'POST reset/' },
  {
    hash: 'world',
    does: 'seeds it anew',
    act: async () => {
      await field('Seed').fill('42')
      await field('Codes').fill('7')
      await press('Seed')
    },
    request: 'POST seed/',
    body: { seed: 42, codes: 7 },
  },
  { hash: 'world', does: 'takes a snapshot', act: () => press('Take a snapshot'), request: 'POST snapshots/' },
  {
    hash: 'world',
    does: 'goes back to one',
    act: () => press('Restore snapshot-1'),
    request: 'POST snapshots/snapshot-1/restore/',
  },
  {
    hash: 'world',
    does: 'deletes one',
    act: () => press('Delete snapshot-1'),
    request: 'DELETE snapshots/snapshot-1/',
  },
  {
    hash: 'world',
    does: 'loads a file as it is',
    act: () => loadFile('{ "users": [], "users": [1] }'),
    request: 'PUT world/',
    body: { users: [1] },
  },
  {
    hash: 'world',
    does: 'merges a file',
    act: async () => {
      await field('A file that is loaded').selectOption('PATCH')
      await loadFile('{"groups": []}')
    },
    request: 'PATCH world/',
    body: { groups: [] },
  },
  {
    hash: 'world/users/2',
    does: 'changes what was changed of a row',
    act: async () => {
      const text = await field('The row as JSON').inputValue()
      await field('The row as JSON').fill(text.replace(/"name": ".*"/, '"name": "Mallory"'))
      await press('Save')
    },
    request: 'PATCH world/users/2/',
    body: { name: 'Mallory' },
  },
  {
    hash: 'world/users/2',
    does: 'deletes a row',
    act: () => press('Delete'),
    request: 'DELETE world/users/2/',
  },
  {
    hash: 'world/groups/+',
    does: 'creates a row',
    act: async () => {
      await field('The row as JSON').fill('{"name": "new"}')
      await press('Create')
    },
    request: 'POST world/groups/',
    body: { name: 'new' },
  },
  {
    hash: 'clock',
    does: 'lets it run',
    act: () => press('Let it run'),
    request: 'PATCH clock/',
    body: { frozen: false },
  },
  {
    hash: 'clock',
    does: 'moves it by a minute',
    act: () => press('+1 min'),
    request: 'PATCH clock/',
    body: { moveBy: '+1m' },
  },
  {
    hash: 'clock',
    does: 'moves it by an hour',
    act: () => press('+1 h'),
    request: 'PATCH clock/',
    body: { moveBy: '+1h' },
  },
  {
    hash: 'clock',
    does: 'moves it by a day',
    act: () => press('+1 d'),
    request: 'PATCH clock/',
    body: { moveBy: '+1d' },
  },
  {
    hash: 'clock',
    does: 'sets it',
    act: async () => {
      await field('An instant').fill('2030-01-01T00:00:00Z')
      await press('Set')
    },
    request: 'PATCH clock/',
    body: { now: '2030-01-01T00:00:00Z' },
  },
  {
    hash: 'clock',
    does: 'freezes it just before a row expires',
    act: async () => {
      await field('Row').selectOption('authorization_codes/21')
      await press('Freeze 1 s before')
    },
    request: 'PATCH clock/',
    body: { now: '2024-09-27T14:26:57.306Z', frozen: true },
  },
  {
    hash: 'clock',
    does: 'freezes it just after a row expires',
    act: async () => {
      await field('Row').selectOption('access_tokens/13')
      await press('Freeze 1 s after')
    },
    request: 'PATCH clock/',
    body: { now: '2024-09-28T20:26:19.306Z', frozen: true },
  },
  {
    hash: 'scenarios',
    does: 'turns a scenario on',
    act: () => page.getByRole('switch', { name: 'rate-limited', checked: false }).click(),
    request: 'POST scenarios/',
    body: { name: 'rate-limited' },
  },
  {
    hash: 'scenarios',
    does: 'turns a scenario off',
    act: () => page.getByRole('switch', { name: 'token-expired', checked: true }).click(),
    request: 'DELETE scenarios/s1/',
  },
  { hash: 'scenarios', does: 'ends one', act: () => press('End token-expired'), request: 'DELETE scenarios/s1/' },
  { hash: 'scenarios', does: 'ends all', act: () => press('End all'), request: 'DELETE scenarios/' },
  {
    hash: 'scenarios',
    does: 'makes one of your own',
    act: async () => {
      const texts = {
        Operation: 'core_users_list',
        'Skip the first': '2',
        'For how many': '2',
        Probability: '0.5',
        Status: '503',
        'Latency in ms': '100-900',
        'Body: JSON, or a text as it is': '{"detail": "no"}',
        'Headers, one in each line': 'Retry-After: 3\nX-Colon: a:b',
      }
      for (const [label, text] of Object.entries(texts)) await field(label).fill(text)
      await field('Kind').selectOption('api')
      await press('Make it hold')
    },
    request: 'POST scenarios/',
    body: {
      operationId: 'core_users_list',
      kind: 'api',
      status: 503,
      latency: [100, 900],
      count: 2,
      skip: 2,
      probability: 0.5,
      body: { detail: 'no' },
      headers: { 'Retry-After': '3', 'X-Colon': 'a:b' },
    },
  },
  {
    hash: 'namespaces',
    does: 'deletes a namespace',
    act: () => press('Delete worker 1'),
    request: 'DELETE namespaces/worker%201/',
  },
]

const loadFile = (text: string) =>
  field('Load a file').setInputFiles({ name: 'world.json', mimeType: 'application/json', buffer: Buffer.from(text) })

describe('each verb', () => {
  it.each(VERBS)('#$hash $does: $request', async ({ hash, act, request, body }) => {
    await open(hash)
    await act()
    await firstWritten()
    expect(control.written[0]).toEqual({ request, body, type: 'application/json' })
    expect([await page.getByRole('alert').count(), complaints]).toEqual([0, []])
  })

  it.each([
    ['grants', 'POST grants/authorization_codes/21/expire/', () => press('Expire authorization code 21')],
    ['clock', 'PATCH clock/', () => press('+1 d')],
    ['scenarios', 'POST scenarios/', () => press('Make it hold')],
    ['world/users/2', 'PATCH world/users/2/', () => press('Save')],
    [
      'world',
      'POST seed/',
      () =>
        field('Seed')
          .fill('1')
          .then(() => press('Seed')),
    ],
    ['world', 'PUT world/', () => loadFile('no JSON')],
    ['world', 'POST sessions/', () => press('Log in as akadmin')],
  ])('#%s shows beside what was entered what is wrong with it: %s', async (hash, name, act) => {
    await open(hash)
    control.answers.set(name, new Refusal(400, 'It does not fit.', ['users[2].groups: no such group', '<b>bold</b>']))
    await act()
    const alert = page.getByRole('alert')
    await alert.getByText('It does not fit.').waitFor()
    expect(await alert.getByRole('listitem').allInnerTexts()).toEqual(['users[2].groups: no such group', '<b>bold</b>'])
  })

  it('a row that is no JSON is not sent', async () => {
    await open('world/users/2')
    await field('The row as JSON').fill('{ no')
    await press('Save')
    await page.getByRole('alert').getByText('This is no JSON').waitFor()
    expect(control.written).toEqual([])
  })
})

describe('one request', () => {
  it('says why it was answered so, beside what the release documents and what others have', async () => {
    await open('journal/6')
    const rows = page.getByRole('region', { name: 'Keys of the answer' }).getByRole('row')
    await rows.first().waitFor()
    expect((await rows.allInnerTexts()).map((text) => text.split(/\t|\n/).filter(Boolean))).toEqual([
      ['Key', 'Answer', 'Documented', 'Other releases'],
      ['user', '{"pk":1,"username":"akadmin"}', 'object'],
      ['original', 'null', 'object or null, optional', 'not in 2026.8.3'],
      ['extra', 'true', 'not documented'],
      ['brand', 'absent', 'string (uuid)'],
      ['flags', 'absent', 'not documented', 'in 2026.8.3'],
    ])
    await page.getByText('No such operation in: 2024.2.0.').waitFor()
    await page.getByRole('listitem').filter({ hasText: 'A superuser may all.' }).first().waitFor()
  })

  it('is shown in clear by one explicit click, and masked again', async () => {
    await open('journal/6')
    expect(await page.getByText('a secret in clear').count()).toBe(0)
    await press('Show in clear')
    await page.getByText('a secret in clear').waitFor()
    await press('Mask secrets')
    await expect.poll(() => page.getByText('a secret in clear').count(), SOON).toBe(0)
  })

  /** What a button copies of the request that is open. */
  const copied = async (name: string) => {
    await page.evaluate(() => navigator.clipboard.writeText(''))
    await press(name)
    await button('Copied').waitFor()
    return page.evaluate(() => navigator.clipboard.readText())
  }

  it('is copied as curl, which sends the same again', async () => {
    await open('journal/5')
    const command = await copied('Copy as curl')
    control.answers.clear()
    await promisify(execFile)('bash', ['-c', command.replace('/application/o/token/', '/-/mock/api/echo/')])
    expect(control.headers['x-odd']).toBe(ODD)
    expect(control.written).toEqual([
      {
        request: 'POST echo/',
        body: "grant_type=authorization_code&code=••••&state=it's",
        type: 'application/x-www-form-urlencoded',
      },
    ])
  })

  it('is copied as fetch, which sends the same again', async () => {
    await open('journal/5')
    const code = (await copied('Copy as fetch')).replace('/application/o/token/', '/-/mock/api/echo/')
    await page.evaluate(`(async () => { ${code} })()`)
    expect(control.headers['x-odd']).toBe(ODD)
    expect(control.written).toEqual([
      {
        request: 'POST echo/',
        body: "grant_type=authorization_code&code=••••&state=it's",
        type: 'application/x-www-form-urlencoded',
      },
    ])
  })

  it('is copied as an interaction of a pact', async () => {
    await open('journal/4')
    expect(JSON.parse(await copied('Copy as Pact interaction'))).toEqual({
      type: 'Synchronous/HTTP',
      description: 'rbac_roles_list is answered with 501',
      request: { method: 'GET', path: '/api/v3/rbac/roles/', query: { ordering: ['name'] }, headers: {} },
      response: {
        status: 501,
        headers: { 'Content-Type': ['application/json'] },
        body: {
          content: { detail: 'authentik has this operation and the mock has not.' },
          contentType: 'application/json',
          encoded: false,
        },
      },
    })
  })

  it('is copied as a scenario that answers so again, or put into the form', async () => {
    await open('journal/4')
    const scenario = {
      operationId: 'rbac_roles_list',
      method: 'GET',
      status: 501,
      body: { detail: 'authentik has this operation and the mock has not.' },
    }
    expect(JSON.parse(await copied('Copy as scenario'))).toEqual(scenario)
    await press('Make it a scenario')
    await press('Make it hold')
    await firstWritten()
    expect(control.written[0]).toMatchObject({ request: 'POST scenarios/', body: scenario })
  })

  it('that was reset is a scenario that resets', async () => {
    await open('journal/3')
    expect(JSON.parse(await copied('Copy as scenario'))).toEqual({
      operationId: 'core_applications_list',
      method: 'GET',
      user: 'alice',
      reset: true,
    })
  })
})

describe('who has no token', () => {
  it('is asked for it without a script, told when it is wrong, and let in when it is right', async () => {
    control.state = { isAllowed: false }
    const plain = await browser.newContext({ javaScriptEnabled: false })
    const visit = await plain.newPage()
    await visit.goto(`${control.url}/-/mock/`)
    await visit.getByLabel('Control token').fill('wrong')
    await visit.keyboard.press('Enter')
    await visit.getByRole('alert').getByText('This is not the token.').waitFor()
    await visit.getByLabel('Control token').fill('right')
    await visit.keyboard.press('Enter')
    await visit.locator('noscript').waitFor()
    expect(await visit.locator('noscript').innerText()).toContain('This page needs JavaScript.')
    await plain.close()
    control.state = { isAllowed: true }
  })

  it('is asked for it by the page when it has lost its leave', async () => {
    await open('clock')
    control.state = { isAllowed: false }
    await press('+1 h')
    await field('Control token').fill('right')
    await press('Open')
    await page.getByRole('navigation', { name: 'Sections' }).waitFor()
    expect(control.state.isAllowed).toBe(true)
  })

  it('in a namespace below a base path asks and posts there', async () => {
    const visit = await context.newPage()
    const requests: string[] = []
    visit.on('request', (request) => requests.push(new URL(request.url()).pathname))
    await visit.goto(`${control.url}/auth/-/mock/ns/worker%201/-/mock/#namespaces`)
    await visit.getByText('this one').waitFor()
    const here = '/auth/-/mock/ns/worker%201/-/mock/'
    expect(requests).toContain(`${here}api/status/`)
    expect(requests).toContain('/auth/-/mock/api/namespaces/')
    expect(await visit.getByRole('link', { name: 'no namespace' }).getAttribute('href')).toBe('/auth/-/mock/')
    expect(await visit.getByRole('link', { name: 'worker 1' }).getAttribute('href')).toBe(here)
    await visit.close()
  })
})

describe('a person', () => {
  const HASHES = [...SECTIONS, 'journal/6', 'world/users', 'world/users/2']
  const SIGHTS = [
    { colorScheme: 'light', width: 360 },
    { colorScheme: 'dark', width: 1280 },
    { colorScheme: 'dark', width: 360 },
    { colorScheme: 'light', width: 1280 },
  ] as const
  // Otherwise each section in one of them, in turn.
  const sights = HASHES.flatMap((hash, index) =>
    SIGHTS.filter((_, number) => isWhole || number === index % SIGHTS.length).map((sight) => ({ hash, ...sight })),
  )

  it.each(sights)(
    'reads #$hash in $colorScheme at $width px: axe finds nothing, and nothing scrolls sideways',
    async ({ hash, colorScheme, width }) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await open(hash)
      await page.waitForTimeout(150)
      await page
        .locator('details')
        .evaluateAll((list) => list.forEach((details) => details.toggleAttribute('open', true)))
      // The page's own policy lets no script in but its own: axe comes by the debugger.
      if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe.source)
      const { violations } = await page.evaluate<AxeResults>(`axe.run({ resultTypes: ['violations'] })`)
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    },
  )

  it('who wants no motion sees none', async () => {
    await open('grants')
    const duration = () =>
      page
        .locator('.ring .left')
        .first()
        .evaluate((ring) => getComputedStyle(ring).transitionDuration)
    expect(await duration()).toBe('0s')
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    expect(await duration()).toBe('1s')
    await page.emulateMedia({ reducedMotion: 'reduce' })
  })
})

describe('whatever stands in a field', () => {
  const PAYLOADS = [
    '<img src=x onerror=hit()>',
    '"><script>hit()</script>',
    "javascript:hit()//'",
    '{{constructor.constructor("hit()")()}}',
    '__proto__',
    '\u202E</textarea><svg onload=hit()>%zz\u0000',
  ]

  /** The same answer with a text in place of each text. */
  const poison = (value: unknown, text: string): unknown => {
    if (typeof value === 'string') return text
    if (Array.isArray(value)) return value.map((item) => poison(item, text))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, poison(item, text)]))
  }

  it.each(isWhole ? PAYLOADS : PAYLOADS.slice(0, 1))('is text: %j', async (text) => {
    for (const [name, answer] of cannedAnswers()) control.answers.set(name, poison(answer, text))
    // The ids of entries and the key of a row stay, so that they can be opened.
    await page.goto(`${control.url}/-/mock/`)
    for (const hash of [
      ...SECTIONS,
      'journal/6',
      'world/users',
      'world/users/2',
      `world/${encodeURIComponent(text)}`,
    ]) {
      await open(hash)
      await page.waitForTimeout(100)
      expect(await page.locator('#page :is(script, iframe, object, embed, [onerror], [onload])').count()).toBe(0)
      const links = await page
        .locator('a')
        .evaluateAll((list) => list.map((link) => (link as HTMLAnchorElement).protocol))
      expect(links.filter((protocol) => protocol !== 'http:')).toEqual([])
    }
    await open('journal')
    expect(await page.locator('.entry').count()).toBe(4)
    expect(complaints).toEqual([])
    control.answers = new Map(cannedAnswers())
    await load()
  })
})
