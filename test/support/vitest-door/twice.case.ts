/** Two mocks for the same tests. */
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { expect, it } from 'vitest'

setupAuthentikMock({ token: 'my-token' })
setupAuthentikMock({ token: 'another-token' })

it('is not run', () => {
  expect('this').toBe('not reached')
})
