import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupServer } from 'msw/node'
import { expected, takeTour } from './tour-in-node.js'

const authentik = mock()
const server = setupServer(...handlers(authentik, { origin: 'http://authentik.company' }))
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())

test('a session reads and deletes', async () => {
  expect(await takeTour(authentik)).toEqual(expected)
})
