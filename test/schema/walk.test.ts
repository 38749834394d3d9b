/** What a reference refers to, and which schema stands where in an answer. */
import { describe, expect, it } from 'vitest'
import { componentAt, resolverOf, stepsOf, toInner } from '../../src/schema/walk.ts'
import {
  component,
  described,
  integer,
  list,
  nullable,
  optional,
  readOnly,
  text,
  toOpenApi,
} from '../../src/schema/words.ts'

const Group = component('Group', { name: text(), size: optional(integer()) })
const User = component('User', {
  username: text(),
  main: nullable(Group),
  groups_obj: readOnly(list(Group)),
})
const Users = component('Users', { results: list(User) })

describe('a resolver of a schema', () => {
  it('puts the component in the place of a reference, also of one that the schema only reaches', () => {
    const { root, resolve } = resolverOf(Users)
    expect(root).toEqual({ $ref: '#/components/schemas/Users' })
    expect(resolve(root)).toMatchObject({ type: 'object', required: ['results'] })
    expect(resolve({ $ref: '#/components/schemas/Group' })).toMatchObject({
      properties: { name: { type: 'string' }, size: { type: 'integer' } },
      required: ['name'],
    })
  })

  it('keeps what stands beside a reference, such as that it may be null', () => {
    const { resolve } = resolverOf(User)
    expect(resolve(toOpenApi(described(nullable(Group), 'The first.')))).toMatchObject({
      type: 'object',
      nullable: true,
      description: 'The first.',
    })
  })

  it('leaves alone what refers to nothing', () => {
    const fragment = { type: 'string', maxLength: 3 }
    expect(resolverOf(User).resolve(fragment)).toBe(fragment)
  })
})

describe('a path', () => {
  it('is made of names and indices, with or without the $ of the root', () => {
    expect(stepsOf('$.user.groups_obj[0].name')).toEqual(['user', 'groups_obj', '0', 'name'])
    expect(stepsOf("results[*]['pk']")).toEqual(['results', '*', 'pk'])
    expect(stepsOf('$')).toEqual([])
  })

  it.each([
    ['$', 'Users'],
    ['$.results[0]', 'User'],
    ['$.results[*].main', 'Group'],
    ['$.results[7].groups_obj[2]', 'Group'],
    ['$.results', undefined],
    ['$.results[0].username', undefined],
    ['$.results[0].nickname.first', undefined],
  ])('leads through lists, and what may be null, to a component: %s to %s', (path, name) => {
    expect(componentAt(Users, path)).toBe(name)
  })
})

it('a schema is found in whatever it is wrapped in, but a list stays a list', () => {
  expect(toInner(optional(readOnly(nullable(Group))))).toBe(Group)
  const groups = list(Group)
  expect(toInner(optional(groups))).toBe(groups)
})
