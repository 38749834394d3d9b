import { renderCodes } from './codes.js'
import world from './world.json'

export default { title: 'Codes', render: renderCodes }

export const Full = {}
export const Newest = { parameters: { authentik: { release: 'latest' } } }
export const Empty = { parameters: { authentik: { codes: 0 } } }
export const Small = { parameters: { authentik: { world } } }
export const Refused = { parameters: { authentik: { token: 'another-token' } } }
export const Expired = { parameters: { authentik: { scenario: { name: 'token-expired' } } } }
export const Failing = {
  parameters: { authentik: { scenario: { path: '/api/v3/oauth2/*', status: 503, body: { detail: 'Later' } } } },
}
