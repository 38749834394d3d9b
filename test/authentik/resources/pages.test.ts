/** What a server answers outside its API. */
import { describe, expect, it } from 'vitest'
import { clientOf } from '../../support/client.ts'
import { documented, observed } from '../../support/recordings.ts'

describe('outside the API', () => {
  const clients = [observed(), documented()].map((authentik) => clientOf(authentik, { prefix: '' }))

  it.each([
    ['/-/health/live/', 'GET'],
    ['/-/health/ready/', 'GET'],
    ['/-/health/live/', 'HEAD'],
    ['/-/health/ready/', 'HEAD'],
  ])('%s answers %s with 200, as documented and as observed', async (path, method) => {
    for (const client of clients) expect(await client.send(method, path)).toMatchObject({ status: 200, text: '' })
  })

  it('/ redirects to the login flow, as documented and as observed', async () => {
    for (const client of clients) {
      const { status, headers, text } = await client.get('/')
      expect([status, headers.get('Location'), text]).toEqual([302, '/flows/-/default/authentication/?next=/', ''])
    }
  })
})
