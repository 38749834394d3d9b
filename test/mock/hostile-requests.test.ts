/** Paths, queries and headers that nobody means well with are answered, below 500 and as soon as any other of their size. */
import { describe, expect, it } from 'vitest'
import type { Mock, Operation } from '../../src/entries/index.ts'
import { readyMock, replyTo, tokenOf } from '../support/client.ts'
import { cpuOf, leastOf } from '../support/cost.ts'
import { isWhole } from '../support/tier.ts'

const SIZE = (isWhole ? 512 : 32) * 1024
const LONG = { timeout: 180_000 }
const USERS = '/api/v3/core/users/'
const filled = (part: string) => part.repeat(SIZE / part.length)

interface HostileRequest {
  method?: string
  path?: string
  query?: string
  headers?: Record<string, string>
}

function answerTo(authentik: Mock, { method = 'GET', path = USERS, query = '', headers = {} }: HostileRequest) {
  const sent: Record<string, string> = {
    authorization: `Bearer ${tokenOf(authentik, 'authentik-bootstrap-token')}`,
    host: 'localhost',
    ...headers,
  }
  return replyTo(authentik, { method, path, query, header: (name) => sent[name] })
}

const PATHS = {
  'a percent sign that escapes nothing': `${USERS}${filled('a')}%`,
  'percent signs': USERS + filled('%'),
  'bytes that are no UTF-8': USERS + filled('%FF'),
  segments: filled('/a'),
  'empty segments': filled('//'),
  'steps back': filled('/..'),
  'signs that are escaped': `${USERS}${filled('!')}/../`,
  'halves of surrogate pairs': USERS + filled('\ud800'),
  'a number': `${USERS}${filled('1')}/`,
  'a number with underscores': `${USERS}${filled('1_')}x/`,
  'spaces before a number': `${USERS}${filled('%20')}x/`,
  'digits of another script': `${USERS}${filled('٣')}/`,
}

const VALUES = {
  'a long text': filled('a'),
  spaces: `${filled('+')}x+`,
  'spaces inside': `x${filled('+')}x`,
  braces: `x${filled('}')}x`,
  prefixes: filled('urn:uuid:'),
  digits: filled('1'),
  'digits with underscores': `${filled('1_')}x`,
  commas: filled(','),
  words: filled('a,b '),
  names: filled('name,'),
  hyphens: filled('-'),
  'lists in one another': `{"a":${'['.repeat(SIZE / 4)}${']'.repeat(SIZE / 4)}}`,
  'an instant': `2024-09-27T14:26:18.${filled('1')}`,
}

const HEADERS = {
  authorization: [filled(' '), `Bearer ${filled(' ')}`, filled('Bearer '), `Bearer ${filled('é')}`],
  cookie: [filled(';'), filled('='), `authentik_session="${filled('"')}x`, filled('authentik_session=a;')],
  accept: [filled(','), filled(';'), `application/json;${filled(' ')}x`, filled('*/*,'), filled('; indent=')],
  'accept-language': [filled(','), filled('-'), filled('de;q=0.5,'), filled(';q=')],
  host: [filled(':'), filled('['), filled(',')],
  'x-forwarded-host': [filled(','), filled(' ')],
  'content-type': [filled(';'), filled('/')],
}

const parametersOf = ({ view, filters = {}, query = {} }: Operation): [name: string, path: string][] =>
  [...Object.keys(filters), ...Object.keys(query)].map((name) => [name, `/api/v3${view.path}`])

describe.each(['2024.6.5', '2026.8.3'])('%s', (release) => {
  it('answers any path, query and header below 500, in little more than a plain one takes', LONG, async () => {
    const authentik = await readyMock({ release, token: 'key' })
    const lists = authentik.operations.filter(({ id }) => id.endsWith('_list') && !id.endsWith('used_by_list'))
    const requests: [kind: string, HostileRequest][] = [
      ...Object.entries(PATHS).map(([kind, path]): [string, HostileRequest] => [kind, { path }]),
      ...Object.entries(HEADERS).flatMap(([name, values]) =>
        values.map((value): [string, HostileRequest] => [
          `${name}: ${value.slice(0, 12)}`,
          { method: name === 'content-type' ? 'PATCH' : 'GET', headers: { [name]: value } },
        ]),
      ),
      // Parameters of a name are read by the same code on every list, or nearly.
      ...Array.from(new Map(lists.flatMap(parametersOf)), ([name, path]) =>
        Object.entries(VALUES).map(([kind, value]): [string, HostileRequest] => [
          `${path}?${name}=: ${kind}`,
          { path, query: `${name}=${value}` },
        ]),
      ).flat(),
      ...lists.map(({ id, view }): [string, HostileRequest] => [
        `${id}: parameters`,
        { path: `/api/v3${view.path}`, query: filled('a=1&') },
      ]),
    ]
    const wrong: string[] = []
    const costOf = (request: HostileRequest, kind: string) =>
      cpuOf(async () => {
        const { status } = await answerTo(authentik, request)
        if (status >= 500) wrong.push(`${kind}: ${status}`)
      })
    const plain = { query: `unknown=${filled('a&b=')}` }
    // A pattern that goes back over what it has read takes a second or more; a collection of garbage, a tenth of it.
    const limit = 300 + 20 * (await leastOf(0, () => costOf(plain, 'plain')))
    for (const [kind, request] of requests) {
      const cost = await leastOf(limit, () => costOf(request, kind))
      if (cost >= limit) wrong.push(`${kind}: ${cost} ms, where ${limit} are allowed`)
    }
    expect(wrong).toEqual([])
  })

  it.each(['toString', 'constructor', '__proto__', 'valueOf'])('does not know the method %s', async (method) => {
    const authentik = await readyMock({ release, token: 'key' })
    expect((await answerTo(authentik, { method })).status).toBe(405)
  })

  it.each(['toString', 'constructor', '__proto__'])('has nothing by the name %s', async (name) => {
    const authentik = await readyMock({ release, token: 'key' })
    for (const path of ['applications', 'users', 'groups'])
      expect((await answerTo(authentik, { path: `/api/v3/core/${path}/${name}/` })).status).toBe(404)
    const query = `ordering=${name}&${name}=1&attributes={"${name}":1}&format=json`
    expect((await answerTo(authentik, { query })).status).toBe(200)
  })
})
