/** The list of groups, and a group. */
import { describe, expect, it } from 'vitest'
import { namesIn, type Row } from '../../support/client.ts'
import {
  observedAdmin,
  recordedBody,
  DEVELOPERS,
  NO_UUID,
  DENIED,
  CREDENTIALS,
  NOT_FOUND,
  NUL,
  notAmong,
} from '../../support/recordings.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

/** A group with its members in the order of their pks, because authentik gives them in none. */
const inOrder = (group: Row) => ({
  ...group,
  users: group.users.toSorted(),
  users_obj: group.users_obj?.toSorted((first: Row, second: Row) => first.pk - second.pk) ?? null,
})

describe('the list of groups', () => {
  const GROUPS = ['authentik Admins', 'authentik Read-only', 'developers', 'staff']

  it('has the groups by name, with their members', async () => {
    const { status, json } = await reader.get('/core/groups/')
    expect(status).toBe(200)
    expect(json.results.map(inOrder)).toEqual(recordedBody('groups.list').results.map(inOrder))
    expect(await namesIn(reader, '/core/groups/', { as: 'seed-viewer' })).toEqual(GROUPS)
  })

  // Seen on servers of 2025.8.6 and 2026.2.2; the releases between them are as the one before.
  it.each([
    ['2025.8.6', []],
    ['2025.12.6', []],
    ['2026.2.0', ['name', 'is_superuser', 'attributes']],
    ['2026.2.2', ['name', 'is_superuser', 'attributes']],
    ['2026.8.3', ['name', 'is_superuser', 'attributes']],
  ])('says in %s which fields a search can name: %s', async (release, fields) => {
    for (const fidelity of ['observed', 'documented'] as const) {
      const client = observedAdmin({ release, fidelity })
      const { autocomplete } = (await client.get('/core/groups/')).json
      expect(Object.keys(autocomplete.models?.['authentik_core.group'] ?? {})).toEqual(fields)
      expect(autocomplete.current_model).toBe(fields.length ? 'authentik_core.group' : undefined)
      const { json } = await client.get('/core/users/')
      expect(json.autocomplete.current_model).toBe('authentik_core.user')
    }
  })

  it('says nothing of a search before 2025.8', async () => {
    expect((await observedAdmin({ release: '2025.6.4' }).get('/core/groups/')).json).not.toHaveProperty('autocomplete')
  })

  it.each([
    ['a user without the permission', 'seed-alice', DENIED],
    ['a caller without credentials', null, CREDENTIALS],
  ])('is refused to %s', async (_, as, json) => {
    expect(await reader.get('/core/groups/?members_by_pk=nope', { as })).toMatchObject({ status: 403, json })
  })

  it.each([
    ['?include_users=true', true],
    ['?include_users=True', true],
    ['?include_users=false', false],
    ['?include_users=0', false],
    ['?include_users=', false],
  ])('with the query "%s" has the members as objects: %s; it always has their pks', async (query, included) => {
    for (const { users, users_obj } of (await reader.get(`/core/groups/${query}`)).json.results) {
      expect(users_obj === null ? null : users_obj.map((row: Row) => row.pk)).toEqual(included ? users : null)
    }
    expect((await reader.get(`/core/groups/${query}`)).json.results[2].users.toSorted()).toEqual([7, 8])
  })

  it.each([
    ['name', 'staff', ['staff']],
    ['name', 'Staff', []],
    ['name', '', GROUPS],
    ['is_superuser', 'true', ['authentik Admins']],
    ['is_superuser', '2', ['authentik Admins']],
    ['is_superuser', 'False', GROUPS.slice(1)],
    ['is_superuser', '1', GROUPS],
    ['is_superuser', 'garbage', GROUPS],
    ['members_by_pk', '7', ['developers']],
    ['members_by_pk', ['7', '6'], ['authentik Admins', 'developers']],
    ['members_by_pk', '9', []],
    ['members_by_username', 'alice', ['developers']],
    ['members_by_username', ['alice', 'akadmin'], ['authentik Admins', 'developers']],
    ['members_by_username', 'carol', []],
    ['attributes', '{"floor": 3}', ['staff']],
    ['attributes', '{"floor__gt": 3}', []],
    ['attributes', '{"notes__icontains": "READ-ONLY"}', ['authentik Read-only']],
    ['search', 'STAFF', ['staff']],
    ['search', 'authentik', ['authentik Admins', 'authentik Read-only']],
    ['search', 'true', ['authentik Admins']],
    ['search', 'authentik false', ['authentik Read-only']],
    ['ordering', '-name', GROUPS.toReversed()],
    ['ordering', '-is_superuser,-name', ['authentik Admins', 'staff', 'developers', 'authentik Read-only']],
    ['ordering', 'parent,-name', ['developers', 'staff', 'authentik Read-only', 'authentik Admins']],
    ['ordering', 'nope', GROUPS],
  ])('with %s=%j has %j', async (name, values, names) => {
    expect(await namesIn(reader, '/core/groups/', { query: { [name]: values } })).toEqual(names)
  })

  it.each([
    ['members_by_pk', 'nope', '“nope” is not a valid value.'],
    ['members_by_pk', '', '“” is not a valid value.'],
    ['members_by_pk', '999', notAmong('999')],
    ['members_by_pk', '07', notAmong('07')],
    ['members_by_pk', ['7', 'nope'], '“nope” is not a valid value.'],
    ['members_by_username', 'nope', notAmong('nope')],
    ['members_by_username', 'Alice', notAmong('Alice')],
    ['members_by_username', '', notAmong('')],
    ['name', '\0', NUL],
  ])('refuses %s=%j: %s', async (name, values, message) => {
    expect(await reader.get('/core/groups/', { query: { [name]: values } })).toMatchObject({
      status: 400,
      json: { [name]: [message] },
    })
  })

  it('names both of two wrong filters', async () => {
    expect((await reader.get('/core/groups/?members_by_username=nope&members_by_pk=nope')).json).toEqual({
      members_by_pk: ['“nope” is not a valid value.'],
      members_by_username: [notAmong('nope')],
    })
  })

  it.each(['{', '[]'])('refuses attributes=%s as the list of users does', async (json) => {
    expect((await reader.get('/core/groups/', { query: { attributes: json } })).json).toEqual(
      (await reader.get('/core/users/', { query: { attributes: json } })).json,
    )
  })
})

