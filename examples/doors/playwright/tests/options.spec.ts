/** What docs/doors/playwright.md shows beside its first test. */
import { expect, test as base, type Page } from '@playwright/test'
import { authentikFixtures, test } from 'authentik-mock/playwright'

test.describe('with options', () => {
  test.use({ authentikOptions: { release: '2025.12', login: 'auto', codes: 0 } })

  test('nobody enters a password, and no code is left', async ({ page, clock }) => {
    await page.goto('/')
    await expect(page.getByText('akadmin is logged in.')).toBeVisible()
    await expect(page.getByRole('listitem')).toHaveCount(0)
    await clock.move('+1h')
  })
})

test('an error is shown', async ({ page, loginAs, scenario, authentik }) => {
  await loginAs(page, 'akadmin')
  await scenario({ operationId: 'oauth2_authorization_codes_list', status: 403 })
  await page.goto('/')
  await expect(page.getByRole('alert')).toHaveText('403 of /api/v3/oauth2/authorization_codes/')
  expect(await authentik.journal.writes({ kind: 'api' })).toEqual([])
})

test.describe('by an address of its own', () => {
  test.use({ authentikMode: 'path' })

  test('the application is told the issuer', async ({ page, loginAs, authentik }) => {
    await loginAs(page, 'akadmin')
    await page.goto(`/?issuer=${authentik.issuer('spa')}`)
    await expect(page.getByText('akadmin is logged in.')).toBeVisible()
  })
})

test.describe('without a server', () => {
  test.use({ authentikMode: 'route', authentikOrigin: 'https://authentik.company' })

  test('a person logs in', async ({ page, authentik }) => {
    await page.goto(`/?issuer=${authentik.issuer('spa')}`)
    await page.getByLabel('Email or username').fill('akadmin')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByLabel('Password').fill('akadmin-password')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByText('akadmin is logged in.')).toBeVisible()
  })
})

test.describe.serial('a login that two tests share', () => {
  test.use({ authentikNamespace: 'checkout' })
  let page: Page

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage({ baseURL: 'http://localhost:4321' })
  })

  test('the first logs in', async ({ loginAs, mintCode }) => {
    await loginAs(page, 'akadmin')
    await mintCode({ scope: 'openid shared' })
    await page.goto('/')
    await expect(page.getByText('akadmin: openid shared')).toBeVisible()
  })

  test('the second is still logged in', async () => {
    await page.goto('/')
    await expect(page.getByText('akadmin: openid shared')).toBeVisible()
  })
})

const ownTest = base.extend(authentikFixtures)

ownTest('a test of your own has the fixtures', async ({ authentik }) => {
  await authentik.world.update('users', 2, { is_active: false })
  expect(await authentik.world.get('users', 2)).toMatchObject({ is_active: false })
})
