/** Bodies that nobody means well with are answered, below 500 and as soon as any other of their size. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mock, Operation } from '../../src/entries/index.ts'
import { componentOf, type Component, type Fragment, type Schema } from '../../src/schema/words.ts'
import { clientOf, readyMock } from '../support/client.ts'
import { cpuOf, leastOf } from '../support/cost.ts'
import { bodyFor, createRows } from '../support/management.ts'
import { anyText } from '../support/texts.ts'
import { isWhole, runsOf, SPREAD } from '../support/tier.ts'

const FLOW = '1f7bb6a1-93f0-4c51-9b3e-d0a6e6cf6f3e'
const NO_OBJECT = { non_field_errors: ['Invalid data. Expected a dictionary, but got int.'] }
/** As much as is read, or a part of it: what takes too long for one takes too long for the other. */
const SIZE = (isWhole ? 1 : 0.05) * 1024 * 1024 - 1024

/** An operation that reads a body, on a path that is there. */
interface Write {
  id: string
  method: string
  path: string
  body: Schema
  operation: Operation
}

async function writesOf(authentik: Mock): Promise<Write[]> {
  const [provider] = authentik.world.providers.values()
  const rows = Object.entries({
    ...(await createRows(authentik)),
    '/providers/oauth2/{id}/': String(provider?.pk),
  })
  return authentik.operations.flatMap((operation) => {
    const { id, method, view, body } = operation
    const [prefix = '', key = ''] = rows.find(([row]) => view.path.startsWith(row)) ?? []
    const path = view.path.replace(prefix, prefix.replace(/\{\w+\}/, key))
    return body ? [{ id, method, path, body, operation }] : []
  })
}

const fieldsOf = (body: Schema) => Object.keys(componentOf(body).definition.properties ?? {})

/** Names that every object has a value for in JavaScript, and none in JSON. */
const INHERITED = ['toString', '__proto__', 'constructor', 'valueOf', 'toJSON', 'hasOwnProperty', 'length', 'then']
const text = fc.oneof(
  fc.constantFrom(...INHERITED, '', '\0', '{}', '{{{', 'urn:uuid:', 'http://a b', 'hours=1_', '%(toString)s', '\u0663'),
  anyText({ maxLength: 12 }),
)
const hostile = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e21, 1e300, Number.MAX_SAFE_INTEGER + 1),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.record({ matching_mode: tie('value'), url: tie('value') }).map((uri) => [uri]),
    fc.array(fc.tuple(fc.oneof(fc.constantFrom(...INHERITED), text), tie('value')), { maxLength: 3 }).map(
      // A literal with the key __proto__ would set the prototype.
      (entries) => Object.fromEntries(entries),
    ),
  ),
}))
/** What JSON can say, and JavaScript's own writer does not. */
const raw = fc.constantFrom(
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '1e400',
  '[[[[',
  '{"a":',
  '"\\x"',
  'NaN',
  '['.repeat(200),
  '"',
)

