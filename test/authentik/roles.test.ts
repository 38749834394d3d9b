/** What a role is given, whoever has it may do at once, on everything or on one row alone. */
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, type Client, type Row } from '../support/client.ts'
import { askerIn, controlledMock } from '../support/control.ts'

const DENIED = 'You do not have permission to perform this action.'

interface Cast {
  authentik: Mock
  admin: Client
  /** Somebody who may do nothing in particular, and whose pk is 2. */
  user: Client
  role: string
}

async function setUp(release: string): Promise<Cast> {
  const authentik = await readyMock({ token: 'key', release })
  const admin = clientOf(authentik, { token: 'key' })
  const { json } = await admin.send('POST', '/rbac/roles/', { name: 'readers' })
  return { authentik, admin, user: clientOf(authentik, { as: 'user-api' }), role: json.pk }
}

const outcome = ({ status, json }: { status: number; json: Row }) =>
  json?.detail ? `${status} ${json.detail}` : status

describe.each(['2025.12.4', '2026.2.2', '2026.8.3'])('in %s, a role', (release) => {
  it('is given to a user and taken away, which the user shows under its own name', async () => {
    const { admin, role } = await setUp(release)
    const rolesOfUser = async () => (await admin.get('/core/users/2/')).json.roles_obj
    expect((await admin.send('POST', `/rbac/roles/${role}/add_user/`, { pk: 2 })).status).toBe(204)
    expect(await rolesOfUser()).toEqual([{ pk: role, name: 'readers' }])
    expect((await admin.send('POST', `/rbac/roles/${role}/add_user/`, { pk: 2 })).status).toBe(204)
    expect(await rolesOfUser()).toHaveLength(1)
    expect((await admin.get('/rbac/roles/?users=2')).json.results).toEqual([{ pk: role, name: 'readers' }])
    expect((await admin.send('POST', `/rbac/roles/${role}/remove_user/`, { pk: 2 })).status).toBe(204)
    expect(await rolesOfUser()).toEqual([])
  })

  it('is given to nobody who is unknown, by nobody who may not, and by no body that names no number', async () => {
    const { admin, user, role } = await setUp(release)
    const path = `/rbac/roles/${role}/add_user/`
    expect((await admin.send('POST', path, { pk: 999 })).status).toBe(404)
    expect((await admin.send('POST', path, {})).status).toBe(404)
    expect((await admin.send('POST', path, { pk: 'two' })).json).toEqual({ pk: ['A valid integer is required.'] })
    expect(outcome(await user.send('POST', path, { pk: 2 }))).toBe(`403 ${DENIED}`)
    expect(
      (await admin.send('POST', '/rbac/roles/00000000-0000-4000-8000-000000000000/add_user/', { pk: 2 })).status,
    ).toBe(404)
  })

  it('is among the roles of a user whom a body says to have it, and one that is unknown is refused', async () => {
    const { admin, role } = await setUp(release)
    const creation = await admin.post('/core/users/', { username: 'ada', name: 'Ada', roles: [role] })
    expect([creation.status, creation.json.roles_obj]).toEqual([201, [{ pk: role, name: 'readers' }]])
    const path = `/core/users/${creation.json.pk}/`
    expect((await admin.patch(path, { roles: [] })).json.roles).toEqual([])
    expect((await admin.put(path, { username: 'ada', name: 'Ada', roles: [role] })).json.roles).toEqual([role])
    const nothing = '00000000-0000-4000-8000-000000000000'
    expect((await admin.patch(path, { roles: [nothing] })).json).toEqual({
      roles: [`Invalid pk "${nothing}" - object does not exist.`],
    })
  })

  it('is nobody’s any more when it is deleted', async () => {
    const { admin, role } = await setUp(release)
    await admin.send('POST', `/rbac/roles/${role}/add_user/`, { pk: 2 })
    await admin.send('DELETE', `/rbac/roles/${role}/`)
    expect((await admin.get('/core/users/2/')).json.roles).toEqual([])
  })
})

