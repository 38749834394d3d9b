/** Each ready interaction: a consumer can play it, the mock keeps it in one release as in another, and an authentik that broke it would be found out. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MatchersV3, PactV4 } from '@pact-foundation/pact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addTo, completePact, forRelease, interactions, like, type Interaction } from '../../../src/entries/pact.ts'
import { findRelease } from '../../../src/authentik/releases/index.ts'
import type { Change } from './provider.ts'
import { startProvider, type Provider } from './start-provider.ts'

process.env['PACT_DO_NOT_TRACK'] = 'true'

const BASE = '2024.8.3'
/** Of the lines of releases those between which answers change most: all take three times as long. */
const RELEASES = ['2024.2.4', BASE, '2024.12.5', '2025.8.6', '2025.12.6', '2026.2.3', '2026.8.3']

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

/** Asks as the interaction says. */
async function ask(url: string, { path, query, headers }: Interaction['request']) {
  const response = await fetch(`${url}${valueOf(path)}?${new URLSearchParams(query)}`, {
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, valueOf(value)]),
  })
  return { status: response.status, body: await response.json() }
}

/** Plays interactions, and writes them down. @returns the file */
async function play(name: string, all: readonly Interaction[]): Promise<string> {
  const pact = new PactV4({ consumer: name, provider: 'authentik', dir, logLevel: 'error' })
  for (const one of all) {
    const answer = await addTo(pact, one).executeTest(({ url }) => ask(url, one.request))
    expect(answer).toEqual({ status: one.response.status, body: MatchersV3.reify(one.response.body as never) })
  }
  const file = join(dir, `${name}-authentik.json`)
  await writeFile(file, JSON.stringify(completePact(JSON.parse(await readFile(file, 'utf8')))))
  return file
}

describe('the ready interactions', () => {
  it('are one for each operation that reads', () => {
    const reading = findRelease(BASE).operations.filter(({ method }) => method === 'GET')
    expect(Object.keys(interactions).sort()).toEqual(reading.map(({ id }) => id).sort())
    expect(Object.entries(interactions).filter(([id, one]) => one.operationId !== id)).toEqual([])
  })

  it.each(RELEASES)(
    'are played by a consumer and kept by the mock of authentik %s, with ids of its own',
    async (release) => {
      const file = await play(`all-${release}`, Object.values(forRelease(release).interactions))
      expect(await provider.verify({ file, release })).toEqual([])
    },
  )

  it('take another id in the path, and no other path', async () => {
    const asked = interactions.oauth2_authorization_codes_retrieve
    const played = async (path: string) => {
      const pact = new PactV4({ consumer: 'paths', provider: 'authentik', dir, logLevel: 'error' })
      return addTo(pact, asked).executeTest(async ({ url }) => (await ask(url, { ...asked.request, path })).status)
    }
    expect(await played('/api/v3/oauth2/authorization_codes/4711/')).toBe(200)
    for (const path of [
      '/api/v3/oauth2/authorization_codes/x/',
      '/api/v3/oauth2/access_tokens/1/',
      '/v2/api/v3/oauth2/authorization_codes/1/',
    ])
      await expect(played(path)).rejects.toThrow('The following request was not expected')
  })
})

