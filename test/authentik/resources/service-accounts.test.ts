/** What a service account is made of, and what is refused before any of it is written. */
import { describe, expect, it } from 'vitest'
import { clientOf, readyMock } from '../../support/client.ts'

const PATH = '/core/users/service_account/'

describe.each([
  ['2024.8.4', 'duplicate key value violates unique constraint "authentik_core_token_identifier_key"'],
  ['2026.2.2', 'A user/group with these details already exists'],
])('a service account of %s', (release, taken) => {
  const setUp = async () => {
    const authentik = await readyMock({ token: 'key', release })
    return { authentik, admin: clientOf(authentik, { token: 'key' }) }
  }

  it('is refused with 400 where somebody has its token, and leaves that token and everything else as it was', async () => {
    const { authentik, admin } = await setUp()
    await admin.post('/core/tokens/', { identifier: 'service-account-bot-password', intent: 'api' })
    const start = JSON.stringify(authentik.world)
    const { status, json } = await admin.post(PATH, { name: 'bot', create_group: true })
    expect([status, json]).toEqual([400, { non_field_errors: [expect.stringContaining(taken)] }])
    expect(JSON.stringify(authentik.world)).toBe(start)
  })

  it('is refused with 400 where its name is longer than the database has room for', async () => {
    const { authentik, admin } = await setUp()
    const start = JSON.stringify(authentik.world)
    expect((await admin.post(PATH, { name: 'x'.repeat(151), create_group: true })).status).toBe(400)
    expect(JSON.stringify(authentik.world)).toBe(start)
    expect((await admin.post(PATH, { name: 'x'.repeat(150) })).status).toBe(200)
  })

  it('has a token that is named as an address would be', async () => {
    const { admin } = await setUp()
    await admin.post(PATH, { name: 'CI Büild/Bot' })
    expect((await admin.get('/core/tokens/service-account-ci-buildbot-password/')).status).toBe(200)
  })

  it('has a group only where whoever makes it may make groups', async () => {
    const { authentik, admin } = await setUp()
    const user = clientOf(authentik, { as: 'user-api' })
    const role = (await admin.post('/rbac/roles/', { name: 'makers' })).json.pk
    await admin.post('/core/groups/', { name: 'makers', roles: [role], users: [2] })
    const give = (name: string) =>
      admin.post(`/rbac/permissions/assigned_by_roles/${role}/assign/`, { permissions: [`authentik_core.${name}`] })
    await give('add_user')
    await give('add_token')
    expect((await user.post(PATH, { name: 'first', create_group: true })).json.group_pk).toBeUndefined()
    await give('add_group')
    expect((await user.post(PATH, { name: 'second', create_group: true })).json.group_pk).toBeDefined()
  })
})

it('shares its name with no group from 2025.12 on', async () => {
  const admin = clientOf(await readyMock({ token: 'key', release: '2025.12.4' }), { token: 'key' })
  await admin.post('/core/groups/', { name: 'bot' })
  const { status, json } = await admin.post(PATH, { name: 'bot', create_group: true })
  expect([status, json]).toEqual([400, { non_field_errors: ['A user/group with these details already exists'] }])
  expect((await admin.post(PATH, { name: 'bot' })).status).toBe(200)
})
