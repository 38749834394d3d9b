/** A release's schemas are those of the base release, rebuilt where something in them changed. */
import { describe, expect, it } from 'vitest'
import { amender, inEach, isNamed, placedAfter, renamed, type Changes } from '../../src/schema/amend.ts'
import {
  boolean,
  choice,
  component,
  componentOf,
  integer,
  list,
  nullable,
  text,
  type Schema,
} from '../../src/schema/words.ts'

const Color = choice('ColorEnum', ['red', 'green'])
const Group = component('Group', { pk: integer(), name: text(), color: Color })
const User = component('User', { username: text(), groups: list(nullable(Group)) })
const Plain = component('Plain', { pk: integer() })

const amend = (schema: Schema, ...steps: Changes[]) => amender(steps)(schema)
const keysOf = (schema: Schema) => Object.keys(componentOf(schema).shape ?? {})

describe('a change of a component', () => {
  it('gives a key another schema in its place, and a new key the last', () => {
    const Changed = amend(Group, { Group: { pk: text(), parent: nullable(text()) } })
    expect(keysOf(Changed)).toEqual(['pk', 'name', 'color', 'parent'])
    expect(componentOf(Changed).definition).toMatchObject({ properties: { pk: { type: 'string' } } })
  })

  it('takes a key away that is null', () => {
    expect(keysOf(amend(Group, { Group: { name: null } }))).toEqual(['pk', 'color'])
  })

  it('puts a key behind another, also one that stood elsewhere', () => {
    const change = { extra: placedAfter('pk', boolean()), color: placedAfter('pk', Color) }
    expect(keysOf(amend(Group, { Group: change }))).toEqual(['pk', 'color', 'extra', 'name'])
  })

  it('replaces a component, or a set of values, by another', () => {
    const Shade = choice('ColorEnum', ['red', 'green', 'blue'])
    expect(amend(Group, { Group: Plain })).toBe(Plain)
    expect(componentOf(Group).shape?.['color']).toBe(Color)
    expect(componentOf(amend(Group, { ColorEnum: Shade })).shape?.['color']).toBe(Shade)
  })

  it('can be another name, which later releases then change it by', () => {
    const Team = amend(Group, { Group: renamed('Team', { name: null }) }, { Team: { lead: text() } })
    expect(componentOf(Team).name).toBe('Team')
    expect(keysOf(Team)).toEqual(['pk', 'color', 'lead'])
  })

  it('reaches whatever the component stands in', () => {
    const Changed = amend(User, { Group: { name: null } })
    expect(Changed).not.toBe(User)
    expect(Changed.safeParse({ username: 'al', groups: [{ pk: 1, color: 'red' }, null] }).success).toBe(true)
    expect(User.safeParse({ username: 'al', groups: [{ pk: 1, color: 'red' }, null] }).success).toBe(false)
  })

  it('leaves a schema the same where nothing in it changed', () => {
    expect(amend(User, { Plain: { pk: null } })).toBe(User)
  })

  it('is made once: the same schema comes from the same', () => {
    const amendOnce = amender([{ Group: { name: null } }])
    expect(amendOnce(User)).toBe(amendOnce(User))
    expect(amendOnce(amendOnce(User))).toBe(amendOnce(User))
  })

  it('is of every component of a pattern, or of a list', () => {
    const change = { pk: null }
    expect(['Group', 'Plain', 'PlainRequest'].map((name) => isNamed(name, 'Plain*'))).toEqual([false, true, true])
    expect(isNamed('PatchedPlainRequest', '*Request')).toBe(true)
    expect([Group, Plain].map((schema) => keysOf(amend(schema, inEach(['Gr*', 'Plain'], change))))).toEqual([
      ['name', 'color'],
      [],
    ])
  })

  it('that places a key after one that is not there is refused', () => {
    expect(() => amend(Group, { Group: { lead: placedAfter('nickname', text()) } })).toThrow(
      'Failed to place "lead": there is no key "nickname" before it.',
    )
  })

  it('that takes away a key that is not there takes away no other', () => {
    expect(keysOf(amend(Group, { Group: { nickname: null } }))).toEqual(['pk', 'name', 'color'])
  })
})
