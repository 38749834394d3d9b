/** The journal as a person reads it in a report. */
import { expect, it } from 'vitest'
import { toJournalText } from '../../../src/doors/playwright/journal-text.ts'
import { control } from '../../../src/entries/control.ts'
import { mock } from '../../../src/entries/index.ts'

it('begins with the newest request, and cuts a long query, as a list of tests shows 300 signs', async () => {
  const authentik = control(mock())
  const query = new URLSearchParams({
    client_id: 'spa',
    redirect_uri: 'http://localhost:4321/',
    state: 's'.repeat(300),
  })
  await authentik.fetch('http://localhost/api/v3/root/config/')
  await authentik.fetch(`http://localhost/application/o/authorize/?${query}`, { redirect: 'manual' })
  const lines = toJournalText(await authentik.journal.find(), '').split('\n')
  expect(lines[0]).toMatch(/GET \/application\/o\/authorize\/\?client_id=spa&[^ ]{0,30}…/)
  expect(lines[0]?.length).toBeLessThan(150)
  expect(lines.findIndex((line) => line.includes('root_config_retrieve'))).toBeGreaterThan(0)
})
