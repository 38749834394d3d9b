/** The matchers of `authentik-mock/vitest`: what they take, and what they say when they fail. */
import { describe, expect, it } from 'vitest'
import { control } from '../../../src/entries/control.ts'
import { mock } from '../../../src/entries/index.ts'
import { setupAuthentikMock } from '../../../src/entries/vitest.ts'

const authentik = setupAuthentikMock({ token: 'my-token', handlers: [] })
const API = 'https://authentik.company/api/v3'
const ask = (path: string, { headers, ...init }: RequestInit = {}) =>
  fetch(API + path, { ...init, headers: { Authorization: 'Bearer my-token', ...headers } })
const send = (method: string, path: string, body: unknown) =>
  ask(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
/** What a matcher says when it fails. */
const messageOf = (assertion: () => unknown): string => {
  try {
    assertion()
  } catch (error) {
    return String((error as Error).message)
  }
  return 'It does not fail.'
}

describe('toHaveBeenAsked', () => {
  it('finds a request by the parameters of its path, which are texts there', async () => {
    await ask('/core/users/1/')
    expect(authentik).toHaveBeenAsked('core_users_retrieve')
    for (const id of [1, '1', expect.any(Number), expect.stringMatching(/^\d$/)])
      expect(authentik).toHaveBeenAsked('core_users_retrieve', { params: { id } })
    for (const id of [2, '11', expect.any(Boolean), undefined])
      expect(authentik).not.toHaveBeenAsked('core_users_retrieve', { params: { id } })
  })

  it('finds it by its path, or the beginning of that', async () => {
    await ask('/core/users/1/')
    expect(authentik).toHaveBeenAsked('core_users_retrieve', { path: '/api/v3/core/users/1/' })
    expect(authentik).toHaveBeenAsked('core_users_retrieve', { path: '/api/v3/core/*' })
    expect(authentik).not.toHaveBeenAsked('core_users_retrieve', { path: '/api/v3/core/users/' })
  })

  it('finds it by some of its query, in which a name may stand twice', async () => {
    await ask('/core/users/?search=m%C3%A4ry%20ann&page=1&groups_by_name=a&groups_by_name=b')
    const expectQuery = (query: object) => expect(authentik).toHaveBeenAsked('core_users_list', { query })
    expectQuery({ search: 'märy ann' })
    expectQuery({ page: 1, groups_by_name: ['a', 'b'], ordering: undefined })
    const query = { groups_by_name: ['b', 'a'] }
    expect(authentik).not.toHaveBeenAsked('core_users_list', { query })
    expect(authentik).not.toHaveBeenAsked('core_users_list', { query: { page: '' } })
  })

  it('finds it by some of its body, deep inside, in JSON', async () => {
    await send('POST', '/core/users/', { username: 'mary', name: 'Mary', attributes: { team: { id: 3 }, on: true } })
    for (const body of [
      { username: 'mary' },
      { attributes: { team: { id: expect.any(Number) } } },
      expect.objectContaining({ name: 'Mary' }),
      expect.stringContaining('"username":"mary"'),
    ])
      expect(authentik).toHaveBeenAsked('core_users_create', { body, status: 201 })
    expect(authentik).not.toHaveBeenAsked('core_users_create', { body: { attributes: { team: { id: 4 } } } })
  })

  it('finds it by headers, whoever asked and the status', async () => {
    await ask('/core/users/1/', { headers: { 'X-Tracing': 'abc' } })
    await fetch(`${API}/core/users/1/`)
    const headers = { 'x-tracing': 'abc', AUTHORIZATION: 'Bearer my-token' }
    expect(authentik).toHaveBeenAsked('core_users_retrieve', { headers, user: 'akadmin', status: 200, times: 1 })
    expect(authentik).toHaveBeenAsked('core_users_retrieve', { user: null, status: 403, times: 1 })
    expect(authentik).toHaveBeenAsked('core_users_retrieve', { times: 2 })
    expect(authentik).not.toHaveBeenAsked('core_users_retrieve', { user: null, status: 200 })
  })

  it('counts, and 0 times is not at all', async () => {
    expect(authentik).toHaveBeenAsked('core_users_list', { times: 0 })
    await ask('/core/users/')
    expect(messageOf(() => expect(authentik).toHaveBeenAsked('core_users_list', { times: 2 }))).toBe(
      `The mock of 2024.8.3 was expected to be asked for core_users_list with {"times":2}. One such request came.
Asked, the nearest first:
  GET /api/v3/core/users/ (core_users_list, 200, akadmin)`,
    )
  })

  it('finds by method and path what has no operationId', async () => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'web', client_secret: 'wrong' })
    await fetch('https://authentik.company/application/o/token/', { method: 'POST', body })
    const endpoint = { method: 'post', path: '/application/o/token/' }
    expect(authentik).toHaveBeenAsked(endpoint, { body: { grant_type: 'client_credentials' }, status: 400 })
    expect(authentik).toHaveBeenAsked({ kind: 'oauth' }, { times: 1 })
    expect(authentik).not.toHaveBeenAsked({ method: 'GET', path: '/application/o/token/' })
  })

  it('lists what was asked instead: the nearest first, and in what it differs', async () => {
    await ask('/core/groups/')
    await ask('/core/users/?page=2&page_size=5')
    await ask('/core/users/?search=x')
    const message = messageOf(() =>
      expect(authentik).toHaveBeenAsked('core_users_list', { query: { page: 2, page_size: expect.any(Boolean) } }),
    )
    expect(message)
      .toBe(`The mock of 2024.8.3 was expected to be asked for core_users_list with {"query":{"page":2,"page_size":"Any<Boolean>"}}. No such request came.
Asked, the nearest first:
  GET /api/v3/core/users/?page=2&page_size=5 (core_users_list, 200, akadmin): query.page_size is "5"
  GET /api/v3/core/users/?search=x (core_users_list, 200, akadmin): query.page is missing, query.page_size is missing
  GET /api/v3/core/groups/ (core_groups_list, 200, akadmin)`)
  })

  it('says of a path without its final slash to add it', async () => {
    const apart = control(mock())
    await apart.fetch('/api/v3/core/users')
    expect(messageOf(() => expect(apart).toHaveBeenAsked('core_users_list'))).toContain(
      'GET /api/v3/core/users (404): add the slash, /api/v3/core/users/',
    )
  })

  it('says in what method, path and kind a request differs', async () => {
    await ask('/core/users/')
    const endpoint = { method: 'POST', path: '/api/v3/core/*', kind: 'oauth' } as const
    expect(messageOf(() => expect(authentik).toHaveBeenAsked(endpoint))).toContain(
      'GET /api/v3/core/users/ (core_users_list, 200, akadmin): method is "GET", kind is "api"',
    )
    expect(messageOf(() => expect(authentik).toHaveBeenAsked({ path: '/api/v3/core/user/' }))).toContain(
      '(core_users_list, 200, akadmin): path is "/api/v3/core/users/"',
    )
    const match = { path: '/api/v3/core/user/' }
    expect(messageOf(() => expect(authentik).toHaveBeenAsked('core_users_list', match))).toContain(
      '(core_users_list, 200, akadmin): path is "/api/v3/core/users/"',
    )
  })

  it('names the keys that lead to a difference deep in a body', async () => {
    const attributes = { team: 3, 'a.b': 1, list: [{ id: 1 }, { id: 2 }], more: [1], deep: { is: {} } }
    await send('POST', '/core/users/', { username: 'mary', name: 'Mary', attributes })
    const differing = (expected: object) => {
      const body = { username: 'mary', attributes: expected }
      const message = messageOf(() => expect(authentik).toHaveBeenAsked('core_users_create', { body }))
      return message.split('(core_users_create, 201, akadmin)')[1]
    }
    expect(differing({ team: 4, 'a.b': 2 })).toBe(': body.attributes.team is 3, body.attributes.a.b is 1')
    expect(differing({ list: [{ id: 1 }, { id: 3 }] })).toBe(': body.attributes.list.1.id is 2')
    expect(differing({ more: [1, 2], none: { x: 1 } })).toBe(
      ': body.attributes.more is [1], body.attributes.none is missing',
    )
    expect(differing({ deep: { is: { here: undefined } } })).toBe(': body.attributes.deep.is is {}')
    expect(differing(expect.objectContaining({ team: 4 }))).toContain(': body.attributes is {')
    expect(differing({ team: 3 })).toBeUndefined()
  })

  it('says that nothing was asked, and shows no secret', async () => {
    const search = () => expect(authentik).toHaveBeenAsked('core_users_list')
    expect(messageOf(search)).toBe(
      'The mock of 2024.8.3 was expected to be asked for core_users_list. No such request came.\nNothing was asked.',
    )
    await ask('/core/users/1/')
    const headers = { Authorization: 'Bearer another' }
    const message = messageOf(() => expect(authentik).toHaveBeenAsked('core_users_retrieve', { headers }))
    expect(message).toContain('headers.authorization is "Bearer ***"')
    expect(message).not.toContain('my-token')
  })

  it('with .not says what came', async () => {
    await ask('/core/users/1/')
    expect(messageOf(() => expect(authentik).not.toHaveBeenAsked('core_users_retrieve'))).toBe(
      `The mock of 2024.8.3 was expected not to be asked for core_users_retrieve. One such request came.
Asked, the nearest first:
  GET /api/v3/core/users/1/ (core_users_retrieve, 200, akadmin)`,
    )
  })

  it.each([
    ['core_user_list', {}, 'there is no operation "core_user_list" in 2024.8.3; the nearest is core_users_list'],
    ['core_users_list', { param: {} }, 'param: there is no such field; the nearest is params'],
    ['core_users_list', { query: 'page=1' }, 'query: "page=1" is no object'],
    ['core_users_list', { times: -1 }, 'times: -1 is not a whole number from 0'],
    ['core_users_list', null, 'the match is no object'],
    [{}, {}, 'what was asked is not said'],
    [{ url: '/' }, {}, 'url: there is no such field'],
  ])('refuses %j with %j, also with .not', (operation, match, reason) => {
    const [subject, fields] = [operation, match] as unknown as ['core_users_list', object]
    expect(() => expect(authentik).toHaveBeenAsked(subject, fields)).toThrow(TypeError)
    expect(messageOf(() => expect(authentik).not.toHaveBeenAsked(subject, fields))).toContain(
      `Failed to look for a request: ${reason}`,
    )
  })

  it('says of an operation of another release where it is', () => {
    const old = control(mock({ release: '2024.2' }))
    const search = () => expect(old).toHaveBeenAsked('propertymappings_provider_scope_list')
    expect(search).toThrow('"propertymappings_provider_scope_list" in 2024.2.4; it is there from 2024.8 on.')
    const late = control(mock({ release: '2025.12' }))
    expect(() => expect(late).toHaveBeenAsked('admin_metrics_retrieve')).toThrow('it was there until 2025.6.')
  })

  it('takes a mock that was not set up here, and no other value', async () => {
    const controlled = control(mock())
    await controlled.fetch('/api/v3/root/config/')
    expect(controlled).toHaveBeenAsked('root_config_retrieve')
    expect(() => expect(mock()).toHaveBeenAsked('root_config_retrieve')).toThrow('is no mock under control')
    expect(() => expect(undefined).toHaveNoWrites()).toThrow('is no mock under control')
  })

  it('finds what was asked below a base path', async () => {
    const controlled = control(mock({ basePath: '/auth/', token: 'my-token' }))
    await controlled.fetch('/auth/api/v3/core/users/1/', { headers: { Authorization: 'Bearer my-token' } })
    expect(controlled).toHaveBeenAsked('core_users_retrieve', { params: { id: 1 }, path: '/api/v3/core/users/1/' })
  })
})

