import { mock } from 'authentik-mock'

const authentik = mock({ token: 'my-token', log: console.warn }) // warns of what is wrong
const headers = { Authorization: 'Bearer my-token' }
const response = await authentik.fetch('http://localhost/api/v3/oauth2/authorization_codes/1/', { headers })
console.log(response.status, (await response.json()).is_expired) // 200 false

authentik.clock.freeze('2100-01-01T00:00:00Z') // a code expires when the clock says so
await authentik.reset() // the world and the clock are as they were
