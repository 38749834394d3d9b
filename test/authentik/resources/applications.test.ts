/** The list of applications, an application, and its launch URL. */
import { describe, expect, it } from 'vitest'
import { defineWorld } from '../../../src/entries/index.ts'
import { clientOf, namesIn, readyMock, type Row } from '../../support/client.ts'
import {
  adminOf,
  findRow,
  observedAdmin,
  observed,
  recordedBody,
  worldWith,
  ALICE,
  DENIED,
  CREDENTIALS,
  NOT_FOUND,
} from '../../support/recordings.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

describe('the list of applications', () => {
  const NAMES = ['Demo App', 'Orphan App', 'SPA App']

  it('is the recorded one, for every user, because no policy forbids anybody to launch one', async () => {
    const { status, text } = await reader.get('/core/applications/')
    expect([status, text]).toEqual([200, JSON.stringify(recordedBody('apps.list'))])
    expect(await namesIn(reader, '/core/applications/', { as: 'seed-alice' })).toEqual(NAMES)
  })

  it('is refused without credentials', async () => {
    expect(await reader.get('/core/applications/', { as: null })).toMatchObject({ status: 403, json: CREDENTIALS })
  })

  const world = worldWith((draft) => {
    Object.assign(findRow(draft.applications, 'slug', 'demo'), {
      meta_description: 'Shows things',
      meta_publisher: 'Us',
      group: 'Tools',
      policy_engine_mode: 'all',
    })
    Object.assign(findRow(draft.applications, 'slug', 'orphan'), { open_in_new_tab: true })
  })

  it.each([
    ['name', 'Demo App', ['Demo App']],
    ['name', 'demo app', []],
    ['slug', 'orphan', ['Orphan App']],
    ['slug', 'nope', []],
    ['meta_launch_url', 'https://app.example.com', ['Demo App']],
    ['meta_description', 'Shows things', ['Demo App']],
    ['meta_publisher', 'Us', ['Demo App']],
    ['group', 'Tools', ['Demo App']],
    ['group', 'tools', []],
    ['group', '', NAMES],
    ['provider', '2', NAMES],
    ['search', 'app DEMO', ['Demo App']],
    ['search', 'tools', ['Demo App']],
    ['search', 'us things', ['Demo App']],
    ['search', 'orph', ['Orphan App']],
    ['search', 'zzz', []],
    ['ordering', '-name', NAMES.toReversed()],
    ['ordering', '-slug', ['SPA App', 'Orphan App', 'Demo App']],
    ['ordering', 'provider', ['Demo App', 'SPA App', 'Orphan App']],
    ['ordering', '-provider', ['Orphan App', 'SPA App', 'Demo App']],
    ['ordering', '-open_in_new_tab,name', ['Orphan App', 'Demo App', 'SPA App']],
    ['ordering', 'policy_engine_mode', ['Demo App', 'Orphan App', 'SPA App']],
    ['ordering', '-group,name', ['Demo App', 'Orphan App', 'SPA App']],
    ['ordering', 'nope,launch_url', NAMES],
  ])('with %s=%j has %j', async (name, value, names) => {
    expect(await namesIn(adminOf(observed({ world })), '/core/applications/', { query: { [name]: value } })).toEqual(
      names,
    )
  })

  it.each(['true', 'True', 'TRUE'])(
    'with only_with_launch_url=%s omits applications without a launch URL, but counts them',
    async (value) => {
      const { json } = await reader.get(`/core/applications/?only_with_launch_url=${value}`, { as: 'seed-alice' })
      expect(json.results.map((row: Row) => row.slug)).toEqual(['demo', 'spa'])
      expect(json.pagination).toMatchObject({ count: 3, start_index: 1, end_index: 3 })
    },
  )

  it.each(['false', '1', '', 'garbage'])('with only_with_launch_url=%s has every application', async (value) => {
    expect(await namesIn(reader, `/core/applications/?only_with_launch_url=${value}`)).toEqual(NAMES)
  })

  it('has every application for a superuser who asks for the full list, whatever the other parameters', async () => {
    expect(await namesIn(reader, '/core/applications/?superuser_full_list=true&only_with_launch_url=true')).toEqual(
      NAMES,
    )
    expect(await namesIn(reader, '/core/applications/?superuser_full_list=true&for_user=nope')).toEqual(NAMES)
    expect(
      await namesIn(reader, '/core/applications/?superuser_full_list=true&only_with_launch_url=true', {
        as: 'seed-alice',
      }),
    ).toEqual(['Demo App', 'SPA App'])
  })

  it('can be read on behalf of another user with the permission for that', async () => {
    expect(await namesIn(reader, '/core/applications/?for_user=7')).toEqual(NAMES)
    const client = observedAdmin({
      world: worldWith((draft) => (draft.permissions = { alice: ['view_user_applications'] })),
    })
    expect(await namesIn(client, '/core/applications/?for_user=8', { as: 'seed-alice' })).toEqual(NAMES)
  })

  it.each([
    ['999', 'seed-akadmin', { for_user: 'User not found' }],
    ['7', 'seed-alice', { for_user: 'User not found' }],
    ['7', 'seed-viewer', { for_user: 'User not found' }],
    ['-1', 'seed-akadmin', { for_user: 'User not found' }],
    ['nope', 'seed-akadmin', ['Invalid input.']],
    ['', 'seed-akadmin', ['Invalid input.']],
    ['1.5', 'seed-akadmin', ['Invalid input.']],
    ['nope', 'seed-alice', ['Invalid input.']],
  ])('with for_user=%s is refused to the owner of %s: %j', async (value, as, json) => {
    expect(await reader.get(`/core/applications/?for_user=${value}`, { as })).toMatchObject({ status: 400, json })
  })

  it('refuses an absent page before it refuses an absent user', async () => {
    expect(await reader.get('/core/applications/?for_user=999&page=2')).toMatchObject({
      status: 404,
      json: { detail: 'Invalid page.' },
    })
  })
})

