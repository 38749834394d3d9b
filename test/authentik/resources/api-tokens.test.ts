/** The list of API tokens. */
import { describe, expect, it } from 'vitest'
import { namesIn } from '../../support/client.ts'
import {
  findRow,
  observedAdmin,
  recordedBody,
  worldWith,
  CREDENTIALS,
  INVALID_TOKEN,
  NUL,
  notAmong,
} from '../../support/recordings.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

describe('the list of API tokens', () => {
  const TOKENS_OF_ALICE = ['seed-alice', 'seed-apppw', 'seed-expired', 'seed-recovery']
  const IDENTIFIERS = [
    'seed-akadmin',
    'seed-alice',
    'seed-apppw',
    'seed-bob',
    'seed-carol',
    'seed-dave',
    'seed-expired',
    'seed-recovery',
    'seed-svc',
    'seed-viewer',
  ]

  it('has every token for a superuser, and for any other user their own', async () => {
    expect(await namesIn(reader, '/core/tokens/')).toEqual(IDENTIFIERS)
    expect(await namesIn(reader, '/core/tokens/', { as: 'seed-alice' })).toEqual(TOKENS_OF_ALICE)
    expect(await namesIn(reader, '/core/tokens/', { as: 'seed-bob' })).toEqual(['seed-bob'])
  })

  // Seen on servers of 2024.8.4, 2025.8.6 and 2026.2.2; the releases between them are as the one before.
  it.each([
    ['2024.8.4', ['seed-bob']],
    ['2025.8.6', ['seed-bob']],
    ['2025.12.6', ['seed-bob']],
    ['2026.2.0', IDENTIFIERS],
    ['2026.2.2', IDENTIFIERS],
    ['2026.8.3', IDENTIFIERS],
  ])('in %s has these for a user with the permission to view tokens: %s', async (release, identifiers) => {
    const world = worldWith((draft) => (draft.permissions = { bob: ['view_token'], dave: ['view_token_key'] }))
    for (const fidelity of ['observed', 'documented'] as const) {
      const client = observedAdmin({ world, release, fidelity })
      expect(await namesIn(client, '/core/tokens/', { as: 'seed-bob' })).toEqual(identifiers)
      expect(await namesIn(client, '/core/tokens/', { as: 'seed-dave' })).toEqual(['seed-dave'])
      expect((await client.get('/core/tokens/', { as: null })).status).toBe(403)
    }
  })

  it('is refused without credentials', async () => {
    expect(await reader.get('/core/tokens/', { as: null })).toMatchObject({ status: 403, json: CREDENTIALS })
  })

  it('never shows a key', async () => {
    const { text, json } = await reader.get('/core/tokens/')
    expect(text).not.toContain('seed-token-')
    for (const token of json.results) {
      expect(Object.keys(token)).toEqual([
        'pk',
        'managed',
        'identifier',
        'intent',
        'user',
        'user_obj',
        'description',
        'expires',
        'expiring',
      ])
    }
  })

  it('has each token with its user and its expiry', async () => {
    const { json } = await reader.get('/core/tokens/?identifier=seed-expired')
    expect(json.results).toEqual([
      {
        pk: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        managed: null,
        identifier: 'seed-expired',
        intent: 'api',
        user: 7,
        user_obj: recordedBody('users.get.alice'),
        description: '',
        expires: '2020-01-01T00:00:00Z',
        expiring: true,
      },
    ])
  })

  it('is without a token that was sent after its expiry', async () => {
    const client = observedAdmin()
    expect(await client.get('/core/tokens/', { as: 'seed-expired' })).toMatchObject({
      status: 403,
      json: INVALID_TOKEN,
    })
    expect(await namesIn(client, '/core/tokens/')).toEqual(IDENTIFIERS.filter((name) => name !== 'seed-expired'))
  })

  const world = worldWith((draft) => {
    const token = (identifier: string) => findRow(draft.api_tokens, 'identifier', identifier)
    Object.assign(token('seed-svc'), { description: 'Nightly Job', managed: 'goauthentik.io/outpost/1' })
    Object.assign(token('seed-dave'), {
      expiring: true,
      expires: '2030-01-01T00:00:00Z',
      pk: '00000000-0000-4000-8000-000000000001',
    })
  })
  const client = observedAdmin({ world })

  it.each([
    ['identifier', 'seed-bob', ['seed-bob']],
    ['identifier', 'bob', []],
    ['intent', 'app_password', ['seed-apppw']],
    ['intent', 'verification', []],
    ['intent', '', IDENTIFIERS],
    ['user__username', 'alice', TOKENS_OF_ALICE],
    ['user__username', 'nope', []],
    ['description', 'Nightly Job', ['seed-svc']],
    ['description', 'nightly job', []],
    ['managed', 'goauthentik.io/outpost/1', ['seed-svc']],
    ['expiring', 'true', ['seed-dave', 'seed-expired']],
    ['expiring', '1', ['seed-dave', 'seed-expired']],
    ['expiring', 'TRUE', ['seed-dave', 'seed-expired']],
    ['expiring', '0', IDENTIFIERS.filter((name) => name !== 'seed-dave' && name !== 'seed-expired')],
    ['expiring', '2', IDENTIFIERS],
    ['expiring', 'garbage', IDENTIFIERS],
    ['expires', '2030-01-01T00:00:00Z', ['seed-dave']],
    ['expires', '2030-01-01T01:30:00+01:30', ['seed-dave']],
    ['expires', '2030-01-01', ['seed-dave']],
    ['expires', '2031-01-01T00:00:00Z', []],
    ['search', 'ALICE', TOKENS_OF_ALICE],
    ['search', 'recovery', ['seed-recovery']],
    ['search', 'job night', ['seed-svc']],
    ['search', 'app_pass', ['seed-apppw']],
    ['search', 'seed-token', []],
    ['ordering', '-identifier', IDENTIFIERS.toReversed()],
    [
      'ordering',
      '-user,identifier',
      ['seed-viewer', 'seed-svc', 'seed-dave', 'seed-carol', 'seed-bob', ...TOKENS_OF_ALICE, 'seed-akadmin'],
    ],
    ['ordering', 'nope', IDENTIFIERS],
    ['ordering', 'key', IDENTIFIERS],
  ])('with %s=%j has %j', async (name, value, names) => {
    expect(await namesIn(client, '/core/tokens/', { query: { [name]: value } })).toEqual(names)
  })

  it('ordered by expiry has the tokens that never expire at the end', async () => {
    expect((await namesIn(client, '/core/tokens/?ordering=expires,identifier')).slice(0, 3)).toEqual([
      'seed-expired',
      'seed-dave',
      'seed-akadmin',
    ])
  })

  it.each([
    ['intent', 'nope', notAmong('nope')],
    ['intent', 'API', notAmong('API')],
    ['expires', 'nope', 'Enter a valid date/time.'],
    ['expires', '1577836800', 'Enter a valid date/time.'],
    ['expires', '2024-02-31', 'Enter a valid date/time.'],
    ['expires', '2024-09-27T24:00:00Z', 'Enter a valid date/time.'],
    ['user__username', '\0', NUL],
  ])('refuses %s=%j: %s', async (name, value, message) => {
    expect(await client.get('/core/tokens/', { query: { [name]: value } })).toMatchObject({
      status: 400,
      json: { [name]: [message] },
    })
  })

  it('names both of two wrong filters', async () => {
    expect((await reader.get('/core/tokens/?intent=nope&expires=nope')).json).toEqual({
      intent: [notAmong('nope')],
      expires: ['Enter a valid date/time.'],
    })
  })

  it('hides the token of another user also from a caller who filters for its name', async () => {
    expect(await namesIn(reader, '/core/tokens/?identifier=seed-akadmin', { as: 'seed-alice' })).toEqual([])
    expect(await namesIn(reader, '/core/tokens/?user__username=akadmin&ordering=-pk', { as: 'seed-alice' })).toEqual([])
  })
})
