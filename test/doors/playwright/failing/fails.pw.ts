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
})