describe('the launch URL of an application', () => {
  const launchUrl = async (
    change: { meta_launch_url?: string; redirect_uris?: string; provider?: null },
    as: string,
  ) => {
    const world = worldWith((draft) => {
      const { redirect_uris: uris, ...rest } = change
      Object.assign(findRow(draft.applications, 'slug', 'demo'), { meta_launch_url: '', ...rest })
      if (uris !== undefined) findRow(draft.providers, 'name', 'Demo').redirect_uris = uris
    })
    return (await observedAdmin({ world }).get('/core/applications/?slug=demo', { as })).json.results[0].launch_url
  }

  it.each([
    [
      'its meta_launch_url',
      { meta_launch_url: 'https://start.example.com/here?a=b' },
      'https://start.example.com/here?a=b',
    ],
    ['without one, the first redirect URI of its provider without the path', {}, 'https://app.example.com'],
    ['the port, too', { redirect_uris: 'http://localhost:8080/a/b/c' }, 'http://localhost:8080'],
    ['the query, too', { redirect_uris: 'https://a.example.com/callback?x=1' }, 'https://a.example.com?x=1'],
    ['nothing when the provider has no redirect URI', { redirect_uris: '' }, null],
    ['nothing without a provider', { provider: null }, null],
  ])('is %s', async (_, change, url) => {
    expect(await launchUrl(change, 'seed-akadmin')).toBe(url)
  })

  it.each([
    ['https://%(username)s.example.com/', 'seed-alice', 'https://alice.example.com/'],
    ['https://%(username)s.example.com/', 'seed-bob', 'https://bob.example.com/'],
    [
      'https://app.example.com/%(path)s?mail=%(email)s',
      'seed-bob',
      'https://app.example.com/users/team?mail=bob@example.com',
    ],
    ['https://app.example.com/%(name)s', 'seed-alice', 'https://app.example.com/Alice Example'],
    ['https://app.example.com/%(uuid)s', 'seed-alice', `https://app.example.com/${ALICE}`],
    ['https://app.example.com/%(id)s', 'seed-alice', 'https://app.example.com/7'],
    ['https://app.example.com/%(nope)s/%(username)s', 'seed-alice', 'https://app.example.com/%(nope)s/%(username)s'],
    ['https://app.example.com/100%/%(username)s', 'seed-alice', 'https://app.example.com/100%/%(username)s'],
  ])('%s becomes, for the owner of %s, %s', async (meta, as, url) => {
    expect(await launchUrl({ meta_launch_url: meta }, as)).toBe(url)
  })
})

