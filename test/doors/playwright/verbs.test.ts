/** What the verbs of Playwright ask of a mock under control. */
import { expect, it } from 'vitest'
import { control } from '../../../src/entries/control.ts'
import { mock } from '../../../src/entries/index.ts'
import { askMock } from '../../../src/doors/playwright/ask.ts'
import { createVerbs } from '../../../src/doors/playwright/verbs.ts'

it('lists every row and every grant, however many there are', async () => {
  const authentik = control(mock({ codes: 1200 }))
  await authentik.ready
  const { grants, world } = createVerbs(askMock(authentik))
  expect(await grants('authorization_codes')).toHaveLength(1200)
  expect(await world.list('authorization_codes')).toHaveLength(1200)
})
