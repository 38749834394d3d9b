/** The pacts of a consumer, in every state that `authentik-mock/pact` knows, beside the contract that is shipped. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PactV4 } from '@pact-foundation/pact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addTo, completePact, interactions, states, type Interaction } from '../../../src/entries/pact.ts'
import { playBriefly } from './brief.ts'
import { waitPatiently } from './patience.ts'
import { report, withMock } from './support.ts'

playBriefly()
waitPatiently()

process.env['PACT_DO_NOT_TRACK'] = 'true'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'consumers-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a consumer's pact, as its tests would. */
async function writePact(consumer: string, requests: readonly Interaction[]): Promise<string> {
  for (const interaction of requests) {
    const { path } = interaction.request
    const ask = ({ url }: { url: string }) =>
      fetch(`${url}${typeof path === 'string' ? path : path.value}`, {
        headers: { Accept: 'application/json', Authorization: 'Bearer a-token' },
      })
    const pact = new PactV4({ consumer, provider: 'authentik', dir: folder, logLevel: 'error' })
    await addTo(pact, interaction).executeTest(ask)
  }
  const file = join(folder, `${consumer}-authentik.json`)
  writeFileSync(file, JSON.stringify(completePact(JSON.parse(readFileSync(file, 'utf8')))))
  return file
}

const notFound = (
  operation:
    | 'core_users_retrieve'
    | 'core_groups_retrieve'
    | 'providers_oauth2_retrieve'
    | 'core_applications_retrieve'
    | 'oauth2_refresh_tokens_retrieve',
  state: Interaction['states'][number],
): Interaction => ({
  ...interactions[operation],
  description: `${operation} of nothing`,
  states: [state],
  response: { status: 404, body: {} },
})

describe("a consumer's pacts", () => {
  it('with every ready interaction conform, with the ids that the server has', async () => {
    const file = await writePact('everything', Object.values(interactions))
    await withMock({}, async (url) => {
      const { code, report: verification } = await report(url, '--pact', file)
      const judged = verification.interactions.slice(-Object.keys(interactions).length)
      expect(judged.map(({ operation }) => operation).toSorted()).toEqual(Object.keys(interactions).toSorted())
      expect(judged.filter(({ verdict }) => verdict !== 'conforms')).toEqual([])
      expect(code).toBe(0)
    })
  })

  it('in a folder are verified when they are with authentik, by the name that it has there', async () => {
    const pacts = mkdtempSync(join(folder, 'pacts-'))
    const pact = (provider: string) => ({
      consumer: { name: 'page' },
      provider: { name: provider },
      interactions: [
        {
          description: `a request of ${provider}`,
          request: { method: 'GET', path: '/api/v3/core/users/me/', headers: { Authorization: 'Bearer x' } },
          response: { status: 200 },
        },
      ],
      metadata: { pactSpecification: { version: '3.0.0' } },
    })
    for (const provider of ['authentik', 'login', 'billing'])
      writeFileSync(join(pacts, `page-${provider}.json`), JSON.stringify(pact(provider)))
    writeFileSync(join(pacts, 'listener-billing.json'), JSON.stringify({ provider: { name: 'billing' }, messages: [] }))
    await withMock({}, async (url) => {
      const verifyFolder = async (...args: string[]) =>
        (await report(url, '--pact', pacts, ...args)).report.interactions.flatMap(({ name, verdict }) =>
          /request of/.test(name) ? [[name, verdict]] : [],
        )
      expect(await verifyFolder()).toEqual([['a request of authentik', 'conforms']])
      expect(await verifyFolder('--provider-name', 'login')).toEqual([['a request of login', 'conforms']])
    })
  })

  it('may ask for rows that do not exist', async () => {
    const group = '11111111-1111-4111-8111-111111111111'
    const requests = [
      notFound('core_users_retrieve', states.noUserExists({ id: 1 })),
      notFound('core_groups_retrieve', states.noGroupExists({ id: group })),
      notFound('providers_oauth2_retrieve', states.noProviderExists({ id: 1 })),
      notFound('core_applications_retrieve', states.noApplicationExists({ slug: 'one' })),
      notFound('oauth2_refresh_tokens_retrieve', states.noRefreshTokenExists({ id: 1 })),
    ]
    const file = await writePact('nothing', requests)
    await withMock({}, async (url) => {
      const { interactions: judged } = (await report(url, '--pact', file)).report
      expect(judged.slice(-requests.length).map(({ verdict, status }) => [verdict, status])).toEqual(
        requests.map(() => ['conforms', 404]),
      )
    })
  })

  it('of the second version of the format may name a state without parameters', async () => {
    const request = (description: string, providerState: string) => ({
      description,
      providerState,
      request: { method: 'GET', path: '/api/v3/oauth2/authorization_codes/', headers: { Authorization: 'Bearer x' } },
      response: { status: 200 },
    })
    const file = join(folder, 'second.json')
    writeFileSync(
      file,
      JSON.stringify({
        consumer: { name: 'second' },
        provider: { name: 'authentik' },
        interactions: [
          request('a known state', 'an authorization code exists'),
          request('an unknown state', 'the moon is full'),
        ],
        metadata: { pactSpecification: { version: '2.0.0' } },
      }),
    )
    await withMock({}, async (url) => {
      const { interactions: judged } = (await report(url, '--pact', file)).report
      expect(judged.slice(-2).map(({ name, verdict, findings }) => [name, verdict, findings])).toEqual([
        ['a known state', 'conforms', []],
        ['an unknown state', 'inconclusive', [{ path: '', text: 'the server has nothing for "the moon is full"' }]],
      ])
    })
  })
})