describe('an application', () => {
  it('is found by its slug, with its provider', async () => {
    const { status, text } = await reader.get('/core/applications/demo/')
    expect([status, text]).toEqual([200, JSON.stringify(recordedBody('apps.get'))])
  })

  it('without a provider has null for the provider', async () => {
    expect(await reader.get('/core/applications/orphan/')).toMatchObject({
      status: 200,
      json: { provider: null, provider_obj: null, launch_url: null },
    })
  })

  it.each(['nope', 'DEMO', 'a16d841c-6108-4ebd-8ba4-4bd0495ebcb0', '1'])('is not found as %s', async (slug) => {
    expect(await reader.get(`/core/applications/${slug}/`)).toMatchObject({ status: 404, json: NOT_FOUND })
  })

  it('is shown only to users with the permission to view applications, which the list does not need', async () => {
    const client = observedAdmin({ world: worldWith((draft) => (draft.permissions = { alice: ['view_application'] })) })
    expect(await client.get('/core/applications/demo/', { as: 'seed-alice' })).toMatchObject({
      status: 200,
      json: { slug: 'demo' },
    })
    expect(await client.get('/core/applications/demo/', { as: 'seed-bob' })).toMatchObject({
      status: 403,
      json: DENIED,
    })
    expect(await client.get('/core/applications/demo/', { as: null })).toMatchObject({ status: 403, json: DENIED })
  })

  it('is found only when it passes the filters of the list', async () => {
    expect(await reader.get('/core/applications/demo/?name=Demo+App')).toMatchObject({ status: 200 })
    expect(await reader.get('/core/applications/demo/?name=nope')).toMatchObject({ status: 404, json: NOT_FOUND })
  })
})

describe.each(['2024.8.4', '2026.8.3'])('who may start an application, by %s', (release) => {
  const authentik = readyMock({
    release,
    token: 'key',
    world: defineWorld({
      groups: [{ name: 'admins', is_superuser: true }],
      users: [{ username: 'root', groups: ['admins'] }, { username: 'ann' }, { username: 'bob' }],
      applications: ['free', 'pay', 'zoo'].map((slug) => ({ slug, name: slug })),
      policy_bindings: [{ application: 'pay', user: 'ann' }],
    }),
  })
  const namesFor = async (username: string, path = '/core/applications/') =>
    namesIn(clientOf(await authentik, { headers: await (await authentik).logIn(username) }), path)

  it('is who its bindings let: the list of all others leaves it out', async () => {
    expect(await namesFor('ann')).toEqual(['free', 'pay', 'zoo'])
    expect(await namesFor('bob')).toEqual(['free', 'zoo'])
  })

  it('is found out after the page was cut, which is shorter then than its length and the count say', async () => {
    const client = clientOf(await authentik, { headers: await (await authentik).logIn('bob') })
    const { json } = await client.get('/core/applications/?page_size=2')
    expect(json.pagination).toMatchObject({ count: 3, next: 2, end_index: 2 })
    expect(json.results.map(({ name }: Row) => name)).toEqual(['free'])
  })

  it('holds for superusers too, who may ask for all, and for another user', async () => {
    const bob = (await authentik).world.users.find('username', 'bob')
    const admin = clientOf(await authentik, { token: 'key' })
    expect(await namesIn(admin, '/core/applications/')).toEqual(['free', 'zoo'])
    expect(await namesIn(admin, '/core/applications/?superuser_full_list=true')).toEqual(['free', 'pay', 'zoo'])
    expect(await namesIn(admin, `/core/applications/?for_user=${bob?.pk}`)).toEqual(['free', 'zoo'])
  })
})
