/** What the documented endpoint answers: one suite, run over every transport. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mock, type Mock } from '../../../src/entries/index.ts'
import { authorizationCodes } from '../../../src/authentik/resources/authorization-codes.ts'
import { UserGroup } from '../../../src/authentik/resources/groups.ts'
import { oauth2Providers } from '../../../src/authentik/resources/oauth2-providers.ts'
import { users } from '../../../src/authentik/resources/users.ts'
import { componentOf, type Schema } from '../../../src/schema/words.ts'
import { bearer, clientOf, rowsOf, tokenOf, type Fetch } from '../../support/client.ts'

/** A way for requests to get to a mock. */
export interface Transport {
  open(authentik: Mock): Promise<OpenTransport>
  /** A browser hides redirects, and loses a header that is not ASCII on its way to the worker. */
  inBrowser: boolean
}

/** A transport that takes requests until it is closed. */
export interface OpenTransport {
  fetch: Fetch
  close(): Promise<void>
}

const NOW = '2024-09-27T14:26:18.306Z'
const CODES = '/oauth2/authorization_codes'

const keysOf = (schema: Schema) => Object.keys(componentOf(schema).shape ?? {})

/**
 * Describes what the documented endpoint answers through a transport.
 * @example
 * describeTransport('in process', {
 *   inBrowser: false,
 *   open: async (authentik) => ({
 *     fetch: (path, init) => authentik.fetch(new Request(`http://localhost${path}`, init)),
 *     close: async () => {},
 *   }),
 * })
 */
