/** The mock keeps the contract in pacts/, and an authentik that broke it would be noticed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inRoot } from '../../support/files.ts'
import type { Change } from './provider.ts'
import { startProvider, type Provider } from './start-provider.ts'

const file = inRoot('pacts/goauthentik-api-authentik.json')

let provider: Provider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.stop())

/** Verifies the contract. A change is verified in the interaction with a live code alone. */
const verify = (change?: Change) => provider.verify(change ? { file, change, only: 'that is live$' } : { file })

/** Gives each change a name for its title, such as `user.type "nobody"`. */
const withNames = (changes: Change[]) =>
  changes.map((change) => ({
    name: `${change.path.join('.')} ${'value' in change ? JSON.stringify(change.value).slice(0, 40) : 'gone'}`,
    change,
  }))

const LARGE = { a: [{ b: ['}', { c: '"]', d: { e: { f: [[[[[1.5e-7, null, true]]]]] } } }] }], 'é "\n': {} }
const GROUP = {
  attributes: LARGE,
  pk: '00000000-0000-1000-8000-000000000000',
  num_pk: 10000,
  name: 'large',
  parent_name: null,
}
const fiveHundred = (item: object) => Array.from({ length: 500 }, () => item)

/** Returns the path of a key of the user's first group. */
const inGroup = (key: string): Change['path'] => ['user', 'groups_obj', 0, key]

it('The mock keeps the contract, over a socket', async () => {
  expect(await verify()).toEqual([])
})

describe('The contract allows, as the documentation does,', () => {
  const allows = (title: string, changes: Change[]) =>
    it.each(withNames(changes))(`${title}: $name`, async ({ change }) => {
      expect(await verify(change)).toEqual([])
    })

  allows('the absence of an optional key that this consumer does not rely on', [
    ...[
      'authentication_flow',
      'property_mappings',
      'client_id',
      'client_secret',
      'access_code_validity',
      'signing_key',
      'redirect_uris',
      'jwks_sources',
    ].map((key) => ({
      path: ['provider', key],
    })),
    ...['is_active', 'last_login', 'groups', 'email', 'attributes', 'path'].map((key) => ({ path: ['user', key] })),
    ...['is_superuser', 'parent', 'attributes'].map((key) => ({ path: inGroup(key) })),
  ])

  allows('null where null is documented', [
    { path: ['expires'], value: null },
    { path: ['user', 'groups_obj'], value: null },
    { path: inGroup('parent_name'), value: null },
  ])

  allows('any value of the documented type', [
    { path: ['expires'], value: '2024-02-29T23:59:59Z' },
    { path: ['expires'], value: '2099-12-31T00:00:00.000001+01:00' },
    { path: ['scope'], value: [] },
    { path: ['user', 'groups_obj'], value: [] },
    { path: ['user', 'groups'], value: [] },
    { path: ['user', 'username'], value: '' },
    { path: ['user', 'username'], value: 'é'.repeat(150) },
    { path: ['user', 'attributes'], value: LARGE },
    { path: inGroup('attributes'), value: LARGE },
    { path: inGroup('name'), value: 'a "quoted" \\ {name}\n' },
    { path: ['user', 'groups_obj'], value: fiveHundred(GROUP) },
    { path: ['user', 'uuid'], value: 'FFFFFFFF-0000-7000-8000-000000000000' },
  ])
})

describe('The contract is broken', () => {
  const breaks = (title: string, changes: Change[]) =>
    it.each(withNames(changes))(`${title}: $name`, async ({ change }) => {
      const verdict = await verify(change)
      expect(verdict).not.toEqual([])
      const key = change.path.includes('groups_obj') ? 'groups_obj' : change.path.at(-1)
      for (const line of verdict) expect(line).toContain(key)
    })

  breaks('by a required key that is missing', [
    ...['pk', 'provider', 'user', 'is_expired', 'scope'].map((key) => ({ path: [key] })),
    ...[
      'pk',
      'name',
      'authorization_flow',
      'component',
      'assigned_application_slug',
      'assigned_backchannel_application_name',
      'meta_model_name',
    ].map((key) => ({
      path: ['provider', key],
    })),
    ...['pk', 'username', 'name', 'is_superuser', 'groups_obj', 'avatar', 'uid', 'uuid'].map((key) => ({
      path: ['user', key],
    })),
    ...['pk', 'num_pk', 'name', 'parent_name'].map((key) => ({ path: inGroup(key) })),
  ])
  breaks('by an optional key that is missing though this consumer relies on it', [
    { path: ['expires'] },
    { path: ['provider', 'client_type'] },
    { path: ['user', 'type'] },
  ])
  breaks('by another type', [
    { path: ['pk'], value: '1' },
    { path: ['pk'], value: 1.5 },
    { path: ['is_expired'], value: 'false' },
    { path: ['scope'], value: 'openid' },
    { path: ['scope'], value: ['openid', 1] },
    { path: ['provider'], value: 1 },
    { path: ['provider', 'name'], value: 1 },
    { path: ['user', 'username'], value: 1 },
    { path: ['user', 'is_superuser'], value: 0 },
    { path: ['user', 'groups_obj'], value: {} },
    { path: ['user', 'groups_obj'], value: 'null' },
    { path: ['user', 'groups_obj', 0], value: 'staff' },
    { path: inGroup('num_pk'), value: '12345' },
    { path: inGroup('name'), value: 7 },
    { path: inGroup('parent_name'), value: false },
    { path: ['user', 'groups_obj'], value: [...fiveHundred(GROUP), { ...GROUP, name: 7 }] },
  ])
  breaks('by a value that is not among the documented ones', [
    { path: ['provider', 'client_type'], value: 'secret' },
    { path: ['provider', 'sub_mode'], value: 'user' },
    { path: ['provider', 'issuer_mode'], value: '' },
    { path: ['user', 'type'], value: 'internal\nor not' },
    { path: ['user', 'uuid'], value: '1' },
    { path: ['user', 'username'], value: 'é'.repeat(151) },
    { path: inGroup('pk'), value: 'staff' },
  ])
  breaks('by null where null is not documented', [
    { path: ['pk'], value: null },
    { path: ['scope'], value: null },
    { path: ['provider', 'assigned_application_slug'], value: null },
    { path: ['provider', 'authorization_flow'], value: null },
    { path: ['provider', 'client_type'], value: null },
    { path: ['user'], value: null },
    { path: ['user', 'type'], value: null },
    { path: ['user', 'groups_obj', 0], value: null },
    { path: inGroup('name'), value: null },
  ])
  breaks(
    'by a value that is no instant',
    [
      '',
      'soon',
      '2024-09-27',
      '2024-13-01T00:00:00Z',
      '2024-02-30T00:00:00Z',
      '2024-09-27T25:00:00Z',
      '2024-09-27T14:60:00Z',
      '2024-09-27 14:26:18Z',
      '2024-09-27T14:26:18',
      '2024-09-27T14:26Z',
      1727447178,
    ].map((value) => ({
      path: ['expires'],
      value,
    })),
  )
})
