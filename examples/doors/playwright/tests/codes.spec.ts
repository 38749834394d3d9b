import { expect } from '@playwright/test'
import { test } from 'authentik-mock/playwright'

test('a code is shown', async ({ page, authentik, loginAs }) => {
  await loginAs(page, 'akadmin')
  await authentik.mint({ kind: 'authorization_code', user: 'akadmin', provider: 'spa', scope: 'openid roles' })
  await page.goto('/')
  await expect(page.getByText('akadmin is logged in.')).toBeVisible()
  await expect(page.getByText('akadmin: openid roles')).toBeVisible()
})
