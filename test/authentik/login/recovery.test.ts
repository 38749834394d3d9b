/** Who has forgotten their password is given a link, at which they set a new one. */
import { describe, expect, it } from 'vitest'
import type { Mock, MockOptions } from '../../../src/entries/index.ts'
import { clientOf, readyMock, worldOf, type Row } from '../../support/client.ts'
import { Browser } from '../../support/browser.ts'
import { CREDENTIALS, DENIED, recordedWorldOf } from '../../support/recordings.ts'

const ORIGIN = 'http://authentik.test'
const RECOVERY = {
  pk: '00000000-0000-4000-8000-00000000f002',
  slug: 'default-recovery-flow',
  name: 'Default recovery flow',
  title: 'Reset your password',
  designation: 'recovery',
}
const MAIL = { pk: '00000000-0000-4000-8000-00000000e001', name: 'mail', component: 'ak-stage-email-form' }
const bind = (components: readonly string[]) =>
  components.map((component, order) => ({ target: RECOVERY.pk, order, stage: `${order}`, stage_obj: { component } }))

/** A world in which alice is the user with the pk 7. */
async function openWorld(
  release: string,
  more: Row = {},
  fidelity: MockOptions['fidelity'] = 'observed',
): Promise<Mock> {
  const world = recordedWorldOf(release < '2025' ? '2024.8.4' : '2026.2.2')
  const flows = [...(await readyMock({ release, world })).world.flows.values()]
  return readyMock({ release, fidelity, world: { ...world, flows: [...flows, RECOVERY], ...more } as never })
}

const methodIn = (release: string) => (release < '2024.4' ? 'GET' : 'POST')
const asAdmin = { as: 'seed-akadmin' }
const pkOf = (authentik: Mock, name: string) =>
  [...authentik.world.users.values()].find(({ username }) => username === name)!.pk
const ask = (authentik: Mock, action = 'recovery/', body?: Row, options: Row = asAdmin) =>
  clientOf(authentik).send(
    methodIn(authentik.release),
    `/core/users/${pkOf(authentik, 'alice')}/${action}`,
    body,
    options,
  )
const makeLink = async (authentik: Mock, body?: Row): Promise<string> =>
  (await ask(authentik, 'recovery/', body)).json['link']
const passwordsOf = (authentik: Mock) => authentik.world.users.get(pkOf(authentik, 'alice'))?.password

/** Whether the login page takes a password. */
async function takes(authentik: Mock, password: string): Promise<boolean> {
  const browser = new Browser(authentik)
  const place = await browser.logIn(await browser.open('/if/flow/default-authentication-flow/'), 'alice', password)
  return !place.text.includes('Invalid password')
}

describe.each(['2024.2.4', '2024.8.4', '2025.12.4', '2026.8.3'])('a recovery in %s', (release) => {
  it('is a link to a page that sets the password, logs in, and is good once', async () => {
    const authentik = await openWorld(release)
    const link = await makeLink(authentik)
    expect(link).toMatch(/^http:\/\/authentik\.test\/if\/flow\/default-recovery-flow\/\?flow_token=[A-Za-z0-9]{60}$/)
    const browser = new Browser(authentik)
    const page = await browser.open(link)
    expect(page.text).toContain('Reset your password')
    expect(page.text).toContain('<input id="password_repeat" name="password_repeat" type="password"')
    const end = await browser.submit(page, { password: 'new one', password_repeat: 'new one' })
    expect(end.url.href).toBe(`${ORIGIN}/if/user/`)
    const me = await authentik.fetch(`${ORIGIN}/api/v3/core/users/me/`, {
      headers: { cookie: `authentik_session=${browser.cookies.get('authentik_session')}` },
    })
    expect((await me.json()).user.username).toBe('alice')
    expect([await takes(authentik, 'new one'), await takes(authentik, 'alice-pw')]).toEqual([true, false])
    expect((await new Browser(authentik).open(link)).text).not.toContain('password_repeat')
    expect(worldOf(authentik).api_tokens.filter(({ identifier }) => identifier.endsWith('-password-reset'))).toEqual([])
  })

  it('is refused as recorded: without a flow, without the permission, and to nobody', async () => {
    const authentik = await openWorld(release, { brands: [{ default: true, flow_recovery: null }] })
    expect(await ask(authentik)).toMatchObject({ status: 400, json: { non_field_errors: 'No recovery flow set.' } })
    expect(await ask(authentik, 'recovery/', undefined, { as: 'seed-viewer' })).toMatchObject({
      status: 403,
      json: DENIED,
    })
    expect(await ask(authentik, 'recovery/', undefined, {})).toMatchObject({ status: 403, json: CREDENTIALS })
  })

  it('is refused in a list, as is documented of every refusal, where answers are as documented', async () => {
    const authentik = await openWorld(release, { brands: [{ default: true }] }, 'documented')
    expect((await ask(authentik)).json).toEqual({ non_field_errors: ['No recovery flow set.'] })
  })

  it('ends by its time', async () => {
    const authentik = await openWorld(release)
    const link = await makeLink(authentik)
    authentik.clock.move(24 * 3_600_000 + 1)
    expect((await new Browser(authentik).open(link)).text).not.toContain('password_repeat')
  })
})

