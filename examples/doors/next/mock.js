/** Starts the mock behind MSW, in the server of Next. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupServer } from 'msw/node'

export const startMock = () =>
  setupServer(...handlers(mock({ token: 'my-token' }))).listen({ onUnhandledFrame: 'bypass' })
