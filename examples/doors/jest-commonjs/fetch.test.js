const { mock } = require('authentik-mock')

const authentik = mock({ token: 'my-token' })
const headers = { Authorization: 'Bearer my-token' }

beforeAll(() => {
  globalThis.fetch = authentik.fetch
})
afterEach(() => authentik.reset())

test('a code is deleted', async () => {
  const url = 'https://authentik.company/api/v3/oauth2/authorization_codes/1/'
  expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204)
  expect(authentik.world.authorization_codes.has(1)).toBe(false)
})

test('the next test has the world as it was', () => {
  expect(authentik.world.authorization_codes.has(1)).toBe(true)
})
