/** A flow begins anew after an answer that is no good, where the binding of a stage says so; and its title names who is in it. */
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../../src/entries/index.ts'
import { Browser } from '../../support/browser.ts'
import { readyMock, type Row } from '../../support/client.ts'
import { OAuthClient } from '../../support/oauth-client.ts'

const RELEASES = ['2024.8.4', '2025.10.4', '2026.2.2']
const FLOW = '00000000-0000-4000-8000-00000000000a'
const EXECUTOR = '/api/v3/flows/executor/own/'

interface Bound {
  kind: string
  action?: string
}

interface Setting {
  release?: string
  flow?: Row
  policies?: Row[]
}

/** A mock with one flow, in which a provider has its clients authorized and anybody may log in. */
function authentikWith(stages: readonly Bound[], { release = '2026.2.2', flow = {}, policies = [] }: Setting = {}) {
  const keyOf = (index: number) => `00000000-0000-4000-8000-00000000010${index}`
  const provider = { pk: 1, name: 'Shop', client_id: 'shop', client_secret: 's', redirect_uris: 'https://app.test/cb' }
  const world = {
    users: [
      { pk: 1, username: 'ann' },
      { pk: 2, username: 'bob' },
    ],
    flows: [
      { pk: FLOW, slug: 'own', name: 'Own', title: '%(app)s for %(user)s', designation: 'authentication', ...flow },
    ],
    stages: stages.map(({ kind }, index) => ({ pk: keyOf(index), name: kind, component: `ak-stage-${kind}-form` })),
    flow_bindings: stages.map(({ action = 'retry' }, index) => ({
      pk: `00000000-0000-4000-8000-00000000020${index}`,
      target: FLOW,
      stage: keyOf(index),
      order: index,
      re_evaluate_policies: true,
      invalid_response_action: action,
    })),
    policy_bindings: policies,
    providers: [{ ...provider, authorization_flow: FLOW }],
    applications: [{ pk: '00000000-0000-4000-8000-000000000009', name: 'Shop', slug: 'shop', provider: 1 }],
  }
  return readyMock({ release, world: world as never })
}

const loginWith = (action: string) => [{ kind: 'identification' }, { kind: 'password', action }, { kind: 'user-login' }]

/** What the executor answers: its status, and what it asks or says. */
async function post(client: OAuthClient, answer: Row, path = EXECUTOR): Promise<unknown[]> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await client.visit(path, { method: 'POST', headers, body: JSON.stringify(answer) })
  return [response.status, response.headers.get('Location') ?? (await response.json()).component]
}

const titleOf = async (client: OAuthClient, path = EXECUTOR) => {
  const { component, flow_info } = await client.challenge(path)
  return [component, flow_info.title]
}

const userOf = async (authentik: Mock, username: string) => {
  const client = new OAuthClient(authentik)
  await client.logIn(authentik, username)
  return client
}

describe.each(RELEASES)('a wrong password at %s', (release) => {
  it('is asked for again where its stage has it tried again, until it is wrong too often', async () => {
    const client = new OAuthClient(await authentikWith(loginWith('retry'), { release }))
    await post(client, { uid_field: 'ann' })
    for (let count = 0; count < 4; count++)
      expect(await post(client, { password: 'x' })).toEqual([200, 'ak-stage-password'])
    expect(await post(client, { password: 'x' })).toEqual([200, 'ak-stage-access-denied'])
  })

  it.each([
    ['restart', 'for AnonymousUser'],
    ['restart_with_context', 'for ann'],
  ])('has the flow begin anew where its stage says %s, however often, and its title is %s', async (action, title) => {
    const client = new OAuthClient(await authentikWith(loginWith(action), { release }))
    for (let count = 0; count < 6; count++) {
      expect(await post(client, { uid_field: 'ann' })).toEqual([302, EXECUTOR])
      expect(await post(client, { password: count % 2 ? 'x' : '' })).toEqual([302, EXECUTOR])
      expect(await titleOf(client)).toEqual(['ak-stage-identification', title])
    }
    await post(client, { uid_field: 'bob' })
    expect(await client.challenge(EXECUTOR, { password: 'bob-pw' })).toMatchObject({ to: '/' })
    expect((await client.visit('/api/v3/core/users/me/')).status).toBe(200)
  })
})