describe('the page of a new password', () => {
  it.each([
    [{ password: 'a', password_repeat: 'b' }, 'Passwords don&#39;t match.'],
    [{ password: '', password_repeat: '' }, 'This field may not be blank.'],
    [{ password: 'a' }, 'This field is required.'],
  ])('says what is wrong with %j, and changes nothing', async (fields, message) => {
    const authentik = await openWorld('2026.2.2')
    const browser = new Browser(authentik)
    const page = await browser.submit(await browser.open(await makeLink(authentik)), fields as Record<string, string>)
    expect(page.text).toContain(`<p class="error" role="alert">${message}</p>`)
    expect(await takes(authentik, 'alice-pw')).toBe(true)
    const { url } = await browser.submit(page, { password: 'c', password_repeat: 'c' })
    expect([url.pathname, passwordsOf(authentik)]).toEqual(['/if/user/', 'c'])
  })

  it('comes at once, also where a world binds the stages that ask who it is and send a mail', async () => {
    const stages = ['identification', 'email', 'prompt', 'user-write', 'user-login'].map(
      (name) => `ak-stage-${name}-form`,
    )
    const authentik = await openWorld('2026.2.2', {
      flow_bindings: bind(stages),
      brands: [{ default: true, flow_recovery: RECOVERY.pk }],
    })
    expect((await new Browser(authentik).open(await makeLink(authentik))).text).toContain('Password (repeat)')
    const browser = new Browser(authentik)
    const page = await browser.submit(await browser.open('/if/flow/default-recovery-flow/'), { uid_field: 'alice' })
    expect(page.text).toContain('authentik-mock does not play the stage ak-stage-email.')
  })

  it('is that of nobody who comes without a link, or with one of another flow', async () => {
    const authentik = await openWorld('2026.2.2')
    const token = new URL(await makeLink(authentik)).search
    const browser = new Browser(authentik)
    expect((await browser.open(`/if/flow/default-authentication-flow/${token}`)).text).toContain('uid_field')
    expect((await browser.open('/if/flow/default-recovery-flow/?flow_token=x')).text).toContain('uid_field')
    expect((await browser.open('/if/flow/default-recovery-flow/?flow_token=seed-token-alice')).text).toContain(
      'uid_field',
    )
  })

  it('is also where who is logged in changes theirs', async () => {
    const authentik = await openWorld('2026.2.2')
    const browser = new Browser(authentik)
    await browser.logIn(await browser.open('/if/flow/default-authentication-flow/'), 'alice', 'alice-pw')
    const page = await browser.open('/if/flow/default-password-change/')
    await browser.submit(page, { password: 'd', password_repeat: 'd' })
    expect(passwordsOf(authentik)).toBe('d')
    expect(authentik.world.users.get(pkOf(authentik, 'alice'))?.password_change_date).toMatch(/^20/)
  })
})

describe('a link', () => {
  it('lasts for as long as a body says, from 2026.2 on', async () => {
    const authentik = await openWorld('2026.2.2')
    expect(await ask(authentik, 'recovery/', { token_duration: 'soon' })).toMatchObject({
      status: 400,
      json: { token_duration: ["soon is not in the correct format of 'hours=3;minutes=1'."] },
    })
    const link = await makeLink(authentik, { token_duration: 'minutes=5' })
    expect(await makeLink(authentik, { token_duration: 'minutes=5' })).toBe(link)
    authentik.clock.move(5 * 60_000 + 1)
    expect((await new Browser(authentik).open(link)).text).not.toContain('password_repeat')
  })

  it('is offered by the password stage, where there is a flow for it', async () => {
    const browser = new Browser(await openWorld('2026.2.2'))
    const page = await browser.submit(await browser.open('/if/flow/default-authentication-flow/'), {
      uid_field: 'alice',
    })
    expect(page.text).toContain('<a href="http://authentik.test/if/flow/default-recovery-flow/">Forgot password?</a>')
  })
})

describe('a link in a mail', () => {
  const query = `recovery_email/?email_stage=${MAIL.pk}`

  it.each(['2024.8.4', '2026.2.2'])('of %s is a token that a test reads from the world', async (release) => {
    const authentik = await openWorld(release, { stages: [MAIL] })
    const body = release < '2026' ? undefined : { email_stage: MAIL.pk }
    expect((await ask(authentik, query, body)).status).toBe(204)
    const token = worldOf(authentik).api_tokens.find(({ identifier }) => identifier.endsWith('-password-reset'))!
    const page = await new Browser(authentik).open(`/if/flow/default-recovery-flow/?flow_token=${token.key}`)
    expect(page.text).toContain('Password (repeat)')
  })

  it('is refused as recorded, and for a stage that is none', async () => {
    const [earlier, later] = [await openWorld('2024.8.4', { stages: [] }), await openWorld('2026.2.2', { stages: [] })]
    expect(await ask(later, query, {})).toMatchObject({
      status: 400,
      json: { email_stage: ['This field is required.'] },
    })
    expect(await ask(earlier, query)).toMatchObject({
      status: 400,
      json: { non_field_errors: 'Email stage not found.' },
    })
    expect(await ask(later, query, { email_stage: MAIL.pk })).toMatchObject({
      status: 400,
      json: { email_stage: [`Invalid pk "${MAIL.pk}" - object does not exist.`] },
    })
    expect(await clientOf(later).post('/core/users/999/recovery/', {}, asAdmin)).toMatchObject({
      status: 404,
      json: { detail: 'No User matches the given query.' },
    })
  })
})
