/** What authentik asks of a caller before it looks for what is asked for, and what it then shows of it. */
import { describe, expect, it } from 'vitest'
import type { MockOptions, WorldFile } from '../../src/entries/index.ts'
import { mock } from '../../src/mock/mock.ts'
import { clientOf, type Client } from '../support/client.ts'
import { recordedWorldOf } from '../support/recordings.ts'

const DENIED = { detail: 'You do not have permission to perform this action.' }
const UNKNOWN = { detail: 'Authentication credentials were not provided.' }
const notAllowed = (method: string) => ({ detail: `Method "${method}" not allowed.` })
const CONSENT = '/core/user_consent/1/'
const KEY = '/core/tokens/seed-alice/view_key/'

/** People of a recorded world: nobody, somebody without permissions, somebody who may view, and a superuser. */
function peopleOf(release: string, recorded = release) {
  const world = { ...(recordedWorldOf(`management-${recorded}`) as WorldFile), release } as WorldFile
  const authentik = mock({ release, world, fidelity: 'observed' })
  const as = (token?: string): Client => clientOf(authentik, token ? { token: `seed-token-${token}` } : {})
  return { authentik, nobody: as(), alice: as('alice'), watcher: as('watcher'), akadmin: as('akadmin') }
}

const answer = async (client: Client, method: string, path: string, body?: object) => {
  const { status, json } = await client.send(method, path, body)
  return [status, json]
}

describe('rows of one’s own', () => {
  it('are, in older releases, asked for by nobody who is unknown, whatever the method', async () => {
    const { nobody, alice } = peopleOf('2024.8.4')
    for (const [method, path] of [
      ['POST', '/core/user_consent/'],
      ['PATCH', CONSENT],
      ['GET', CONSENT],
      ['POST', '/core/tokens/'],
    ] as const)
      expect(await answer(nobody, method, path, method === 'GET' ? undefined : {})).toEqual([403, UNKNOWN])
    expect(await answer(alice, 'POST', '/core/user_consent/', {})).toEqual([405, notAllowed('POST')])
  })

  it('are, in later releases, made with the permission, where nobody makes their own', async () => {
    const { nobody, alice, akadmin } = peopleOf('2026.2.2')
    expect(await answer(nobody, 'POST', '/core/user_consent/', {})).toEqual([403, UNKNOWN])
    expect(await answer(alice, 'POST', '/core/user_consent/', {})).toEqual([403, DENIED])
    expect(await answer(akadmin, 'POST', '/core/user_consent/', {})).toEqual([405, notAllowed('POST')])
    expect(await answer(nobody, 'PATCH', CONSENT, {})).toEqual([405, notAllowed('PATCH')])
    expect(await answer(alice, 'DELETE', '/core/tokens/')).toEqual([403, DENIED])
    expect((await alice.send('POST', '/core/tokens/', { identifier: 'of-my-own' })).status).toBe(201)
  })
})

it('the key of a token is no matter of who is unknown: there is none for them, where only one’s own are seen', async () => {
  const answers = ['2024.8.4', '2025.8.6', '2026.2.2'].map(async (release) => {
    const { nobody } = peopleOf(release, release === '2026.2.2' ? release : '2024.8.4')
    return [await answer(nobody, 'GET', KEY), await answer(nobody, 'POST', KEY.replace('view', 'set'), { key: 'k' })]
  })
  const missing = { detail: 'No Token matches the given query.' }
  expect(await Promise.all(answers)).toEqual([
    [
      [403, UNKNOWN],
      [403, UNKNOWN],
    ],
    [
      [404, missing],
      [404, missing],
    ],
    [
      [403, UNKNOWN],
      [403, UNKNOWN],
    ],
  ])
})