describe.each(['2024.2.4', '2024.8.3', '2025.10.4', '2025.12.4', '2026.8.3'])('in %s, a permission', (release) => {
  /** Gives the role to the user: by a group before 2025.12, and directly since. */
  async function join({ admin, role }: Cast) {
    const { json } = await admin.send('POST', '/core/groups/', { name: 'holders', roles: [role] })
    await admin.send('POST', `/core/groups/${json.pk}/add_user/`, { pk: 2 })
  }
  const isOld = ['2024.2.4'].includes(release)

  it('that a role is given works at once for whoever has the role, and no more when it is taken', async () => {
    const cast = await setUp(release)
    const { admin, user, role } = cast
    await join(cast)
    const path = `/rbac/permissions/assigned_by_roles/${role}/`
    expect(outcome(await user.get('/core/groups/'))).toBe(`403 ${DENIED}`)
    const assigned = await admin.send('POST', `${path}assign/`, { permissions: ['authentik_core.view_group'] })
    expect(assigned.status).toBe(isOld ? 204 : 200)
    expect(assigned.json?.map(({ id }: Row) => Number(id) > 0)).toEqual(isOld ? undefined : [true])
    expect((await user.get('/core/groups/')).status).toBe(200)
    const unassigned = await admin.send('PATCH', `${path}unassign/`, { permissions: ['authentik_core.view_group'] })
    expect(unassigned.status).toBe(204)
    expect(outcome(await user.get('/core/groups/'))).toBe(`403 ${DENIED}`)
  })

  it('on one row shows, changes and deletes that row alone', async () => {
    const cast = await setUp(release)
    const { admin, user, role } = cast
    const { json: row } = await admin.send('POST', '/core/groups/', { name: 'mine' })
    const { json: neighbour } = await admin.send('POST', '/core/groups/', { name: 'another' })
    await join(cast)
    const assign = (permission: string) =>
      admin.send('POST', `/rbac/permissions/assigned_by_roles/${role}/assign/`, {
        permissions: [permission],
        model: 'authentik_core.group',
        object_pk: row.pk,
      })
    await assign('authentik_core.view_group')
    expect((await user.get('/core/groups/')).json.results.map(({ name }: Row) => name)).toEqual(['mine'])
    expect((await user.get(`/core/groups/${row.pk}/`)).status).toBe(200)
    expect((await user.get(`/core/groups/${neighbour.pk}/`)).status).toBe(404)
    // 2024.2 asks for the permission of the list on the path of one row, too.
    if (isOld) return
    expect(outcome(await user.send('PATCH', `/core/groups/${row.pk}/`, { name: 'ours' }))).toBe(`403 ${DENIED}`)
    await assign('change_group')
    expect((await user.send('PATCH', `/core/groups/${row.pk}/`, { name: 'ours' })).status).toBe(200)
    await assign('authentik_core.delete_group')
    expect((await user.send('DELETE', `/core/groups/${neighbour.pk}/`)).status).toBe(404)
    expect((await user.send('DELETE', `/core/groups/${row.pk}/`)).status).toBe(204)
    expect(outcome(await user.get('/core/groups/'))).toBe(`403 ${DENIED}`)
  })

  it('is listed by its model and by its row, and on single rows by its role', async () => {
    const { admin, role } = await setUp(release)
    const [group] = (await admin.get('/core/groups/?ordering=name')).json.results
    const assign = (body: Row) => admin.send('POST', `/rbac/permissions/assigned_by_roles/${role}/assign/`, body)
    const object = { model: 'authentik_core.group', object_pk: group.pk }
    await assign({ permissions: ['authentik_core.view_group'], ...object })
    await assign({ permissions: ['authentik_core.view_user'] })
    const list = async (query: string) =>
      (await admin.get(`/rbac/permissions/assigned_by_roles/?${query}`)).json.results.map((row: Row) => row.role_pk)
    expect(await list('model=authentik_core.user')).toEqual([role])
    expect(await list(`model=authentik_core.group&object_pk=${group.pk}`)).toEqual([role])
    expect(await list('model=authentik_core.application')).toEqual([])
    const { json } = await admin.get(`/rbac/permissions/roles/?uuid=${role}`)
    expect(json.results).toEqual([
      {
        id: 1,
        codename: 'view_group',
        model: 'group',
        app_label: 'authentik_core',
        object_pk: group.pk,
        name: 'Can view Group',
        app_label_verbose: expect.any(String),
        model_verbose: 'Group',
        object_description: `Group ${group.name}`,
      },
    ])
    expect((await admin.get(`/rbac/permissions/?role=${role}`)).json.results.map((row: Row) => row.codename)).toEqual([
      'view_user',
    ])
  })

  it('is given on a token by its pk, and on what has no table: a stage and how it is bound', async () => {
    const { authentik, admin, user, role } = await setUp(release)
    const isLater = release >= '2025.12'
    await admin.post('/core/groups/', { name: 'holders', roles: [role], users: [2] })
    const path = `/rbac/permissions/assigned_by_roles/${role}/assign/`
    const firstOf = async (list: string): Promise<Row> => (await admin.get(list)).json.results[0]
    const token = await firstOf('/core/tokens/?identifier=user-api')
    const stage = await firstOf('/stages/all/?name=default-authentication-password')
    const binding = await firstOf('/flows/bindings/')
    const subjects: [string, string, Row][] = [
      ['view_token_key', 'authentik_core.token', token],
      ['change_passwordstage', 'authentik_stages_password.passwordstage', stage],
      ['view_flowstagebinding', 'authentik_flows.flowstagebinding', binding],
    ]
    for (const [name, model, { pk: object_pk }] of subjects) {
      const body = { permissions: [`${model.split('.')[0]}.${name}`], model, object_pk }
      expect((await admin.post(path, body)).status).toBeLessThan(300)
      const { results } = (
        await admin.get(`/rbac/permissions/assigned_by_roles/?model=${model}&object_pk=${object_pk}`)
      ).json
      const [holder] = results
      const held = holder.object_permissions ?? holder.permissions
      expect([holder.role_pk, held.at(-1)]).toMatchObject([role, { codename: name, object_pk }])
    }
    expect((await user.get('/core/tokens/user-api/view_key/')).status).toBe(200)
    const { results } = (await admin.get(`/rbac/permissions/roles/?uuid=${role}`)).json
    // Older releases describe a row to nobody who may not view it.
    const label = (text: string, isShown = isLater) => (isShown ? text : null)
    expect(results.map(({ object_description }: Row) => object_description)).toEqual([
      label('Token user-api'),
      label(`Stage ${stage['name']}`),
      label(`Flow-stage binding #${binding['order']} to ${binding['target']}`, true),
    ])
    // How a flow has a stage is shown to whoever was given it, and nothing beside it.
    const listed = (await user.get('/flows/bindings/')).json.results
    expect(listed.map(({ pk }: Row) => pk)).toEqual([binding['pk']])
    expect(outcome(await clientOf(authentik, { as: 'stranger-api' }).get('/flows/bindings/'))).toBe(`403 ${DENIED}`)
    // A database looks for no token by its identifier.
    const body = { permissions: ['authentik_core.view_token'], model: 'authentik_core.token', object_pk: 'user-api' }
    const refused = await admin.post(path, body)
    expect([refused.status, refused.json]).toEqual([400, { non_field_errors: ['“user-api” is not a valid UUID.'] }])
  })

  it('is refused with 400 where it, its model or its row is unknown, and nothing is written', async () => {
    const { authentik, admin, user, role } = await setUp(release)
    const path = `/rbac/permissions/assigned_by_roles/${role}/assign/`
    const key = '00000000-0000-4000-8000-000000000000'
    const wrong: [Row, Row][] = [
      [{}, { permissions: ['This field is required.'] }],
      [{ permissions: 'view' }, { permissions: ['Expected a list of items but got type "str".'] }],
      [
        { permissions: ['view_group'] },
        { permissions: ['When assigning global permissions, codename must be given as app_label.codename'] },
      ],
      [{ permissions: ['authentik_core.fly'] }, { permissions: ['Permission matching query does not exist.'] }],
      [
        { permissions: [], model: 'authentik_core.group' },
        { non_field_errors: ['The fields model, object_pk must be used together.'] },
      ],
      [{ permissions: [], model: 'core.x', object_pk: '1' }, { model: ['"core.x" is not a valid choice.'] }],
      [
        { permissions: ['authentik_core.view_group'], model: 'authentik_core.group', object_pk: key },
        { object_pk: [`Invalid pk "${key}" - object does not exist.`] },
      ],
    ]
    for (const [body, reason] of wrong) {
      const { status, json } = await admin.send('POST', path, body)
      expect([status, json]).toEqual([400, reason])
    }
    expect(authentik.world.assigned_permissions.size).toBe(0)
    expect(outcome(await user.send('POST', path, { permissions: [] }))).toBe(`403 ${DENIED}`)
    expect((await admin.get('/rbac/permissions/assigned_by_roles/')).json).toEqual({
      model: ['This field is required.'],
    })
    expect((await admin.get('/rbac/permissions/assigned_by_roles/?model=x')).json).toEqual({
      model: ['Select a valid choice. x is not one of the available choices.'],
    })
  })
})

