/** Policy bindings: what they hold for, by either of its keys, and what becomes of them. */
import { describe, expect, it } from 'vitest'
import { clientOf, readyMock, rowsOf, type Row } from '../../support/client.ts'

const PATH = '/policies/bindings/'

async function setUp(release: string, world?: Row) {
  const authentik = await readyMock({ token: 'key', release, ...(world && { world }) })
  const admin = clientOf(authentik, { token: 'key' })
  const first = async (path: string): Promise<Row> => (await admin.get(path)).json.results[0]
  return { authentik, admin, first }
}

describe.each(['2024.8.4', '2025.10.4', '2026.8.3'])('a policy binding of %s', (release) => {
  it.each(['/flows/instances/', '/flows/bindings/'])(
    'holds for one of %s by its key, or by that of the model, as which a list is asked for it',
    async (path) => {
      const { admin, first } = await setUp(release)
      const { pk, policybindingmodel_ptr_id: model } = await first(path)
      const creations = [
        await admin.post(PATH, { target: pk, user: 2, order: 0 }),
        await admin.post(PATH, { target: model, user: 3, order: 1 }),
      ]
      expect(creations.map(({ status, json }) => [status, json.target])).toEqual([
        [201, pk],
        [201, pk],
      ])
      for (const name of ['target', 'target_in']) {
        const { results } = (await admin.get(`${PATH}?${name}=${model}&ordering=order`)).json
        expect(results.map(({ user }: Row) => user)).toEqual([2, 3])
      }
      expect((await admin.get(`${PATH}?target=${pk}`)).json).toEqual({
        target: ['Select a valid choice. That choice is not one of the available choices.'],
      })
      expect((await admin.get(`${PATH}?target_in=${pk}`)).json).toEqual({
        target_in: [`Select a valid choice. ${pk} is not one of the available choices.`],
      })
    },
  )

  it('is among what uses its application, its user and its group, and goes with each', async () => {
    const { admin, first } = await setUp(release)
    const application = await first('/core/applications/?superuser_full_list=true')
    const { json: group } = await admin.post('/core/groups/', { name: 'buyers' })
    const bind = async (body: Row) => (await admin.post(PATH, { target: application['pk'], ...body })).json.pk
    const [ofUser, ofGroup] = [await bind({ user: 2, order: 0 }), await bind({ group: group.pk, order: 1 })]
    const uses = async (path: string) => {
      const rows: Row[] = (await admin.get(`${path}used_by/`)).json as never
      return rows.filter((row) => row['model_name'] === 'policybinding').map(({ pk, name }) => [pk, name])
    }
    const { name } = (await admin.get('/core/users/2/')).json
    const userRow = [ofUser, `Binding from ${application['name']} #0 to User ${name}`]
    const groupRow = [ofGroup, `Binding from ${application['name']} #1 to Group buyers`]
    expect(await uses(`/core/applications/${application['slug']}/`)).toEqual([userRow, groupRow])
    expect(await uses('/core/users/2/')).toEqual([userRow])
    expect(await uses(`/core/groups/${group.pk}/`)).toEqual([groupRow])
    await admin.delete(`/core/groups/${group.pk}/`)
    expect((await admin.get(PATH)).json.results.map(({ pk }: Row) => pk)).toEqual([ofUser])
    await admin.delete(`/core/applications/${application['slug']}/`)
    expect((await admin.get(PATH)).json.results).toEqual([])
  })

  it('is of one, whom the body has to name', async () => {
    const { admin, first } = await setUp(release)
    const { pk: target } = await first('/core/applications/?superuser_full_list=true')
    const { pk: group } = await first('/core/groups/')
    const names = release === '2024.8.4' ? "'policy', 'group' or 'user'" : "'group', 'policy', 'user'"
    const refused = (text: string) => ({ non_field_errors: [text] })
    const twofold = await admin.post(PATH, { target, user: 2, group, order: 0 })
    expect([twofold.status, twofold.json]).toEqual([400, refused(`Only one of ${names} can be set.`)])
    const empty = await admin.post(PATH, { target, order: 0 })
    expect([empty.status, empty.json]).toEqual([400, refused(`One of ${names} must be set.`)])
    const { pk } = (await admin.post(PATH, { target, user: 2, order: 0 })).json
    const changed = await admin.patch(`${PATH}${pk}/`, { enabled: false })
    // Older releases look at the body alone.
    expect([changed.status, changed.json]).toMatchObject(
      release === '2024.8.4' ? [400, refused(`One of ${names} must be set.`)] : [200, { enabled: false, user: 2 }],
    )
    expect((await admin.patch(`${PATH}${pk}/`, { enabled: false, user: 2 })).json.enabled).toBe(false)
  })
})

it.each([
  ['2024.10.5', 'observed', 400],
  ['2024.12.5', 'observed', 405],
  ['2026.8.3', 'observed', 405],
  ['2026.8.3', 'documented', 200],
] as const)('a change without a target is answered at %s, as %s, with %d', async (release, fidelity, status) => {
  const authentik = await readyMock({ token: 'key', release, fidelity })
  const admin = clientOf(authentik, { token: 'key' })
  const { pk: target } = (await admin.get('/core/applications/?superuser_full_list=true')).json.results[0]
  const { pk } = (await admin.post(PATH, { target, user: 2, order: 0 })).json
  const path = `${PATH}${pk}/`
  const change = await admin.patch(path, { enabled: false })
  expect([change.status, (await admin.get(path)).json.enabled]).toEqual([status, status !== 200])
  expect((await admin.patch(path, { order: 'x' })).json).toEqual({ order: ['A valid integer is required.'] })
  expect((await admin.patch(path, { enabled: false, target, user: 3 })).json).toMatchObject({ enabled: false, user: 3 })
})

