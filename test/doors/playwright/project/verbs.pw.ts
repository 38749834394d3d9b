/** The verbs of the control API, as a test has them. */
import { expect } from '@playwright/test'
import { test } from '../../../../src/entries/playwright.ts'

for (const authentikMode of ['header', 'route'] as const)
  test.describe(`in the mode ${authentikMode}`, () => {
    test.use({ authentikMode, authentikOptions: { token: 'key' } })
    const init = { headers: { Authorization: 'Bearer key' } }

    test(`the world is changed, kept and brought back: ${authentikMode}`, async ({ authentik }) => {
      const { world } = authentik
      const start = await authentik.snapshot()
      expect((await world.update('users', 2, { name: 'Mary' })).name).toBe('Mary')
      const { pk } = await world.create('groups', { name: 'Buyers' })
      expect((await world.get('groups', pk)).name).toBe('Buyers')
      await world.merge({ users: [{ pk: 2, email: 'mary@example.com' }] })
      expect(await world.list('users', 'mary@example.com')).toMatchObject([{ pk: 2, name: 'Mary' }])
      expect(Object.keys(await world.difference()).sort()).toEqual(['groups', 'users'])
      await world.delete('groups', pk)
      await authentik.restore(start)
      expect((await world.get('users', 2)).name).not.toBe('Mary')
      await world.replace({ ...(await world.read()), authorization_codes: [] })
      expect(await world.list('authorization_codes')).toEqual([])
      await authentik.reset()
      expect(await world.list('authorization_codes')).toHaveLength(20)
      await authentik.reset({ seed: 3, codes: 2 })
      expect(await world.list('authorization_codes')).toHaveLength(2)
    })

    test(`the clock is moved, stopped and let run: ${authentikMode}`, async ({ clock }) => {
      expect(await clock.freeze(new Date('2030-01-01T00:00:00Z'))).toEqual({
        now: '2030-01-01T00:00:00Z',
        frozen: true,
      })
      expect((await clock.move(60_000)).now).toBe('2030-01-01T00:01:00Z')
      expect((await clock.run()).frozen).toBe(false)
      expect((await clock.read()).now).toContain('2030-01-01T00:01')
    })

    test(`grants are minted, expired and revoked: ${authentikMode}`, async ({ authentik, mintCode }) => {
      const { kind, pk } = await mintCode({ user: 'akadmin', scope: 'openid', expires: '+5m' })
      await authentik.expire(kind, pk)
      const token = await authentik.mint({ kind: 'access_token', user: 'akadmin', provider: 'web' })
      await authentik.revoke(token.kind, token.pk)
      const states = (await authentik.grants()).map((grant) => [grant.kind, grant.state])
      expect(states).toContainEqual(['authorization_codes', 'expired'])
      expect(states).toContainEqual(['access_tokens', 'revoked'])
    })

    test(`scenarios strike, and the journal has what was asked: ${authentikMode}`, async ({ authentik, scenario }) => {
      await scenario({ operationId: 'core_users_me_retrieve', status: 403, once: true })
      const statuses = [0, 1].map(async () => (await authentik.fetch('/api/v3/core/users/me/', init)).status)
      expect((await Promise.all(statuses)).sort()).toEqual([200, 403])
      const { id } = await scenario({ name: 'slow' })
      expect((await authentik.scenarios.list()).map(({ name }) => name)).toContain('slow')
      await authentik.scenarios.remove(id)
      await authentik.scenarios.clear()
      expect(await authentik.scenarios.list()).toEqual([])
      const { journal } = authentik
      expect(await journal.count({ status: 403, outcome: 'scenario' })).toBe(1)
      expect(await journal.writes()).toEqual([])
      expect((await journal.waitFor({ status: 200 })).user).toBe('akadmin')
      expect(await journal.har()).toMatchObject({ log: { version: '1.2' } })
      await journal.clear()
      expect(await journal.find()).toEqual([])
    })

    test(`what cannot be is refused with what to do: ${authentikMode}`, async ({ authentik }) => {
      await expect(authentik.mint({ kind: 'access_token', user: 'nobody', provider: 'spa' })).rejects.toThrow(
        /Failed to control the mock: POST .*: .*there is no user "nobody"/,
      )
    })
  })
