import { setupAuthentikMock } from 'authentik-mock/vitest'
import { expect, it } from 'vitest'

const authentik = setupAuthentikMock({ token: 'my-token' })

it('a code is read, and nothing is written', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  const answer = await fetch('https://authentik.company/api/v3/oauth2/authorization_codes/1/', { headers })
  expect(await answer.json()).toMatchComponent('ExpiringBaseGrantModel')
  expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_retrieve', { params: { id: 1 }, user: 'akadmin' })
  expect(authentik).toHaveNoWrites()
})
