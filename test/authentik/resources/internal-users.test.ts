/** Who is authentik's own, such as the account of an outpost, is changed by no body. */
import { beforeEach, describe, expect, it } from 'vitest'
import { clientOf, readyMock, type Client } from '../../support/client.ts'

const world = {
  users: [
    { username: 'ann', superuser: true },
    { username: 'bob' },
    { username: 'out', type: 'internal_service_account' },
  ],
}
const [BOB, OUTPOST] = ['/core/users/2/', '/core/users/3/']
const TYPE = { type: 'internal_service_account' }
const REFUSED = { status: 400, json: { non_field_errors: ["Can't modify internal service account users"] } }

describe.each(['2024.2.0', '2024.8.4', '2026.2.2', '2026.8.3'])('an account of authentik %s itself', (release) => {
  let client: Client
  beforeEach(async () => {
    client = clientOf(await readyMock({ world, release, token: 'key' }), { token: 'key' })
  })

  it('stays as it is', async () => {
    const { text } = await client.get(OUTPOST)
    expect(await client.patch(OUTPOST, { name: 'Changed' })).toMatchObject(REFUSED)
    expect(await client.patch(OUTPOST, {})).toMatchObject(REFUSED)
    expect(await client.put(OUTPOST, { username: 'out', name: '', ...TYPE })).toMatchObject(REFUSED)
    expect((await client.patch(OUTPOST, { type: 'internal' })).json).toEqual({
      type: ["Can't change internal service account to other user type."],
    })
    expect((await client.get(OUTPOST)).text).toBe(text)
  })

  it('is made by nobody', async () => {
    const { status, json } = await client.post('/core/users/', { username: 'new', name: '', ...TYPE })
    expect([status, json]).toEqual([400, { type: ['Setting a user to internal service account is not allowed.'] }])
  })
})

it.each(['2024.2.0', '2026.5.0'])('a user of %s becomes one of authentik itself, for good', async (release) => {
  const client = clientOf(await readyMock({ world, release, token: 'key' }), { token: 'key' })
  const { status, json } = await client.patch(BOB, TYPE)
  expect([status, json.type]).toEqual([200, TYPE.type])
  expect(await client.patch(BOB, { type: 'internal', name: 'Bob' })).toMatchObject({ status: 400 })
  expect(await client.patch(BOB, { name: 'Bob' })).toMatchObject(REFUSED)
})

it('a user of 2026.8 does not', async () => {
  const client = clientOf(await readyMock({ world, release: '2026.8.0', token: 'key' }), { token: 'key' })
  expect(await client.patch(BOB, TYPE)).toMatchObject({
    status: 400,
    json: { type: ['Setting a user to internal service account is not allowed.'] },
  })
})
