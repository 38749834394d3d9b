/** Whatever a client or a page sends to the login, nobody is led elsewhere than the provider allows, and nothing breaks. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Mock } from '../../../src/entries/index.ts'
import { readyMock } from '../../support/client.ts'
import { recordedWorldOf } from '../../support/recordings.ts'
import { anyText } from '../../support/texts.ts'
import { runsOf } from '../../support/tier.ts'

const ORIGIN = 'http://authentik.test'
const CALLBACK = 'https://app.example.com/callback'

const text = fc.oneof(
  anyText(),
  fc.constantFrom(
    '',
    'x\r\nSet-Cookie: a=b',
    '//evil.example',
    'https://evil.example/',
    '\ud800',
    '\0',
    'ü',
    '%0d%0a',
    '#',
    '&code=x',
  ),
)
/** Nothing, or why a real server fails: by its own rule for tokens in a query, or because PostgreSQL keeps no NUL. */
const AUTHENTIKS_FAULT = /^$|Tokens cannot be sent in a query|has a NUL in it, which PostgreSQL does not keep/

/** Fails for a fault of the mock's own. */
const expectNoFault = async (response: Response): Promise<void> =>
  expect(response.status < 500 ? '' : await response.text()).toMatch(AUTHENTIKS_FAULT)

/** Fails when a world was written to that cannot be loaded again. */
async function expectWholeWorld(authentik: Mock): Promise<void> {
  const saved = JSON.stringify(authentik.save())
  await authentik.load(JSON.parse(saved))
  expect(JSON.stringify(authentik.save())).toBe(saved)
}

const uri = fc.oneof(
  fc.constantFrom(
    CALLBACK,
    `${CALLBACK}/`,
    `${CALLBACK}?a=b`,
    'https://app.example.com.evil.example/callback',
    '//app.example.com/callback',
    'javascript:alert(1)',
    'HTTPS://APP.EXAMPLE.COM/callback',
  ),
  text,
)
const parameters = fc.record(
  {
    client_id: fc.oneof({ weight: 5, arbitrary: fc.constant('demo-client') }, text),
    redirect_uri: uri,
    response_type: fc.oneof(fc.constantFrom('code', 'id_token', 'code id_token token', 'token'), text),
    response_mode: fc.constantFrom('query', 'fragment', 'form_post', 'nope'),
    scope: fc.oneof(fc.constant('openid profile'), text),
    state: text,
    nonce: text,
    prompt: fc.oneof(fc.constantFrom('none', 'login', 'consent'), text),
    max_age: fc.oneof(fc.nat().map(String), fc.constant('0')),
    login_hint: text,
    code_challenge: text,
    code_challenge_method: text,
    request: text,
    next: text,
  },
  { requiredKeys: [] },
)

it('no request to authorize leads anywhere but to the callback or a page of authentik, nor breaks it', async () => {
  const newMock = (login: 'page' | 'auto') =>
    readyMock({ release: '2026.2.2', world: recordedWorldOf('2026.2.2'), login })
  const mocks = { page: await newMock('page'), auto: await newMock('auto') }
  await fc.assert(
    // A failure names the mock: the mock itself would print as its whole source.
    fc.asyncProperty(parameters, fc.constantFrom('page', 'auto'), async (query, login) => {
      const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, value.toWellFormed()]))
      const response = await mocks[login].fetch(`${ORIGIN}/application/o/authorize/?${search}`, { redirect: 'manual' })
      await expectNoFault(response)
      const location = response.headers.get('Location')
      if (location === null) return
      expect(location).toMatch(/^[\x21-\x7e]+$/)
      const { origin, pathname } = new URL(location, ORIGIN)
      expect([ORIGIN, new URL(CALLBACK).origin]).toContain(origin)
      expect(origin === ORIGIN || pathname === '/callback').toBe(true)
    }),
    { numRuns: runsOf(2000) * 2 },
  )
  await expectWholeWorld(mocks.page)
  await expectWholeWorld(mocks.auto)
})

it('no form of the page leads anywhere but to authentik, nor breaks it', async () => {
  const authentik = await readyMock({ release: '2026.2.2', world: recordedWorldOf('2026.2.2') })
  await fc.assert(
    fc.asyncProperty(text, text, text, async (next, identifier, password) => {
      const address = `${ORIGIN}/if/flow/default-authentication-flow/?${new URLSearchParams({ next: next.toWellFormed() })}`
      let cookie = ''
      for (const form of [{ uid_field: identifier.toWellFormed() || 'alice' }, { password: password.toWellFormed() }]) {
        const body = new URLSearchParams(form)
        const response = await authentik.fetch(address, {
          method: 'POST',
          headers: { cookie },
          body,
          redirect: 'manual',
        })
        await expectNoFault(response)
        expect(new URL(response.headers.get('Location') ?? '/', ORIGIN).origin).toBe(ORIGIN)
        cookie = response.headers.getSetCookie().at(-1)?.split(';')[0] ?? cookie
      }
    }),
    { numRuns: runsOf(2000) },
  )
  await expectWholeWorld(authentik)
})

it.each([
  '//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https://evil.example',
  'javascript:alert(1)',
])('nobody who leaves a flow, or ends one, is led to %j', async (next) => {
  const authentik = await readyMock({ release: '2026.2.2', login: 'auto' })
  const query = new URLSearchParams({ next })
  const cancelled = await authentik.fetch(`${ORIGIN}/flows/-/cancel/?${query}`, { redirect: 'manual' })
  expect(cancelled.headers.get('Location')).toBe('/flows/-/default/invalidation/')
  const ended = await authentik.fetch(
    `${ORIGIN}/api/v3/flows/executor/default-invalidation-flow/?${new URLSearchParams({ query: String(query) })}`,
  )
  expect(await ended.json()).toMatchObject({ component: 'ak-stage-access-denied', error_message: 'Invalid next URL' })
})
