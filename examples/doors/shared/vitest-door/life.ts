/** What is kept between tests, in whichever environment: nothing of a mock. */
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { describe, expect, it, vi } from 'vitest'

const CODES = 'https://authentik.company/api/v3/oauth2/authorization_codes'
const headers = { Authorization: 'Bearer my-token' }

describe('a mock', () => {
  const authentik = setupAuthentikMock({ token: 'my-token' })

  it('forgets after a test what it changed', async () => {
    authentik.scenario({ operationId: 'oauth2_authorization_codes_list', status: 500 })
    authentik.clock.freeze('2100-01-01T00:00:00Z')
    expect((await fetch(`${CODES}/`, { headers })).status).toBe(500)
    expect((await fetch(`${CODES}/1/`, { method: 'DELETE', headers })).status).toBe(204)
    expect(authentik).not.toHaveNoWrites()
  })

  it('has its world, its clock and an empty journal in the next', async () => {
    expect(authentik).toHaveNoWrites()
    expect(authentik.journal.count()).toBe(0)
    expect((await fetch(`${CODES}/`, { headers })).status).toBe(200)
    expect(await (await fetch(`${CODES}/1/`, { headers })).json()).toMatchObject({ pk: 1, is_expired: false })
    expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_retrieve', { times: 1 })
  })

  it('answers a session on the origin of the page, as a browser or a program sends it', async () => {
    const session = await authentik.logIn('akadmin')
    const url = new URL(new URL(CODES).pathname, globalThis.location?.origin ?? 'http://localhost:3000')
    expect((await fetch(`${url}/1/`, { headers: session })).status).toBe(200)
    expect((await fetch(`${url}/1/`, { method: 'DELETE', headers: session })).status).toBe(204)
    expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_destroy', { user: 'akadmin', status: 204 })
  })

  it('follows fake timers, and answers while they stand still', async () => {
    vi.useFakeTimers({ now: new Date('2030-01-01T00:00:00Z') })
    const before = await (await fetch(`${CODES}/1/`, { headers })).json()
    vi.setSystemTime(new Date('2110-01-01T00:00:00Z'))
    const later = await (await fetch(`${CODES}/1/`, { headers })).json()
    const deleted = await fetch(`${CODES}/1/`, { method: 'DELETE', headers })
    const gone = await fetch(`${CODES}/1/`, { headers })
    await authentik.reset()
    vi.useRealTimers()
    expect([before.is_expired, later.is_expired, deleted.status, gone.status]).toEqual([false, true, 204, 404])
  })

  it('begins anew after a test that leaves fake timers on', async () => {
    vi.useFakeTimers()
    expect((await fetch(`${CODES}/1/`, { method: 'DELETE', headers })).status).toBe(204)
  })

  it('is as it was after such a test', async () => {
    expect((await fetch(`${CODES}/1/`, { headers })).status).toBe(200)
    vi.useRealTimers()
  })
})

describe('a second mock in the same file', () => {
  const authentik = setupAuthentikMock({ token: 'another-token', release: '2025.12' })

  it('is asked in its turn, as its own release', async () => {
    const mine = { Authorization: 'Bearer another-token' }
    expect((await fetch(`${CODES}/1/`, { headers })).status).toBe(403)
    const answer = await fetch('https://authentik.company/api/v3/core/users/1/', { headers: mine })
    expect(await answer.json()).toMatchComponent('User', { exact: true })
    expect(authentik).toHaveBeenAsked('core_users_retrieve', {
      status: 200,
      headers: { Authorization: expect.stringContaining('Bearer') },
    })
  })
})
