import { defineWorld, mock } from 'authentik-mock'

const world = defineWorld({
  users: [{ username: 'ann', superuser: true }],
  applications: [{ slug: 'shop' }],
  authorization_codes: [{ user: 'ann', application: 'shop', expires: '+5m' }],
})
const authentik = mock({ world, token: 'my-token' })
const headers = { Authorization: 'Bearer my-token' }
const code = await (await authentik.fetch('/api/v3/oauth2/authorization_codes/1/', { headers })).json()
console.log(code.user.username, code.provider.name) // ann Provider for shop