describe('permissions', () => {
  it('are shown one by one to every user and to nobody who is unknown, from 2025.12 on', async () => {
    const older = peopleOf('2024.8.4')
    expect(await answer(older.nobody, 'GET', '/rbac/permissions/1/')).toEqual([403, DENIED])
    expect(await answer(older.alice, 'GET', '/rbac/permissions/1/')).toEqual([403, DENIED])
    const later = peopleOf('2026.2.2')
    expect(await answer(later.nobody, 'GET', '/rbac/permissions/1/')).toEqual([403, UNKNOWN])
    expect((await later.alice.get('/rbac/permissions/1/')).status).toBe(200)
  })

  it('are listed of a role and of a user that exist, and of no other', async () => {
    const { akadmin } = peopleOf('2024.8.4')
    const choice = ['Select a valid choice. That choice is not one of the available choices.']
    const list = (query: string) => answer(akadmin, 'GET', `/rbac/permissions/?${query}`)
    expect(await list('user=999999')).toEqual([400, { user: choice }])
    expect(await list('user=abc')).toEqual([400, { user: choice }])
    expect(await list('role=00000000-0000-0000-0000-000000000000')).toEqual([400, { role: choice }])
    expect(await list('role=abc')).toEqual([400, { role: ['“abc” is not a valid UUID.'] }])
    const { json } = await akadmin.get('/rbac/permissions/?user=11')
    expect(json.pagination.count).toBe(17)
  })
})

describe('events', () => {
  it('are counted for who may view none as if there were none, and not listed', async () => {
    const { alice } = peopleOf('2024.8.4')
    expect(await answer(alice, 'GET', '/events/events/top_per_user/')).toEqual([200, []])
    const { status, json } = await alice.get('/events/events/per_month/')
    expect([status, json.length, json.every((row: { y_cord: number }) => row.y_cord === 0)]).toEqual([200, 30, true])
    expect(await answer(alice, 'GET', '/events/events/volume/')).toEqual([403, DENIED])
  })

  it('say by OPTIONS what a new one takes, to who may make one, with the actions of the release', async () => {
    const { alice, watcher, akadmin } = peopleOf('2024.8.4')
    const ask = async (client: Client) => (await client.send('OPTIONS', '/events/events/')).json.actions?.POST
    expect([await ask(alice), await ask(watcher)]).toEqual([undefined, undefined])
    expect((await ask(akadmin)).app).toEqual({ type: 'string', required: true, read_only: false, label: 'App' })
    const { choices } = (await ask(peopleOf('2026.8.3', '2026.2.2').akadmin)).action
    expect(choices.length).toBeGreaterThan((await ask(akadmin)).action.choices.length)
    expect(choices.at(-1)).toEqual({ value: 'custom_', display_name: 'Custom Prefix' })
  })

  it('are found by the key of what they are about, with hyphens or without', async () => {
    const { akadmin } = peopleOf('2024.8.4')
    const count = async (key: string) =>
      (await akadmin.get(`/events/events/?context_model_pk=${key}`)).json.pagination.count
    expect(await count('0e5d556f-36f1-4218-a53c-9d58074c5c2b')).toBe(1)
    expect(await count('0e5d556f36f14218a53c9d58074c5c2b')).toBe(1)
    expect(await count('undefined')).toBe(0)
  })
})

it('whether another may use an application is told to a superuser; who else asks is told of themselves', async () => {
  const { alice, akadmin } = peopleOf('2024.8.4')
  const path = '/core/applications/demo/check_access/?for_user=999999'
  expect(await answer(alice, 'GET', path)).toEqual([200, { passing: true, messages: [], log_messages: [] }])
  expect(await answer(akadmin, 'GET', path)).toEqual([400, { for_user: 'User not found' }])
})

it('a role is used by the users who have it, where permissions come by roles alone', async () => {
  const { watcher, akadmin } = peopleOf('2026.2.2')
  const { json } = await akadmin.get('/rbac/roles/?search=user-10')
  const uses = await answer(watcher, 'GET', `/rbac/roles/${json.results[0].pk}/used_by/`)
  const user = { app: 'authentik_core', model_name: 'user', pk: '10', name: 'watcher', action: 'cascade_many' }
  expect(uses).toEqual([200, [user]])
})

it('a certificate that is asked for as a download is a file, as observed', async () => {
  const { authentik } = peopleOf('2024.8.4')
  const ask = async (server = authentik) => {
    const request = new Request(
      'http://localhost/api/v3/crypto/certificatekeypairs/165494c7-79a4-4cd3-8294-36ee39c28380/view_certificate/?download',
      { headers: { Authorization: 'Bearer seed-token-akadmin' } },
    )
    const response = await server.fetch(request)
    return [response.headers.get('content-type'), response.headers.get('content-disposition'), await response.text()]
  }
  expect(await ask()).toEqual([
    'application/x-pem-file',
    'attachment; filename="authentik Self-signed Certificate_certificate.pem"',
    expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
  ])
  const documented = mock({ release: '2024.8.4', world: recordedWorldOf('management-2024.8.4') })
  expect((await ask(documented))[0]).toBe('application/json')
})

