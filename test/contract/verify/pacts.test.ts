/** Pacts as consumers write them, and servers that do not say their release. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { versions } from '../../../src/authentik/releases/index.ts'
import { createSend } from '../../../src/contract/verify/exchange.ts'
import type { MockOptions } from '../../../src/mock/options.ts'
import { isWhole } from '../../support/tier.ts'
import { playBriefly, playedCount } from './brief.ts'
import { waitPatiently } from './patience.ts'
import { CANARY, changed, report, verify, withMock, withServer, type Change } from './support.ts'

playBriefly()
waitPatiently()

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const CODES = '/api/v3/oauth2/authorization_codes/'
const AUTHORIZED = { Authorization: 'Bearer any' }

/** Writes a pact of these interactions, each completed. @returns the path of the file */
function writePact(interactions: readonly object[], version = '3.0.0'): string {
  const file = join(mkdtempSync(join(folder, 'pact-')), 'pact.json')
  const completed = interactions.map((interaction: any, index) => ({
    description: `own ${index}`,
    ...interaction,
    request: interaction.request && { method: 'GET', headers: AUTHORIZED, ...interaction.request },
    response: interaction.response === undefined ? { status: 200 } : interaction.response,
  }))
  writeFileSync(
    file,
    JSON.stringify({
      consumer: { name: 'own' },
      provider: { name: 'authentik' },
      interactions: completed,
      metadata: { pactSpecification: { version } },
    }),
  )
  return file
}

/** Verifies a mock with a pact of these interactions, beside the contract that is shipped. */
async function verifyPact(
  interactions: readonly object[],
  { change, version, ...options }: MockOptions & { change?: Change; version?: string } = {},
) {
  return withMock(
    options,
    async (url) => {
      const { code, err, report: verification } = await report(url, '--pact', writePact(interactions, version))
      const judged = verification.interactions.slice(playedCount())
      return {
        code,
        err,
        judged,
        verdicts: judged.map(({ verdict }) => verdict),
        texts: judged.flatMap(({ findings }) => findings.map(({ text }) => text)),
      }
    },
    change,
  )
}

const exists = (name: string, params?: object) => ({ name, ...(params && { params }) })
const live = (id = 9999) => exists('an authorization code exists', { id, expiry: 'live' })

