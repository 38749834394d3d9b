/** The matchers that a consumer writes with authentik-mock/pact ask for what is documented. */
import { describe, expect, it } from 'vitest'
import { completePact, like } from '../../../src/entries/pact.ts'

describe('like', () => {
  const { user, ...code } = like.authorizationCode({
    user: { email: 'mary@example.com', groups_obj: [{ name: 'staff' }] },
  }) as Record<string, any>

  it('asks for the required keys, and for an optional key that the example names', () => {
    expect(Object.keys(code)).toEqual(['pk', 'provider', 'is_expired', 'scope'])
    expect(Object.keys(user)).toEqual([
      'pk',
      'username',
      'name',
      'is_superuser',
      'groups_obj',
      'email',
      'avatar',
      'uid',
      'uuid',
    ])
  })

  it('keeps the values of the example and makes up the others', () => {
    expect([user.email.value, user.pk.value]).toEqual(['mary@example.com', 1])
    expect(user.groups_obj.value).toEqual([{ pk: expect.any(String), num_pk: 1, name: 'staff', parent_name: 'text' }])
  })

  it('asks for the type, whatever the value in the example', () => {
    const rules = (matcher: any) => ({ ...matcher, value: undefined })
    expect(rules(like.authorizationCode({ pk: 7 })['pk'])).toEqual(rules(code['pk']))
    const withGroups = (groups_obj: [] | null) =>
      rules((like.authorizationCode({ user: { groups_obj } })['user'] as any).groups_obj)
    expect(withGroups(null)).toEqual(withGroups([]))
    expect(rules(like.authorizationCode({ expires: null })['expires'])).toEqual(
      rules(like.authorizationCode({ expires: '2024-09-27T14:26:18Z' })['expires']),
    )
  })

  it('takes the messages of a 400 from the example, because they are not documented', () => {
    expect(like.validationError()).toEqual({})
    expect(Object.keys(like.validationError({ user: ['No.'] }))).toEqual(['user'])
  })

  it.each([
    [
      'a key that is not documented',
      { user: { mail: 'mary@example.com' } },
      '"user.mail" is not documented; the nearest is email, known are pk, username,',
    ],
    ['a value that is not documented', { user: { type: 'robot' } }, 'user.type: Invalid option'],
    ['null where null is not documented', { scope: null }, 'scope: Invalid input: expected array, received null'],
  ])('refuses %s', (_, example, message) => {
    expect(() => like.authorizationCode(example as never)).toThrow(message)
  })
})

it('completePact changes neither rules without null nor the pact that it is given', () => {
  const rules = () => ({
    '$.a': { combine: 'AND', matchers: [{ match: 'type' }, { match: 'regex', regex: '^a$' }] },
    '$.b': { combine: 'AND', matchers: [{ match: 'null' }, { match: 'integer' }] },
    '$.c[*].d': { combine: 'AND', matchers: [{ match: 'null' }, { match: 'regex', regex: '^x$' }] },
  })
  const pact = {
    interactions: [
      {
        response: {
          body: { content: { a: 'a', b: 1, c: [{ d: [1] }, { d: null }] } },
          matchingRules: { body: rules() },
        },
      },
    ],
  }
  const [completed] = completePact(pact).interactions
  expect(Object.values(completed?.response.matchingRules.body ?? {}).map(({ combine }) => combine)).toEqual([
    'AND',
    'OR',
    'OR',
  ])
  expect(completed?.response.body.content).toEqual({ a: 'a', b: 1, c: [{ d: null }, { d: null }] })
  expect(pact.interactions[0]?.response.matchingRules.body).toEqual(rules())
})

it('completePact allows another id, but no other path, where fromProviderState made the path', () => {
  const request = {
    generators: { path: { type: 'ProviderState', expression: '/api/v3/core/users/${id}/' } },
    matchingRules: { path: { combine: 'AND', matchers: [{ match: 'type' }] } },
  }
  const [completed] = completePact({ interactions: [{ request }] }).interactions
  expect(completed?.request.matchingRules.path.matchers).toEqual([
    { match: 'regex', regex: '^/api/v3/core/users/[^/]+/$' },
  ])
  const requestWithPattern = {
    ...request,
    matchingRules: { path: { combine: 'AND', matchers: [{ match: 'regex', regex: '^/a$' }] } },
  }
  const pactWithPattern = { interactions: [{ request: requestWithPattern }] }
  expect(completePact(pactWithPattern)).toEqual(pactWithPattern)
})
