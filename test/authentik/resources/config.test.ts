/** The configuration that a server tells its web interface. */
import { describe, expect, it } from 'vitest'
import { clientOf } from '../../support/client.ts'
import { observedAdmin, observed } from '../../support/recordings.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

describe('root/config', () => {
  it.each([
    ['a caller without credentials', null] as const,
    ['a user', 'seed-alice'] as const,
    ['a superuser', 'seed-akadmin'] as const,
  ])('is shown to %s', async (_, as) => {
    const { status, json } = await reader.get('/root/config/', { as })
    expect(status).toBe(200)
    expect(json).toEqual({
      error_reporting: {
        enabled: false,
        sentry_dsn: expect.stringMatching(/^https:\/\//),
        environment: 'customer',
        send_pii: false,
        traces_sample_rate: expect.any(Number),
      },
      capabilities: expect.arrayContaining(['can_impersonate']),
      cache_timeout: 300,
      cache_timeout_flows: 300,
      cache_timeout_policies: 300,
      cache_timeout_reputation: 300,
    })
  })

  it.each([
    ['Bearer nope', 'Token invalid/expired'],
    ['Bearer seed-token-carol', 'Token invalid/expired'],
    ['Bearer seed-token-expired', 'Token invalid/expired'],
    ['Basic YTpi', 'Unsupported authentication type'],
  ])('is public, and yet refused to a caller with the credentials %s', async (Authorization, detail) => {
    expect(await clientOf(observed()).get('/root/config/', { headers: { Authorization } })).toMatchObject({
      status: 403,
      json: { detail },
    })
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('cannot be changed by %s', async (method) => {
    const { status, json, headers } = await reader.send(method, '/root/config/', undefined, { as: null })
    expect([status, json, headers.get('Allow')]).toEqual([
      405,
      { detail: `Method "${method}" not allowed.` },
      'GET, HEAD, OPTIONS',
    ])
  })
})
