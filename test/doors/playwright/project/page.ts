/** The page of examples/doors/playwright, as the tests see it. */
import { expect, type Page } from '@playwright/test'
import type { TestAuthentik } from '../../../../src/entries/playwright.ts'

/** Lets the page on its port be a client of the application `spa`, whose tokens it may read. */
export async function allowPage({ world }: TestAuthentik, baseURL: string | undefined): Promise<void> {
  const provider = (await world.list('providers')).find(({ client_id }) => client_id === 'spa')
  await world.update('providers', provider?.pk ?? 0, { redirect_uris: `${baseURL}/` })
}

/** Expects a page to say who is logged in, and which codes there are. */
export async function expectCodes(page: Page, username: string, codes: readonly string[]): Promise<void> {
  await expect(page.getByText(`${username} is logged in.`)).toBeVisible()
  await expect(page.getByRole('listitem')).toHaveText([...codes])
}

/** Logs in at the page of authentik, as a person does. */
export async function enterPassword(page: Page, username: string): Promise<void> {
  await page.getByLabel('Email or username').fill(username)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByLabel('Password').fill(`${username}-password`)
  await page.getByRole('button', { name: 'Continue' }).click()
}
