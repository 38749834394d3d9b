/** A real server fails where PostgreSQL does not keep a text, and a world never has one, so that it can be loaded again. */
import { expect, it } from 'vitest'
import { clientOf, readyMock } from '../support/client.ts'
import { recordedWorldOf } from '../support/recordings.ts'

const newMock = () => {
  const log: string[] = []
  return {
    log,
    authentik: readyMock({ login: 'auto', world: recordedWorldOf('2026.2.2'), log: (line) => log.push(line) }),
  }
}

const AUTHORIZE = {
  client_id: 'demo-client',
  redirect_uri: 'https://app.example.com/callback',
  response_type: 'code',
  scope: 'openid',
}

it.each([
  ['a nonce, of which a code has a row', 'nonce'],
  ['a code challenge', 'code_challenge'],
  ['a state, of which an event has the query', 'state'],
])('a NUL in %s fails the server, and says why to who asks and to who runs the mock', async (_, name) => {
  const { authentik, log } = newMock()
  const mock = await authentik
  const size = mock.world.authorization_codes.size
  const query = new URLSearchParams({ ...AUTHORIZE, [name]: '\0'.repeat(43) })
  const { status, text } = await clientOf(mock, { prefix: '' }).get(`/application/o/authorize/?${query}`)
  expect(status).toBe(500)
  expect(text).toContain(`${name} has a NUL in it, which PostgreSQL does not keep`)
  expect(log.at(-1)).toContain(`${name} has a NUL in it`)
  expect(mock.world.authorization_codes.size).toBe(size)
  await expect(mock.load(JSON.parse(JSON.stringify(mock.save())))).resolves.toBeUndefined()
})

it.each([
  ['a text', { attributes: { note: '\0' } }],
  ['a key', { attributes: { '\0': 1 } }],
  ['half of a surrogate pair, which JSON may escape', { attributes: { note: '\ud800' } }],
])('free attributes with %s that PostgreSQL does not keep change nothing', async (_, body) => {
  const mock = await readyMock({ token: 'key' })
  const client = clientOf(mock, { token: 'key' })
  const [user] = mock.world.users.values()
  const path = `/core/users/${user?.pk}/`
  const { status } = await client.patch(path, body)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(mock.world.users.get(user?.pk ?? 0)).toEqual(user)
  await client.patch(path, { attributes: { note: 'x' } })
  expect(mock.world.users.get(user?.pk ?? 0)).toEqual({
    ...user,
    attributes: { note: 'x' },
    last_updated: expect.any(String),
  })
})
