/** What a consumer writes with authentik-mock/pact. */
import { describe, expect, it } from 'vitest'
import { completePact, like } from '../../../src/entries/pact.ts'

describe('like', () => {
  const { user, ...code } = like.authorizationCode({
    user: { email: 'mary@example.com', groups_obj: [{ name: 'staff' }] },
  }) as Record<string, any>

  it('asks for the required keys, and for an optional one that the example names', () => {
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

  it('keeps what the example gives and makes up the rest', () => {
    expect([user.email.value, user.pk.value]).toEqual(['mary@example.com', 1])
    expect(user.groups_obj.value).toEqual([{ pk: expect.any(String), num_pk: 1, name: 'staff', parent_name: 'text' }])
  })

  it('asks for the type, whatever the example', () => {
    const rules = (matcher: any) => ({ ...matcher, value: undefined })
    expect(rules(like.authorizationCode({ pk: 7 })['pk'])).toEqual(rules(code['pk']))
    const withGroups = (groups_obj: [] | null) =>
      rules((like.authorizationCode({ user: { groups_obj } })['user'] as any).groups_obj)
    expect(withGroups(null)).toEqual(withGroups([]))
    expect(rules(like.authorizationCode({ expires: null })['expires'])).toEqual(
      rules(like.authorizationCode({ expires: '2024-09-27T14:26:18Z' })['expires']),
    )
  })

  it('leaves the messages of a 400 to the example, for want of documentation', () => {
    expect(like.validationError()).toEqual({})
    expect(Object.keys(like.validationError({ user: ['No.'] }))).toEqual(['user'])
  })

  it.each([
    [
      'a key that is not documented',
      { user: { mail: 'mary@example.com' } },
      '"user.mail" is not documented; known are pk, username,',
    ],
    ['a value that is not documented', { user: { type: 'robot' } }, 'user.type: Invalid option'],
    ['null where none may be', { scope: null }, 'scope: Invalid input: expected array, received null'],
  ])('refuses %s', (_, example, message) => {
    expect(() => like.authorizationCode(example as never)).toThrow(message)
  })
})

it('completePact leaves rules alone that do not speak of null, and the pact that it was given', () => {
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
  const { response } = completePact(pact).interactions[0]!
  expect(Object.values(response.matchingRules.body).map(({ combine }) => combine)).toEqual(['AND', 'OR', 'OR'])
  expect(response.body.content).toEqual({ a: 'a', b: 1, c: [{ d: null }, { d: null }] })
  expect(pact.interactions[0]!.response.matchingRules.body).toEqual(rules())
})

it('completePact lets a path that fromProviderState made have another id, and be no other path', () => {
  const made = {
    generators: { path: { type: 'ProviderState', expression: '/api/v3/core/users/${id}/' } },
    matchingRules: { path: { combine: 'AND', matchers: [{ match: 'type' }] } },
  }
  const { request } = completePact({ interactions: [{ request: made }] }).interactions[0]!
  expect(request.matchingRules.path.matchers).toEqual([{ match: 'regex', regex: '^/api/v3/core/users/[^/]+/$' }])
  const own = { ...made, matchingRules: { path: { combine: 'AND', matchers: [{ match: 'regex', regex: '^/a$' }] } } }
  expect(completePact({ interactions: [{ request: own }] }).interactions[0]!.request).toEqual(own)
})