describe('a flow that begins anew', () => {
  it('keeps a name that nobody has, with what it has learnt', async () => {
    const client = new OAuthClient(await authentikWith(loginWith('restart_with_context')))
    await post(client, { uid_field: 'nobody' })
    await post(client, { password: 'x' })
    expect(await titleOf(client)).toEqual(['ak-stage-identification', 'for nobody'])
  })

  it('leads to itself as Django writes its query', async () => {
    const client = new OAuthClient(await authentikWith(loginWith('restart')))
    await post(client, { uid_field: 'ann' })
    expect(await post(client, { password: 'x' }, `${EXECUTOR}?query=next=/a`)).toEqual([200, 'xak-flow-redirect'])
  })

  it.each([
    ['restart', 'for ann', undefined],
    ['restart_with_context', 'Shop for ann', "You're about to sign into Shop."],
  ])('leads its client nowhere: with %s it is called "%s"', async (action, title, text) => {
    const stages = [{ kind: 'consent', action }]
    const authentik = await authentikWith(stages, { flow: { designation: 'authorization' } })
    const client = await userOf(authentik, 'ann')
    const path = await client.enter()
    const again = await client.challenge(path, { token: 'wrong' })
    expect([again['flow_info'].title, again['header_text']]).toEqual([title, text])
    const { token } = await client.challenge(path)
    expect(await client.challenge(path, { token })).toEqual({ component: 'xak-flow-redirect', to: '/' })
  })

  it('is none in 2024.8 after a wrong answer to a consent, which says no error there', async () => {
    const stages = [{ kind: 'consent', action: 'restart' }]
    const authentik = await authentikWith(stages, { release: '2024.8.4', flow: { designation: 'authorization' } })
    const client = await userOf(authentik, 'ann')
    const path = await client.enter()
    expect(await client.challenge(path, { token: 'wrong' })).toMatchObject({ flow_info: { title: 'Shop for ann' } })
  })

  it('begins anew too where a stage lets nobody go on, or the address behind it is foreign', async () => {
    const write = [{ kind: 'user-write', action: 'restart' }]
    const client = await userOf(await authentikWith(write, { flow: { designation: 'stage_configuration' } }), 'ann')
    expect((await client.visit(EXECUTOR)).headers.get('Location')).toBe(EXECUTOR)
    const login = [{ kind: 'identification' }, { kind: 'user-login', action: 'restart' }]
    const visitor = new OAuthClient(await authentikWith(login))
    const path = `${EXECUTOR}?query=next%3Dhttps%253A%252F%252Fevil.example`
    await post(visitor, { uid_field: 'ann' }, path)
    expect((await visitor.visit(path)).headers.get('Location')).toBe(path)
    expect((await visitor.challenge(path))['component']).toBe('ak-stage-identification')
  })

  it('says so on its page where it would do so for ever', async () => {
    const stages = [{ kind: 'user-write', action: 'restart' }]
    const { status, text } = await new Browser(await authentikWith(stages)).open('/if/flow/own/')
    expect([status, text]).toEqual([500, expect.stringContaining('The stages of this flow do not end')])
  })

  it.each([
    ['message_continue', '', 'ak-stage-flow-error'],
    ['message_continue', '?next=/a', 'xak-flow-redirect'],
    ['continue', '', 'xak-flow-redirect'],
  ])(
    'and is not for who has logged in meanwhile answers with %s and "%s" %s',
    async (denied_action, query, component) => {
      const stages = [...loginWith('retry'), { kind: 'user-write', action: 'restart' }]
      const flow = { authentication: 'require_unauthenticated', denied_action }
      const client = new OAuthClient(await authentikWith(stages, { flow }))
      await post(client, { uid_field: 'ann' }, EXECUTOR + query)
      expect((await client.challenge(EXECUTOR + query, { password: 'ann-pw' }))['component']).toBe(component)
    },
  )

  it('asks the policies of the flow for whom it is about then', async () => {
    const policies = [{ pk: '00000000-0000-4000-8000-00000000000e', target: FLOW, user: 1, negate: true, order: 0 }]
    const stages = [{ kind: 'identification' }, { kind: 'password', action: 'restart_with_context' }]
    const client = new OAuthClient(await authentikWith(stages, { policies }))
    await post(client, { uid_field: 'bob' })
    expect(await post(client, { password: 'x' })).toEqual([302, EXECUTOR])
    await post(client, { uid_field: 'ann' })
    expect(await post(client, { password: 'x' })).toEqual([200, 'ak-stage-flow-error'])
  })

  it('has no stage that the mock does not play, which is told', async () => {
    const client = new OAuthClient(await authentikWith([{ kind: 'email', action: 'restart' }]))
    expect(await client.challenge(EXECUTOR)).toMatchObject({ component: 'ak-stage-access-denied' })
  })
})

describe('the title of a flow', () => {
  it.each([
    ['Hello %(user)s', 'Hello ann'],
    ['%(app)s, %(user)s: 100 %%', ', ann: 100 %'],
    ['100 %', '100 %'],
    ['%(app)s and %(name)s', '%(app)s and %(name)s'],
    ['%(user)d', '%(user)d'],
    [' spaces ', 'spaces'],
  ])('"%s" is shown as "%s"', async (title, text) => {
    const stages = [{ kind: 'password' }]
    const client = await userOf(await authentikWith(stages, { flow: { title, designation: 'recovery' } }), 'ann')
    expect(await titleOf(client)).toEqual(['ak-stage-password', text])
  })

  it('is as it was written for who may not enter', async () => {
    const client = new OAuthClient(
      await authentikWith(loginWith('retry'), { flow: { authentication: 'require_superuser' } }),
    )
    expect(await titleOf(client)).toEqual(['ak-stage-access-denied', '%(app)s for %(user)s'])
  })
})
