/** Through MSW the mock answers its own paths, and leaves the others to the application. */
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { handlers } from '../../src/entries/msw.ts'
import { mock } from '../../src/entries/index.ts'
import { clientOf } from '../support/client.ts'

const authentik = mock({ token: 'key' })
const urls: string[] = []
const server = setupServer(...handlers(authentik))

beforeAll(() =>
  server.listen({
    onUnhandledFrame({ frame }) {
      urls.push((frame.data as { request: Request }).request.url)
      // The error keeps the request from going out.
      throw new Error('left')
    },
  }),
)
afterEach(() => urls.splice(0))
afterAll(() => server.close())

describe('through MSW', () => {
  it.each([
    'http://authentik.test/api/v3/core/no_such_thing/',
    'http://authentik.test/app.js',
    'http://authentik.test/',
    'http://authentik.test//cdn//lib.js',
  ])('%s is left to onUnhandledFrame', async (url) => {
    await fetch(url)
    expect(urls).toEqual([url])
  })

  it.each(['http://authentik.test', 'https://sso.company.example:8443', 'http://localhost'])(
    'the paths of the mock are answered on any origin: %s',
    async (origin) => {
      const { status } = await clientOf(origin, { token: 'key' }).get('/oauth2/authorization_codes/1/')
      expect([status, urls]).toEqual([200, []])
    },
  )

  it('a redirect keeps its relative location, as authentik sends it', async () => {
    const response = await fetch('http://authentik.test/api/v3//oauth2/authorization_codes/1/', { redirect: 'manual' })
    expect(response.headers.get('location')).toBe('/api/v3/oauth2/authorization_codes/1/')
  })
})
