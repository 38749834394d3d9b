/** A device without a browser: it asks for a code, a person lets it in, and it gets its tokens once (RFC 8628). */
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../../src/mock/mock.ts'
import { Browser } from '../../support/browser.ts'
import { readyMock } from '../../support/client.ts'
import { OAuthClient, ORIGIN } from '../../support/oauth-client.ts'

const RELEASES = ['2024.8.4', '2025.8.6', '2026.2.2', '2026.8.3']

const ask = (authentik: Mock, scope = 'openid offline_access') => new OAuthClient(authentik).post('device', { scope })

const poll = (authentik: Mock, code: string) =>
  new OAuthClient(authentik).post('token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: code,
  })

describe.each(RELEASES)('a device at %s', (release) => {
  it('waits until a person has opened its link, then gets tokens once', async () => {
    const authentik = await readyMock({ release, login: 'auto:ak-service' })
    const { json } = await ask(authentik)
    expect(json).toMatchObject({ expires_in: 60, interval: 5, verification_uri: `${ORIGIN}/device` })
    expect((await poll(authentik, json['device_code'])).json['error']).toBe('authorization_pending')
    const page = await new Browser(authentik).open(json['verification_uri_complete'])
    expect(page.text).toContain('successfully authenticated your device')
    const { status, json: tokens } = await poll(authentik, json['device_code'])
    expect([status, typeof tokens['access_token']]).toEqual([200, 'string'])
    expect((await poll(authentik, json['device_code'])).json['error']).toBe('invalid_grant')
  })

  it('is refused with a code that nobody has', async () => {
    const authentik = await readyMock({ release, login: 'auto' })
    expect((await poll(authentik, 'nope')).json['error']).toBe('invalid_grant')
    const { text } = await new Browser(authentik).open('/device?code=123')
    expect(text).toContain('Request has been denied.')
  })

  it('of a hundred requests for its tokens, one gets them', async () => {
    const authentik = await readyMock({ release, login: 'auto' })
    const { json } = await ask(authentik, 'openid')
    await new Browser(authentik).open(json['verification_uri_complete'])
    const answers = await Promise.all(Array.from({ length: 100 }, () => poll(authentik, json['device_code'])))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('a device whose code is entered', () => {
  it('is let in by the code, from 2025.8 on', async () => {
    const authentik = await readyMock({ release: '2026.2.2' })
    const browser = new Browser(authentik)
    const { json } = await ask(authentik, 'openid')
    const form = await browser.logIn(await browser.open('/device'), 'akadmin', 'akadmin-password')
    expect(form.text).toContain('name="code"')
    const refused = await browser.submit(form, { code: '1' })
    expect(refused.text).toContain('Request has been denied.')
    const next = await browser.submit(await browser.open('/device'), { code: json['user_code'] })
    const page = next.text.includes('ak-stage-consent') ? await browser.submit(next, {}) : next
    expect(page.text).toContain('successfully authenticated your device')
    expect((await poll(authentik, json['device_code'])).status).toBe(200)
  })

  it('cannot be, where the brand of the world has no flow for it', async () => {
    const authentik = await readyMock({
      release: '2026.2.2',
      world: { users: [{ pk: 1, username: 'ann' }], brands: [{ flow_device_code: null }] },
    })
    const headers = await authentik.logIn('ann')
    const response = await authentik.fetch(`${ORIGIN}/device`, { headers, redirect: 'manual' })
    expect([response.status, await response.text()]).toEqual([404, ''])
  })
})
