/** Writes the contract in pacts/: what a consumer relies on that reads codes and tokens with authentik's own client. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Configuration, Oauth2Api, ResponseError, type ExpiringBaseGrantModel } from '@goauthentik/api'
import { PactV4 } from '@pact-foundation/pact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addTo,
  completePact,
  interactions,
  like,
  states,
  type ProviderState,
  type Template,
} from '../../../src/entries/pact.ts'
import { inRoot } from '../../support/files.ts'

// Pact reports every run to Google Analytics unless this variable is 'true'.
process.env['PACT_DO_NOT_TRACK'] = 'true'

const FILE = 'goauthentik-api-authentik.json'
/** The token in the pact; whoever verifies the pact replaces it with a real one. */
const TOKEN = 'a-token'

const id = 1
const LIVE = states.authorizationCodeExists({ id, expiry: 'live' })
const EXPIRED = states.authorizationCodeExists({ id, expiry: 'expired' })
const WITHOUT_EXPIRY = states.authorizationCodeExists({ id, expiry: 'none' })
const UNKNOWN = states.noAuthorizationCodeExists({ id })
const REFUSED = states.tokenIsRefused({})
/** The path of the code that the state is about, whose id the provider may choose. */
const { path } = interactions.oauth2_authorization_codes_retrieve.request

/** The optional keys that this consumer reads. It names these values because the state of the provider settles them. */
const optionalKeys = {
  provider: { client_type: 'confidential', sub_mode: 'hashed_user_id', issuer_mode: 'per_provider' },
  user: { type: 'internal' },
} as const

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

  interface Exchange {
    states: ProviderState[]
    description: string
    query?: Record<string, string>
    status: number
    answer: Template
  }

  const newPact = () => new PactV4({ consumer: 'goauthentik-api', provider: 'authentik', dir, logLevel: 'error' })
  const clientAt = (url: string, query: Record<string, string> = {}) =>
    new Oauth2Api(new Configuration({ basePath: `${url}/api/v3`, accessToken: TOKEN, middleware: [withQuery(query)] }))

  /** Asks for the code, and writes the request and its answer into the pact. An error is returned, because Pact would not write an interaction that throws. */
  const ask = async ({ states: exchangeStates, description, query = {}, status, answer }: Exchange) => {
    const pact = newPact().addInteraction()
    for (const { name, params } of exchangeStates) pact.given(name, params)
    return pact
      .uponReceiving(description)
      .withRequest('GET', path, (request) => request.headers({ Authorization: `Bearer ${TOKEN}` }).query(query))
      .willRespondWith(status, (response) => response.jsonBody(answer))
      .executeTest(({ url }) =>
        clientAt(url, query)
          .oauth2AuthorizationCodesRetrieve({ id })
          .catch((error: unknown) => error),
      )
  }

  const retrieve = async (exchange: Omit<Exchange, 'status'>) => {
    const code = await ask({ ...exchange, status: 200 })
    if (code instanceof Error) throw code
    return code as ExpiringBaseGrantModel
  }

  const failure = async (exchange: Exchange) => {
    const error = await ask(exchange)
    expect(error).toBeInstanceOf(ResponseError)
    const { response } = error as ResponseError
    return [response.status, await response.json()]
  }

  it('reads a code that is live', async () => {
    const code = await retrieve({
      states: [LIVE],
      description: 'a request for an authorization code that is live',
      answer: {
        ...like.authorizationCode({ ...optionalKeys, expires: '2099-01-01T00:00:00Z', scope: ['openid'] }),
        is_expired: false,
      },
    })
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
    const answer = {
      ...like.authorizationCode({ ...optionalKeys, expires: '2024-09-27T14:26:18.306000Z' }),
      is_expired: true,
    }
    const code = await retrieve({
      states: [EXPIRED],
      description: 'a request for an authorization code that has expired',
      answer,
    })
    expect(code).toMatchObject({ isExpired: true, expires: new Date('2024-09-27T14:26:18.306Z') })
  })

  it('reads a code that never expires', async () => {
    const answer = { ...like.authorizationCode(optionalKeys), is_expired: false, expires: null }
    const code = await retrieve({
      states: [WITHOUT_EXPIRY],
      description: 'a request for an authorization code that never expires',
      answer,
    })
    expect(code.isExpired).toBe(false)
    expect(code.expires ?? null).toBeNull()
  })

  it('is told what is wrong with a filter', async () => {
    const answer = like.validationError({
      user: ['Select a valid choice. That choice is not one of the available choices.'],
    })
    expect(
      await failure({
        states: [LIVE],
        description: 'a request for an authorization code of a user that cannot be',
        query: { user: 'abc' },
        status: 400,
        answer,
      }),
    ).toEqual([400, { user: ['Select a valid choice. That choice is not one of the available choices.'] }])
  })

  it('is told that its token is refused', async () => {
    const answer = like.genericError({ detail: 'Token invalid/expired' })
    expect(
      await failure({
        states: [LIVE, REFUSED],
        description: 'a request for an authorization code with a token that is refused',
        status: 403,
        answer,
      }),
    ).toEqual([403, { detail: 'Token invalid/expired' }])
  })

  it('is told that a code does not exist', async () => {
    const answer = like.genericError({ detail: 'Not found.' })
    expect(
      await failure({
        states: [UNKNOWN],
        description: 'a request for an authorization code that does not exist',
        status: 404,
        answer,
      }),
    ).toEqual([404, { detail: 'Not found.' }])
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
      const answer = await addTo(newPact(), interactions[operation]).executeTest(({ url }) =>
        read(clientAt(url)).catch((error: unknown) => error),
      )
      expect(answer).toMatchObject(expected)
    },
  )

  it('relies on what pacts/ has (`npm run update` rewrites it)', async () => {
    const written = JSON.parse(await readFile(join(dir, FILE), 'utf8')) as { interactions: unknown[] }
    expect(written.interactions).toHaveLength(14)
    await expect(`${JSON.stringify(completePact(written), null, 2)}\n`).toMatchFileSnapshot(inRoot(`pacts/${FILE}`))
  })
})

/** Adds a query to each request. The client has no filters here, but authentik has, and answers 400 to a filter that names nobody. */
const withQuery = (query: Record<string, string>) => ({
  pre: ({ url, init }: { url: string; init: RequestInit }) =>
    Promise.resolve({ url: `${url}${Object.keys(query).length ? `?${new URLSearchParams(query)}` : ''}`, init }),
})