describe.each(SPREAD)('%s', (release) => {
  it('answers a body, whatever stands in its fields, and what it keeps can be saved and loaded', async () => {
    const authentik = await readyMock({ release, token: 'key' })
    const client = clientOf(authentik, { token: 'key' })
    const writes = await writesOf(authentik)
    const start = authentik.snapshot()
    const field = fc.constantFrom(...writes).chain(({ id, method, path, body }) =>
      fc.record({
        id: fc.constant(id),
        method: fc.constant(method),
        path: fc.constant(path),
        entries: fc.array(
          fc.tuple(
            fc.constantFrom(...fieldsOf(body)),
            fc.oneof(
              { weight: 4, arbitrary: hostile.value.map((value) => JSON.stringify(value)) },
              { weight: 1, arbitrary: raw },
            ),
          ),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    )
    await fc.assert(
      fc.asyncProperty(field, async ({ id, method, path, entries }) => {
        await authentik.restore(start)
        const body = `{${entries.map(([name, json]) => `"${name}":${json}`).join(',')}}`
        const { status, json } = await client.send(method, path, body)
        // PostgreSQL keeps no such text, and Django's page of a fault answers what only reads.
        const isUnkept = /\\u(?:0000|d[89a-f])/.test(body)
        expect([200, 201, 204, 400, 401, 404, ...(isUnkept ? [405] : [])]).toContain(status)
        const isBare = [204, 401, 405].includes(status) || /_set_(icon_url|key)_create$/.test(id)
        expect(isBare || typeof json).toBe(isBare || 'object')
        // What is refused is written nowhere.
        if (status >= 300) return
        const saved = JSON.stringify(authentik.save())
        await authentik.load(JSON.parse(saved))
        expect(JSON.stringify(authentik.save())).toBe(saved)
      }),
      { numRuns: runsOf(2000) },
    )
  })
})

/** A value of each kind that JSON has, and what Python takes for none or for another. */
const KINDS = [
  'null',
  'true',
  '-1',
  '1e400',
  '""',
  '"a text"',
  '"{}"',
  '[]',
  '[1]',
  '[{"a":1}]',
  '{}',
  '{"toString":1}',
]

it.each(isWhole ? SPREAD : ['2024.8.3'])(
  '%s takes or refuses a value of each kind in each field of a body that is right otherwise',
  async (release) => {
    const authentik = await readyMock({ release, token: 'key' })
    const client = clientOf(authentik, { token: 'key' })
    const writes = await writesOf(authentik)
    const start = authentik.snapshot()
    const faults: string[] = []
    for (const { id, method, path, body, operation } of writes) {
      // Who is no user is not there, and who gives no reason acts as nobody, in those releases' own words.
      const isAnswer = (status: number) =>
        [200, 201, 204, 400].includes(status) ||
        (status === 404 && id.endsWith('_user_create')) ||
        (status === 401 && id === 'core_users_impersonate_create')
      for (const field of fieldsOf(body)) {
        const remaining = JSON.stringify({ ...bodyFor(operation, authentik), [field]: undefined }).slice(1, -1)
        for (const value of KINDS) {
          const sent = `{${remaining && `${remaining},`}"${field}":${value}}`
          const status = await client.send(method, path, sent).then((answer) => answer.status, String)
          if (!isAnswer(Number(status))) faults.push(`${id} with ${sent}: ${status}`)
          if (Number(status) >= 300) continue
          const list = await client
            .get(path.replace(/[^/]*\/(?:[a-z_]+\/)?$/, ''))
            .then((answer) => answer.status, String)
          if (!(Number(list) < 500)) faults.push(`the list after ${id} with ${sent}: ${list}`)
          await authentik.restore(start)
        }
      }
    }
    expect(faults).toEqual([])
  },
)

/** Values of nearly a size, each of a kind that once took seconds or threw. */
function valuesOf(size: number): Record<string, string> {
  const filled = (item: string, separator = ',') => {
    const count = Math.floor(size / (item.length + separator.length))
    return Array.from({ length: count }, () => item).join(separator)
  }
  const listOf = (item: string) => `[${filled(item)}]`
  const textOf = (part: string, end = '') => JSON.stringify(filled(part, '').slice(0, size / 2) + end)
  return {
    'lists that never close': '['.repeat(size),
    'lists in one another': '['.repeat(size / 2) + ']'.repeat(size / 2),
    'objects in one another': `${filled('{"a":', '')}1`,
    'keys of rows': listOf('1'),
    UUIDs: listOf('"d8f5a3c4-0000-4000-8000-000000000000"'),
    'different keys': `[${Array.from({ length: size / 8 }, (_, index) => index + 100_000).join(',')}]`,
    'empty objects': listOf('{}'),
    nulls: listOf('null'),
    'objects with a method for a key': listOf('{"toString":1}'),
    'a text that never ends': `"${'a'.repeat(size)}`,
    'a number of a million digits': '1'.repeat(size),
    'digits with underscores': textOf('1_', 'x'),
    braces: textOf('{', 'x'),
    'braces inside': `"x${'}'.repeat(size)}x"`,
    'prefixes of UUIDs': textOf('urn:uuid:'),
    'an address with a space': textOf('http://', ' b'),
    spaces: textOf(' ', 'x'),
    durations: textOf('hours=1;'),
    'a duration with a million digits': `"hours=${'1'.repeat(size)}x"`,
    lines: textOf('\n'),
    'signs of percent': textOf('%('),
    escapes: textOf('\u0001'),
  }
}
/** How many times what a flat body takes another may take. */
const LIMIT = 10
const [HUGE, HALVES] = [valuesOf(SIZE), valuesOf(SIZE / 2)]

/** One field of each form among all bodies, or every field: those of a form are read by the same code. */
const createFormsOf = () => {
  const forms = new Set<string>()
  const formOf = ({ type, format, items, enum: choices, pattern, $ref, allOf }: Fragment) =>
    JSON.stringify([type, format, items, choices?.length, pattern, $ref ?? allOf])
  return ({ definition }: Component) =>
    Object.entries(definition.properties ?? {}).filter(([, schema]) => {
      const form = formOf(schema)
      const isTried = isWhole || !forms.has(form)
      forms.add(form)
      return isTried
    })
}

it(
  'answers a body as large as can be in less than ten times what a flat one takes, or as its size explains',
  { timeout: 600_000 },
  async () => {
    const authentik = await readyMock({ release: '2026.8.3', token: 'key' })
    const client = clientOf(authentik, { token: 'key' })
    const costOf = async ({ method, path }: Write, body: string, statuses: number[] = []) => {
      await authentik.reset()
      return cpuOf(async () => statuses.push((await client.send(method, path, body)).status))
    }
    /**
     * How many times what a flat body takes a body takes, or 1 where its size explains that: what says of each value of a
     * list what is wrong with it takes eight times as long, and half of the list half of that. Each is measured beside the
     * others, because a machine that is busy, or collects what nobody needs any more, slows one of them down by as much.
     */
    const slownessOf = async (write: Write, { body, half, flat }: Record<'body' | 'half' | 'flat', string>) => {
      const cost = await costOf(write, body)
      const slowness = cost / (await costOf(write, flat))
      if (slowness < LIMIT || slowness > 3 * LIMIT) return slowness
      return cost > 3 * (await costOf(write, half)) ? slowness : 1
    }
    const slow: string[] = []
    const formsOf = createFormsOf()
    for (const write of (await writesOf(authentik)).filter(({ method }) => method === 'PATCH')) {
      const fields = formsOf(componentOf(write.body))
      if (fields.length === 0) continue
      // It holds as many values as fit, and nothing inside of them.
      const flat = JSON.stringify({ unknown: Array.from({ length: SIZE / 4 }, () => 'a') })
      // The least of some: what follows is compared with a machine that has nothing else to do, and measured anew where it is slow.
      let flatCost = Infinity
      for (let round = 0; round < 5; round++) flatCost = Math.min(flatCost, await costOf(write, flat))
      for (const [field] of fields)
        for (const [kind, value] of Object.entries(HUGE)) {
          const [body, half] = [`{"${field}":${value}}`, `{"${field}":${HALVES[kind]}}`]
          const statuses: number[] = []
          const first = (await costOf(write, body, statuses)) / flatCost
          expect(statuses[0], `${field}: ${kind}`).toBeLessThan(500)
          if (first < LIMIT) continue
          if ((await leastOf(LIMIT, () => slownessOf(write, { body, half, flat }))) >= LIMIT)
            slow.push(`${write.id}, ${field}: ${kind}`)
        }
    }
    expect(slow).toEqual([])
  },
)

describe('a field says what is wrong with', () => {
  it.each([
    ['an object for a UUID', 'authorization_flow', { toString: 1 }, ["“{'toString': 1}” is not a valid UUID."]],
    ['a list of a UUID for a UUID', 'signing_key', [FLOW], [`“['${FLOW}']” is not a valid UUID.`]],
    [
      'an object in a list of UUIDs',
      'property_mappings',
      [{ toString: 1 }],
      ["“{'toString': 1}” is not a valid UUID."],
    ],
    ['a negative number for a UUID', 'authorization_flow', -1, ['“-1” is not a valid UUID.']],
    ['the second of several words', 'grant_types', ['implicit', 'nope'], { 1: ['"nope" is not a valid choice.'] }],
    ['an object for a list of words', 'grant_types', {}, ['Expected a list of items but got type "dict".']],
    ['a number for an object', 'redirect_uris', [1], [NO_OBJECT]],
  ])('%s', async (_, field, value, message) => {
    const client = clientOf(await readyMock({ release: '2026.8.3', token: 'key' }), { token: 'key' })
    const { status, json } = await client.patch('/providers/oauth2/1/', { [field]: value })
    expect([status, json]).toEqual([400, { [field]: message }])
  })

  it('half a surrogate pair, in the words of its parser', async () => {
    const answers = ['2024.6.5', '2024.8.3'].map(async (release) => {
      const client = clientOf(await readyMock({ release, token: 'key' }), { token: 'key' })
      return (await client.patch('/providers/oauth2/1/', '{"name":"\\ud800"}')).json
    })
    expect(await Promise.all(answers)).toEqual([
      { name: ['Surrogate characters are not allowed: U+D800.'] },
      { detail: 'JSON parse error - no low surrogate in string: line 1 column 16 (char 15)' },
    ])
  })

  it('a number that is too great, where the parser is orjson', async () => {
    const answers = ['2024.6.5', '2024.8.3'].map(async (release) => {
      const client = clientOf(await readyMock({ release, token: 'key' }), { token: 'key' })
      return (await client.patch('/core/users/2/', '{"attributes":1e400}')).json
    })
    expect(await Promise.all(answers)).toEqual([
      { attributes: ['Value must be a dictionary, and not have any duplicate keys.'] },
      { detail: 'JSON parse error - number is infinity when parsed as double: line 1 column 15 (char 14)' },
    ])
  })

  it('the first thousand of a list', async () => {
    const client = clientOf(await readyMock({ release: '2026.8.3', token: 'key' }), { token: 'key' })
    const { json } = await client.patch('/providers/oauth2/1/', {
      redirect_uris: Array.from({ length: 5000 }, () => 1),
    })
    expect(json['redirect_uris']).toHaveLength(1000)
  })
})

it('an application has a slug of any length from 2025.12 on', async () => {
  const slug = 'a'.repeat(200)
  const statuses = ['2025.10.4', '2025.12.0'].map(async (release) => {
    const client = clientOf(await readyMock({ release, token: 'key' }), { token: 'key' })
    return (await client.post('/core/applications/', { name: 'Books', slug })).status
  })
  expect(await Promise.all(statuses)).toEqual([400, 201])
})
