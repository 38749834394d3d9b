/** The mock keeps the contract in pacts/, and an authentik that broke it would be found out. */
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

/** A change is looked for where all keys are asked for alike. */
const verify = (change?: Change) => provider.verify(change ? { file, change, only: 'that is live$' } : { file })

/** With a name to stand in a title: `user.type "nobody"`. */
const named = (changes: Change[]) =>
  changes.map((change) => ({
    name: `${change.at.join('.')} ${'to' in change ? JSON.stringify(change.to).slice(0, 40) : 'gone'}`,
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
const many = (item: object) => Array.from({ length: 500 }, () => item)

const group = (key: string): Change['at'] => ['user', 'groups_obj', 0, key]

it('The mock keeps the contract, over a socket', async () => {
  expect(await verify()).toEqual([])
})

describe('The contract, as the documentation does,', () => {
  const takes = (what: string, changes: Change[]) =>
    it.each(named(changes))(`${what}: $name`, async ({ change }) => {
      expect(await verify(change)).toEqual([])
    })

  takes('lets an optional key go that nobody relies on', [
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
      at: ['provider', key],
    })),
    ...['is_active', 'last_login', 'groups', 'email', 'attributes', 'path'].map((key) => ({ at: ['user', key] })),
    ...['is_superuser', 'parent', 'attributes'].map((key) => ({ at: group(key) })),
  ])

  takes('takes null where it may be', [
    { at: ['expires'], to: null },
    { at: ['user', 'groups_obj'], to: null },
    { at: group('parent_name'), to: null },
  ])

  takes('takes any value of the type', [
    { at: ['expires'], to: '2024-02-29T23:59:59Z' },
    { at: ['expires'], to: '2099-12-31T00:00:00.000001+01:00' },
    { at: ['scope'], to: [] },
    { at: ['user', 'groups_obj'], to: [] },
    { at: ['user', 'groups'], to: [] },
    { at: ['user', 'username'], to: '' },
    { at: ['user', 'username'], to: 'é'.repeat(150) },
    { at: ['user', 'attributes'], to: LARGE },
    { at: group('attributes'), to: LARGE },
    { at: group('name'), to: 'a "quoted" \\ {name}\n' },
    { at: ['user', 'groups_obj'], to: many(GROUP) },
    { at: ['user', 'uuid'], to: 'FFFFFFFF-0000-7000-8000-000000000000' },
  ])
})

describe('The contract is broken', () => {
  const breaks = (what: string, changes: Change[]) =>
    it.each(named(changes))(`${what}: $name`, async ({ change }) => {
      const verdict = await verify(change)
      expect(verdict).not.toEqual([])
      const culprit = change.at.includes('groups_obj') ? 'groups_obj' : change.at.at(-1)
      for (const line of verdict) expect(line).toContain(culprit)
    })

  breaks('by a required key that is missing', [
    ...['pk', 'provider', 'user', 'is_expired', 'scope'].map((key) => ({ at: [key] })),
    ...[
      'pk',
      'name',
      'authorization_flow',
      'component',
      'assigned_application_slug',
      'assigned_backchannel_application_name',
      'meta_model_name',
    ].map((key) => ({
      at: ['provider', key],
    })),
    ...['pk', 'username', 'name', 'is_superuser', 'groups_obj', 'avatar', 'uid', 'uuid'].map((key) => ({
      at: ['user', key],
    })),
    ...['pk', 'num_pk', 'name', 'parent_name'].map((key) => ({ at: group(key) })),
  ])
  breaks('by an optional key that is missing though this consumer relies on it', [
    { at: ['expires'] },
    { at: ['provider', 'client_type'] },
    { at: ['user', 'type'] },
  ])
  breaks('by another type', [
    { at: ['pk'], to: '1' },
    { at: ['pk'], to: 1.5 },
    { at: ['is_expired'], to: 'false' },
    { at: ['scope'], to: 'openid' },
    { at: ['scope'], to: ['openid', 1] },
    { at: ['provider'], to: 1 },
    { at: ['provider', 'name'], to: 1 },
    { at: ['user', 'username'], to: 1 },
    { at: ['user', 'is_superuser'], to: 0 },
    { at: ['user', 'groups_obj'], to: {} },
    { at: ['user', 'groups_obj'], to: 'null' },
    { at: ['user', 'groups_obj', 0], to: 'staff' },
    { at: group('num_pk'), to: '12345' },
    { at: group('name'), to: 7 },
    { at: group('parent_name'), to: false },
    { at: ['user', 'groups_obj'], to: [...many(GROUP), { ...GROUP, name: 7 }] },
  ])
  breaks('by a value that is not one of the documented', [
    { at: ['provider', 'client_type'], to: 'secret' },
    { at: ['provider', 'sub_mode'], to: 'user' },
    { at: ['provider', 'issuer_mode'], to: '' },
    { at: ['user', 'type'], to: 'internal\nor not' },
    { at: ['user', 'uuid'], to: '1' },
    { at: ['user', 'username'], to: 'é'.repeat(151) },
    { at: group('pk'), to: 'staff' },
  ])
  breaks('by null where none may be', [
    { at: ['pk'], to: null },
    { at: ['scope'], to: null },
    { at: ['provider', 'assigned_application_slug'], to: null },
    { at: ['provider', 'authorization_flow'], to: null },
    { at: ['provider', 'client_type'], to: null },
    { at: ['user'], to: null },
    { at: ['user', 'type'], to: null },
    { at: ['user', 'groups_obj', 0], to: null },
    { at: group('name'), to: null },
  ])
  breaks(
    'by what is no instant',
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
    ].map((to) => ({
      at: ['expires'],
      to,
    })),
  )
})
