/** A consumer can play each ready interaction, the mock of every release keeps it, and an authentik that broke it would be noticed. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MatchersV3, PactV4 } from '@pact-foundation/pact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addTo, completePact, forRelease, interactions, like, type Interaction } from '../../../src/entries/pact.ts'
import { findRelease } from '../../../src/authentik/releases/index.ts'
import { isWhole } from '../../support/tier.ts'
import type { Change } from './provider.ts'
import { startProvider, type Provider } from './start-provider.ts'

process.env['PACT_DO_NOT_TRACK'] = 'true'

const BASE = '2024.8.3'
/** The oldest, the base and the newest; and where everything is tried, those between which answers change most. */
const RELEASES = [BASE, ...(isWhole ? ['2024.2.4', '2024.12.5', '2025.8.6', '2025.12.6', '2026.2.3'] : []), '2026.8.3']

let dir: string
let provider: Provider
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pacts-'))
  provider = await startProvider()
})
afterAll(async () => {
  provider.stop()
  await rm(dir, { recursive: true })
})

const valueOf = (matched: string | { value: string }) => (typeof matched === 'string' ? matched : matched.value)

/** Sends the request of an interaction. */
async function ask(url: string, { path, query, headers }: Interaction['request']) {
  const response = await fetch(`${url}${valueOf(path)}?${new URLSearchParams(query)}`, {
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, valueOf(value)]),
  })
  return { status: response.status, body: await response.json() }
}

/** Plays interactions, and writes them into a pact. @returns the path of the pact */
async function play(name: string, playedInteractions: readonly Interaction[]): Promise<string> {
  const pact = new PactV4({ consumer: name, provider: 'authentik', dir, logLevel: 'error' })
  for (const interaction of playedInteractions) {
    const { request, response } = interaction
    const answer = await addTo(pact, interaction).executeTest(({ url }) => ask(url, request))
    expect(answer).toEqual({ status: response.status, body: MatchersV3.reify(response.body as never) })
  }
  const file = join(dir, `${name}-authentik.json`)
  await writeFile(file, JSON.stringify(completePact(JSON.parse(await readFile(file, 'utf8')))))
  return file
}

const played = new Map<string, Promise<string>>()

/** Plays all ready interactions of a release once. @returns the path of the pact */
function playAll(release: string): Promise<string> {
  const file = played.get(release) ?? play(`all-${release}`, Object.values(forRelease(release).interactions))
  played.set(release, file)
  return file
}

describe('The ready interactions', () => {
  it('exist for each operation that reads', () => {
    const readOperations = findRelease(BASE).operations.filter(({ method, manages }) => method === 'GET' && !manages)
    expect(Object.keys(interactions).sort()).toEqual(readOperations.map(({ id }) => id).sort())
    expect(Object.entries(interactions).filter(([id, { operationId }]) => operationId !== id)).toEqual([])
  })

  it.each(RELEASES)(
    'can be played by a consumer, and are kept by the mock of authentik %s with its own ids',
    async (release) => {
      const file = await playAll(release)
      expect(await provider.verify({ file, release })).toEqual([])
    },
  )

  it('accept another id in the path, and no other path', async () => {
    const interaction = interactions.oauth2_authorization_codes_retrieve
    const statusOf = async (path: string) => {
      const pact = new PactV4({ consumer: 'paths', provider: 'authentik', dir, logLevel: 'error' })
      const request = { ...interaction.request, path }
      return addTo(pact, interaction).executeTest(async ({ url }) => (await ask(url, request)).status)
    }
    expect(await statusOf('/api/v3/oauth2/authorization_codes/4711/')).toBe(200)
    for (const path of [
      '/api/v3/oauth2/authorization_codes/x/',
      '/api/v3/oauth2/access_tokens/1/',
      '/v2/api/v3/oauth2/authorization_codes/1/',
    ])
      await expect(statusOf(path)).rejects.toThrow('The following request was not expected')
  })
})