describe('a group', () => {
  it.each([
    DEVELOPERS,
    DEVELOPERS.toUpperCase(),
    DEVELOPERS.replaceAll('-', ''),
    `%7B${DEVELOPERS}%7D`,
    `urn:uuid:${DEVELOPERS}`,
  ])('is found by any form of its uuid: %s', async (uuid) => {
    const { status, json } = await reader.get(`/core/groups/${uuid}/`)
    expect([status, inOrder(json)]).toEqual([200, inOrder(recordedBody('groups.get'))])
  })

  it.each(['nope', NO_UUID, '7', DEVELOPERS.slice(1), 'developers'])('is not found as %s', async (uuid) => {
    expect(await reader.get(`/core/groups/${uuid}/`)).toMatchObject({ status: 404, json: NOT_FOUND })
  })

  it('is found only when it passes the filters of the list', async () => {
    expect(await reader.get(`/core/groups/${DEVELOPERS}/?members_by_username=alice`)).toMatchObject({ status: 200 })
    expect(await reader.get(`/core/groups/${DEVELOPERS}/?is_superuser=true`)).toMatchObject({
      status: 404,
      json: NOT_FOUND,
    })
  })

  it('has no objects for its members when include_users is false', async () => {
    const { json } = await reader.get(`/core/groups/${DEVELOPERS}/?include_users=false`)
    expect([json.users.toSorted(), json.users_obj]).toEqual([[7, 8], null])
  })

  it('is shown only to users with the permission to view groups, which its members do not have', async () => {
    expect(await reader.get(`/core/groups/${DEVELOPERS}/`, { as: 'seed-viewer' })).toMatchObject({ status: 200 })
    expect(await reader.get(`/core/groups/${DEVELOPERS}/`, { as: 'seed-alice' })).toMatchObject({
      status: 403,
      json: DENIED,
    })
    expect(await reader.get(`/core/groups/${DEVELOPERS}/`, { as: null })).toMatchObject({ status: 403, json: DENIED })
  })
})
