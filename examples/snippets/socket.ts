import { mock } from 'authentik-mock'
import { serve } from 'authentik-mock/node'

const server = await serve(mock({ token: 'my-token' }), { port: 0 })

const response = await fetch(`${server.url}/api/v3/oauth2/authorization_codes/1/`, {
  headers: { Authorization: 'Bearer my-token' },
})
console.log(response.status) // 200

await server.close()