describe.concurrent('a response', () => {
  const CONFIG = '/api/v3/root/config/'
  const withHeaders = (headers: object, more: object = {}) => ({
    request: { path: CONFIG, headers: { 'Accept-Encoding': 'gzip' } },
    response: { status: 200, headers, ...more },
  })

  it('has the headers of its connection that a pact asks for, as the server sent them', async () => {
    const { verdicts, texts } = await verifyPact([
      withHeaders({ 'Content-Encoding': 'gzip' }),
      withHeaders({ 'content-encoding': ['gzip'] }),
      withHeaders(
        { 'Content-Length': '1' },
        { matchingRules: { header: { 'Content-Length': { matchers: [{ match: 'regex', regex: '^\\d+$' }] } } } },
      ),
      withHeaders({ 'Content-Encoding': 'br' }),
      withHeaders({ Upgrade: 'h2c' }),
    ])
    expect([verdicts, texts]).toEqual([
      ['conforms', 'conforms', 'conforms', 'new drift', 'new drift'],
      [
        "Mismatch with header 'Content-Encoding': Expected 'gzip' to be as 'br'",
        "Expected a header 'Upgrade' but was missing",
      ],
    ])
  })

  it('is read when it is packed, though nobody asked for that', async () => {
    const body = gzipSync('{"error_reporting":{},"brand":{}}')
    await withServer(
      (_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(body),
      async (url) => expect((await createSend()({ url })).text).toBe('{"error_reporting":{},"brand":{}}'),
    )
  })
})

describe.concurrent('a pact that was not completed', () => {
  const rules = (combine: string) => ({
    body: { '$.expires': { combine, matchers: [{ match: 'null' }, { match: 'type' }] } },
  })
  const interaction = (combine: string) => ({
    providerStates: [live()],
    request: { path: `${CODES}9999/` },
    response: { status: 200, body: { expires: '2099-01-01T00:00:00Z' }, matchingRules: rules(combine) },
  })

  it('says so where it is broken, and nothing where it is complete', async () => {
    const { verdicts, texts } = await verifyPact([interaction('AND'), interaction('OR')])
    expect(verdicts).toEqual(['new drift', 'conforms'])
    expect(texts.filter((text) => text.includes('complete it with completePact'))).toHaveLength(1)
  })
})

describe.concurrent('a request', () => {
  it('is for a row that the server has, whatever its example, and with parameters in any order', async () => {
    const { verdicts, code } = await verifyPact([
      { providerStates: [live()], request: { path: `${CODES}9999/` } },
      {
        providerStates: [exists('an authorization code exists', { expiry: 'live', id: 9999 })],
        request: { path: `${CODES}9999/` },
      },
      { providerState: 'an authorization code exists', request: { path: `${CODES}9999/` } },
      { providerStates: [exists('a user exists', { id: 9999 })], request: { path: CODES, query: 'user=9999' } },
    ])
    expect([code, verdicts]).toEqual([0, ['conforms', 'conforms', 'conforms', 'conforms']])
  })

  it('is for the row that its state names, where the server has it so, and for another where it has not', async () => {
    const row = (id: number, expiry: string, body: object) => ({
      providerStates: [exists('an authorization code exists', { id, expiry })],
      request: { path: `${CODES}${id}/` },
      response: { status: 200, body },
    })
    const { verdicts, code } = await verifyPact([
      row(1, 'live', { pk: 1 }),
      row(2, 'expired', { pk: 2 }),
      // Code 2 has expired, and is none that is live.
      row(2, 'live', { is_expired: false }),
      {
        providerStates: [exists('no authorization code exists', { id: 4711 })],
        request: { path: `${CODES}4711/` },
        response: { status: 404 },
      },
      {
        providerStates: [exists('no authorization code exists', { id: 1 })],
        request: { path: `${CODES}1/` },
        response: { status: 404 },
      },
    ])
    expect([code, verdicts]).toEqual([0, ['conforms', 'conforms', 'conforms', 'conforms', 'conforms']])
  })

  it('is for the row of its own resource, where two have the same example', async () => {
    const states = [exists('an authorization code exists', { id: 7777 }), exists('a provider exists', { id: 7777 })]
    const { verdicts } = await verifyPact([
      { providerStates: states, request: { path: `${CODES}7777/` } },
      { providerStates: states, request: { path: '/api/v3/providers/oauth2/7777/' } },
      { providerStates: states.toReversed(), request: { path: `${CODES}7777/` } },
    ])
    expect(verdicts).toEqual(['conforms', 'conforms', 'conforms'])
  })

  it('is for a row in which everything that its state says is so, or is not tried', async () => {
    const body = { username: 'akadmin' }
    const { verdicts, texts } = await verifyPact([
      {
        providerStates: [exists('a user exists', { id: 9999, username: 'akadmin' })],
        request: { path: '/api/v3/core/users/9999/' },
        response: { status: 200, body },
      },
      {
        providerStates: [exists('a user exists', { id: 9999, username: 'nobody-at-all' })],
        request: { path: '/api/v3/core/users/9999/' },
      },
    ])
    expect([verdicts, texts]).toEqual([
      ['conforms', 'inconclusive'],
      ['the server has nothing for "a user exists" ({"id":9999,"username":"nobody-at-all"})'],
    ])
  })

  it('has the credentials of the pact where a refusal is expected, and where they are no bearer token', async () => {
    const refused = (Authorization: string, detail: string) => ({
      providerStates: [live(1)],
      request: { path: `${CODES}1/`, headers: { Authorization } },
      response: { status: 403, body: { detail } },
    })
    const { verdicts, texts, code } = await verifyPact([
      refused('Bearer nobody-has-this', 'Token invalid/expired'),
      refused('Basic bm9ib2R5Om5vdGhpbmc=', 'Unsupported authentication type'),
      // What the server says to a token of the pact's may be another refusal than the one that was meant.
      refused('Bearer a-token', 'You do not have permission to perform this action.'),
      {
        providerStates: [live(1)],
        request: { path: `${CODES}1/`, headers: { Cookie: 'authentik_session=that-of-a-browser' } },
        response: { status: 200 },
      },
    ])
    expect([code, verdicts, texts]).toEqual([
      0,
      ['conforms', 'conforms', 'inconclusive', 'inconclusive'],
      Array.from({ length: 2 }, () => 'it was asked with the credentials that the pact has, which this server refuses'),
    ])
  })

  it('that is answered to a token that nobody has is drift, though the token is the pact’s own', async () => {
    const { verdicts, code } = await verifyPact(
      [
        {
          providerStates: [live(1)],
          request: { path: `${CODES}1/`, headers: { Authorization: 'Bearer nobody-has-this' } },
          response: { status: 403 },
        },
      ],
      {
        change: (call, answer) =>
          call.header('authorization') === 'Bearer nobody-has-this'
            ? { status: 200, headers: [['Content-Type', 'application/json']], body: '{}' }
            : answer(),
      },
    )
    expect([code, verdicts]).toEqual([1, ['new drift']])
  })

  it('leaves to Pact what belongs to its connection, and is not tried where HTTP cannot carry it', async () => {
    const asking = (headers: object) => ({ request: { path: '/api/v3/root/config/', headers } })
    const { verdicts, texts, code } = await verifyPact([
      asking({ Host: 'evil.example', Connection: 'close' }),
      asking({ 'Content-Length': '99' }),
      asking({ 'X-Split': 'a\r\nB: c' }),
      asking({ 'X Space': 'a' }),
    ])
    expect([code, verdicts, texts]).toEqual([
      0,
      ['conforms', 'conforms', 'inconclusive', 'inconclusive'],
      ['HTTP cannot carry its header X-Split', 'HTTP cannot carry its header X Space'],
    ])
  })

  it('for the caller itself stays as it is', async () => {
    expect(
      (await verifyPact([{ providerState: 'a user exists', request: { path: '/api/v3/core/users/me/' } }])).verdicts,
    ).toEqual(['conforms'])
  })

  it('may be written with a method in lower case, without a status, with nulls, and in the fourth version of the format', async () => {
    const { verdicts } = await verifyPact([
      { providerStates: [live()], request: { method: 'get', path: `${CODES}9999/` }, response: { status: 418 } },
      {
        providerStates: [{ name: 'an authorization code exists', params: null }],
        request: { path: `${CODES}9999/`, query: null },
        response: {},
      },
      { providerStates: null, request: { path: '/api/v3/core/users/me/' } },
    ])
    expect(verdicts).toEqual(['new drift', 'conforms', 'conforms'])
    const mixed = await verifyPact(
      [
        { type: 'Asynchronous/Messages', contents: { content: {} }, request: undefined, response: null },
        { type: 'Synchronous/Messages', request: { contents: {} }, response: [{ contents: {} }] },
        {
          type: 'Synchronous/HTTP',
          providerStates: [live()],
          request: { path: `${CODES}9999/` },
          response: { status: 418 },
        },
      ],
      { version: '4.0' },
    )
    expect([mixed.code, mixed.verdicts, mixed.texts.at(-1)]).toEqual([
      1,
      ['new drift', 'inconclusive', 'inconclusive'],
      'it is no request',
    ])
  })

  it('is sent with its headers, and answered with those of the server', async () => {
    const { verdicts } = await verifyPact(
      [
        {
          request: { path: `${CODES}1/`, headers: { ...AUTHORIZED, 'Accept-Language': 'de' } },
          response: { status: 200, headers: { Allow: 'GET, DELETE, HEAD, OPTIONS' } },
        },
        {
          request: { path: '/api/v3//oauth2/authorization_codes/1/' },
          response: { status: 301, headers: { Location: `${CODES}1/` } },
        },
        {
          request: { path: `${CODES}999999/`, headers: { ...AUTHORIZED, 'Accept-Language': 'de' } },
          response: { status: 404, body: { detail: 'Nicht gefunden.' } },
        },
      ],
      { release: '2025.4.4' },
    )
    expect(verdicts.slice(1)).toEqual(['conforms', 'new drift'])
    expect(verdicts[0]).toBe('conforms')
  })

  it('without credentials that is answered with 404, where 403 is documented, is a known deviation', async () => {
    const anonymous = (status: number) => ({ request: { path: `${CODES}1/`, headers: {} }, response: { status } })
    const { judged } = await verifyPact([anonymous(403), anonymous(200)], { fidelity: 'observed' })
    expect(judged.map(({ verdict, findings }) => [verdict, findings.map(({ deviation }) => deviation)])).toEqual([
      ['known deviation', ['anonymous-detail-404']],
      ['new drift', [undefined]],
    ])
  })
})

describe.concurrent('an answer', () => {
  it('with another value than the pact expects is never excused as one that leaves a key out', async () => {
    const body = { provider: { assigned_backchannel_application_slug: 'foo' } }
    const { code, verdicts } = await verifyPact(
      [
        {
          providerStates: [exists('an authorization code exists', { id: 9999, expiry: 'live' })],
          request: { path: `${CODES}9999/` },
          response: { status: 200, body },
        },
      ],
      {
        change: async ({ path }, answer) => {
          const reply = await answer()
          return /codes\/\d+\/$/.test(path) && reply.status === 200
            ? changed(reply, (content) => void (content.provider.assigned_backchannel_application_slug = 'bar'))
            : reply
        },
      },
    )
    expect([code, verdicts]).toEqual([1, ['new drift']])
  })

  it('to a pact that Pact cannot read ends with exit 2', () =>
    withMock({}, async (url) => {
      const file = writePact([
        {
          request: { path: '/' },
          response: { status: 200, body: {}, matchingRules: { body: { '$[': { matchers: [{ match: 'type' }] } } } },
        },
      ])
      const { code, out, err } = await verify(['--provider-url', url, '--pact', file])
      expect([code, out, err.startsWith('authentik-mock: Pact cannot read a pact: ')]).toEqual([2, '', true])
    }))
})

describe.concurrent('a pact of many interactions', () => {
  const MANY = 60
  /** A few go to Pact in parts too, one in each lane, where the number is no matter. */
  const COUNT = isWhole ? MANY : 8
  const DRIFTING = [0, 24, 25, 59]
  const many = <T>(toInteraction: (index: number) => T, length = MANY): T[] =>
    Array.from({ length }, (_, index) => toInteraction(index))

  it('goes to Pact in parts: each interaction keeps its place and its verdict', async () => {
    const { code, judged } = await verifyPact(
      many((index) => ({
        providerStates: index === 30 ? [exists('the moon is full')] : [live()],
        request: { path: `${CODES}9999/` },
        response: { status: DRIFTING.includes(index) ? 418 : 200 },
      })),
    )
    expect([code, judged.map(({ name }) => name)]).toEqual([1, many((index) => `own ${index}`)])
    const indexesOf = (expected: string) =>
      judged.flatMap(({ verdict }, index) => (verdict === expected ? [index] : []))
    expect([indexesOf('new drift'), indexesOf('inconclusive')]).toEqual([DRIFTING, [30]])
    expect(indexesOf('conforms')).toHaveLength(MANY - DRIFTING.length - 1)
  })

  it('is tried in two lanes, and no lane sees the states of the other', async () => {
    let release = () => {}
    const bothAreAsked = new Promise<void>((resolve) => (release = resolve))
    const requests: string[] = []
    const change: Change = async (call, answer) => {
      if (call.header('x-own') === 'yes') {
        requests.push(`${call.path.includes('9999')} ${call.header('authorization') === `Bearer ${CANARY}`}`)
        // Whoever waits for an answer before it asks again never gets here twice.
        if (requests.length === 2) release()
        await bothAreAsked
      }
      return answer()
    }
    const request = { path: `${CODES}9999/`, headers: { ...AUTHORIZED, 'X-Own': 'yes' } }
    const { verdicts } = await verifyPact(
      [
        { providerStates: [exists('the token is refused')], request, response: { status: 403 } },
        { providerStates: [live()], request },
      ],
      { change },
    )
    // The path of the first stays as the pact has it, and so does the token of the second.
    expect([verdicts, requests.toSorted()]).toEqual([
      ['conforms', 'conforms'],
      ['false true', 'true false'],
    ])
  })

  it('is tried once more where a row goes in the middle of it', async () => {
    const paths: string[] = []
    const goneAfter = COUNT / 2
    const change: Change = async (call, answer) => {
      const isOfPact = call.path.startsWith(CODES) && call.header('x-own') === 'yes'
      if (isOfPact) paths.push(call.path)
      // The row is redeemed once half of the pact has asked for it.
      const isGone = paths.length > goneAfter
      const reply = await answer()
      if (!isGone || reply.status !== 200) return reply
      if (call.path === paths[0]) return { ...reply, status: 404, body: '{"detail":"Not found."}' }
      return call.path === CODES
        ? changed(
            reply,
            (body) => void (body.results = body.results.filter(({ pk }: any) => !paths[0]?.includes(`/${pk}/`))),
          )
        : reply
    }
    const headers = { ...AUTHORIZED, 'X-Own': 'yes' }
    const request = { path: `${CODES}9999/`, headers }
    const interactions = many(() => ({ providerStates: [live()], request }), COUNT)
    const { code, verdicts } = await verifyPact(interactions, { change })
    expect([code, verdicts]).toEqual([0, Array(COUNT).fill('conforms')])
    expect(paths).toHaveLength(COUNT + goneAfter)
  })

  it('ends with exit 2 when Pact cannot read what stands near its end', () =>
    withMock({}, async (url) => {
      const matchingRules = { body: { '$[': { matchers: [{ match: 'type' }] } } }
      const file = writePact(
        many(
          (index) => ({
            request: { path: '/api/v3/core/users/me/' },
            response: { status: 200, body: {}, ...(index === COUNT - 1 && { matchingRules }) },
          }),
          COUNT,
        ),
      )
      const { code, out } = await verify(['--provider-url', url, '--pact', file])
      expect([code, out]).toEqual([2, ''])
    }))
})

describe.concurrent('a server that does not say which release it is', () => {
  const silent: Change = async ({ path }, answer) =>
    path.endsWith('/admin/version/') ? { ...(await answer()), status: 403, body: '{}' } : answer()

  it('is asked for its own document', () =>
    withMock(
      { release: '2025.12.4' },
      async (url) => {
        const { code, report: verification } = await report(url)
        expect([code, verification.provider.release, verification.provider.certainty]).toEqual([
          0,
          '2025.12.4',
          'as the server says',
        ])
      },
      silent,
    ))

  it('not even in its own document, ends with exit 2: the user has to say it', () =>
    withMock(
      {},
      async (url) => {
        const { code, err } = await verify(['--provider-url', url])
        expect([code, err]).toEqual([
          2,
          `authentik-mock: ${url}: does not say which release it is. Give it: --release VERSION\n`,
        ])
      },
      async (call, answer) =>
        call.path.endsWith('/schema/') ? { ...(await answer()), status: 403, body: '{}' } : silent(call, answer),
    ))

  it.each([
    ['2023.10.7', '2024.2.0'],
    ['2024.9.1', '2024.8.6'],
    ['2026.5.0-rc1', '2026.5.0'],
    ['2027.1.0', versions.at(-1)],
  ])('that is known here, but %s, is taken for %s', (version, nearest) =>
    withMock(
      {},
      async (url) => {
        const { report: verification } = await report(url)
        expect([verification.provider.release, verification.provider.certainty]).toEqual([
          nearest,
          `the nearest to ${version}${version === '2027.1.0' ? ', which is newer than all that are known here' : ''}`,
        ])
      },
      async ({ path }, answer) =>
        path.endsWith('/admin/version/')
          ? changed(await answer(), (body) => void (body.version_current = version))
          : answer(),
    ),
  )

  it.each([
    [429, 'asks for patience. Try again later.'],
    [503, 'fails with 503. Is it still starting? Look at its log.'],
  ])('because it answers %i, is not reachable', (status, message) =>
    withMock(
      {},
      async (url) => {
        const { code, err } = await verify(['--provider-url', url])
        expect([code, err]).toEqual([3, `authentik-mock: ${url}: ${message}\n`])
      },
      async ({ path }, answer) =>
        path.endsWith('/admin/version/') ? { ...(await answer()), status, body: '{}' } : answer(),
    ),
  )
})
