import { mock } from 'authentik-mock'
import { serve } from 'authentik-mock/node'

const server = await serve(mock({ token: 'my-token' }), { port: 0 })
const headers = { Authorization: 'Bearer my-token' }
console.log((await fetch(`${server.url}/api/v3/core/users/me/`, { headers })).status) // 200
await server.close()
