/** Tests that fail, and what their report says. No browser is needed. */
import { expect } from '@playwright/test'
import { test } from '../../../../src/entries/playwright.ts'

test('fails after it asked', async ({ authentik, loginAs, context }) => {
  await loginAs(context, 'akadmin')
  const { key } = await authentik.tokens({ user: 'akadmin' })
  const headers = { Authorization: `Bearer ${key}` }
  await authentik.fetch('/api/v3/core/users/me/?name=a', { headers })
  const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'spa', code: 'c0de'.repeat(8) })
  await authentik.fetch('/application/o/token/', { method: 'POST', body })
  expect(`the key ${key}`).toBe('')
})

test('passes after it asked', async ({ authentik }) => {
  expect((await authentik.fetch('/api/v3/root/config/')).status).toBe(200)
})

test('fails before it asked', async ({ authentik }) => {
  await fetch(`${authentik.url}/api/v3/root/config/`)
  expect(await authentik.journal.count()).toBe(1)
})

test.describe('options that cannot be', () => {
  test.describe('a mode', () => {
    test.use({ authentikMode: 'socket' as 'route' })
    test('of no such name', ({ authentik }) => expect(authentik.url).toBe(''))
  })
  test.describe('an origin', () => {
    test.use({ authentikOrigin: 'localhost:9000' })
    test('that is none', ({ authentik }) => expect(authentik.url).toBe(''))
  })
  test.describe('a namespace', () => {
    test.use({ authentikNamespace: 'a/b' })
    test('with a slash', ({ authentik }) => expect(authentik.url).toBe(''))
  })
  test.describe('an option', () => {
    test.use({ authentikOptions: { log: () => {} } })
    test('that no server takes', ({ authentik }) => expect(authentik.url).toBe(''))
  })
  test.describe('a release', () => {
    test.use({ authentikOptions: { release: '1.0' } })
    test('that is not known', ({ authentik }) => expect(authentik.url).toBe(''))
  })
  test.describe('of tests that share a namespace', () => {
    test.describe.configure({ mode: 'default' })
    test.use({ authentikNamespace: 'together' })
    test('are those of the first', ({ authentik }) => expect(authentik.namespace).toContain('together'))
    test.describe('in another describe', () => {
      test.use({ authentikOptions: { codes: 1 } })
      test('that differ from the first', ({ authentik }) => expect(authentik.url).toBe(''))
    })
  })
  test.describe('an origin with a slash', () => {
    test.use({ authentikOrigin: 'http://localhost:9000/' })
    test('is an origin', ({ authentik }) => expect(authentik.url).toBe('http://localhost:9000'))
  })
})

test.describe('nobody asked the mock', () => {
  test.describe('by path', () => {
    test.use({ authentikMode: 'path' })
    test('at its path', ({ authentik }) => expect(authentik.url).toBe(''))
  })
  test.describe('by routes', () => {
    test.use({ authentikMode: 'route', authentikOrigin: 'https://authentik.company' })
    test('by its routes', ({ authentik }) => expect(authentik.url).toBe(''))
  })
})

test.describe('what a test asks for in vain', () => {
  test('a snapshot of no such id', ({ authentik }) => authentik.restore('nine'))
  test('a user of no such name', ({ authentik }) => authentik.logIn('akadmn'))
  test('a user without a page', ({ loginAs }) => loginAs('akadmin' as never, undefined as never))
  test('a user who is inactive', async ({ loginAs, authentik, context }) => {
    const [user] = await authentik.world.list('users', 'akadmin')
    await authentik.world.update('users', user?.pk ?? 0, { is_active: false })
    await loginAs(context, 'akadmin')
  })
  test('a context with headers of its own', async ({ loginAs, browser }) =>
    loginAs(await browser.newContext({ extraHTTPHeaders: { 'X-Own': 'yes' } }), 'akadmin'))
})

test('headers that a test sets stay beside that of the namespace', async ({ authentik, context, browser, loginAs }) => {
  await context.setExtraHTTPHeaders({ 'X-Own': 'yes' })
  const secondContext = await browser.newContext({ extraHTTPHeaders: { 'X-Own': 'yes' } })
  await authentik.lead(secondContext, { 'X-Own': 'yes' })
  await loginAs(secondContext, 'akadmin')
  for (const { request } of [context, secondContext]) await request.get(`${authentik.url}/api/v3/root/config/`)
  const sent = (await authentik.journal.find()).map(({ request }) =>
    request.headers.map(({ name }) => name.toLowerCase()),
  )
  expect(sent).toEqual([expect.arrayContaining(['x-own']), expect.arrayContaining(['x-own'])])
})

test('a page of baseURL reads a server of the worker', async ({ authentik, baseURL }) => {
  const response = await authentik.fetch('/api/v3/root/config/', { headers: { Origin: baseURL ?? '' } })
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe(baseURL)
})
