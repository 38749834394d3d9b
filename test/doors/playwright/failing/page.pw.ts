/** A server that answers every path with a page, as those of applications do. */
import { expect } from '@playwright/test'
import { test } from '../../../../src/entries/playwright.ts'

test.use({ authentikUrl: `http://localhost:${process.env['PAGE_PORT']}`, authentikControlToken: 'token' })

test('that is no mock', ({ authentik }) => expect(authentik.url).toBe(''))