describe('A ready interaction is broken', () => {
  const CHANGES: Record<keyof typeof interactions, Change> = {
    oauth2_authorization_codes_list: { path: ['results', 0, 'user', 'uuid'], value: 'x' },
    oauth2_authorization_codes_retrieve: { path: ['is_expired'] },
    oauth2_authorization_codes_used_by_list: { path: [], value: {} },
    oauth2_access_tokens_list: { path: ['results', 0, 'id_token'], value: {} },
    oauth2_access_tokens_retrieve: { path: ['id_token'] },
    oauth2_access_tokens_used_by_list: { path: [], value: [{}] },
    oauth2_refresh_tokens_list: { path: ['pagination', 'next'], value: null },
    oauth2_refresh_tokens_retrieve: { path: ['scope', 0], value: 1 },
    oauth2_refresh_tokens_used_by_list: { path: [], value: null },
    core_users_list: { path: ['pagination', 'count'], value: '1' },
    core_users_retrieve: { path: ['groups_obj'], value: [{ name: 'staff' }] },
    core_users_used_by_list: { path: [0, 'action'], value: 'nothing' },
    core_users_me_retrieve: { path: ['user', 'system_permissions'] },
    core_users_paths_retrieve: { path: ['paths', 0], value: 1 },
    core_groups_list: {
      path: ['results', 0, 'users_obj'],
      value: [{ pk: 1, username: 'no spaces', name: '', uid: '' }],
    },
    core_groups_retrieve: { path: ['parent_name'], value: 7 },
    core_groups_used_by_list: { path: [0, 'app'] },
    providers_oauth2_list: { path: ['results', 0, 'authorization_flow'], value: null },
    providers_oauth2_retrieve: { path: ['component'] },
    providers_oauth2_setup_urls_retrieve: { path: ['jwks'], value: null },
    providers_oauth2_preview_user_retrieve: { path: ['preview'], value: 'nothing' },
    providers_oauth2_used_by_list: { path: [0, 'pk'], value: 1 },
    core_applications_list: { path: ['results', 0, 'slug'], value: 'no spaces' },
    core_applications_retrieve: { path: ['provider_obj', 'name'] },
    core_applications_used_by_list: { path: [], value: {} },
    flows_instances_list: { path: ['results', 0, 'designation'], value: 'tea' },
    flows_instances_retrieve: { path: ['designation'] },
    flows_instances_used_by_list: { path: [], value: {} },
    crypto_certificatekeypairs_list: { path: ['results', 0, 'private_key_available'], value: 'yes' },
    crypto_certificatekeypairs_retrieve: { path: ['name'] },
    crypto_certificatekeypairs_used_by_list: { path: [], value: {} },
    core_tokens_list: { path: ['results', 0, 'identifier'], value: 'x'.repeat(256) },
    root_config_retrieve: { path: ['capabilities', 0], value: 'can_fly' },
    admin_version_retrieve: { path: ['outdated'], value: 'no' },
    schema_retrieve: { path: [], value: [] },
  }
  let file: string
  beforeAll(async () => {
    file = await playAll(BASE)
  })

  it.each(Object.entries(CHANGES))('by an answer to %s that is not as documented', async (id, change) => {
    const verdict = await provider.verify({ file, only: `${id}$`, change })
    expect(verdict).not.toEqual([])
    for (const line of verdict) expect(line).toContain(change.path.findLast((key) => typeof key === 'string') ?? '')
  })
})

