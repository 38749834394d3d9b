/** How long a mock of `setupAuthentikMock` lives, and what is kept from test to test: nothing. */
import http, { get as getByName } from 'node:http'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { setupAuthentikMock, type ControlledMock } from '../../../src/entries/vitest.ts'

const CODE = 'https://authentik.company/api/v3/oauth2/authorization_codes/1/'
const headers = { Authorization: 'Bearer my-token' }
const statusOf = async (init: RequestInit = {}) => (await fetch(CODE, { headers, ...init })).status

describe('a mock that is set up', () => {
  const authentik = setupAuthentikMock({ token: 'my-token' })
  let hasCode = false
  beforeAll(() => {
    hasCode = authentik.world.authorization_codes.has(1)
  })

  it('is filled when what is set up after it begins, and answers', async () => {
    expect([hasCode, await statusOf()]).toEqual([true, 200])
  })

  it('answers node:http where that is a default import, and not by name', async () => {
    const statusBy = ({ get }: Pick<typeof http, 'get'>) =>
      new Promise((resolve) => {
        const url = 'http://127.0.0.1:9/api/v3/root/config/'
        get(url, ({ statusCode }) => resolve(statusCode)).on('error', ({ name }) => resolve(name))
      })
    expect([await statusBy(http), await statusBy({ get: getByName })]).toEqual([200, 'Error'])
  })

  it('takes what a test does to it', async () => {
    authentik.clock.freeze('2100-01-01T00:00:00Z')
    authentik.scenario({ operationId: 'oauth2_authorization_codes_list', status: 500 })
    expect(await statusOf({ method: 'DELETE' })).toBe(204)
    expect(authentik.journal.count()).toBe(1)
  })

  it('begins anew in the next: world, clock, scenarios and journal', async () => {
    expect(authentik.journal.count()).toBe(0)
    expect(authentik.scenarios.list()).toEqual([])
    expect(new Date(authentik.clock.now()).getFullYear()).toBeLessThan(2100)
    expect(await statusOf()).toBe(200)
  })

  it('answers, and begins anew, while fake timers stand still', async () => {
    vi.useFakeTimers({ now: new Date('2110-01-01T00:00:00Z') })
    const { is_expired } = await (await fetch(CODE, { headers })).json()
    expect([is_expired, await statusOf({ method: 'DELETE' })]).toEqual([true, 204])
    await authentik.reset()
    expect(await statusOf()).toBe(200)
    vi.useRealTimers()
  })
})

describe('a second mock in a describe beside it', () => {
  const authentik = setupAuthentikMock({ token: 'another-token', release: '2025.12' })

  it('is the only one that is asked', async () => {
    expect(await statusOf()).toBe(403)
    expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_retrieve', { times: 1 })
  })

  it('says of which release a component is', () => {
    expect(() => expect({}).toMatchComponent('User')).toThrow('as User of 2025.12.6 is')
  })
})

describe('tests that run at once', () => {
  const authentik = setupAuthentikMock({ token: 'my-token' })
  let release: () => void
  const isDeleted = new Promise<void>((resolve) => (release = resolve))

  it.concurrent('share a world', async () => {
    expect(await statusOf({ method: 'DELETE' })).toBe(204)
    release()
  })

  it.concurrent('find it as the others made it until the last of them ends', async () => {
    await isDeleted
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await statusOf()).toBe(404)
    expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_destroy')
  })

  it('leave nothing to the next', async () => {
    expect(await statusOf()).toBe(200)
  })
})

describe('the mock of a describe', () => {
  const journals: ControlledMock['journal'][] = []

  describe('inside', () => {
    const authentik = setupAuthentikMock()

    it('answers its origin', async () => {
      journals.push(authentik.journal)
      expect(await statusOf()).toBe(403)
    })
  })

  it('is silent after it', async () => {
    // Nothing listens on this port of the machine.
    await expect(fetch('http://127.0.0.1:9/api/v3/core/users/')).rejects.toThrow(TypeError)
    expect(journals.map((journal) => journal.size)).toEqual([0])
  })
})

describe.each([
  [{ relase: '2025.12' }, 'there is no option "relase". The nearest is release'],
  [{ orgin: 'https://authentik.company' }, 'there is no option "orgin". The nearest is origin'],
  [{ handler: [] }, 'there is no option "handler". The nearest is handlers'],
  [{ requestTimeout: 5 }, 'login, log, origin, unhandled, keep, handlers, worker.'],
  [null, 'the options are null. Give an object, or nothing'],
  [{ unhandled: 'warn' }, 'unhandled is "warn". Give "501" or "error" or "bypass"'],
  [{ origin: 'authentik' }, 'origin "authentik" is none'],
  [{ release: '1.0' }, 'Failed to find the release "1.0"'],
])('the options %j', (options, reason) => {
  // In a test it is too late for any mock.
  const error = errorOf(() => setupAuthentikMock(options as unknown as object))

  it('are refused at once', () => {
    expect(error).toMatchObject({ message: expect.stringContaining(reason) })
  })
})

function errorOf(task: () => unknown): unknown {
  try {
    task()
    return undefined
  } catch (error) {
    return error
  }
}