describe.each(['2024.8.3', '2025.10.4'])('in %s, a permission of a user', (release) => {
  it('is given on everything and on one row, listed, moved to another row, and taken', async () => {
    const { authentik, admin, user } = await setUp(release)
    const path = '/rbac/permissions/assigned_by_users/2/'
    await admin.send('POST', `${path}assign/`, { permissions: ['authentik_core.view_group'] })
    expect((await user.get('/core/groups/')).status).toBe(200)
    const { username } = (await admin.get('/core/users/2/')).json
    expect(authentik.world.permissions[username]).toEqual(['view_group'])
    await admin.send('PATCH', `${path}unassign/`, { permissions: ['authentik_core.view_group'] })
    expect(outcome(await user.get('/core/groups/'))).toBe(`403 ${DENIED}`)

    const object = { model: 'authentik_core.user', object_pk: '3' }
    const { json } = await admin.send('POST', `${path}assign/`, {
      permissions: ['authentik_core.view_user'],
      ...object,
    })
    expect((await user.get('/core/users/')).json.results.map(({ pk }: Row) => pk)).toEqual([3])
    const address = `/rbac/permissions/users/${json[0].id}/`
    expect((await admin.get(address)).json).toMatchObject({ codename: 'view_user', object_pk: '3' })
    expect((await admin.send('PATCH', address, { object_pk: '4' })).json.object_pk).toBe('4')
    expect((await user.get('/core/users/')).json.results.map(({ pk }: Row) => pk)).toEqual([4])
    const query = '?model=authentik_core.user&object_pk=4'
    const holders = (await admin.get(`/rbac/permissions/assigned_by_users/${query}`)).json.results
    expect(holders.map(({ pk, permissions }: Row) => [pk, permissions.length])).toContainEqual([2, 1])
    expect((await admin.get('/rbac/permissions/users/?user_id=2')).json.pagination.count).toBe(1)
    expect((await admin.send('DELETE', address)).status).toBe(204)
    expect(outcome(await user.get('/core/users/'))).toBe(`403 ${DENIED}`)
  })

  it('is given to no internal service account', async () => {
    const { admin } = await setUp(release)
    const body = { permissions: ['authentik_core.view_group'] }
    const { status, json } = await admin.send('POST', '/rbac/permissions/assigned_by_users/8/assign/', body)
    const reason = 'Permissions cannot be assigned to an internal service account.'
    expect([status, json]).toEqual([400, [reason]])
  })
})