describe('a policy binding of a world', () => {
  /** How a world, or a program, binds a user by the key of the model. */
  const ways = {
    'a file': async (row: Row) => {
      const world = JSON.parse(JSON.stringify((await setUp('2026.2.2')).authentik.world))
      return setUp('2026.2.2', { ...world, policy_bindings: [row] })
    },
    'a file that extends the default world': (row: Row) =>
      setUp('2026.2.2', { extends: 'default', policy_bindings: [row] }),
    'a program': async (row: Row) => {
      const ready = await setUp('2026.2.2')
      await rowsOf(ready.authentik, 'policy_bindings').create(row)
      return ready
    },
    'a program that changes one': async ({ target, ...row }: Row) => {
      const ready = await setUp('2026.2.2')
      const { pk } = await ready.first('/core/applications/?superuser_full_list=true')
      await rowsOf(ready.authentik, 'policy_bindings').create({ ...row, target: pk })
      await rowsOf(ready.authentik, 'policy_bindings').update(row['pk'], { target })
      return ready
    },
  }

  it.each(Object.keys(ways) as (keyof typeof ways)[])(
    'that names what it holds for by the key of the model is among its uses, written by %s',
    async (way) => {
      const pk = '00000000-0000-4000-8000-00000000000c'
      for (const [kind, name] of [['instances', 'slug'] as const, ['bindings', 'pk'] as const]) {
        const path = `/flows/${kind}/`
        const subject = await (await setUp('2026.2.2')).first(path)
        const row = { pk, target: subject['policybindingmodel_ptr_id'], user: 2, order: 0 }
        const { admin, first } = await ways[way](row)
        expect(await first(PATH)).toMatchObject({ pk, target: subject['pk'] })
        const uses: Row[] = (await admin.get(`${path}${subject[name]}/used_by/`)).json as never
        expect(uses.map((use) => use['pk'])).toContain(pk)
      }
    },
  )
})

it.each(['user', 'group', 'policy'])(
  'a change that names no target leaves the rest of a binding of a %s',
  async (subject) => {
    const policy = '00000000-0000-4000-8000-00000000000a'
    const policy_obj = { pk: policy, name: 'rule', execution_logging: false, component: '', meta_model_name: '' }
    const pk = '00000000-0000-4000-8000-00000000000d'
    const begun = await setUp('2026.2.2')
    const target = (await begun.first('/flows/bindings/'))['pk']
    const group = (await begun.first('/core/groups/'))['pk']
    const subjects: Record<string, Row> = { user: { user: 2 }, group: { group }, policy: { policy, policy_obj } }
    const row = { pk, target, order: 4, negate: true, timeout: 7, failure_result: true, ...subjects[subject] }
    const { admin, authentik } = await setUp('2026.2.2', { extends: 'default', policy_bindings: [row] })
    const original = (await admin.get(`${PATH}${pk}/`)).json
    const written = rowsOf(authentik, 'policy_bindings').get(pk)
    const changed = await admin.patch(`${PATH}${pk}/`, { enabled: false })
    expect([changed.status, changed.json]).toEqual([200, { ...original, enabled: false }])
    expect((await admin.get(`${PATH}${pk}/`)).json).toEqual(changed.json)
    expect(rowsOf(authentik, 'policy_bindings').get(pk)).toEqual({ ...written, enabled: false })
  },
)

it('binds a policy once in a place, and a stage is found by the policies of its binding', async () => {
  const policy = '00000000-0000-4000-8000-00000000000a'
  const { admin, first } = await setUp('2026.2.2')
  const [binding] = (await admin.get('/flows/bindings/')).json.results
  const application = await first('/core/applications/?superuser_full_list=true')
  const world = JSON.parse(JSON.stringify((await setUp('2026.2.2')).authentik.world))
  world.policy_bindings = [
    {
      pk: '00000000-0000-4000-8000-00000000000b',
      policy,
      policy_obj: { pk: policy, name: 'rule', execution_logging: false, component: '', meta_model_name: '' },
      target: application['pk'],
      order: 0,
    },
  ]
  const again = await setUp('2026.2.2', world)
  const bind = (body: Row) => again.admin.post(PATH, { policy, ...body })
  const twice = await bind({ target: application['pk'], order: 0 })
  expect([twice.status, twice.json]).toEqual([
    400,
    { non_field_errors: ['The fields policy, target, order must make a unique set.'] },
  ])
  expect((await bind({ target: application['pk'], order: 1 })).status).toBe(201)
  expect((await bind({ target: binding.pk, order: 0 })).status).toBe(201)
  const { results } = (await again.admin.get(`/flows/bindings/?policies=${policy}`)).json
  expect(results.map(({ pk }: Row) => pk)).toEqual([binding.pk])
})
