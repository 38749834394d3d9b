/** An answer is written from what the world is now, although the texts of rows in it may be kept. */
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { mock, type Mock } from '../../src/entries/index.ts'
import type { Context } from '../../src/rest/operation.ts'
import { createSerializer } from '../../src/rest/serialize.ts'
import { component, text } from '../../src/schema/words.ts'
import { clientOf, readyMock, rowsOf, worldOf, type Answer, type RequestOptions } from '../support/client.ts'
import { isWhole } from '../support/tier.ts'

const NOW = Date.parse('2024-09-27T14:26:18.306Z')

const startMock = () => readyMock({ now: NOW, token: 'key', codes: 6 })

/** The answer to the superuser who reads a code. */
const readCode = (authentik: Mock, pk: number, options: RequestOptions = { token: 'key' }) =>
  clientOf(authentik).get(`/oauth2/authorization_codes/${pk}/`, options)

describe('an answer', () => {
  it('follows a change of its row, and of a row nested in it', async () => {
    const authentik = await startMock()
    expect((await readCode(authentik, 1)).json.user.name).not.toBe('Somebody Else')
    await rowsOf(authentik, 'users').update(2, { name: 'Somebody Else' })
    expect((await readCode(authentik, 1)).json.user.name).toBe('Somebody Else')
    await rowsOf(authentik, 'authorization_codes').update(1, { scope: 'a b' })
    expect((await readCode(authentik, 1)).json.scope).toEqual(['a', 'b'])
  })

  it('follows the clock to the millisecond, forwards and backwards', async () => {
    const authentik = await startMock()
    const expires = Date.parse(rowsOf(authentik, 'authorization_codes').get(3).expires)
    const isExpired = async (instant: number) => {
      authentik.clock.freeze(instant)
      return (await readCode(authentik, 3)).json.is_expired
    }
    expect([
      await isExpired(expires),
      await isExpired(expires + 1),
      await isExpired(expires),
      await isExpired(NOW),
    ]).toEqual([false, true, false, false])
  })

  it('expires while the clock runs', async () => {
    const authentik = await startMock()
    authentik.clock.freeze(Date.parse(rowsOf(authentik, 'authorization_codes').get(3).expires) - 20)
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    authentik.clock.run()
    const isExpiredAfter = async (milliseconds: number) => {
      vi.advanceTimersByTime(milliseconds)
      return (await readCode(authentik, 3)).json.is_expired
    }
    expect([await isExpiredAfter(0), await isExpiredAfter(20), await isExpiredAfter(1)]).toEqual([false, false, true])
  })

  it('is given only to callers who may have it', async () => {
    const authentik = await startMock()
    expect([
      (await readCode(authentik, 1)).status,
      (await readCode(authentik, 1, { as: 'stranger-api' })).status,
      (await readCode(authentik, 1, { token: 'nope' })).status,
      (await readCode(authentik, 1)).status,
    ]).toEqual([200, 404, 403, 200])
  })

  it('has an identifier of its own every time', async () => {
    const authentik = await startMock()
    const ids = await Promise.all(
      [1, 1, 1].map(async (pk) => (await readCode(authentik, pk)).headers.get('x-authentik-id')),
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('is the one that a new mock gives, after any sequence of reads, changes and moves of the clock', async () => {
    const step = fc.oneof(
      fc.record({
        read: fc.integer({ min: 1, max: 7 }),
        query: fc.constantFrom<RequestOptions['query']>(
          {},
          { include_groups: 'false' },
          { include_roles: 'false' },
          { user: '2' },
        ),
        language: fc.constantFrom('en', 'de'),
      }),
      fc.record({ remove: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ move: fc.integer({ min: -300_000, max: 300_000 }) }),
      fc.record({ rename: fc.integer({ min: 1, max: 8 }) }),
      fc.constant({ reset: true }),
    )
    const release = fc.constantFrom('2024.8.3', '2024.12', '2026.8')
    await fc.assert(
      fc.asyncProperty(release, fc.array(step, { maxLength: 25 }), async (version, steps) => {
        const authentik = await readyMock({ now: NOW, token: 'key', codes: 6, release: version })
        const pairs: [later: Answer, fresh: Answer][] = []
        for (const action of steps) {
          if ('read' in action) {
            const fresh = mock({ world: worldOf(authentik), now: authentik.clock.now(), release: version })
            const headers = { 'Accept-Language': action.language }
            const options = { token: 'key', query: action.query, headers }
            pairs.push([await readCode(authentik, action.read, options), await readCode(fresh, action.read, options)])
          } else if ('remove' in action) await rowsOf(authentik, 'authorization_codes').delete(action.remove)
          else if ('move' in action) authentik.clock.move(action.move)
          else if ('rename' in action) {
            const { name } = rowsOf(authentik, 'users').get(action.rename)
            await rowsOf(authentik, 'users').update(action.rename, { name: `${name}!` })
          } else await authentik.reset()
        }
        for (const [later, fresh] of pairs) expect([later.status, later.text]).toEqual([fresh.status, fresh.text])
      }),
      { numRuns: isWhole ? 60 : 15 },
    )
  })
})

it('what is not frozen is written anew each time, because nobody tells when it changes', () => {
  const schema = component('Named', { name: text() }, { variant: () => '' })
  const { serialize } = createSerializer(undefined)
  const context = { world: { changes: 1 } } as Context
  const [loose, frozen] = [{ name: 'first' }, Object.freeze({ name: 'kept' })]
  const initial = serialize(schema, loose, context)
  loose.name = 'second'
  expect([initial, serialize(schema, loose, context)]).toEqual(['{"name":"first"}', '{"name":"second"}'])
  expect(serialize(schema, frozen, context)).toBe(serialize(schema, frozen, context))
})

describe('a row', () => {
  it('can be changed only through update, which refuses a key that no row has', async () => {
    const authentik = await startMock()
    const row = rowsOf(authentik, 'authorization_codes').get(1)
    expect(() => (row.expires = null)).toThrow(TypeError)
    await expect(rowsOf(authentik, 'authorization_codes').update(99, {})).rejects.toThrow(
      'Failed to find a row: authorization_codes has none with the pk 99.',
    )
  })
})