describe('a body that an older release does not look at', () => {
  it('sets no empty key, names nobody by null, and gives any password, also none', async () => {
    const { akadmin } = peopleOf('2024.8.4')
    const send = async (path: string, body: object) => (await akadmin.send('POST', path, body)).status
    expect(await answer(akadmin, 'POST', '/core/tokens/seed-alice/set_key/', { key: '' })).toEqual([400, undefined])
    expect(await answer(akadmin, 'POST', '/core/tokens/seed-alice/set_key/', { key: null })).toEqual([400, undefined])
    expect(await send('/core/tokens/seed-alice/set_key/', { key: 7 })).toBe(204)
    expect((await akadmin.get(KEY)).json).toEqual({ key: '7' })
    expect(await send('/core/groups/374905ab-6822-4660-bc88-64389b4fc661/add_user/', { pk: null })).toBe(404)
    expect(await send('/core/users/13/set_password/', { password: '' })).toBe(204)
    expect(await send('/core/users/13/set_password/', { password: null })).toBe(204)
    expect(await send('/core/users/13/set_password/', { password: [] })).toBe(400)
  })

  it('is refused for what is wrong with it by a later release', async () => {
    const { akadmin } = peopleOf('2026.2.2')
    const blank = await answer(akadmin, 'POST', '/core/tokens/seed-alice/set_key/', { key: '' })
    expect(blank).toEqual([400, { key: ['This field may not be blank.'] }])
    const missing = await answer(akadmin, 'POST', '/core/users/12/set_password/', { password: null })
    expect(missing).toEqual([400, { password: ['This field may not be null.'] }])
  })

  it('says no more of why one acts as another with an empty text than with none', async () => {
    const { akadmin } = peopleOf('2025.8.6', '2024.8.4')
    for (const body of [{}, { reason: '' }])
      expect(await answer(akadmin, 'POST', '/core/users/6/impersonate/', body)).toEqual([401, undefined])
  })
})

it('another picture of an application asks for the permission to change it, and first of all who asks', async () => {
  const { nobody, alice, watcher } = peopleOf('2024.8.4')
  const path = '/core/applications/demo/set_icon_url/'
  const body = { url: 'https://cdn.example/i.png' }
  expect(await answer(nobody, 'POST', path, body)).toEqual([403, UNKNOWN])
  expect(await answer(alice, 'POST', path, body)).toEqual([403, DENIED])
  expect(await answer(watcher, 'POST', path, body)).toEqual([403, DENIED])
  expect((await alice.send('POST', path.replace('demo', 'nope'), body)).status).toBe(404)
})

const ENDPOINTS = ['authorize', 'token', 'device', 'userinfo', 'introspect', 'revoke']

it.each([
  ['2025.6.4', false],
  ['2025.8.0', true],
  ['2026.8.3', true],
])('an application has no slug of an OAuth endpoint, from 2025.8 on: %s', async (release, isReserved) => {
  const { akadmin } = peopleOf(release, '2026.2.2')
  const answers = ENDPOINTS.map(async (slug) => {
    const { status, json } = await akadmin.send('POST', '/core/applications/', { name: slug, slug })
    return [status, json['slug']]
  })
  const refusals = ENDPOINTS.map((slug) => [
    400,
    [`The slug '${slug}' is reserved and cannot be used for applications.`],
  ])
  expect(await Promise.all(answers)).toEqual(isReserved ? refusals : ENDPOINTS.map((slug) => [201, slug]))
  const { status } = await akadmin.send('PATCH', '/core/applications/demo/', { slug: 'login' })
  expect(status).toBe(200)
})

it('an application that a world calls as an OAuth endpoint is changed as any other', async () => {
  const world = { extends: 'default', applications: [{ name: 'Token', slug: 'token' }] } as MockOptions['world'] & {}
  const { patch } = clientOf(mock({ release: '2026.8.3', world, token: 'key' }), { token: 'key' })
  expect((await patch('/core/applications/token/', { name: 'Tokens' })).status).toBe(200)
})

it.each([
  ['2025.8.1', 204],
  ['2025.8.2', 400],
  ['2025.10.0', 400],
])('a password is set to nothing by an administrator until %s: %i', async (release, status) => {
  const authentik = mock({ release, token: 'key' })
  const { post } = clientOf(authentik, { token: 'key' })
  expect((await post('/core/users/2/set_password/', { password: '' })).status).toBe(status)
})
