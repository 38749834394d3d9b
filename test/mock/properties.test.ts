/** These properties hold for any request and any seed. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from 'node:http'
import { serve, type Server } from '../../src/http/node/server.ts'
import { mock } from '../../src/entries/index.ts'
import { clientOf, replyTo } from '../support/client.ts'
import { authorizationCodes } from '../../src/authentik/resources/authorization-codes.ts'
import { anyText } from '../support/texts.ts'
import { runsOf } from '../support/tier.ts'

const authentik = mock({ token: 'key', now: '2024-09-27T14:26:18.306Z' })
const STATUSES = [200, 204, 301, 302, 400, 403, 404, 405, 406]

const segment = fc.oneof(
  fc.constantFrom('1', '00002', '+3', 'abc', '..', '.', '', '%2F', '%00', '%FF', '%', '١', '9'.repeat(40)),
  anyText({ maxLength: 12 }),
)
const path = fc
  .tuple(
    fc.constantFrom('/api/v3/oauth2/authorization_codes/', '/api/v3//oauth2/authorization_codes/', '/api/v3/', '/'),
    segment,
    fc.constantFrom('/', '', '//'),
  )
  .map((parts) => parts.join(''))
const query = fc.oneof(
  fc.constant(''),
  fc
    .tuple(fc.constantFrom('user', 'provider', 'format', 'include_groups', 'page'), anyText({ maxLength: 8 }))
    .map(([name, value]) => `${name}=${value}`),
)
const authorization = fc.oneof(
  fc.constantFrom('Bearer key', 'bearer key', 'Bearer', 'Basic x', ''),
  anyText({ maxLength: 20 }),
)
const accept = fc.oneof(fc.constantFrom('*/*', 'application/json'), anyText({ maxLength: 20 }))
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'TRACE')

describe('in process', () => {
  it('any request has an answer that authentik could give', async () => {
    await authentik.ready
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        query,
        authorization,
        accept,
        async (...[verb, target, parameters, credentials, types]) => {
          const headers: Record<string, string> = { authorization: credentials, accept: types }
          const reply = await replyTo(authentik, {
            method: verb,
            path: target,
            query: parameters,
            header: (name) => headers[name],
          })
          expect(STATUSES).toContain(reply.status)
          const type = reply.headers.find(([name]) => name === 'Content-Type')?.[1]
          expect(reply.body === '' || type !== 'application/json' || typeof JSON.parse(reply.body) === 'object').toBe(
            true,
          )
        },
      ),
      { numRuns: runsOf(3000) },
    )
  })

  it('every code of any seed is answered as documented, at any time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        async (seed, now) => {
          const client = clientOf(mock({ seed, now, codes: 8, token: 'key' }), { token: 'key' })
          for (const pk of [1, 2, 3, 4, 5, 6, 7, 8]) {
            const { json } = await client.get(`/oauth2/authorization_codes/${pk}/`)
            expect(authorizationCodes.component.parse(json)).toEqual(json)
            expect(json.is_expired).toBe(json.expires !== null && Date.parse(json.expires) < now.getTime())
          }
        },
      ),
      { numRuns: runsOf(150) },
    )
  })
})

describe('on a socket', () => {
  let server: Server
  beforeAll(async () => {
    server = await serve(authentik, { port: 0 })
  })
  afterAll(() => server.close())

  it('any request that can be sent is answered, and not with a 5xx', async () => {
    const latin = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        query,
        authorization,
        accept,
        async (...[verb, target, parameters, credentials, types]) => {
          const url = encodeURI(`${target}?${parameters}`.toWellFormed()).replaceAll('%25', '%')
          const status = await new Promise<number | undefined>((resolve, reject) => {
            request(
              {
                host: '127.0.0.1',
                port: server.port,
                method: verb,
                path: url,
                headers: { Authorization: latin(credentials), Accept: latin(types) },
              },
              (response) => {
                response.resume().on('end', () => resolve(response.statusCode))
              },
            )
              .on('error', reject)
              .end()
          })
          expect(STATUSES).toContain(status)
        },
      ),
      { numRuns: runsOf(500) },
    )
  })
})
