/** Whom `serve` says that a client logs in. */
import { expect, it } from 'vitest'
import { findLogins } from '../../src/cli/logins.ts'
import { mock } from '../../src/entries/index.ts'

const usersOf = async (world: object) => {
  const authentik = mock({ world })
  await authentik.ready
  return findLogins(authentik, 'http://localhost').map(({ client_id, user, password }) => [client_id, user, password])
}

const world = {
  users: [
    { username: 'root', superuser: true },
    { username: 'ann', groups: ['staff'], password: 'secret' },
    { username: 'akadmin', is_active: false, groups: ['staff'] },
  ],
  groups: [{ name: 'staff' }],
  applications: [{ slug: 'shop' }, { slug: 'news' }],
}

it('names somebody whom the bindings of the application let in, and else the first', async () => {
  const policy_bindings = [{ application: 'shop', group: 'staff' }]
  expect(await usersOf({ ...world, policy_bindings })).toEqual([
    ['shop', 'ann', 'secret'],
    ['news', 'root', 'root-pw'],
  ])
})

it('names somebody although nobody is let in', async () => {
  const policy_bindings = [{ application: 'shop', user: 'akadmin' }]
  expect((await usersOf({ ...world, policy_bindings }))[0]).toEqual(['shop', 'root', 'root-pw'])
})