describe('What may be null or absent in authentik 2026.8.3', () => {
  const release = '2026.8.3'
  let file: string
  beforeAll(async () => {
    const { interactions: releaseInteractions, like: releaseLike } = forRelease(release)
    const application = releaseLike.application({
      meta_launch_url: '',
      provider: 1,
      provider_obj: { name: 'a' },
      meta_icon_themed_urls: { light: 'a' },
    })
    const token = releaseLike.tokens({
      results: [{ managed: 'goauthentik.io/a', expires: '2024-09-27T14:26:18Z', intent: 'api' }],
    })
    file = await play('nullable', [
      releaseInteractions.core_groups_retrieve,
      { ...releaseInteractions.core_applications_retrieve, response: { status: 200, body: application } },
      { ...releaseInteractions.core_tokens_list, response: { status: 200, body: token } },
      releaseInteractions.providers_oauth2_retrieve,
    ])
  })
  const GROUP = {
    pk: '7e9b1f2c-5a34-4c8d-9e60-2f1d3b4a5c6e',
    name: 'staff',
    group_uuid: '7e9b1f2c-5a34-4c8d-9e60-2f1d3b4a5c6e',
  }
  const allowedChanges: [string, Change][] = [
    ['core_groups_retrieve', { path: ['children_obj'], value: null }],
    ['core_groups_retrieve', { path: ['children_obj'], value: [] }],
    [
      'core_groups_retrieve',
      { path: ['children_obj'], value: [GROUP, { ...GROUP, is_superuser: true, attributes: { a: [{}] } }] },
    ],
    [
      'core_groups_retrieve',
      { path: ['users_obj'], value: [{ pk: 1, username: 'émile+1', name: '', uid: 'a', last_login: null }] },
    ],
    ['core_groups_retrieve', { path: ['is_superuser'] }],
    ['core_applications_retrieve', { path: ['meta_icon_themed_urls'], value: null }],
    ['core_applications_retrieve', { path: ['meta_icon_themed_urls'], value: { light: null } }],
    ['core_applications_retrieve', { path: ['provider_obj'], value: null }],
    ['core_applications_retrieve', { path: ['provider'], value: null }],
    ['core_applications_retrieve', { path: ['launch_url'], value: null }],
    ['core_applications_retrieve', { path: ['meta_launch_url'], value: '' }],
    ['core_applications_retrieve', { path: ['meta_launch_url'], value: 'https://example.com/a?b=c' }],
    ['core_applications_retrieve', { path: ['meta_hide'] }],
    ['core_tokens_list', { path: ['results', 0, 'managed'], value: null }],
    ['core_tokens_list', { path: ['results', 0, 'managed'], value: 'goauthentik.io/b' }],
    ['core_tokens_list', { path: ['results', 0, 'expires'], value: null }],
    ['core_tokens_list', { path: ['results', 0, 'expires'], value: '2099-01-01T00:00:00Z' }],
    ['core_tokens_list', { path: ['results', 0, 'description'] }],
    ['core_tokens_list', { path: ['results'], value: [] }],
    ['providers_oauth2_retrieve', { path: ['assigned_application_slug'], value: null }],
    ['providers_oauth2_retrieve', { path: ['redirect_uris'], value: [] }],
  ]
  const breakingChanges: [string, Change][] = [
    ['core_groups_retrieve', { path: ['children_obj'] }],
    ['core_groups_retrieve', { path: ['children_obj'], value: [{ ...GROUP, group_uuid: 'staff' }] }],
    ['core_groups_retrieve', { path: ['users_obj'], value: [{ pk: 1, username: 'x'.repeat(151), name: '', uid: '' }] }],
    ['core_applications_retrieve', { path: ['meta_icon_themed_urls'], value: { light: 7 } }],
    ['core_applications_retrieve', { path: ['provider_obj'], value: { name: 'a' } }],
    ['core_applications_retrieve', { path: ['provider'], value: 'a' }],
    ['core_applications_retrieve', { path: ['launch_url'], value: 7 }],
    ['core_applications_retrieve', { path: ['meta_launch_url'], value: 'somewhere' }],
    ['core_tokens_list', { path: ['results', 0, 'managed'], value: 7 }],
    ['core_tokens_list', { path: ['results', 0, 'expires'], value: 'soon' }],
    ['core_tokens_list', { path: ['results', 0, 'expires'], value: '' }],
    ['core_tokens_list', { path: ['results', 0, 'intent'], value: null }],
    ['providers_oauth2_retrieve', { path: ['assigned_application_slug'], value: false }],
    ['providers_oauth2_retrieve', { path: ['redirect_uris'], value: [{ matching_mode: 'loose', url: 'a' }] }],
  ]
  const withTitles = (changes: readonly [string, Change][]) =>
    changes.map(([id, change]) => ({
      title: `${id} ${change.path.join('.')} ${JSON.stringify(change.value)?.slice(0, 60) ?? 'gone'}`,
      id,
      change,
    }))

  it.each(withTitles(allowedChanges))('is accepted: $title', async ({ id, change }) => {
    expect(await provider.verify({ file, release, only: `${id}$`, change })).toEqual([])
  })

  it.each(withTitles(breakingChanges))('is refused when it is anything else: $title', async ({ id, change }) => {
    const verdict = await provider.verify({ file, release, only: `${id}$`, change })
    expect(verdict).not.toEqual([])
    for (const line of verdict) expect(line).toContain(change.path.at(-1))
  })
})

it('an interaction names its state by the sentence in the pact, with its parameters', () => {
  expect(interactions.core_applications_retrieve.states).toEqual([
    { name: 'an application exists', params: { slug: 'an-application' } },
  ])
  expect(like.usedByList()).toMatchObject({ min: 0 })
})
