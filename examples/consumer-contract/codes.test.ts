/** Writes a consumer's contract: what a page with a user's authorization codes relies on. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Configuration, Oauth2Api } from '@goauthentik/api'
import { PactV4 } from '@pact-foundation/pact'
import { addTo, completePact, interactions, like } from 'authentik-mock/pact'
import { afterAll, expect, it } from 'vitest'

process.env['PACT_DO_NOT_TRACK'] = 'true'
const dir = await mkdtemp(join(tmpdir(), 'pacts-')) // a consumer would use its folder 'pacts'
const pact = new PactV4({ consumer: 'codes-page', provider: 'authentik', dir, logLevel: 'error' })
const client = (url: string) => new Oauth2Api(new Configuration({ basePath: `${url}/api/v3`, accessToken: 'any' }))

it('shows who holds a code, and until when', () => {
  const body = like.authorizationCode({ expires: '2099-01-01T00:00:00Z', user: { email: 'mary@example.com' } })
  const interaction = { ...interactions.oauth2_authorization_codes_retrieve, response: { status: 200, body } }
  return addTo(pact, interaction).executeTest(async ({ url }) => {
    const code = await client(url).oauth2AuthorizationCodesRetrieve({ id: 1 })
    expect([code.user.email, code.expires?.getUTCFullYear()]).toEqual(['mary@example.com', 2099])
  })
})

it('counts the codes', () =>
  addTo(pact, interactions.oauth2_authorization_codes_list).executeTest(async ({ url }) => {
    expect((await client(url).oauth2AuthorizationCodesList()).pagination.count).toBe(1)
  }))

afterAll(async () => {
  const file = join(dir, 'codes-page-authentik.json')
  await writeFile(file, JSON.stringify(completePact(JSON.parse(await readFile(file, 'utf8'))), null, 2))
})
