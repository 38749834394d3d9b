/** An answer that was kept is never one that would not be given anew. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mock } from '../../src/entries/index.ts'

const NOW = Date.parse('2024-09-27T14:26:18.306Z')

const worldOf = async () => {
  const own = mock({ now: NOW, token: 'key', codes: 6 })
  await own.ready
  return own
}

const ask = (own: Awaited<ReturnType<typeof worldOf>>, pk: number, key = 'key', query = '') =>
  own.fetch(
    new Request(`http://localhost/api/v3/oauth2/authorization_codes/${pk}/${query}`, {
      headers: { Authorization: `Bearer ${key}` },
    }),
  )

describe('an answer', () => {
  it('follows a change of a row, also of one that it only shows', async () => {
    const own = await worldOf()
    expect((await (await ask(own, 1)).json()).user.name).not.toBe('Somebody Else')
    await own.world.named('users').update(2, (user: any) => void (user.name = 'Somebody Else'))
    expect((await (await ask(own, 1)).json()).user.name).toBe('Somebody Else')
    await own.world.named('authorization_codes').update(1, (code: any) => void (code.scope = 'a b'))
    expect((await (await ask(own, 1)).json()).scope).toEqual(['a', 'b'])
  })

  it('follows the clock to the millisecond, forwards and backwards', async () => {
    const own = await worldOf()
    const expires = Date.parse(own.world.named('authorization_codes').get(3).expires)
    const expired = async (at: number) => {
      own.clock.freeze(at)
      return (await (await ask(own, 3)).json()).is_expired
    }
    expect([await expired(expires), await expired(expires + 1), await expired(expires), await expired(NOW)]).toEqual([
      false,
      true,
      false,
      false,
    ])
  })

  it('expires while the clock runs', async () => {
    const own = await worldOf()
    own.clock.freeze(Date.parse(own.world.named('authorization_codes').get(3).expires) - 20)
    own.clock.run()
    expect((await (await ask(own, 3)).json()).is_expired).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect((await (await ask(own, 3)).json()).is_expired).toBe(true)
  })

  it('is not given to somebody else', async () => {
    const own = await worldOf()
    const stranger = own.world.named('api_tokens').get('stranger-api').key
    expect([
      (await ask(own, 1)).status,
      (await ask(own, 1, stranger)).status,
      (await ask(own, 1, 'nope')).status,
      (await ask(own, 1)).status,
    ]).toEqual([200, 404, 403, 200])
  })

  it('has an identifier of its own every time', async () => {
    const own = await worldOf()
    const ids = await Promise.all([1, 1, 1].map(async (pk) => (await ask(own, pk)).headers.get('x-authentik-id')))
    expect(new Set(ids).size).toBe(3)
  })

  it('is the one that a mock gives which never kept any, after any sequence of reads, changes and moves of the clock', async () => {
    const step = fc.oneof(
      fc.record({
        read: fc.integer({ min: 1, max: 7 }),
        query: fc.constantFrom('', '?include_groups=false', '?user=2'),
      }),
      fc.record({ remove: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ move: fc.integer({ min: -300_000, max: 300_000 }) }),
      fc.record({ rename: fc.integer({ min: 1, max: 8 }) }),
      fc.constant({ reset: true }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const own = await worldOf()
        const pairs: [kept: Response, anew: Response][] = []
        for (const one of steps) {
          if ('read' in one) {
            const fresh = mock({ world: JSON.parse(JSON.stringify(own.world)), now: own.clock.now() })
            pairs.push([await ask(own, one.read, 'key', one.query), await ask(fresh, one.read, 'key', one.query)])
          } else if ('remove' in one) await own.world.named('authorization_codes').delete(one.remove)
          else if ('move' in one) own.clock.move(one.move)
          else if ('rename' in one)
            await own.world.named('users').update(one.rename, (user: any) => void (user.name = `${user.name}!`))
          else await own.reset()
        }
        for (const [kept, anew] of pairs)
          expect([kept.status, await kept.text()]).toEqual([anew.status, await anew.text()])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a row', () => {
  it('cannot be written to but through update, which says when there is none', async () => {
    const own = await worldOf()
    const row = own.world.named('authorization_codes').get(1)
    expect(() => (row.expires = null)).toThrow(TypeError)
    await expect(own.world.named('authorization_codes').update(99, () => {})).rejects.toThrow(
      'Failed to change a row: none has the pk 99.',
    )
  })
})