export function describeTransport(title: string, { open, inBrowser }: Transport): void {
  describe(`the documented endpoint, ${title}`, () => {
    const authentik = mock({ now: NOW })
    const twin = mock({ now: NOW })
    let transport: OpenTransport

    beforeAll(async () => {
      await Promise.all([authentik.ready, twin.ready])
      transport = await open(authentik)
    })
    beforeEach(() => Promise.all([authentik.reset(), twin.reset()]))
    afterAll(() => transport.close())

    /** Sends a request through the transport, and compares the answer with that of the twin in process. */
    async function fetchAlike(path: string, init: RequestInit): Promise<Response> {
      const response = await transport.fetch(path, init)
      const expected = await twin.fetch(new Request(`http://localhost${path}`, init))
      expect([response.status, headersOf(response), await response.clone().text()]).toEqual([
        expected.status,
        headersOf(expected),
        await expected.text(),
      ])
      return response
    }
    const client = clientOf(fetchAlike, {
      as: 'authentik-bootstrap-token',
      headers: { Accept: 'application/json' },
      tokensOf: twin,
    })

    describe('answers 200', () => {
      it('with every documented key, in the documented order', async () => {
        const { status, json } = await client.get(`${CODES}/1/`)
        expect(status).toBe(200)
        expect(Object.keys(json)).toEqual(keysOf(authorizationCodes.component))
        expect(Object.keys(json.provider)).toEqual(keysOf(oauth2Providers.component))
        expect(Object.keys(json.user)).toEqual(keysOf(users.component))
        expect(Object.keys(json.user.groups_obj[0])).toEqual(keysOf(UserGroup))
        expect(authorizationCodes.component.parse(json)).toEqual(json)
        expect(json.pk).toBe(1)
      })

      it('to a superuser for every code, to an ordinary user for their own', async () => {
        expect(rowsOf(twin, 'authorization_codes').get(1).user).toBe(2)
        expect((await client.get(`${CODES}/1/`, { as: 'user-api' })).status).toBe(200)
        expect((await client.get(`${CODES}/1/`, { as: 'authentik-bootstrap-token' })).status).toBe(200)
        expect((await client.get(`${CODES}/1/`, { as: 'stranger-api' })).status).toBe(404)
      })

      it('with the headers of a running authentik', async () => {
        const { headers } = await client.get(`${CODES}/1/`)
        expect(Object.fromEntries(headers)).toMatchObject({
          'content-type': 'application/json',
          allow: 'GET, DELETE, HEAD, OPTIONS',
          vary: 'Accept-Encoding, Cookie',
          'x-authentik-id': expect.stringMatching(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/),
          'x-powered-by': 'authentik',
          'x-frame-options': 'DENY',
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'same-origin',
          date: 'Fri, 27 Sep 2024 14:26:18 GMT',
        })
      })

      it('without groups when include_groups is not true', async () => {
        for (const value of ['false', 'False', '0', ''])
          expect((await client.get(`${CODES}/1/?include_groups=${value}`)).json.user.groups_obj).toBeNull()
        for (const value of ['true', 'TRUE'])
          expect((await client.get(`${CODES}/1/?include_groups=${value}`)).json.user.groups_obj).toHaveLength(1)
      })

      it.each(['00001', '+1', '%201%20', '1%0A', '%D9%A1', '%EF%BC%91'])(
        'for the id %s, which Python reads as 1',
        async (id) => {
          expect((await client.get(`${CODES}/${id}/`)).json.pk).toBe(1)
        },
      )

      it('for the id 1_0, which Python reads as 10', async () => {
        expect((await client.get(`${CODES}/1_0/`)).json.pk).toBe(10)
      })

      it.each(['bearer', 'BEARER'])('whatever the case of the scheme: %s', async (scheme) => {
        expect(
          (await client.get(`${CODES}/1/`, { headers: { Authorization: `${scheme} ${tokenOf(twin, 'user-api')}` } }))
            .status,
        ).toBe(200)
      })

      it.each(['*/*', 'application/*', 'application/json;q=0', 'image/png, */*;q=0.1', 'application/json; indent=4'])(
        'when %s is accepted',
        async (Accept) => {
          expect((await client.get(`${CODES}/1/`, { as: 'user-api', headers: { Accept } })).status).toBe(200)
        },
      )

      it.each(['?format=json', '?format=', '?user=2&provider=1', '?user=', '?unknown=1'])(
        'to the query %s',
        async (query) => {
          expect((await client.get(`${CODES}/1/${query}`)).status).toBe(200)
        },
      )
    })

    describe('answers 403', () => {
      const refused = async (headers: Record<string, string>, detail: string) => {
        const { status, json } = await client.get(`${CODES}/1/`, { headers })
        expect([status, json]).toEqual([403, { detail }])
      }

      it.each(['', 'Bearer', 'Bearer ', 'word'])('to no credentials: "%s"', (value) =>
        refused({ Authorization: value }, 'Authentication credentials were not provided.'),
      )

      it.each(['user-api-expired', 'user-app-password', 'user-recovery', 'inactive-api'])(
        'to the token %s',
        (identifier) => refused(bearer(tokenOf(twin, identifier)), 'Token invalid/expired'),
      )

      it.each(['Bearer nope', 'Bearer a b', ...(inBrowser ? [] : ['Bearer n\u00f6'])])(
        'to credentials that no token has: %s',
        (value) => refused({ Authorization: value }, 'Token invalid/expired'),
      )

      it.each(['Basic dTpw', 'Token abc'])('to another scheme: %s', (value) =>
        refused({ Authorization: value }, 'Unsupported authentication type'),
      )
    })

    describe('answers 404', () => {
      it.each(['999999', '0', '-1', '2147483648', '9223372036854775808', '9'.repeat(30), '9'.repeat(5000)])(
        'in JSON for an id that no code has: %.20s',
        async (id) => {
          const { status, json } = await client.get(`${CODES}/${id}/`)
          expect([status, json]).toEqual([404, { detail: 'Not found.' }])
        },
      )

      it.each([
        'abc',
        '1e3',
        '0x1',
        'true',
        'null',
        '1%00',
        '%00',
        '%E2%9C%93',
        '%FF',
        '1__0',
        '_1',
        '1_',
        '--1',
        '%EF%BB%BF1',
      ])('in JSON for an id that is no number: %s', async (id) => {
        const { status, json } = await client.get(`${CODES}/${id}/`)
        expect([status, json]).toEqual([404, { detail: 'Not found.' }])
      })

      it.each(['user=1', 'provider=2', 'user=2&provider=2', 'user=2&user=1'])(
        'when the code is not of %s',
        async (query) => {
          expect((await client.get(`${CODES}/1/?${query}`)).status).toBe(404)
        },
      )

      it.each(['xml', 'api'])('to ?format=%s, before it looks at the credentials', async (format) => {
        const { status, json } = await client.get(`${CODES}/1/?format=${format}`, { as: null })
        expect([status, json]).toEqual([404, { detail: 'Not found.' }])
      })
    })

    describe('answers 400', () => {
      const CHOICE = 'Select a valid choice. That choice is not one of the available choices.'

      it.each([
        ['user=abc', { user: [CHOICE] }],
        ['user=999', { user: [CHOICE] }],
        ['provider=%00', { provider: [CHOICE] }],
        ['provider=999&user=1.0', { user: [CHOICE], provider: [CHOICE] }],
      ])('to %s, even for a code that is not there', async (query, body) => {
        const { status, json } = await client.get(`${CODES}/999999/?${query}`)
        expect([status, json]).toEqual([400, body])
      })
    })

    describe('answers other methods', () => {
      it.each(['POST', 'PUT', 'PATCH', 'PROPFIND'])('%s with 405, to anybody', async (method) => {
        const { status, json } = await client.send(method, `${CODES}/1/`, undefined, { as: null })
        expect([status, json]).toEqual([405, { detail: `Method "${method}" not allowed.` }])
      })

      it('HEAD as GET, without the body', async () => {
        const reply = await client.get(`${CODES}/1/`)
        const head = await client.head(`${CODES}/1/`)
        expect([head.status, head.text, head.headers.get('content-length')]).toEqual([
          200,
          '',
          reply.headers.get('content-length'),
        ])
      })

      it('OPTIONS with a description of the endpoint, to anybody', async () => {
        const { status, json } = await client.options(`${CODES}/999999/`, { as: null })
        expect([status, json]).toEqual([
          200,
          {
            name: 'Authorization Code Instance',
            description: 'AuthorizationCode Viewset',
            renders: ['application/json'],
            parses: ['application/json'],
          },
        ])
      })

      it("DELETE with 204 to a superuser, and forgets the code; with 403 to its owner, 404 to anybody else's", async () => {
        expect((await client.delete(`${CODES}/1/`, { as: 'stranger-api' })).status).toBe(404)
        expect((await client.delete(`${CODES}/1/`, { as: 'user-api' })).json).toEqual({
          detail: 'You do not have permission to perform this action.',
        })
        const gone = await client.delete(`${CODES}/1/`)
        expect([gone.status, gone.text, gone.headers.get('content-type')]).toEqual([204, '', null])
        expect((await client.get(`${CODES}/1/`)).status).toBe(404)
      })
    })

    describe('answers 406', () => {
      it.each(['text/html', 'application/xml', 'text/*', 'garbage'])(
        'when only %s is accepted, before it looks at the credentials',
        async (Accept) => {
          const { status, json } = await client.get(`${CODES}/1/`, {
            headers: { Accept, Authorization: 'Bearer nope' },
          })
          expect([status, json]).toEqual([406, { detail: 'Could not satisfy the request Accept header.' }])
        },
      )
    })

    describe('answers 501', () => {
      it.each([
        ['GET', '/managed/blueprints/'],
        ['POST', '/crypto/certificatekeypairs/generate/'],
        ['DELETE', '/stages/password/1/'],
      ])('to %s %s, which authentik has and the mock has not', async (method, path) => {
        const { status, headers, json } = await client.send(method, path)
        expect([status, headers.get('X-Authentik-Mock')]).toEqual([501, 'not-emulated'])
        expect(json.detail).toContain(`${method} /api/v3${path} is not emulated. Nearest: `)
      })
    })

    it('follows the double slash that the documentation writes', async () => {
      const response = await transport.fetch('/api/v3//oauth2/authorization_codes/1/?x=1', {
        headers: bearer(tokenOf(twin, 'user-api')),
      })
      expect([response.status, (await response.json()).pk]).toEqual([200, 1])
    })

    const redirects = [
      ['/api/v3//oauth2/authorization_codes/1/?a=1&b=%2F%2F', '/api/v3/oauth2/authorization_codes/1/?a=1&b=%2F%2F'],
      ['//api/v3/oauth2/authorization_codes/1/', '/api/v3/oauth2/authorization_codes/1/'],
      ['/api/v3/oauth2/authorization_codes/1//', '/api/v3/oauth2/authorization_codes/1/'],
      ['/api/v3/oauth2/authorization_codes/%2F1/', '/api/v3/oauth2/authorization_codes/1/'],
    ] as const
    for (const [path, location] of inBrowser ? [] : redirects)
      it(`redirects ${path} before anything else`, async () => {
        const response = await transport.fetch(path, { method: 'DELETE', redirect: 'manual' })
        const { pathname, search } = new URL(response.headers.get('location') ?? '', 'http://localhost')
        expect([response.status, pathname + search]).toEqual([301, location])
        expect([...response.headers.keys()].filter((name) => !TRANSPORT_HEADERS.has(name))).toEqual([
          'content-length',
          'date',
          'location',
        ])
      })
  })
}

/** The headers that do not belong to the transport. */
function headersOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !TRANSPORT_HEADERS.has(name)).sort())
}

const TRANSPORT_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding'])
