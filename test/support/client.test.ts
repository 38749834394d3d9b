/** The client of the tests sends the same requests to a mock in process and to a server at a URL. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mock } from '../../src/entries/index.ts'
import { serve, type Server } from '../../src/http/node/server.ts'
import { clientOf, namesIn, rowsOf, type Client } from './client.ts'

const authentik = mock({ token: 'key', now: '2024-09-27T14:26:18.306Z' })
let server: Server
beforeAll(async () => {
  server = await serve(authentik, { port: 0 })
})
afterAll(() => server.close())

describe.each<[string, () => Client]>([
  ['of a mock in process', () => clientOf(authentik, { token: 'key' })],
  ['of a server at a URL', () => clientOf(server.url, { token: 'key', tokensOf: authentik })],
])('a client %s', (_, open) => {
  it('sends the credentials that a request names, and else its own', async () => {
    const username = async (as?: string) => (await open().get('/core/users/me/', { as })).json.user.username
    expect([await username(), await username('user-api')]).toEqual([
      'akadmin',
      rowsOf(authentik, 'users').get(2).username,
    ])
    const statuses = [{ as: null }, { token: 'nope' }, { headers: { Authorization: 'Basic dTpw' } }].map(
      async (options) => (await open().get('/core/users/me/', options)).status,
    )
    expect(await Promise.all(statuses)).toEqual([403, 403, 403])
  })

  it('adds the parameters of a query, also to a path that has some', async () => {
    expect(await namesIn(open(), '/core/users/?page_size=1', { query: { username: 'akadmin' } })).toEqual(['akadmin'])
    const { status } = await open().get('/core/users/', { query: { type: ['external', 'nope'] } })
    expect(status).toBe(400)
  })

  it('sends a body as JSON, or as it is when it is a text', async () => {
    const messages = async (body: unknown, type?: string) => {
      const { status, json } = await open().post('/providers/oauth2/', body, type === undefined ? {} : { type })
      return [status, Object.keys(json)]
    }
    expect(await messages({ name: 'New' })).toEqual([400, ['authorization_flow']])
    expect(await messages('{"name":')).toEqual([400, ['detail']])
    expect(await messages({ name: 'New' }, 'text/plain')).toEqual([415, ['detail']])
  })
})

it('a client of a URL alone cannot name a token of a world', async () => {
  await expect(clientOf(server.url).get('/core/users/me/', { as: 'user-api' })).rejects.toThrow('Give it `tokensOf`.')
})
