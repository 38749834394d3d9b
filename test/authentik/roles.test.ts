/** What a role is given, whoever has it may do at once, on everything or on one row alone. */
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, type Client, type Row } from '../support/client.ts'

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

  it('is nobody’s any more when it is deleted', async () => {
    const { admin, role } = await setUp(release)
    await admin.send('POST', `/rbac/roles/${role}/add_user/`, { pk: 2 })
    await admin.send('DELETE', `/rbac/roles/${role}/`)
    expect((await admin.get('/core/users/2/')).json.roles).toEqual([])
  })
})
