import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupServer } from 'msw/node'

const server = setupServer(...handlers(mock({ token: 'my-token' })))
server.listen({ onUnhandledFrame: 'error' })
const headers = { Authorization: 'Bearer my-token' }
console.log((await fetch('https://authentik.company/api/v3/core/users/me/', { headers })).status) // 200
server.close()
