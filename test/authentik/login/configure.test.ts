/** The settings of a user lead to the flow by which they set up what a stage asks for. */
import { describe, expect, it } from 'vitest'
import { Browser } from '../../support/browser.ts'
import { clientOf, readyMock, type Row } from '../../support/client.ts'

const LOGIN = '/if/flow/default-authentication-flow/'

/** A mock with what the settings of its users lead to. */
async function open(release: string, basePath = '/') {
  const lines: string[] = []
  const options = { release, basePath, token: 'key', log: (line: string) => lines.push(line) }
  const authentik = await readyMock(options)
  const base = basePath.replace(/\/$/, '')
  const { json } = await clientOf(authentik, { prefix: `${base}/api/v3` }).get('/stages/all/user_settings/', {
    token: 'key',
  })
  const addresses = (json as unknown as Row[]).map(({ component, configure_url }) => [component, configure_url])
  return { authentik, base, lines, settings: Object.fromEntries(addresses) as Record<string, string> }
}

async function logIn(authentik: Awaited<ReturnType<typeof readyMock>>, base = '') {
  const browser = new Browser(authentik)
  await browser.logIn(await browser.open(base + LOGIN), 'akadmin', 'akadmin-password')
  return browser
}

describe.each(['2024.2.2', '2024.8.3', '2026.8.3'])('an address of the settings at %s', (release) => {
  it('is where who is logged in gives themselves a new password', async () => {
    const { authentik, settings } = await open(release)
    const browser = await logIn(authentik)
    const page = await browser.open(settings['ak-user-settings-password']!)
    expect(page.url.pathname).toBe('/if/flow/default-password-change/')
    await browser.submit(page, { password: 'new', password_repeat: 'new' })
    expect([...authentik.world.users.values()].find(({ username }) => username === 'akadmin')?.password).toBe('new')
  })

  it('leads to the setup of a device', async () => {
    const { authentik, settings } = await open(release)
    const browser = await logIn(authentik)
    for (const kind of ['static', 'totp', 'webauthn']) {
      const { url } = await browser.open(settings[`ak-user-settings-authenticator-${kind}`]!)
      expect(url.pathname).toBe(`/if/flow/default-authenticator-${kind}-setup/`)
    }
  })

  it('has whoever is not logged in do so first, and come back', async () => {
    const { authentik, settings } = await open(release)
    const browser = new Browser(authentik)
    const page = await browser.open(settings['ak-user-settings-password']!)
    expect(page.url.pathname).toBe(LOGIN)
    expect((await browser.logIn(page, 'akadmin', 'akadmin-password')).url.pathname).toBe(
      '/if/flow/default-password-change/',
    )
  })

  it('of a stage that has no flow is absent, and the log says which flows there are', async () => {
    const { authentik, lines } = await open(release)
    const browser = await logIn(authentik)
    expect((await browser.open('/flows/-/configure/00000000-0000-4000-8000-000000000000/')).status).toBe(404)
    expect(lines.at(-1)).toContain("Of authentik's own there are")
  })
})

it('is none of a stage of which a world says too little to tell what it is', async () => {
  const stage = { pk: '00000000-0000-4000-8000-00000000e001', name: 'mail' }
  const authentik = await readyMock({ token: 'key', world: { ...(await readyMock()).world.toJSON(), stages: [stage] } })
  const { status, json } = await clientOf(authentik).get('/stages/all/user_settings/', { token: 'key' })
  expect([status, json]).toEqual([200, []])
  const browser = await logIn(authentik)
  expect((await browser.open(`/flows/-/configure/${stage.pk}/`)).status).toBe(404)
})

it('stands below the base path', async () => {
  const { authentik, base, settings } = await open('2026.2.2', '/auth/')
  const browser = await logIn(authentik, base)
  const page = await browser.open(settings['ak-user-settings-password']!)
  expect(page.url.pathname).toBe('/auth/if/flow/default-password-change/')
})
