/** A server that nobody started. */
import { expect } from '@playwright/test'
import { test } from '../../../../src/entries/playwright.ts'

test.use({ authentikUrl: 'http://127.0.0.1:65535', authentikControlToken: 'token' })

test('that is not there', ({ authentik }) => expect(authentik.url).toBe(''))