describe('toHaveNoWrites', () => {
  it('passes where everything was read', async () => {
    await ask('/core/users/')
    expect(authentik).toHaveNoWrites()
    expect(messageOf(() => expect(authentik).not.toHaveNoWrites())).toBe(
      'A request that changes something was expected, and none came.',
    )
  })

  it('lists what was written, or would have been', async () => {
    await ask('/oauth2/authorization_codes/1/', { method: 'DELETE' })
    await send('PATCH', '/core/users/99/', { name: 'Mary' })
    expect(messageOf(() => expect(authentik).toHaveNoWrites())).toBe(`No request that changes something was expected.
Asked:
  DELETE /api/v3/oauth2/authorization_codes/1/ (oauth2_authorization_codes_destroy, 204, akadmin)
  PATCH /api/v3/core/users/99/ (core_users_partial_update, 404, akadmin)`)
  })

  it('may be about some requests alone', async () => {
    await fetch('https://authentik.company/application/o/token/', { method: 'POST' })
    expect(authentik).toHaveNoWrites({ kind: 'api' })
    expect(authentik).not.toHaveNoWrites()
  })
})

describe('toMatchComponent', () => {
  const bodyOf = async (path: string) => (await ask(path)).json()

  it('passes for what the mock answers', async () => {
    expect(await bodyOf('/oauth2/authorization_codes/1/')).toMatchComponent('ExpiringBaseGrantModel', { exact: true })
    expect(await bodyOf('/core/users/')).toMatchComponent('PaginatedUserList')
    expect(await (await fetch(`${API}/core/users/`)).json()).toMatchComponent('GenericError')
  })

  it('shows an error that stands in place of a row', () => {
    const error = { detail: 'Token invalid/expired' }
    expect(messageOf(() => expect(error).toMatchComponent('User'))).toMatch(
      /^The value was expected to be as User of 2024\.8\.3 is\. It is {"detail":"Token invalid\/expired"}\n/,
    )
  })

  it('lists each path with what is wrong', async () => {
    const body = await bodyOf('/oauth2/authorization_codes/1/')
    const wrong = { ...body, pk: '1', user: { ...body.user, groups: [5], username: undefined }, is_expired: null }
    expect(messageOf(() => expect(wrong).toMatchComponent('ExpiringBaseGrantModel'))).toBe(
      `The value was expected to be as ExpiringBaseGrantModel of 2024.8.3 is.
What is wrong:
  $.pk: expected number, received string
  $.user.username: expected string, received undefined
  $.user.groups[0]: expected string, received number
  $.is_expired: expected boolean, received null`,
    )
    expect(wrong).not.toMatchComponent('ExpiringBaseGrantModel')
    expect(messageOf(() => expect(body).not.toMatchComponent('ExpiringBaseGrantModel'))).toBe(
      'The value was expected not to be as ExpiringBaseGrantModel of 2024.8.3 is.',
    )
  })

  it('minds a key that the document has not where it is told to be exact', () => {
    const value = { detail: 'No.', reason: 'none' }
    expect(value).toMatchComponent('GenericError')
    expect(messageOf(() => expect(value).toMatchComponent('GenericError', { exact: true }))).toContain(
      '$.reason: the document has no such key',
    )
  })

  it('is of the release of the mock, or of another', async () => {
    const provider = { pk: 1 }
    expect(() => expect(provider).toMatchComponent('LogEvent', { release: '2024.2' })).toThrow(
      'there is no component "LogEvent" in 2024.2.4; it is there from 2024.4 on.',
    )
    expect(() => expect(provider).toMatchComponent('User', { release: '1.0' })).toThrow('Failed to find the release')
  })

  it.each([
    ['GrantTypesEnum', '2024.8.3', 'it is in 2026.5 alone.'],
    ['RedirectURI', '2024.8.3', 'it is there from 2024.8.5 on.'],
    ['RedirectURI', '2024.10.1', 'it is there from 2024.10.3 on.'],
    ['Coordinate', '2025.12', 'it was there until 2025.6.'],
  ] as const)('says of %s in %s that %s', (name, release, elsewhere) => {
    expect(() => expect({}).toMatchComponent(name, { release })).toThrow(elsewhere)
  })

  it('stands inside other matchers', async () => {
    const page = await bodyOf('/core/users/')
    expect(page).toEqual(expect.objectContaining({ pagination: expect.toMatchComponent('Pagination') }))
    expect({ user: page.results[0] }).not.toEqual({ user: expect.toMatchComponent('Group') })
  })

  it('refuses a response, whose body nobody has read', async () => {
    const response = await ask('/core/users/1/')
    expect(() => expect(response).toMatchComponent('User')).toThrow('Give its body: await response.json()')
  })

  it('refuses a promise, for which nobody has waited', async () => {
    const body = bodyOf('/core/users/1/')
    expect(() => expect(body).not.toMatchComponent('User')).toThrow('the value is a promise. Await it')
    await body
  })

  it.each([
    [{ exakt: true }, 'exakt: there is no such field; the nearest is exact'],
    [{ exact: 'yes' }, 'exact: "yes" is not true or false'],
    [null, 'the match is no object'],
  ])('refuses the match %j, also with .not', (match, reason) => {
    const value = { detail: 'No.' }
    expect(() => expect(value).toMatchComponent('GenericError', match as object)).toThrow(TypeError)
    expect(() => expect(value).not.toMatchComponent('GenericError', match as object)).toThrow(
      `Failed to match a component: ${reason}`,
    )
  })

  it('refuses a name that no component has, also with .not', () => {
    // @ts-expect-error there is no such component
    const search = () => expect({}).not.toMatchComponent('Users')
    expect(search).toThrow(
      'Failed to match a component: there is no component "Users" in 2024.8.3; the nearest is User.',
    )
  })
})
