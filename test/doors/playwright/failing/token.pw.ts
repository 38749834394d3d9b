/** A token that is not the server's. */
import { expect } from '@playwright/test'
import { test } from '../../../../src/entries/playwright.ts'

test.use({ authentikControlToken: 'wrong' })

test('that is wrong', ({ authentik }) => expect(authentik.url).toBe(''))
