/** Users and groups can be found by their attributes, with Django's lookups for JSON. */
import { describe, expect, it } from 'vitest'
import { merge } from '../../../src/authentik/resources/attributes.ts'
import { namesIn } from '../../support/client.ts'
import { EVERYBODY, findRow, observedAdmin, worldWith } from '../../support/recordings.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

describe('users with certain attributes', () => {
  const world = worldWith((draft) => {
    findRow(draft.users, 'username', 'alice').attributes = {
      department: 'R&D',
      settings: { locale: 'en' },
      floor: 3,
      tags: ['a', 'b'],
      on: true,
      nothing: null,
      room: 3,
    }
    findRow(draft.users, 'username', 'bob').attributes = {
      department: 'Sales',
      floor: 12,
      badge: { colour: { name: 'Dark Red' } },
      tags: [],
    }
    findRow(draft.users, 'username', 'dave').attributes = { room: '3' }
  })
  const client = observedAdmin({ world })
  const usernames = (json: string) => namesIn(client, '/core/users/', { query: { attributes: json } })

  it.each([
    ['a text, in just these letters', { department: 'R&D' }, ['alice']],
    ['a text in other letters: nobody', { department: 'r&d' }, []],
    ['several, all of which must be so', { department: 'R&D', floor: 3 }, ['alice']],
    ['several, one of which is not so', { department: 'R&D', floor: 4 }, []],
    ['one that nobody has', { nope: 1 }, []],
    ['none: everybody', {}, EVERYBODY],
    ['a number', { room: 3 }, ['alice']],
    ['a text of digits, which is no number', { room: '3' }, ['dave']],
    ['true', { on: true }, ['alice']],
    ['1, which is not true', { on: 1 }, []],
    ['null', { nothing: null }, ['alice']],
    ['null where there is nothing: nobody', { nope: null }, []],
    ['an object', { settings: { locale: 'en' } }, ['alice']],
    ['a list', { tags: ['a', 'b'] }, ['alice']],
    ['a list in another order: nobody', { tags: ['b', 'a'] }, []],
    ['an empty list', { tags: [] }, ['bob']],
    ['a key below a key', { settings__locale: 'en' }, ['alice']],
    ['a key far below', { badge__colour__name: 'Dark Red' }, ['bob']],
    ['a place in a list', { tags__0: 'a' }, ['alice']],
  ])('are found by %s', async (_, attributes, names) => {
    expect(await usernames(JSON.stringify(attributes))).toEqual(names)
  })

  it.each([
    ['exact', { department__exact: 'Sales' }, ['bob']],
    ['iexact', { department__iexact: 'r&d' }, ['alice']],
    ['icontains', { department__icontains: 'D' }, ['alice']],
    ['icontains', { badge__colour__name__icontains: 'k r' }, ['bob']],
    ['icontains', { floor__icontains: 1 }, ['bob']],
    ['startswith', { department__startswith: 'S' }, ['bob']],
    ['startswith', { department__startswith: 's' }, []],
    ['istartswith', { department__istartswith: 's' }, ['bob']],
    ['endswith', { department__endswith: 'D' }, ['alice']],
    ['endswith', { department__endswith: 'd' }, []],
    ['iendswith', { department__iendswith: 'd' }, ['alice']],
    ['in', { floor__in: [3, 5] }, ['alice']],
    ['in', { room__in: ['3'] }, ['dave']],
    ['gt', { floor__gt: 3 }, ['bob']],
    ['gte', { floor__gte: 3 }, ['alice', 'bob']],
    ['lt', { floor__lt: 12 }, ['alice']],
    ['lte', { floor__lte: 12 }, ['alice', 'bob']],
    ['gt', { department__gt: 'S' }, ['bob']],
    ['isnull', { floor__isnull: false }, ['alice', 'bob']],
    ['isnull', { floor__isnull: true }, EVERYBODY.filter((name) => name !== 'alice' && name !== 'bob')],
    ['isnull', { nothing__isnull: true }, EVERYBODY.filter((name) => name !== 'alice')],
  ])('are found by Django’s lookup %s: %j', async (_, attributes, names) => {
    expect(await usernames(JSON.stringify(attributes))).toEqual(names)
  })

  it('are found by JSON with spaces around it, and an empty filter finds everybody', async () => {
    expect(await usernames('  {"floor": 3}\n')).toEqual(['alice'])
    expect(await usernames('')).toEqual(EVERYBODY)
  })

  it.each(['{', 'nope', '{} x', "{'a': 1}", '{"a": }', `{"department":${'['.repeat(9000)}${']'.repeat(9000)}}`])(
    'are not looked for when the filter is no JSON: %s',
    async (json) => {
      expect(await reader.get('/core/users/', { query: { attributes: json } })).toMatchObject({
        status: 400,
        json: ['filter: failed to parse JSON'],
      })
    },
  )

  it.each(['[]', '[{"a": 1}]', '5', '"department"', 'true', 'null'])(
    'are not looked for when the filter is JSON but no object: %s',
    async (json) => {
      expect(await reader.get('/core/users/', { query: { attributes: json } })).toMatchObject({
        status: 400,
        json: ['filter: value must be key:value mapping'],
      })
    },
  )

  it('are looked for after the other filters, so that only these are named when they are wrong', async () => {
    expect(await reader.get('/core/users/?attributes={&uuid=nope')).toMatchObject({
      status: 400,
      json: { uuid: ['Enter a valid UUID.'] },
    })
    expect(await reader.get('/core/groups/?attributes=[]&members_by_pk=nope')).toMatchObject({
      status: 400,
      json: { members_by_pk: ['“nope” is not a valid value.'] },
    })
  })
})

it('attributes of several groups are put together, whatever they are called', () => {
  const lower = JSON.parse('{"constructor": 1, "toString": [1], "__proto__": {"a": 1}}')
  const upper = JSON.parse('{"toString": [2], "__proto__": {"b": 2}, "valueOf": null}')
  expect(JSON.stringify(merge([lower, upper]))).toBe(
    '{"constructor":1,"toString":[1,2],"__proto__":{"a":1,"b":2},"valueOf":null}',
  )
})
