/** What is written is seen everywhere, and a resource lives as the Terraform provider has it live. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, type Client, type Row } from '../support/client.ts'

let authentik: Mock
let admin: Client

beforeEach(async () => {
  authentik = await readyMock({ token: 'key', release: '2026.2.2', fidelity: 'observed' })
  admin = clientOf(authentik, { token: 'key' })
})

/** Asks for something that has to go well. @returns the answer's JSON */
async function send(method: string, path: string, body?: Row): Promise<Row> {
  const { status, json } = await admin.send(method, path, body)
  expect([method, path, status < 300]).toEqual([method, path, true])
  return json
}

describe('the Terraform provider', () => {
  it('creates, reads, replaces and destroys each of its resources', async () => {
    const [flow] = (await send('GET', '/flows/instances/?slug=default-provider-authorization-explicit-consent')).results
    const [invalidation] = (await send('GET', '/flows/instances/?slug=default-provider-invalidation-flow')).results
    const provider = { authorization_flow: flow.pk, invalidation_flow: invalidation.pk, redirect_uris: [] }
    const lives: [path: string, key: string, created: Row, replaced: Row][] = [
      ['/core/groups/', 'pk', { name: 'admins', is_superuser: true }, { name: 'admins', is_superuser: false }],
      ['/core/users/', 'pk', { username: 'ada', name: 'Ada' }, { username: 'ada', name: 'Ada Lovelace' }],
      ['/providers/oauth2/', 'pk', { name: 'made', ...provider }, { name: 'renamed', ...provider }],
      ['/core/applications/', 'slug', { name: 'Made', slug: 'made' }, { name: 'Renamed', slug: 'made' }],
      ['/core/brands/', 'brand_uuid', { domain: 'a.example' }, { domain: 'b.example' }],
      ['/rbac/roles/', 'pk', { name: 'readers' }, { name: 'writers' }],
      [
        '/propertymappings/provider/scope/',
        'pk',
        { name: 'more', scope_name: 'more', expression: 'return {}' },
        { name: 'most', scope_name: 'most', expression: 'return {"a": 1}' },
      ],
    ]
    for (const [path, key, created, replaced] of lives) {
      const row = await send('POST', path, created)
      const address = `${path}${row[key]}/`
      expect(await send('GET', address)).toMatchObject(created)
      expect(await send('PUT', address, replaced)).toMatchObject(replaced)
      expect(await send('GET', address)).toMatchObject(replaced)
      await send('DELETE', address)
      expect((await admin.get(address)).status).toBe(404)
    }
  })

  it('gives a user a password, and a token its key, which works at once', async () => {
    const user = await send('POST', '/core/users/', { username: 'ada', name: 'Ada' })
    await send('POST', `/core/users/${user.pk}/set_password/`, { password: 'engine' })
    expect(authentik.world.users.get(user.pk)?.password).toBe('engine')
    await send('POST', '/core/tokens/', { identifier: 'adas', user: user.pk, intent: 'api', expiring: false })
    const { key } = await send('GET', '/core/tokens/adas/view_key/')
    const tokenClient = clientOf(authentik, { token: key })
    expect((await tokenClient.get('/core/users/me/')).json.user.username).toBe('ada')
    await send('POST', '/core/tokens/adas/set_key/', { key: 'chosen' })
    expect((await tokenClient.get('/core/users/me/')).status).toBe(403)
    expect((await clientOf(authentik, { token: 'chosen' }).get('/core/users/me/')).status).toBe(200)
  })

  it('gives no two tokens one key, so that its world can be loaded again', async () => {
    await send('POST', '/core/tokens/', { identifier: 'first', intent: 'api' })
    await send('POST', '/core/tokens/', { identifier: 'second', intent: 'api' })
    await send('POST', '/core/tokens/first/set_key/', { key: 'chosen' })
    const { status, json } = await admin.post('/core/tokens/second/set_key/', { key: 'chosen' })
    expect([status, json]).toEqual([400, { key: ['This field must be unique.'] }])
    await send('POST', '/core/tokens/first/set_key/', { key: 'chosen' })
  })
})

