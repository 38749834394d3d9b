/** A file of `setupFiles`: its mock is for every file of tests. */
import { setupAuthentikMock } from 'authentik-mock/vitest'

export const authentik = setupAuthentikMock({ token: 'my-token' })
