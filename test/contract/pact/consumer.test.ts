/** Writes the contract in pacts/: what a consumer relies on that reads codes and tokens with authentik's own client. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Configuration, Oauth2Api, ResponseError, type ExpiringBaseGrantModel } from '@goauthentik/api'
import { PactV4 } from '@pact-foundation/pact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shippedInteractions, shippedPact, SHIPPED_TOKEN } from '../../../src/contract/pact/shipped.ts'
import { addTo, completePact, type interactions, type Interaction } from '../../../src/entries/pact.ts'
import { inRoot, readJson } from '../../support/files.ts'

// Pact reports every run to Google Analytics unless this variable is 'true'.
process.env['PACT_DO_NOT_TRACK'] = 'true'

const FILE = 'goauthentik-api-authentik.json'

const id = 1
const shipped = shippedInteractions('2024.8.3')

/** An interaction of the contract, by the end of its description. */
function interactionOf(subject: string): Interaction {
  const interaction = shipped.find(({ description }) => description === `a request for ${subject}`)
  if (!interaction) throw new RangeError(`The contract has no request for ${subject}.`)
  return interaction
}

const ROW = {
  pk: expect.any(Number),
  provider: { name: expect.any(String) },
  user: { username: expect.any(String) },
  isExpired: expect.any(Boolean),
}
const PAGE = { pagination: { count: expect.any(Number) }, results: [ROW] }
const USED_BY = [{ app: expect.any(String), pk: expect.any(String), action: expect.any(String) }]

describe('a consumer with @goauthentik/api 2024.8.3', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pacts-'))
  })
  afterAll(() => rm(dir, { recursive: true }))

  const newPact = () => new PactV4({ consumer: 'goauthentik-api', provider: 'authentik', dir, logLevel: 'error' })
  const clientAt = (url: string, query: Record<string, string> = {}) =>
    new Oauth2Api(
      new Configuration({ basePath: `${url}/api/v3`, accessToken: SHIPPED_TOKEN, middleware: [withQuery(query)] }),
    )

  /** Asks what an interaction asks. An error is returned, because Pact would not write an interaction that throws. */
  const ask = (interaction: Interaction, read: (client: Oauth2Api) => Promise<unknown>): Promise<unknown> =>
    addTo(newPact(), interaction).executeTest(({ url }) =>
      read(clientAt(url, interaction.request.query)).catch((error: unknown) => error),
    )

  const askForCode = (subject: string) =>
    ask(interactionOf(`an authorization code ${subject}`), (client) => client.oauth2AuthorizationCodesRetrieve({ id }))

  const retrieve = async (subject: string) => {
    const code = await askForCode(subject)
    if (code instanceof Error) throw code
    return code as ExpiringBaseGrantModel
  }

  const failure = async (subject: string) => {
    const error = await askForCode(subject)
    expect(error).toBeInstanceOf(ResponseError)
    const { response } = error as ResponseError
    return [response.status, await response.json()]
  }

  it('reads a code that is live', async () => {
    const code = await retrieve('that is live')
    expect(code).toMatchObject({
      pk: id,
      isExpired: false,
      expires: new Date('2099-01-01T00:00:00Z'),
      scope: ['openid'],
    })
    expect(code).toMatchObject({
      provider: { clientType: 'confidential', assignedApplicationSlug: expect.any(String) },
      user: { type: 'internal', groupsObj: [{ name: expect.any(String) }] },
    })
  })

  it('reads a code that has expired', async () => {
    const code = await retrieve('that has expired')
    expect(code).toMatchObject({ isExpired: true, expires: new Date('2024-09-27T14:26:18.306Z') })
  })

  it('reads a code that never expires', async () => {
    const code = await retrieve('that never expires')
    expect(code.isExpired).toBe(false)
    expect(code.expires ?? null).toBeNull()
  })

  it('is told what is wrong with a filter', async () => {
    expect(await failure('of a user that cannot be')).toEqual([
      400,
      { user: ['Select a valid choice. That choice is not one of the available choices.'] },
    ])
  })

  it('is told that its token is refused', async () => {
    expect(await failure('with a token that is refused')).toEqual([403, { detail: 'Token invalid/expired' }])
  })

  it('is told that a code does not exist', async () => {
    expect(await failure('that does not exist')).toEqual([404, { detail: 'Not found.' }])
  })

  it.each([
    ['oauth2_authorization_codes_list', (client) => client.oauth2AuthorizationCodesList(), PAGE],
    ['oauth2_authorization_codes_used_by_list', (client) => client.oauth2AuthorizationCodesUsedByList({ id }), USED_BY],
    ['oauth2_access_tokens_list', (client) => client.oauth2AccessTokensList(), PAGE],
    ['oauth2_access_tokens_retrieve', (client) => client.oauth2AccessTokensRetrieve({ id }), ROW],
    ['oauth2_access_tokens_used_by_list', (client) => client.oauth2AccessTokensUsedByList({ id }), USED_BY],
    ['oauth2_refresh_tokens_list', (client) => client.oauth2RefreshTokensList(), PAGE],
    ['oauth2_refresh_tokens_retrieve', (client) => client.oauth2RefreshTokensRetrieve({ id }), ROW],
    ['oauth2_refresh_tokens_used_by_list', (client) => client.oauth2RefreshTokensUsedByList({ id }), USED_BY],
  ] satisfies [keyof typeof interactions, (client: Oauth2Api) => Promise<unknown>, object][])(
    'reads what %s documents',
    async (operation, read, expected) => {
      expect(await ask(interactionOf(operation), read)).toMatchObject(expected)
    },
  )

  it('relies on what pacts/ has (`npm run update` rewrites it)', async () => {
    const written = JSON.parse(await readFile(join(dir, FILE), 'utf8')) as { interactions: unknown[] }
    expect(written.interactions).toHaveLength(14)
    await expect(`${JSON.stringify(completePact(written), null, 2)}\n`).toMatchFileSnapshot(inRoot(`pacts/${FILE}`))
  })

  it('is written by us as pact-js writes it', () => {
    const { interactions: written } = JSON.parse(JSON.stringify(shippedPact('2024.8.3')))
    expect(written).toEqual(readJson(`pacts/${FILE}`).interactions)
  })
})

/** Adds a query to each request. The client has no filters here, but authentik has, and answers 400 to a filter that names nobody. */
const withQuery = (query: Record<string, string>) => ({
  pre: ({ url, init }: { url: string; init: RequestInit }) =>
    Promise.resolve({ url: `${url}${Object.keys(query).length ? `?${new URLSearchParams(query)}` : ''}`, init }),
})
