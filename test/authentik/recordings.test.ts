/** The mock answers as running authentik servers were recorded to, or as documented where it is to do so. */
import { describe, expect, it } from 'vitest'
import type { Reply } from '../../src/entries/index.ts'
import { EXCUSED } from '../../src/authentik/deviation-sentences.ts'
import type { Row } from '../support/client.ts'
import { readLines } from '../support/files.ts'
import {
  documented,
  observed,
  recordedWorldOf,
  recordingsOf,
  recordedHeaders,
  replay,
  sentHeaders,
  unordered,
  type Recording,
} from '../support/recordings.ts'

const RELEASES = ['2024.8.4', '2026.2.2']

const recordings = recordingsOf('2024.8.4')
const authentik = documented()

/**
 * Recordings that contradict the documentation, by their names, with what the mock answers with the fidelity
 * `documented`.
 */
const DOCUMENTED: { names: RegExp; because: string; status: number; detail?: string }[] = [
  {
    names:
      /^code\.(as|id)\..*anon$|^code\.auth\.(bearer|bearer-space|tab|empty|query)$|^code\.method\.HEAD\.anon$|^code\.delete\.anon$/,
    because: '403 is documented for a caller without credentials (recorded: 404)',
    status: 403,
    detail: 'Authentication credentials were not provided.',
  },
  {
    names: /^code\.auth\.latin1$/,
    because: 'a malformed credential is refused, it does not break the server (recorded: 500)',
    status: 403,
    detail: 'Token invalid/expired',
  },
]

/** Recordings of requests that the front answers, which did not stand before the server at the time. */
const FRONT = /^code\.path\.double|^code\.id\.slash$/

/** A body whose provider has the documented empty names, where a server leaves them out or gives null. */
function toDocumented(body: Row): Row {
  if (!body?.provider) return body
  const {
    pk,
    name,
    authentication_flow,
    authorization_flow,
    property_mappings,
    component,
    assigned_application_slug,
    assigned_application_name,
    ...rest
  } = body.provider
  const assigned = {
    assigned_application_slug: assigned_application_slug ?? '',
    assigned_application_name: assigned_application_name ?? '',
    assigned_backchannel_application_slug: '',
    assigned_backchannel_application_name: '',
  }
  return {
    ...body,
    provider: { pk, name, authentication_flow, authorization_flow, property_mappings, component, ...assigned, ...rest },
  }
}

const SECURITY = ['x-frame-options', 'x-content-type-options', 'referrer-policy']
const headersOf = ({ headers }: Reply) =>
  ['allow', 'content-type', ...SECURITY].map((name) => headers.find(([key]) => key.toLowerCase() === name)?.[1])
const parse = (body: string) => (body === '' ? '' : JSON.parse(body))
const differenceOf = ({ name, response }: Recording) =>
  DOCUMENTED.find(({ names, status }) => names.test(name) && status !== response.status)

/** The fields that order a list. Rows that tie come in any order, so that only these are compared in sequence. */
const orderOf = ({ results = [] }: Row) => results.map((row: Row) => [row.provider?.pk, row.expires, row.name])
const byPk = (body: Row) =>
  body.results ? { ...body, results: body.results.toSorted((first: Row, second: Row) => first.pk - second.pk) } : body

describe.each(RELEASES)('a running authentik %s, as recorded, and the mock as observed', (release) => {
  const server = observed({ world: recordedWorldOf(release), release })
  const released = recordingsOf(release)
  const compared = released.filter(({ name }) => !EXCUSED.some(({ names }) => names.test(name)))

  it('differ in fewer than ten answers, each of which is excused with a reason', () => {
    expect(released.filter(({ name }) => EXCUSED.some(({ names }) => names.test(name))).length).toBeLessThan(10)
  })

  it.each(compared.map((recording) => [recording.name, recording] as const))(
    'give the same answer to %s',
    async (_, { request, response }) => {
      const reply = await replay(server, request)
      expect([reply.status, sentHeaders(reply)]).toEqual([response.status, recordedHeaders(response)])
      const isText = response.body?.html === undefined && request.method !== 'HEAD'
      const [body, recordedBody] = isText ? [parse(reply.body), response.body] : ['', '']
      expect(JSON.stringify(byPk(body), unordered)).toBe(JSON.stringify(byPk(recordedBody), unordered))
      expect(orderOf(body)).toEqual(orderOf(recordedBody))
    },
  )
})

describe('a running authentik 2024.8.4, as recorded, and the mock as documented', () => {
  // Only retrieval is compared here, because deletion and lists do not depend on the fidelity.
  const rows = recordings.filter(({ name }) => /^code\.(?!usedby|last|delete)/.test(name))
  const compared = rows.filter(({ name }) => !FRONT.test(name))

  it('have enough in common to be compared', () => {
    expect(compared.length).toBeGreaterThan(70)
  })

  const alike = compared.filter((recording) => differenceOf(recording) === undefined)
  const different = compared.flatMap((recording) => {
    const difference = differenceOf(recording)
    return difference ? [{ ...difference, name: recording.name, request: recording.request }] : []
  })

  it.each(alike.map((recording) => [recording.name, recording] as const))(
    'give the same answer to %s',
    async (_, { request, response }) => {
      const reply = await replay(authentik, request)
      const isHtml = response.body?.html !== undefined
      expect([reply.status, headersOf(reply)]).toEqual([
        response.status,
        ['allow', 'content-type', ...SECURITY].map((name) => response.headers[name]),
      ])
      expect(isHtml || request.method === 'HEAD' ? 'not compared' : parse(reply.body)).toEqual(
        isHtml || request.method === 'HEAD' ? 'not compared' : toDocumented(response.body),
      )
    },
  )

  it.each(different)('differ, as documented, in $name: $because', async ({ status, detail, request }) => {
    const reply = await replay(authentik, request)
    expect([reply.status, parse(reply.body)]).toEqual([status, { detail }])
  })
})

describe('the front of a running authentik 2024.8.4, as recorded, and the mock', () => {
  const frontRecordings = readLines('fixtures/recordings/front-2024.8.4.jsonl').filter(
    ({ request }) =>
      request.path.includes('authorization_codes') && request.path !== '/api/v3/oauth2/authorization_codes/',
  )

  it.each(frontRecordings.map((row) => [row.name, row]))(
    'send the same status and headers to %s',
    async (_, { request, response }) => {
      const { method, path, headers: requestHeaders = {} } = request
      const reply = await replay(authentik, {
        method,
        path,
        headers: { ...requestHeaders, Authorization: 'Bearer seed-token-akadmin' },
      })
      const headers: Record<string, string | string[]> = {}
      for (const [name, value] of reply.headers) {
        const key = name.toLowerCase()
        headers[key] = key in headers ? [headers[key] ?? [], value].flat() : value
      }
      const { 'content-length': ___, 'content-encoding': ____, ...responseHeaders } = response.headers
      const { date: _date, 'x-authentik-mock': _mock, ...rest } = headers
      expect({
        status: reply.status,
        headers: { ...rest, ...('x-authentik-id' in rest ? { 'x-authentik-id': '{{request-id}}' } : {}) },
      }).toEqual({
        status: response.status,
        headers: responseHeaders,
      })
    },
  )
})
