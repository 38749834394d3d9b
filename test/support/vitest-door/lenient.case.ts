/** A test that says that it may ask for what has no answer. */
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { expect, it } from 'vitest'

setupAuthentikMock({ unhandled: '501' })

it('is answered with 501', async () => {
  expect((await fetch('https://authentik.company/api/v3/core/userz/')).status).toBe(501)
})
