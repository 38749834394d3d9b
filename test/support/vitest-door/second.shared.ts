/** The second of two files whose mock a file of `setupFiles` has. */
import { expect, it } from 'vitest'
import { authentik } from './setup.ts'

it('the second file has the mock of the setup file', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  await fetch('https://authentik.company/api/v3/core/users/1/', { headers })
  expect(authentik).toHaveBeenAsked('core_users_retrieve', { status: 200, times: 1 })
})