it('what a world says of a user by name is taken from their own role, from 2025.12 on', async () => {
  const owned = 'd0000000-0000-4000-8000-000000000001'
  const authentik = await readyMock({
    token: 'key',
    release: '2026.2.2',
    world: {
      users: [
        { username: 'akadmin', superuser: true },
        { pk: 7, username: 'ada', roles: [owned] },
      ],
      roles: [{ pk: owned, name: 'ak-managed-role--user-7' }],
      permissions: { ada: ['view_group', 'view_user'] },
    },
  })
  const admin = clientOf(authentik, { token: 'key' })
  const path = `/rbac/permissions/assigned_by_roles/${owned}/unassign/`
  await admin.send('PATCH', path, { permissions: ['authentik_core.view_group'] })
  expect(authentik.world.permissions).toEqual({ ada: ['view_user'] })
  const { results } = (await admin.get('/rbac/permissions/assigned_by_roles/?model=authentik_core.user')).json
  expect(results.map(({ model_permissions }: Row) => model_permissions.map((row: Row) => row.codename))).toEqual([
    ['view_user'],
  ])
})

it('what a user was given by name goes with them to another name, and nobody inherits it', async () => {
  const { authentik, admin } = await setUp('2024.8.4')
  const { pk } = (await admin.post('/core/users/', { username: 'ada', name: 'Ada' })).json
  await admin.post('/core/tokens/', { identifier: 'ada', user: pk, intent: 'api' })
  const ada = clientOf(authentik, { as: 'ada' })
  await admin.post(`/rbac/permissions/assigned_by_users/${pk}/assign/`, { permissions: ['authentik_core.view_group'] })
  await admin.patch(`/core/users/${pk}/`, { username: 'lovelace' })
  expect((await ada.get('/core/groups/')).status).toBe(200)
  expect(authentik.world.permissions).toEqual({ lovelace: ['view_group'] })
  await admin.post('/core/users/', { username: 'ada', name: 'Another' })
  await admin.delete(`/core/users/${pk}/`)
  expect(authentik.world.permissions).toEqual({})
})

