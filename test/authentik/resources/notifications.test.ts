/** Notifications of a world, as those whom they tell read them and put them away. */
import { describe, expect, it } from 'vitest'
import { clientOf, readyMock } from '../../support/client.ts'

const EVENT = '11111111-1111-4111-8111-111111111111'
const TO_ADMIN = '22222222-2222-4222-8222-222222222222'
const READ_ALREADY = '33333333-3333-4333-8333-333333333333'
const TO_ANNA = '44444444-4444-4444-8444-444444444444'
/** Of a row whose key is said, everything is. */
const LIFE = { created: '2026-01-01T00:00:00Z', expires: '2100-01-01T00:00:00Z' }
const { created } = LIFE
const world = {
  users: [{ username: 'anna' }],
  events: [{ ...LIFE, pk: EVENT, app: 'ci', action: 'update_available', context: { new_version: '2026.9.0' } }],
  notifications: [
    { pk: TO_ADMIN, created, user: 'akadmin', event: EVENT, severity: 'notice', body: 'A newer version is out.' },
    { pk: READ_ALREADY, user: 'akadmin', severity: 'alert', body: 'A backup failed.', seen: true, created },
    { pk: TO_ANNA, created, user: 'anna', severity: 'warning', body: 'A policy failed.' },
  ],
  api_tokens: [
    { identifier: 'admins', user: 'akadmin', key: 'admin' },
    { identifier: 'annas', user: 'anna', key: 'anna' },
  ],
}
const PATH = '/events/notifications/'

describe.each(['2024.8.3', '2026.8.3'])('notifications of %s', (release) => {
  const start = async () => {
    const authentik = await readyMock({ release, world: { extends: 'default', ...world } })
    const as = (token: string) => clientOf(authentik, { token })
    const keysOf = async (token: string, query = '') =>
      (await as(token).get(`${PATH}${query}`)).json.results.map(({ pk }: { pk: string }) => pk)
    return { admin: as('admin'), anna: as('anna'), keysOf }
  }

  it('show the event that they tell of', async () => {
    const { admin } = await start()
    const { json } = await admin.get(`${PATH}${TO_ADMIN}/`)
    expect(json).toMatchObject({
      pk: TO_ADMIN,
      severity: 'notice',
      seen: false,
      event: { pk: EVENT, action: 'update_available', context: { new_version: '2026.9.0' } },
    })
    expect('hyperlink' in json).toBe(release === '2026.8.3')
    expect((await admin.delete(`/events/events/${EVENT}/`)).status).toBe(204)
    expect((await admin.get(`${PATH}${TO_ADMIN}/`)).json).not.toHaveProperty('event')
  })

  it('are shown to whom they tell, and filtered as the web interface asks', async () => {
    const { anna, keysOf } = await start()
    expect(await keysOf('anna')).toEqual([TO_ANNA])
    expect((await anna.get(`${PATH}${TO_ADMIN}/`)).status).toBe(404)
    expect(await keysOf('admin', '?ordering=-created&seen=false&severity=notice')).toEqual([TO_ADMIN])
    expect(await keysOf('admin', `?event=${EVENT}`)).toEqual([TO_ADMIN])
    expect(await keysOf('admin', '?seen=true')).toEqual([READ_ALREADY])
  })

  it('are marked as seen, one or all that a caller has', async () => {
    const { admin, anna, keysOf } = await start()
    const { json } = await anna.patch(`${PATH}${TO_ANNA}/`, { seen: true, body: 'mine', severity: 'alert' })
    expect(json).toMatchObject({ seen: true, body: 'A policy failed.', severity: 'warning' })
    await anna.send('PUT', `${PATH}${TO_ANNA}/`, { seen: false })
    expect((await admin.send('POST', `${PATH}mark_all_seen/`)).status).toBe(204)
    expect(await keysOf('admin', '?user=1&seen=false')).toEqual([])
    expect(await keysOf('anna', '?seen=false')).toEqual([TO_ANNA])
  })

  it('keep their event, and go with their user', async () => {
    const { admin, anna, keysOf } = await start()
    const { status, json } = await anna.patch(`${PATH}${TO_ANNA}/`, { event: { action: 'login', app: 'ci' } })
    expect([status, Object.keys(json)]).toEqual([400, ['event']])
    expect((await anna.delete(`${PATH}${TO_ANNA}/`)).status).toBe(204)
    expect(await keysOf('anna')).toEqual([])
    const [{ pk }] = (await admin.get('/core/users/?username=akadmin')).json.results
    expect((await admin.get(`/core/users/${pk}/used_by/`)).status).toBe(200)
  })
})
