/** A page logs in, and its browser brings the session along; what nobody has is never the dev server's to answer. */
import { setupWorker } from 'msw/browser'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { mock } from '../../src/entries/index.ts'
import { handlers } from '../../src/entries/msw.ts'
import { clientOf, type Fetch } from '../support/client.ts'

const messages: string[] = []
const authentik = mock({ log: (message) => messages.push(message) })
const worker = setupWorker(...handlers(authentik))
const CODE = '/oauth2/authorization_codes/1/'

/** Makes the browser forget. */
function clearCookies(): void {
  for (const cookie of document.cookie.split('; ')) document.cookie = `${cookie.split('=')[0]}=; path=/; max-age=0`
}

beforeAll(() => worker.start({ quiet: true, onUnhandledFrame: 'bypass' }))
beforeEach(() => authentik.reset())
afterEach(clearCookies)
afterAll(() => worker.stop())

const transports: [string, Fetch][] = [
  ['through MSW', (path, init) => fetch(path, init)],
  ['by mock().fetch', (path, init) => authentik.fetch(path, init)],
]

describe.each(transports)('a session in a page, %s', (_, fetchPath) => {
  const client = clientOf(fetchPath)
  const whoAmI = async (init?: RequestInit) => {
    const response = await fetchPath('/api/v3/core/users/me/', { ...init })
    return response.ok ? (await response.json()).user.username : response.status
  }

  it('reads once it is there, and not before; the user who logs in next is the one', async () => {
    expect(await whoAmI()).toBe(403)
    await authentik.logIn('akadmin')
    expect(await whoAmI()).toBe('akadmin')
    const second = authentik.world.users.get(2)!.username
    await authentik.logIn(second)
    expect(await whoAmI()).toBe(second)
  })

  it('deletes with the CSRF header, and is refused without it and with that of another login', async () => {
    const { 'X-authentik-CSRF': former } = await authentik.logIn('akadmin')
    const { 'X-authentik-CSRF': token } = await authentik.logIn('akadmin')
    const refused = await client.delete(CODE)
    expect([refused.status, refused.json.detail]).toEqual([403, 'CSRF Failed: CSRF token missing.'])
    expect((await client.delete(CODE, { headers: { 'X-authentik-CSRF': former } })).status).toBe(403)
    expect((await client.delete(CODE, { headers: { 'X-authentik-CSRF': token } })).status).toBe(204)
    expect((await client.get(CODE)).status).toBe(404)
  })

  it('deletes with all that logIn returns: what a page may not send the browser leaves out', async () => {
    expect((await client.delete(CODE, { headers: await authentik.logIn('akadmin') })).status).toBe(204)
  })

  it('is not sent where the page says so', async () => {
    await authentik.logIn('akadmin')
    expect(await whoAmI({ credentials: 'omit' })).toBe(403)
    expect(await whoAmI({ credentials: 'include' })).toBe('akadmin')
  })

  it('is that of the login flow too, until it is logged out', async () => {
    const executor = '/api/v3/flows/executor/default-authentication-flow/?query='
    const headers = { 'Content-Type': 'application/json' }
    for (const body of [{ uid_field: 'akadmin' }, { password: 'akadmin-password' }])
      await fetchPath(executor, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(await whoAmI()).toBe('akadmin')
    const token = /authentik_csrf=(\w+)/.exec(document.cookie)?.[1] ?? ''
    expect((await client.delete(CODE, { headers: { 'X-authentik-CSRF': token } })).status).toBe(204)
    await fetchPath('/if/flow/default-invalidation-flow/', {})
    expect(await whoAmI()).toBe(403)
  })

  it('is not taken where the page sends no credentials', async () => {
    await fetchPath('/api/v3/flows/executor/default-authentication-flow/?query=', { credentials: 'omit' })
    expect(document.cookie).not.toContain('authentik_session')
  })

  it('ends with reset: the browser still has its cookie, and the world no session', async () => {
    await authentik.logIn('akadmin')
    await authentik.reset()
    expect(await whoAmI()).toBe(403)
  })
})

describe.each(transports)('a session in a page, at another origin, %s', (_, fetchPath) => {
  const url = `https://authentik.company/api/v3${CODE}`

  it('reads where credentials are included, and changes nothing: a page of another site is refused', async () => {
    const { 'X-authentik-CSRF': token } = await authentik.logIn('akadmin')
    expect((await fetchPath(url, {})).status).toBe(403)
    expect((await fetchPath(url, { credentials: 'include' })).status).toBe(200)
    const headers = { 'X-authentik-CSRF': token }
    const response = await fetchPath(url, { method: 'DELETE', credentials: 'include', headers })
    const detail = `CSRF Failed: Origin checking failed - ${location.origin} does not match any trusted origins.`
    expect([response.status, await response.json()]).toEqual([403, { detail }])
  })
})

it('logIn says it where the browser takes no cookie', async () => {
  Object.defineProperty(document, 'cookie', { get: () => '', set: () => {}, configurable: true })
  await expect(authentik.logIn('akadmin')).rejects.toMatchObject({
    code: 'ERR_USER',
    message: expect.stringContaining('the browser takes no cookie authentik_session'),
  })
  Reflect.deleteProperty(document, 'cookie')
})

describe("what nobody has below authentik's paths, in a page", () => {
  const PATH = '/api/v3/core/no_such_thing/'
  const message = expect.stringContaining(`GET ${PATH} is no path of authentik `)

  beforeEach(() => void messages.splice(0))
  afterEach(() => worker.resetHandlers(...handlers(authentik)))

  it('is 501 on the origin of the page, and said in the log of the mock', async () => {
    const response = await fetch(PATH)
    expect([response.status, await response.json(), messages]).toEqual([501, { detail: message }, [message]])
  })

  it("is 501 on the API's own path without its slash, and on none that only begins alike", async () => {
    expect((await fetch('/api/v3')).status).toBe(501)
    expect((await fetch('/api/v3x')).status).not.toBe(501)
  })

  it('is a network error where unhandled says so, which the log and the console name', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    worker.resetHandlers(...handlers(authentik, { unhandled: 'error' }))
    await expect(fetch(PATH)).rejects.toThrow(TypeError)
    expect(messages).toEqual([message])
    expect(error.mock.calls.map(String)).toContain(`[authentik-mock] ${messages[0]}`)
    error.mockRestore()
  })

  it('is left to the network on another origin', async () => {
    await expect(fetch(`https://authentik.invalid${PATH}`)).rejects.toThrow(TypeError)
    expect(messages).toEqual([])
    worker.resetHandlers(...handlers(authentik, { origin: 'https://authentik.invalid' }))
    expect((await fetch(`https://authentik.invalid${PATH}`)).status).toBe(501)
  })
})
