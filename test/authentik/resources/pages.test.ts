/** What a server answers outside its API. */
import { describe, expect, it } from 'vitest'
import { clientOf } from '../../support/client.ts'
import { documented, observed, recordedWorld } from '../../support/recordings.ts'

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

  it('/-/metrics/ asks for the secret key, as a server of 2024.8.4 was seen to', async () => {
    const path = '/-/metrics/'
    const basic = (credentials: string) => ({ headers: { Authorization: `Basic ${btoa(credentials)}` } })
    for (const client of clients) {
      for (const options of [{}, basic('monitor:nope'), basic(`admin:${recordedWorld.secret_key}`)]) {
        const { status, headers, text } = await client.get(path, options)
        const challenge = 'Basic realm="authentik-monitoring"'
        expect([status, headers.get('WWW-Authenticate'), text]).toEqual([401, challenge, ''])
      }
      const { status, headers } = await client.get(path, basic(`monitor:${recordedWorld.secret_key}`))
      expect([status, headers.get('Content-Type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    }
  })

  it('/ redirects to the login flow, as documented and as observed', async () => {
    for (const client of clients) {
      const { status, headers, text } = await client.get('/')
      expect([status, headers.get('Location'), text]).toEqual([302, '/flows/-/default/authentication/?next=/', ''])
    }
  })
})
