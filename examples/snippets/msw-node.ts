import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupServer } from 'msw/node'

const authentik = mock({ token: 'my-token' })
const server = setupServer(...handlers(authentik))
server.listen({ onUnhandledFrame: 'error' })

const response = await fetch('https://authentik.company/api/v3/oauth2/authorization_codes/1/', {
  headers: { Authorization: 'Bearer my-token' },
})
console.log(response.status) // 200

await authentik.reset() // after each test
server.close()
