/** What the page says of an answer beside what a release documents. */
import { describe, expect, it } from 'vitest'
import { compareKeys, documentsStatus, typeOf } from '../../../src/control/page/documented.ts'
import type { OperationRecord } from '../../../src/control/types.ts'
import { OPERATION } from './canned.ts'

const user = { type: 'object', properties: { pk: { type: 'integer' }, name: { type: 'string' } }, required: ['pk'] }

/** An operation that documents one schema for 200. */
const documenting = (schema: object, releases: OperationRecord['releases'] = []): OperationRecord => ({
  ...OPERATION,
  documented: { responses: { '200': { content: { 'application/json': { schema } } } } },
  releases,
})

describe('the keys of an answer', () => {
  it('are those of the first row of a list', () => {
    const list = { type: 'object', properties: { results: { type: 'array', items: user } } }
    expect(compareKeys(documenting(list), 200, { results: [{ pk: 1 }, { pk: 2, name: 'b' }] })).toEqual([
      { key: 'pk', actual: '1', documented: 'integer', isRequired: true, releases: [] },
      { key: 'name', actual: undefined, documented: 'string', isRequired: false, releases: [] },
    ])
  })

  it('are documented also where the schema is put together', () => {
    const schema = { allOf: [user, { properties: { extra: { type: 'boolean' } }, required: ['extra'] }] }
    expect(
      compareKeys(documenting(schema), 200, { extra: true }).map(({ key, isRequired }) => [key, isRequired]),
    ).toEqual([
      ['extra', true],
      ['pk', true],
      ['name', false],
    ])
  })

  it('are compared with other releases only where the answer is a success', () => {
    const record = documenting(user, [{ release: '2026.8.3', added: ['uuid'], removed: ['name'], missing: false }])
    expect(compareKeys(record, 200, {}).map(({ key, releases }) => [key, releases])).toEqual([
      ['pk', []],
      ['name', ['not in 2026.8.3']],
      ['uuid', ['in 2026.8.3']],
    ])
    expect(compareKeys(record, 403, { detail: 'no' })).toEqual([
      { key: 'detail', actual: 'no', documented: undefined, isRequired: false, releases: [] },
    ])
    expect([documentsStatus(record, 200), documentsStatus(record, 403)]).toEqual([true, false])
  })

  it('of an answer that is no JSON, or has none, are those that are documented', () => {
    for (const body of [undefined, 'text', null, [], { results: [] }])
      expect(compareKeys(documenting(user), 200, body).filter(({ key }) => key !== 'results')).toHaveLength(2)
  })

  it('may be called like what every object has', () => {
    const body = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}')
    expect(compareKeys(documenting(user), 200, body).slice(0, 3)).toEqual(
      ['__proto__', 'constructor', 'toString'].map((key, index) => ({
        key,
        actual: String(index + 1),
        documented: undefined,
        isRequired: false,
        releases: [],
      })),
    )
  })
})

it.each([
  [{ type: 'string', format: 'uuid' }, 'string (uuid)'],
  [{ type: 'integer', nullable: true }, 'integer or null'],
  [{ type: 'array', items: { type: 'string' } }, 'array of string'],
  [{ enum: ['a', 'b'] }, 'a | b'],
  [{ oneOf: [{ type: 'string' }, { type: 'integer' }] }, 'string | integer'],
  [{ allOf: [{ type: 'object' }], nullable: true }, 'object or null'],
  [{ type: ['string', 'null'] }, 'string or null'],
  [{}, 'anything'],
  [undefined, 'anything'],
])('the type %j is written %j', (schema, text) => {
  expect(typeOf(schema)).toBe(text)
})
