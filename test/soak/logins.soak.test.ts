/** Ten thousand logins leave nothing behind, once the clock has passed what they made. */
import { expect, it } from 'vitest'
import type { Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, worldOf } from '../support/client.ts'
import { heapOf } from '../support/garbage.ts'
import { OAuthClient } from '../support/oauth-client.ts'

/** Has new browsers log in, each with all the tokens that there are. */
async function logIn(authentik: Mock, count: number, provider: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const client = new OAuthClient(authentik, { provider })
    const { json } = await client.exchange(await client.code({ scope: 'openid offline_access' }))
    const { status } = await client.refresh(json['refresh_token'])
    expect(status).toBe(200)
    // A code that is never exchanged.
    await client.code()
  }
}

const countsOf = (authentik: Mock) =>
  Object.fromEntries(Object.entries(worldOf(authentik)).map(([name, rows]) => [name, Object.keys(rows).length]))

it('ten thousand logins are forgotten when their time is over: rows and heap', { timeout: 600_000 }, async () => {
  const authentik = await readyMock({ release: '2026.8.3', now: '2030-01-01T00:00:00Z', login: 'auto', token: 'key' })
  const provider = worldOf(authentik).providers.find(({ signing_key, client_type }) => {
    return signing_key === null && client_type === 'confidential'
  })!['pk'] as number
  const api = clientOf(authentik, { token: 'key' })
  const expire = async () => {
    authentik.clock.move(31 * 86_400_000)
    expect((await api.get('/oauth2/access_tokens/?page_size=1')).status).toBe(200)
    // What happened is told for a year, by at most ten thousand events.
    expect(authentik.world.events.size).toBeLessThanOrEqual(10_000)
    for (const { pk } of authentik.world.events.values()) await authentik.world.events.delete(pk)
  }
  // What is compiled and kept for good is so by then.
  await logIn(authentik, 1000, provider)
  await expire()
  const [counts, heap] = [countsOf(authentik), await heapOf()]

  await logIn(authentik, 10_000, provider)
  expect(authentik.world.refresh_tokens.size).toBe((counts['refresh_tokens'] ?? 0) + 20_000)
  expect(await heapOf()).toBeGreaterThan(heap * 1.2)
  await expire()
  expect(countsOf(authentik)).toEqual(counts)
  expect((await heapOf()) / heap).toBeLessThan(1.02)
})