describe('what is written', () => {
  it('makes a new member of a group of superusers a superuser at once, and no more when they are taken out', async () => {
    const group = await send('POST', '/core/groups/', { name: 'rulers', is_superuser: true })
    const tokenClient = clientOf(authentik, { as: 'user-api' })
    expect((await tokenClient.get('/core/groups/')).status).toBe(403)
    await send('POST', `/core/groups/${group.pk}/add_user/`, { pk: 2 })
    expect((await tokenClient.get('/core/groups/')).status).toBe(200)
    expect((await send('GET', '/core/users/2/')).is_superuser).toBe(true)
    await send('POST', `/core/groups/${group.pk}/remove_user/`, { pk: 2 })
    expect((await tokenClient.get('/core/groups/')).status).toBe(403)
  })

  it('ends the tokens and the sessions of a user who is deactivated', async () => {
    const { username } = await send('GET', '/core/users/2/')
    const headers = await authentik.logIn(username)
    const tokenClient = clientOf(authentik, { as: 'user-api' })
    expect((await tokenClient.get('/core/users/me/')).status).toBe(200)
    await send('PATCH', '/core/users/2/', { is_active: false })
    expect((await tokenClient.get('/core/users/me/')).status).toBe(403)
    expect((await authentik.fetch('/api/v3/core/users/me/', { headers })).status).toBe(403)
    expect((await send('GET', `/core/authenticated_sessions/?user__username=${username}`)).results).toEqual([])
  })

  it('shows a renamed application inside its provider', async () => {
    const { slug, provider } = (await send('GET', '/core/applications/')).results[0]
    await send('PATCH', `/core/applications/${slug}/`, { name: 'Another name' })
    expect((await send('GET', `/providers/all/${provider}/`)).assigned_application_name).toBe('Another name')
  })

  it('denies an application to all but who is bound to it', async () => {
    const { slug, pk } = (await send('GET', '/core/applications/')).results[0]
    const passes = async (user: number) =>
      (await send('GET', `/core/applications/${slug}/check_access/?for_user=${user}`)).passing
    expect([await passes(2), await passes(3)]).toEqual([true, true])
    const binding = await send('POST', '/policies/bindings/', { target: pk, user: 3, order: 0 })
    expect([await passes(2), await passes(3)]).toEqual([false, true])
    await send('DELETE', `/policies/bindings/${binding.pk}/`)
    expect(await passes(2)).toBe(true)
  })

  it('is an event, with who did it to what', async () => {
    const group = await send('POST', '/core/groups/', { name: 'watched' })
    await send('PATCH', `/core/groups/${group.pk}/`, { attributes: { a: 1 } })
    await send('DELETE', `/core/groups/${group.pk}/`)
    const { results } = await send('GET', '/events/events/?context_model_name=group&ordering=created')
    expect(results.map(({ action, user, context }: Row) => [action, user.username, context.model.name])).toEqual([
      ['model_created', 'akadmin', 'watched'],
      ['model_updated', 'akadmin', 'watched'],
      ['model_deleted', 'akadmin', 'watched'],
    ])
  })

  it('is an event, also where it is no body that is written', async () => {
    const { user_pk, group_pk } = await send('POST', '/core/users/service_account/', {
      name: 'robot',
      create_group: true,
    })
    await send('POST', `/core/users/${user_pk}/set_password/`, { password: 'secret' })
    await send('POST', `/core/groups/${group_pk}/remove_user/`, { pk: user_pk })
    await send('GET', '/core/tokens/service-account-robot-password/view_key/')
    await send('POST', '/core/tokens/service-account-robot-password/set_key/', { key: 'another' })
    const certificate = (await send('GET', '/crypto/certificatekeypairs/')).results[0]
    await send('GET', `/crypto/certificatekeypairs/${certificate.pk}/view_private_key/`)
    const { results } = await send('GET', '/events/events/?ordering=created')
    const lines = results.map(({ action, user, context: { model, secret, type } }: Row) =>
      [action, user.username, (model ?? secret)?.model_name, type].filter(Boolean).join(' '),
    )
    expect(lines.slice(lines.indexOf('model_created akadmin user'))).toEqual([
      'model_created akadmin user',
      'model_updated akadmin user',
      'model_created akadmin group',
      'model_updated akadmin group',
      'model_created akadmin token',
      'password_set robot',
      'model_updated akadmin user',
      'model_updated akadmin group',
      'secret_view akadmin token',
      'model_updated akadmin token',
      'model_updated akadmin token',
      'secret_view akadmin certificatekeypair private_key',
    ])
  })

  it('is an event more for who leaves a group or a list of roles, and one for who comes into it', async () => {
    const countFor = async (method: string, path: string, body: object) => {
      const start = authentik.world.events.size
      const { pk } = await send(method, path, body)
      const written = [...authentik.world.events.values()].slice(start)
      return { pk, actions: written.map(({ action, context }) => `${action} ${(context as Row)['model'].model_name}`) }
    }
    const [created, updated] = ['model_created group', 'model_updated group']
    const { pk, actions } = await countFor('POST', '/core/groups/', { name: 'crew', users: [2, 3] })
    expect(actions).toEqual([created, updated])
    const path = `/core/groups/${pk}/`
    const changing = async (body: object) => (await countFor('PATCH', path, body)).actions
    expect(await changing({ users: [2, 3] })).toEqual([updated])
    expect(await changing({ users: [3] })).toEqual([updated, updated])
    expect(await changing({ users: [2] })).toEqual([updated, updated, updated])
    expect((await countFor('PUT', path, { name: 'crew' })).actions).toEqual([updated, updated])
    const user = 'model_updated user'
    expect((await countFor('PATCH', '/core/users/2/', { groups: [pk] })).actions).toEqual([user, user, user])
    expect((await countFor('PATCH', '/core/users/2/', { groups: [pk] })).actions).toEqual([user])
    const { pk: role } = await send('POST', '/rbac/roles/', { name: 'deck' })
    expect(await changing({ roles: [role] })).toEqual([updated, updated])
  })

  it('acts as another user in a session until that is said to end', async () => {
    const { username } = await send('GET', '/core/users/2/')
    const headers = await authentik.logIn('akadmin')
    const ask = async (method: string, path: string, body?: object) =>
      authentik.fetch(`/api/v3${path}`, {
        method,
        headers: { ...headers, 'Content-Type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
    const me = async () => (await (await ask('GET', '/core/users/me/')).json()).user.username
    const start = authentik.world.events.size
    expect((await ask('POST', '/core/users/2/impersonate/', { reason: 'to see' })).status).toBe(204)
    expect(await me()).toBe(username)
    await ask('POST', '/core/tokens/', { identifier: 'seen' })
    await ask('GET', '/core/users/impersonate_end/')
    expect(await me()).toBe('akadmin')
    await ask('GET', '/core/users/impersonate_end/')
    const events = [...authentik.world.events.values()].slice(start)
    const acting = { username: 'akadmin', on_behalf_of: { pk: 2, username } }
    const ended = events.at(-1)?.user
    expect(events.map(({ action, app, user }) => [action, app, user])).toMatchObject([
      ['impersonation_started', 'authentik.core.api.users', acting],
      ['model_created', 'authentik.events.middleware', acting],
      ['impersonation_ended', 'authentik.core.api.users', { username: 'akadmin' }],
    ])
    expect(events[0]?.context).toMatchObject({ reason: 'to see' })
    expect(ended).not.toHaveProperty('on_behalf_of')
  })

  it('acts as an inactive user too, and ends that', async () => {
    const { is_active, username } = await send('GET', '/core/users/7/')
    expect(is_active).toBe(false)
    const headers = await authentik.logIn('akadmin')
    const session = clientOf(authentik)
    const ask = async (method: string, path: string, body?: object) => session.send(method, path, body, { headers })
    expect((await ask('POST', '/core/users/7/impersonate/', { reason: 'to see' })).status).toBe(204)
    expect((await ask('GET', '/core/users/me/')).json).toMatchObject({
      user: { username, is_active: true, system_permissions: [] },
      original: {
        username: 'akadmin',
        is_superuser: true,
        system_permissions: expect.arrayContaining(['access_admin_interface']),
      },
    })
    expect((await ask('GET', '/core/users/impersonate_end/')).status).toBe(204)
    const { json } = await ask('GET', '/core/users/me/')
    expect([json.user.username, json]).toEqual([
      'akadmin',
      expect.not.objectContaining({ original: expect.anything() }),
    ])
  })
})

it('events of one instant are listed in the order in which they were written', async () => {
  const frozen = clientOf(await readyMock({ token: 'key', now: '2024-09-27T14:26:18Z' }), { token: 'key' })
  const names = Array.from({ length: 12 }, (_, number) => `group ${number}`)
  for (const name of names) await frozen.send('POST', '/core/groups/', { name })
  const { results } = (await frozen.get('/events/events/?context_model_name=group&ordering=created')).json
  expect(results.map(({ context }: Row) => context.model.name)).toEqual(names)
  expect(results.slice(0, 2).map(({ created }: Row) => created)).toEqual([
    '2024-09-27T14:26:18Z',
    '2024-09-27T14:26:18.000001Z',
  ])
})

it('no more than ten thousand events are kept, and the oldest go first', async () => {
  const full = await readyMock({ token: 'key' })
  const row = { user: {}, app: 'test', context: {}, expires: '2099-01-01T00:00:00Z', brand: {} }
  for (let number = 0; number < 10_000; number++)
    await full.world.events.create({ ...row, action: `custom_${number}`, created: '2024-01-01T00:00:00Z' })
  await clientOf(full, { token: 'key' }).send('POST', '/core/groups/', { name: 'the last drop' })
  expect(full.world.events.size).toBe(10_000)
  expect([...full.world.events.values()].at(0)?.action).toBe('custom_1')
})