describe('A ready interaction is broken', () => {
  const CHANGES: Record<keyof typeof interactions, Change> = {
    oauth2_authorization_codes_list: { at: ['results', 0, 'user', 'uuid'], to: 'x' },
    oauth2_authorization_codes_retrieve: { at: ['is_expired'] },
    oauth2_authorization_codes_used_by_list: { at: [], to: {} },
    oauth2_access_tokens_list: { at: ['results', 0, 'id_token'], to: {} },
    oauth2_access_tokens_retrieve: { at: ['id_token'] },
    oauth2_access_tokens_used_by_list: { at: [], to: [{}] },
    oauth2_refresh_tokens_list: { at: ['pagination', 'next'], to: null },
    oauth2_refresh_tokens_retrieve: { at: ['scope', 0], to: 1 },
    oauth2_refresh_tokens_used_by_list: { at: [], to: null },
    core_users_list: { at: ['pagination', 'count'], to: '1' },
    core_users_retrieve: { at: ['groups_obj'], to: [{ name: 'staff' }] },
    core_users_used_by_list: { at: [0, 'action'], to: 'nothing' },
    core_users_me_retrieve: { at: ['user', 'system_permissions'] },
    core_users_paths_retrieve: { at: ['paths', 0], to: 1 },
    core_groups_list: { at: ['results', 0, 'users_obj'], to: [{ pk: 1, username: 'no spaces', name: '', uid: '' }] },
    core_groups_retrieve: { at: ['parent_name'], to: 7 },
    providers_oauth2_list: { at: ['results', 0, 'authorization_flow'], to: null },
    providers_oauth2_retrieve: { at: ['component'] },
    providers_oauth2_setup_urls_retrieve: { at: ['jwks'], to: null },
    providers_oauth2_preview_user_retrieve: { at: ['preview'], to: 'nothing' },
    providers_oauth2_used_by_list: { at: [0, 'pk'], to: 1 },
    core_applications_list: { at: ['results', 0, 'slug'], to: 'no spaces' },
    core_applications_retrieve: { at: ['provider_obj', 'name'] },
    core_tokens_list: { at: ['results', 0, 'identifier'], to: 'x'.repeat(256) },
    root_config_retrieve: { at: ['capabilities', 0], to: 'can_fly' },
    admin_version_retrieve: { at: ['outdated'], to: 'no' },
    schema_retrieve: { at: [], to: [] },
  }
  let file: string
  beforeAll(async () => {
    file = await play('base', Object.values(interactions))
  })

  it.each(Object.entries(CHANGES))('by an answer to %s that is not as documented', async (id, change) => {
    const verdict = await provider.verify({ file, only: `${id}$`, change })
    expect(verdict).not.toEqual([])
    for (const line of verdict) expect(line).toContain(change.at.findLast((key) => typeof key === 'string') ?? '')
  })
})

