/** A login at oidc-provider, which is installed beside the package.json at the first argument: whoever comes is logged in, and consents. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { report } from './listening.ts'

/** What is used of oidc-provider. */
interface Provider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
  Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<string> }
}

interface Interaction {
  prompt: { name: string }
  params: { client_id: string }
  session?: { accountId: string }
}

const [, , manifest = ''] = process.argv
const module = pathToFileURL(createRequire(manifest).resolve('oidc-provider')).href
const { Provider } = (await import(module)) as { Provider: new (issuer: string, options: object) => Provider }

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const server = createServer().listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id: 'client', client_secret: 'secret', redirect_uris: ['http://localhost:8080/callback'] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['key'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => false },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
  })
  const callback = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/')) void finish(provider, request, response)
    else callback(request, response)
  })
  report(server)
})

/** Answers what a page would ask. */
async function finish(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: 'akadmin' } })
  const grant = new provider.Grant({ accountId: session?.accountId, clientId: params.client_id })
  grant.addOIDCScope('openid email profile')
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
