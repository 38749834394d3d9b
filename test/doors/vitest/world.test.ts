/** The page's example of `setupAuthentikMock` with a world of one's own and a scenario, which holds in each test. */
import { defineWorld } from 'authentik-mock'
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { beforeEach, expect, it } from 'vitest'

const world = defineWorld({ users: [{ username: 'ann', superuser: true }], authorization_codes: [] })
const authentik = setupAuthentikMock({ world, token: 'my-token' })
beforeEach(() => void authentik.scenario({ operationId: 'core_users_me_retrieve', status: 503, once: true }))

const ask = (path: string) =>
  fetch(`https://authentik.company/api/v3${path}`, { headers: { Authorization: 'Bearer my-token' } })

it.each(['first', 'second'])('a scenario of beforeEach holds in the %s test, once', async () => {
  expect((await ask('/core/users/me/')).status).toBe(503)
  expect(await (await ask('/core/users/me/')).json()).toMatchObject({ user: { username: 'ann' } })
  expect(authentik).toHaveBeenAsked('core_users_me_retrieve', { times: 2 })
})

it('the list of codes is empty', async () => {
  expect(await (await ask('/oauth2/authorization_codes/')).json()).toMatchObject({ results: [] })
})
