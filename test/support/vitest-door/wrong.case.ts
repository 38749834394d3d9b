/** Tests whose matchers fail, and say why. */
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { expect, it } from 'vitest'

const authentik = setupAuthentikMock({ token: 'my-token' })

it('says what was asked instead', async () => {
  await fetch('https://authentik.company/api/v3/core/users/1/', { headers: { Authorization: 'Bearer my-token' } })
  expect(authentik).toHaveBeenAsked('core_users_retrieve', { params: { id: 2 } })
})
