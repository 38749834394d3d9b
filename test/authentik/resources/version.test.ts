/** The version that a server answers. */
import { describe, expect, it } from 'vitest'
import { adminOf, observedAdmin, recordedBody, documented, CREDENTIALS } from '../../support/recordings.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

describe('admin/version', () => {
  it.each(['seed-akadmin', 'seed-alice', 'seed-svc'])('is shown to the owner of the token %s', async (as) => {
    const { status, text } = await reader.get('/admin/version/', { as })
    expect([status, text]).toEqual([200, JSON.stringify(recordedBody('misc.admin/version'))])
  })

  it.each(['2024.8.3', '2024.8.4'])('is %s when the mock is', async (release) => {
    expect((await adminOf(documented({ release })).get('/admin/version/')).json.version_current).toBe(release)
  })

  it('is refused without credentials', async () => {
    expect(await reader.get('/admin/version/', { as: null })).toMatchObject({ status: 403, json: CREDENTIALS })
  })
})