describe('what a world says of a user by name', () => {
  const begin = async () => {
    const authentik = await controlledMock({ world: { extends: 'default', permissions: { ada: ['view_group'] } } })
    await authentik.world.users.create({ pk: 900, username: 'ada' })
    const ask = askerIn(authentik)
    return { authentik, ask, row: 'world/users/900/' }
  }
  type Begun = Awaited<ReturnType<typeof begin>>

  it.each<[string, (begun: Begun) => Promise<unknown>]>([
    ['a program', ({ authentik }) => authentik.world.users.update(900, { username: 'lovelace' })],
    ['the control API, by its row', ({ ask, row }) => ask('PATCH', row, { username: 'lovelace' })],
    ['the control API, by a file', ({ ask }) => ask('PATCH', 'world/', { users: [{ pk: 900, username: 'lovelace' }] })],
  ])('goes with them to another name that %s gives them', async (_way, rename) => {
    const begun = await begin()
    await rename(begun)
    expect(begun.authentik.world.permissions).toEqual({ lovelace: ['view_group'] })
  })

  it.each<[string, (begun: Begun) => Promise<unknown>]>([
    ['a program', ({ authentik }) => authentik.world.users.delete(900)],
    ['the control API', ({ ask, row }) => ask('DELETE', row)],
  ])('is gone with them when %s deletes them', async (_way, remove) => {
    const begun = await begin()
    await remove(begun)
    expect(begun.authentik.world.permissions).toEqual({})
  })
})

describe('a permission of a row of a world', () => {
  const onToken = { user: 2, codename: 'view_token_key', app_label: 'authentik_core', model: 'token' }
  const ofToken = (object_pk: string) => ({ ...onToken, object_pk })

  it('is on a token by its pk, as the API has it, or by its identifier, in a file and by a program', async () => {
    const { admin } = await setUp('2025.12.4')
    const { pk } = (await admin.get('/core/tokens/user-api/')).json
    const world = { extends: 'default', assigned_permissions: [ofToken(pk), ofToken('user-app-password')] }
    const authentik = await readyMock({ release: '2025.12.4', world })
    const { assigned_permissions: table } = authentik.world
    await table.create(ofToken((await admin.get('/core/tokens/user-recovery/')).json.pk))
    expect([...table.values()].map(({ object_pk }) => object_pk)).toEqual([
      'user-api',
      'user-app-password',
      'user-recovery',
    ])
    const user = clientOf(authentik, { as: 'user-api' })
    expect((await user.get('/core/tokens/user-api-expired/view_key/')).status).toBe(403)
    for (const identifier of ['user-api', 'user-app-password', 'user-recovery'])
      expect((await user.get(`/core/tokens/${identifier}/view_key/`)).status).toBe(200)
  })

  it('is refused where it is misspelt, by a program as in a file, so that what is saved is read again', async () => {
    const { authentik } = await setUp('2025.12.4')
    const { assigned_permissions: table } = authentik.world
    const text = 'there is no permission view_usr; the nearest is view_user'
    await expect(table.create({ user: 2, codename: 'view_usr' })).rejects.toThrow(text)
    const { id } = await table.create({ user: 2, codename: 'view_user' })
    await expect(table.update(id, { codename: 'view_usr' })).rejects.toThrow(text)
    await authentik.load(authentik.save())
    expect(table.get(id)).toMatchObject({ user: 2, codename: 'view_user' })
  })
})

describe.each(['2025.2.4', '2026.2.2'])('in %s, a group', (release) => {
  async function holdersOf({ admin, role }: Cast): Promise<string> {
    const { pk } = (await admin.post('/core/groups/', { name: 'holders', roles: [role], users: [2] })).json
    return pk
  }
  const giver =
    ({ admin, role }: Cast, model: string, object_pk: string) =>
    (permission: string) =>
      admin.post(`/rbac/permissions/assigned_by_roles/${role}/assign/`, { permissions: [permission], model, object_pk })

  it('takes in whom the caller sees, and nobody else', async () => {
    const cast = await setUp(release)
    const group = await holdersOf(cast)
    const path = `/core/groups/${group}/add_user/`
    await giver(cast, 'authentik_core.group', group)('authentik_core.add_user_to_group')
    await giver(cast, 'authentik_core.group', group)('authentik_core.view_group')
    expect((await cast.user.post(path, { pk: 3 })).status).toBe(404)
    await giver(cast, 'authentik_core.user', '3')('authentik_core.view_user')
    expect((await cast.user.post(path, { pk: 3 })).status).toBe(204)
    expect((await cast.user.post(path, { pk: 4 })).status).toBe(404)
  })

  it('makes superusers when whoever says so may say it of this group alone', async () => {
    const cast = await setUp(release)
    const group = await holdersOf(cast)
    const give = giver(cast, 'authentik_core.group', group)
    for (const name of ['view_group', 'change_group', 'enable_group_superuser']) await give(`authentik_core.${name}`)
    expect((await cast.user.patch(`/core/groups/${group}/`, { is_superuser: true })).status).toBe(200)
    expect((await cast.user.get('/core/users/me/')).json['user'].is_superuser).toBe(true)
  })
})
