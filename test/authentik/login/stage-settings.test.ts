/** What a world says of the stages that ask who somebody is, and for a password, has effect. */
import { describe, expect, it } from 'vitest'
import { readyMock, type Row } from '../../support/client.ts'
import { OAuthClient } from '../../support/oauth-client.ts'

const FLOW = '00000000-0000-4000-8000-00000000000a'
const EXECUTOR = '/api/v3/flows/executor/own/'
const STAGES = ['identification', 'password', 'user-login']
const keyOf = (index: number) => `00000000-0000-4000-8000-00000000010${index}`

/** A client of a flow whose stages have these settings. */
async function clientWith({ identification = {}, password = {} }: Row = {}, release = '2025.10.4') {
  const users = [
    { pk: 1, username: 'ann', email: 'Ann@example.com', attributes: { upn: 'ann@corp' } },
    { pk: 2, username: 'Bob' },
  ]
  const world = {
    users,
    flows: [{ pk: FLOW, slug: 'own', name: 'Own', title: 'Own', designation: 'authentication' }],
    stages: STAGES.map((kind, index) => ({ pk: keyOf(index), name: kind, component: `ak-stage-${kind}-form` })),
    stages_identification: [{ pk: keyOf(0), ...identification }],
    stages_password: [{ pk: keyOf(1), ...password }],
    flow_bindings: STAGES.map((_, order) => ({ pk: keyOf(order + 5), target: FLOW, stage: keyOf(order), order })),
    providers: [{ pk: 1, name: 'Shop', client_id: 'shop', redirect_uris: 'https://app.test/cb' }],
  }
  return new OAuthClient(await readyMock({ release, world: world as never }))
}

/** Who somebody is shown as behind a name; undefined where that is refused. */
async function shownFor(uid_field: string, identification?: Row): Promise<string | undefined> {
  const client = await clientWith({ identification })
  const { component, pending_user } = await client.challenge(EXECUTOR, { uid_field })
  return component === 'ak-stage-password' ? pending_user : undefined
}

describe('who somebody is', () => {
  it.each([
    ['ANN', {}, 'ann'],
    ['ann@EXAMPLE.com', {}, 'ann'],
    ['bob', {}, 'Bob'],
    ['bob', { case_insensitive_matching: false }, 'bob'],
    ['ann@corp', {}, 'ann@corp'],
    ['ann@corp', { user_fields: ['upn'] }, 'ann'],
    ['ann', { user_fields: ['email'], pretend_user_exists: false }, undefined],
    ['ANN', { show_matched_user: false }, 'ANN'],
    ['nobody', {}, 'nobody'],
    ['nobody', { pretend_user_exists: false }, undefined],
  ])('is said by %s, where the stage is %j, of %s', async (name, settings, text) => {
    expect(await shownFor(name, settings)).toBe(text)
  })

  it('is refused as authentik refuses it, by the fields that the stage names', async () => {
    const client = await clientWith({ identification: { user_fields: ['username'], pretend_user_exists: false } })
    expect(await client.challenge(EXECUTOR, { uid_field: 'nobody' })).toMatchObject({
      component: 'ak-stage-identification',
      user_fields: ['username'],
      response_errors: { non_field_errors: [{ string: 'Failed to authenticate.', code: 'invalid' }] },
    })
  })
})

describe('a wrong password', () => {
  it('ends the flow as often as the stage says, counted by the session', async () => {
    const client = await clientWith({ password: { failed_attempts_before_cancel: 3 } })
    const attempt = async () => (await client.challenge(EXECUTOR, { password: 'x' }))['component']
    await client.challenge(EXECUTOR, { uid_field: 'ann' })
    expect([await attempt(), await attempt()]).toEqual(['ak-stage-password', 'ak-stage-password'])
    await client.visit('/flows/-/cancel/')
    await client.challenge(EXECUTOR, { uid_field: 'ann' })
    expect(await attempt()).toBe('ak-stage-access-denied')
  })
})
