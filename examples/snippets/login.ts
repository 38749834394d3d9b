import { mock } from 'authentik-mock'
import { serve } from 'authentik-mock/node'

const authentik = mock({ login: 'auto' })
const server = await serve(authentik, { port: 0 })
const issuer = `${server.url}/application/o/spa/`
const configuration = await (await fetch(`${issuer}.well-known/openid-configuration`)).json()
console.log(configuration.issuer === issuer) // true
await server.close()