describe('What may be null or absent in authentik 2026.8.3', () => {
  const release = '2026.8.3'
  let file: string
  beforeAll(async () => {
    const { interactions: ready, like: of } = forRelease(release)
    const application = of.application({
      meta_launch_url: '',
      provider: 1,
      provider_obj: { name: 'a' },
      meta_icon_themed_urls: { light: 'a' },
    })
    const token = of.tokens({
      results: [{ managed: 'goauthentik.io/a', expires: '2024-09-27T14:26:18Z', intent: 'api' }],
    })
    file = await play('nullable', [
      ready.core_groups_retrieve,
      { ...ready.core_applications_retrieve, response: { status: 200, body: application } },
      { ...ready.core_tokens_list, response: { status: 200, body: token } },
      ready.providers_oauth2_retrieve,
    ])
  })
  const GROUP = {
    pk: '7e9b1f2c-5a34-4c8d-9e60-2f1d3b4a5c6e',
    name: 'staff',
    group_uuid: '7e9b1f2c-5a34-4c8d-9e60-2f1d3b4a5c6e',
  }
  const takes: [string, Change][] = [
    ['core_groups_retrieve', { at: ['children_obj'], to: null }],
    ['core_groups_retrieve', { at: ['children_obj'], to: [] }],
    [
      'core_groups_retrieve',
      { at: ['children_obj'], to: [GROUP, { ...GROUP, is_superuser: true, attributes: { a: [{}] } }] },
    ],
    [
      'core_groups_retrieve',
      { at: ['users_obj'], to: [{ pk: 1, username: 'émile+1', name: '', uid: 'a', last_login: null }] },
    ],
    ['core_groups_retrieve', { at: ['is_superuser'] }],
    ['core_applications_retrieve', { at: ['meta_icon_themed_urls'], to: null }],
    ['core_applications_retrieve', { at: ['meta_icon_themed_urls'], to: { light: null } }],
    ['core_applications_retrieve', { at: ['provider_obj'], to: null }],
    ['core_applications_retrieve', { at: ['provider'], to: null }],
    ['core_applications_retrieve', { at: ['launch_url'], to: null }],
    ['core_applications_retrieve', { at: ['meta_launch_url'], to: '' }],
    ['core_applications_retrieve', { at: ['meta_launch_url'], to: 'https://example.com/a?b=c' }],
    ['core_applications_retrieve', { at: ['meta_hide'] }],
    ['core_tokens_list', { at: ['results', 0, 'managed'], to: null }],
    ['core_tokens_list', { at: ['results', 0, 'managed'], to: 'goauthentik.io/b' }],
    ['core_tokens_list', { at: ['results', 0, 'expires'], to: null }],
    ['core_tokens_list', { at: ['results', 0, 'expires'], to: '2099-01-01T00:00:00Z' }],
    ['core_tokens_list', { at: ['results', 0, 'description'] }],
    ['core_tokens_list', { at: ['results'], to: [] }],
    ['providers_oauth2_retrieve', { at: ['assigned_application_slug'], to: null }],
    ['providers_oauth2_retrieve', { at: ['redirect_uris'], to: [] }],
  ]
  const refuses: [string, Change][] = [
    ['core_groups_retrieve', { at: ['children_obj'] }],
    ['core_groups_retrieve', { at: ['children_obj'], to: [{ ...GROUP, group_uuid: 'staff' }] }],
    ['core_groups_retrieve', { at: ['users_obj'], to: [{ pk: 1, username: 'x'.repeat(151), name: '', uid: '' }] }],
    ['core_applications_retrieve', { at: ['meta_icon_themed_urls'], to: { light: 7 } }],
    ['core_applications_retrieve', { at: ['provider_obj'], to: { name: 'a' } }],
    ['core_applications_retrieve', { at: ['provider'], to: 'a' }],
    ['core_applications_retrieve', { at: ['launch_url'], to: 7 }],
    ['core_applications_retrieve', { at: ['meta_launch_url'], to: 'somewhere' }],
    ['core_tokens_list', { at: ['results', 0, 'managed'], to: 7 }],
    ['core_tokens_list', { at: ['results', 0, 'expires'], to: 'soon' }],
    ['core_tokens_list', { at: ['results', 0, 'expires'], to: '' }],
    ['core_tokens_list', { at: ['results', 0, 'intent'], to: null }],
    ['providers_oauth2_retrieve', { at: ['assigned_application_slug'], to: false }],
    ['providers_oauth2_retrieve', { at: ['redirect_uris'], to: [{ matching_mode: 'loose', url: 'a' }] }],
  ]
  const titled = (all: [string, Change][]) =>
    all.map(([id, change]) => ({
      title: `${id} ${change.at.join('.')} ${JSON.stringify(change.to)?.slice(0, 60) ?? 'gone'}`,
      id,
      change,
    }))

  it.each(titled(takes))('is taken: $title', async ({ id, change }) => {
    expect(await provider.verify({ file, release, only: `${id}$`, change })).toEqual([])
  })

  it.each(titled(refuses))('is nothing else: $title', async ({ id, change }) => {
    const verdict = await provider.verify({ file, release, only: `${id}$`, change })
    expect(verdict).not.toEqual([])
    for (const line of verdict) expect(line).toContain(change.at.at(-1))
  })
})

it('a state names what it needs, and the sentence that stands in the pact', () => {
  expect(interactions.core_applications_retrieve.states).toEqual([
    { name: 'an application exists', params: { slug: 'an-application' } },
  ])
  expect(like.usedByList()).toMatchObject({ min: 0 })
})
