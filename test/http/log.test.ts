/** A log is the user's function: what becomes of it changes no answer, and ends nothing. */
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import { handlers } from '../../src/entries/msw.ts'
import { serve } from '../../src/entries/node.ts'
import { mock, MockError } from '../../src/entries/index.ts'

const UNKNOWN = '/api/v3/core/no_such_thing/'
const UNSUPPORTED = '/api/v3/managed/blueprints/'
const LOGS: [string, (message: string) => void][] = [
  [
    'throws',
    () => {
      throw new Error('The log is broken.')
    },
  ],
  ['is rejected', () => Promise.reject(new Error('The log is broken.'))],
  ['throws no error', () => Promise.reject()],
]

describe.each(LOGS)('a log that %s', (_, log) => {
  it('changes no answer of the mock', async () => {
    const authentik = mock({ codes: 0, log })
    const statusOf = async (path: string) => (await authentik.fetch(`http://localhost${path}`)).status
    expect([await statusOf(UNKNOWN), await statusOf(UNSUPPORTED)]).toEqual([404, 501])
  })

  it('changes no answer on a socket, not even that the mock failed', async () => {
    const failing = await serve(
      {
        ready: Promise.resolve(),
        answer({ path }) {
          const error = new Error('The mock is broken.')
          if (path === '/later') return Promise.reject(error)
          throw error
        },
      },
      { port: 0, log },
    )
    const statusOf = async (path: string) => (await fetch(failing.url + path)).status
    expect([await statusOf('/now'), await statusOf('/later')]).toEqual([500, 500])
    await failing.close()
  })

  it('changes no answer through MSW', async () => {
    const server = setupServer(...handlers(mock({ codes: 0, log })))
    server.listen()
    expect((await fetch(`http://authentik.test${UNSUPPORTED}`)).status).toBe(501)
    server.close()
  })
})

describe('a log that is no function', () => {
  it('is refused', async () => {
    const log = 'mock.log' as unknown as () => void
    expect(() => mock({ log })).toThrow('Failed to make a mock: log is no function. Give one that takes a message.')
    await expect(serve(mock({ codes: 0 }), { log })).rejects.toThrow(
      new MockError('ERR_OPTION', 'Failed to serve: log is no function. Give one that takes a message.'),
    )
  })
})
