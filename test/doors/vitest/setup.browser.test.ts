/** `authentik-mock/vitest` in Vitest's browser mode: MSW's worker answers, and everything else is as in Node. */
import { describe, expect, it, vi } from 'vitest'
import { setupAuthentikMock } from '../../../src/entries/vitest.ts'

const CODE = '/api/v3/oauth2/authorization_codes/1/'
const headers = { Authorization: 'Bearer my-token' }
const statusOf = async (init: RequestInit = {}) => (await fetch(CODE, { headers, ...init })).status

describe('a mock in a page', () => {
  const authentik = setupAuthentikMock({ token: 'my-token', worker: '/mockServiceWorker.js' })

  it('answers on the origin of the page and on any other, and tells what was asked', async () => {
    expect(await (await fetch(CODE, { headers })).json()).toMatchComponent('ExpiringBaseGrantModel')
    expect((await fetch(`https://authentik.company${CODE}`, { headers, method: 'DELETE' })).status).toBe(204)
    expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_retrieve', { params: { id: 1 }, user: 'akadmin' })
    expect(authentik).not.toHaveNoWrites()
  })

  it('begins anew after each test', async () => {
    expect(await statusOf()).toBe(200)
    expect(authentik).toHaveNoWrites()
    expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_retrieve', { times: 1 })
  })

  it('answers, and begins anew, while fake timers stand still', async () => {
    vi.useFakeTimers({ now: new Date('2110-01-01T00:00:00Z') })
    const { is_expired } = await (await fetch(CODE, { headers })).json()
    expect([is_expired, await statusOf({ method: 'DELETE' })]).toEqual([true, 204])
    await authentik.reset()
    expect(await statusOf()).toBe(200)
    vi.useRealTimers()
  })

  it('begins without the session of the test before', async () => {
    await authentik.logIn('akadmin')
    expect((await fetch(CODE)).status).toBe(200)
    await authentik.reset()
    expect((await fetch(CODE)).status).toBe(403)
  })

  it('is refused where a test runs already', () => {
    expect(() => setupAuthentikMock()).toThrow('Call setupAuthentikMock() at the top level of the file')
  })

  it('leaves alone what is not authentik’s', async () => {
    expect((await fetch('/mockServiceWorker.js')).headers.get('Content-Type')).toContain('javascript')
    expect(authentik.journal.count()).toBe(0)
  })
})

describe('a second mock in a describe beside it', () => {
  setupAuthentikMock({ token: 'another-token' })

  it('is the only one that is asked', async () => {
    expect(await statusOf()).toBe(403)
    expect(await statusOf({ headers: { Authorization: 'Bearer another-token' } })).toBe(200)
  })
})
