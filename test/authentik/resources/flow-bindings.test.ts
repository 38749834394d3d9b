/** Stages are bound to flows and unbound, and the login plays them as they are bound. */
import { FlowsApi, Configuration, StagesApi } from '@goauthentik/api'
import { beforeEach, describe, expect, it } from 'vitest'
import { mock, type Mock } from '../../../src/entries/index.ts'
import { Browser } from '../../support/browser.ts'
import { clientOf, readyMock, worldOf, type Client, type Row } from '../../support/client.ts'

const SLUG = 'default-authentication-flow'

let authentik: Mock
let admin: Client

beforeEach(async () => {
  authentik = await readyMock({ token: 'key', release: '2026.2.2', fidelity: 'observed' })
  admin = clientOf(authentik, { token: 'key' })
})

const listOf = async (path: string): Promise<Row[]> => (await admin.get(path)).json.results
const flowOf = async (slug: string): Promise<Row> => (await listOf(`/flows/instances/?slug=${slug}`))[0] ?? {}
const stageOf = async (name: string): Promise<Row> => (await listOf(`/stages/all/?name=${name}`))[0] ?? {}
const namesOf = async (flow: string) =>
  (await listOf(`/flows/bindings/?target=${flow}&ordering=order`)).map(({ stage_obj }) => stage_obj.name)
/** The page behind the one that asks who it is. */
async function afterName(name = 'akadmin'): Promise<string> {
  const browser = new Browser(authentik)
  const page = await browser.submit(await browser.open(`/if/flow/${SLUG}/`), { uid_field: name })
  return page.text.includes('type="password"') ? 'password' : page.url.pathname
}

describe('a stage', () => {
  it('is not played any more once it is unbound, and is again once it is bound', async () => {
    const flow = await flowOf(SLUG)
    const [binding] = await listOf(`/flows/bindings/?target=${flow.pk}&order=20`)
    expect(await afterName()).toBe('password')
    expect((await admin.send('DELETE', `/flows/bindings/${binding?.pk}/`)).status).toBe(204)
    expect(await afterName()).toBe('/if/user/')
    const body = { target: flow.pk, stage: binding?.stage, order: 20, invalid_response_action: 'restart' }
    const creation = await admin.post('/flows/bindings/', body)
    expect([creation.status, creation.json]).toMatchObject([
      201,
      {
        ...body,
        evaluate_on_plan: false,
        re_evaluate_policies: true,
        policy_engine_mode: 'any',
        stage_obj: { name: 'default-authentication-password', flow_set: [{ slug: SLUG }] },
      },
    ])
    expect(await afterName()).toBe('password')
    expect((await flowOf(SLUG)).stages).toContain(binding?.stage)
  })

  it('is played for those alone whom a policy of its binding lets through when it is asked', async () => {
    const flow = await flowOf(SLUG)
    const [binding] = await listOf(`/flows/bindings/?target=${flow.pk}&order=20`)
    const target = binding?.['policybindingmodel_ptr_id']
    const policy = (await admin.post('/policies/bindings/', { target, user: 2, order: 0 })).json
    const name = authentik.world.users.get(2)?.username
    const ask = (when: Row) => admin.patch(`/flows/bindings/${binding?.['pk']}/`, when)
    const negate = (isNegated: boolean) =>
      admin.patch(`/policies/bindings/${policy.pk}/`, { target, user: 2, negate: isNegated })
    expect([await afterName(name), await afterName()]).toEqual(['password', '/if/user/'])
    await negate(true)
    expect([await afterName(name), await afterName()]).toEqual(['/if/user/', 'password'])
    // Nobody is named yet when the login is planned, and its policies are not asked again.
    await ask({ evaluate_on_plan: true, re_evaluate_policies: false })
    expect([await afterName(name), await afterName()]).toEqual(['password', 'password'])
    await negate(false)
    expect([await afterName(name), await afterName()]).toEqual(['/if/user/', '/if/user/'])
    await ask({ evaluate_on_plan: false })
    expect([await afterName(name), await afterName()]).toEqual(['password', 'password'])
  })

  it('is played where its order says', async () => {
    const flow = await flowOf(SLUG)
    const [first] = await listOf(`/flows/bindings/?target=${flow.pk}&ordering=order`)
    expect((await admin.send('PATCH', `/flows/bindings/${first?.pk}/`, { order: 25 })).json.order).toBe(25)
    const { text } = await new Browser(authentik).open(`/if/flow/${SLUG}/`)
    expect(text).not.toContain('uid_field')
    expect((await namesOf(flow['pk'])).slice(0, 2)).toEqual([
      'default-authentication-password',
      'default-authentication-identification',
    ])
  })

  it('that is deleted takes with it how it is bound', async () => {
    const stage = await stageOf('default-authentication-password')
    const used = (await admin.get(`/stages/all/${stage.pk}/used_by/`)).json
    const flow = await flowOf(SLUG)
    expect(used.map(({ model_name, name, action }: Row) => [model_name, name, action])).toEqual([
      ['flow', `Flow ${flow['name']} (${SLUG})`, 'cascade_many'],
      ['flowstagebinding', `Flow-stage binding #20 to ${flow.pk}`, 'cascade'],
    ])
    expect((await admin.send('DELETE', `/stages/all/${stage.pk}/`)).status).toBe(204)
    expect((await admin.get(`/stages/all/${stage.pk}/`)).status).toBe(404)
    expect(await namesOf(flow.pk)).not.toContain(stage['name'])
    expect(await afterName()).toBe('/if/user/')
  })
})

describe('a flow', () => {
  it('shows the stages that are bound to it, whether or not any of that was written', async () => {
    const keysOf = async (flow: string) =>
      (await listOf(`/flows/bindings/?target=${flow}&ordering=order`)).map(({ stage }) => stage)
    for (const flow of await listOf('/flows/instances/?page_size=100')) {
      expect(flow['stages']).toEqual(await keysOf(flow.pk))
      expect((await admin.get(`/flows/instances/${flow['slug']}/`)).json).toEqual(flow)
    }
    const flow = await flowOf(SLUG)
    expect(flow['stages']).toHaveLength(4)
    for (const { pk } of await listOf(`/flows/bindings/?target=${flow.pk}`))
      await admin.send('DELETE', `/flows/bindings/${pk}/`)
    expect((await flowOf(SLUG))['stages']).toEqual([])
  })
})

describe('a binding', () => {
  it('stands once in a place of a flow, as authentik says it', async () => {
    const [binding] = await listOf('/flows/bindings/?ordering=order')
    const { target, stage, order } = binding ?? {}
    const message = { non_field_errors: ['The fields target, stage, order must make a unique set.'] }
    expect(await admin.post('/flows/bindings/', { target, stage, order })).toMatchObject({ status: 400, json: message })
    const second = (await admin.post('/flows/bindings/', { target, stage, order: order + 1 })).json
    const path = `/flows/bindings/${second.pk}/`
    expect(await admin.send('PATCH', path, { order })).toMatchObject({ status: 400, json: message })
    expect((await admin.send('PATCH', path, { order: order + 1 })).status).toBe(200)
  })

  it('is refused without what it binds, with what there is not, and to who may not', async () => {
    expect((await admin.post('/flows/bindings/', {})).json).toEqual({
      target: ['This field is required.'],
      stage: ['This field is required.'],
      order: ['This field is required.'],
    })
    const nothing = '00000000-0000-4000-8000-000000000000'
    const absent = [`Invalid pk "${nothing}" - object does not exist.`]
    expect((await admin.post('/flows/bindings/', { target: nothing, stage: nothing, order: 'x' })).json).toEqual({
      target: absent,
      stage: absent,
      order: ['A valid integer is required.'],
    })
    const [binding] = await listOf('/flows/bindings/')
    const user = clientOf(authentik, { as: 'user-api' })
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect((await user.send(method, `/flows/bindings/${binding?.pk}/`, { order: 1 })).status).toBe(403)
    expect((await user.post('/flows/bindings/', {})).status).toBe(403)
  })

  it.each(['a flow', 'a stage'])('of policies to %s names it by either of its keys', async (subject) => {
    const flow = await flowOf(SLUG)
    const [binding] = await listOf(`/flows/bindings/?target=${flow.pk}&order=20`)
    const { pk, policybindingmodel_ptr_id: target } = (subject === 'a flow' ? flow : binding) ?? {}
    // The web interface binds policies by the second, and lists them by it alone.
    const first = await admin.post('/policies/bindings/', { target, user: 2, order: 0 })
    const second = await admin.post('/policies/bindings/', { target: pk, user: 2, order: 1 })
    expect([first.json.target, second.json.target]).toEqual([pk, pk])
    expect((await listOf(`/policies/bindings/?target=${target}`)).map((row) => row['pk'])).toEqual(
      [first.json.pk, second.json.pk].toSorted(),
    )
    expect((await admin.get(`/policies/bindings/?target=${pk}`)).status).toBe(400)
    if (subject !== 'a flow') return
    // Of the two bindings neither lets anybody in but the second user.
    const browser = new Browser(authentik)
    expect((await browser.open(`/if/flow/${SLUG}/`)).text).toContain('Flow does not apply to current user.')
  })

  it('is used by the policies that hold for it, which go with it', async () => {
    const [binding] = await listOf('/flows/bindings/?ordering=order')
    const policy = await admin.post('/policies/bindings/', { target: binding?.pk, user: 2, order: 0 })
    expect(policy.status).toBe(201)
    const user = authentik.world.users.get(2)
    expect((await admin.get(`/flows/bindings/${binding?.pk}/used_by/`)).json).toEqual([
      {
        app: 'authentik_policies',
        model_name: 'policybinding',
        pk: policy.json.pk,
        name: `Binding from Flow-stage binding #${binding?.['order']} to ${binding?.['target']} #0 to User ${user?.name}`,
        action: 'cascade',
      },
    ])
    await admin.send('DELETE', `/flows/bindings/${binding?.pk}/`)
    expect(authentik.world.policy_bindings.size).toBe(0)
  })

  it('stands with the flow that has it, in a snapshot, and in a file', async () => {
    const snapshot = authentik.snapshot()
    const flow = await flowOf('default-invalidation-flow')
    const [binding] = await listOf(`/flows/bindings/?target=${flow.pk}`)
    const used = (await admin.get('/flows/instances/default-invalidation-flow/used_by/')).json
    expect(used.map(({ model_name }: Row) => model_name)).toEqual(expect.arrayContaining(['flowstagebinding', 'stage']))
    await admin.send('DELETE', `/flows/bindings/${binding?.pk}/`)
    const restarted = mock({ token: 'key', world: worldOf(authentik) })
    await restarted.ready
    const path = `/flows/bindings/?target=${flow.pk}`
    expect((await clientOf(restarted, { token: 'key' }).get(path)).json.results).toEqual([])
    await authentik.restore(snapshot)
    expect(await listOf(path)).toEqual([binding])
  })

  it('is an event, with who made it', async () => {
    const [binding] = await listOf('/flows/bindings/')
    await admin.send('PATCH', `/flows/bindings/${binding?.pk}/`, { evaluate_on_plan: true })
    const [event] = await listOf('/events/events/?action=model_updated')
    expect([event?.['user'].username, event?.['context'].model.model_name]).toEqual(['akadmin', 'flowstagebinding'])
  })
})

describe('a property mapping', () => {
  it('that is deleted is none of any provider', async () => {
    const [mapping] = await listOf('/propertymappings/provider/scope/?scope_name=email')
    const path = `/propertymappings/all/${mapping?.pk}/`
    const uses = (await admin.get(`${path}used_by/`)).json
    expect(uses).toEqual((await admin.get(`/propertymappings/provider/scope/${mapping?.pk}/used_by/`)).json)
    expect(uses.length).toBeGreaterThan(0)
    expect((await admin.send('DELETE', path)).status).toBe(204)
    expect((await admin.get(path)).status).toBe(404)
    const providers = await listOf('/providers/oauth2/')
    expect(providers.flatMap(({ property_mappings }) => property_mappings)).not.toContain(mapping?.pk)
  })
})

describe('a policy', () => {
  const policy = 'c0000000-0000-4000-8000-000000000001'
  const row = { pk: policy, name: 'night', component: 'ak-policy-expression-form' }
  const boundWorld = {
    extends: 'default',
    policy_bindings: [{ application: 'spa', policy, policy_obj: row, order: 0 }],
  }

  it.each<[string, (client: Client, binding: Row) => Promise<unknown>]>([
    [
      'is of somebody',
      (client, { pk: key, target }) => {
        const body = { target, policy: null, user: 2 }
        return client.patch(`/policies/bindings/${key}/`, body)
      },
    ],
    ['is deleted', (client, { pk: key }) => client.delete(`/policies/bindings/${key}/`)],
    ['goes with its application', (client) => client.delete('/core/applications/spa/')],
  ])('is there when the last binding that has it %s, and is bound again, also in a file', async (_title, change) => {
    const bound = await readyMock({ token: 'key', world: boundWorld })
    const client = clientOf(bound, { token: 'key' })
    const { json } = await client.get('/policies/bindings/')
    await change(client, json.results[0])
    expect((await client.get(`/policies/all/${policy}/`)).json).toMatchObject({ name: 'night', bound_to: 0 })
    const target = String(bound.world.applications.find('slug', 'web')?.pk)
    const reread = await readyMock({ token: 'key', world: bound.world.toJSON() })
    await reread.world.policy_bindings.create({ target, policy, order: 7 })
    const { results } = (await clientOf(reread, { token: 'key' }).get(`/policies/bindings/?policy=${policy}`)).json
    expect(results).toMatchObject([{ order: 7, policy_obj: { name: 'night', bound_to: 1 } }])
    expect((await client.delete(`/policies/all/${policy}/`)).status).toBe(204)
    expect((await client.get('/policies/all/')).json.results).toEqual([])
  })

  it('that a world has goes with all that it is bound to', async () => {
    const pk = 'c0000000-0000-4000-8000-000000000001'
    const policy_obj = { pk, name: 'night', component: 'ak-policy-expression-form' }
    const world = {
      flows: [
        {
          pk: 'c0000000-0000-4000-8000-000000000002',
          slug: 'own',
          name: 'Own',
          title: 'Own',
          designation: 'authorization',
        },
      ],
      policy_bindings: [{ target: 'c0000000-0000-4000-8000-000000000002', policy: pk, policy_obj, order: 0 }],
    }
    const bound = await readyMock({ token: 'key', world: { extends: 'default', ...world } })
    const client = clientOf(bound, { token: 'key' })
    const key = bound.world.flows.find('slug', 'own')?.policybindingmodel_ptr_id
    expect((await client.get(`/policies/all/${pk}/used_by/`)).json).toEqual([
      {
        app: 'authentik_policies',
        model_name: 'policybindingmodel',
        pk: key,
        name: `PolicyBindingModel ${key}`,
        action: 'cascade_many',
      },
    ])
    expect((await client.send('DELETE', `/policies/all/${pk}/`)).status).toBe(204)
    expect((await client.get('/policies/bindings/')).json.results).toEqual([])
  })
})

it("authentik's own client binds a stage, moves it and unbinds it", async () => {
  const earlier = await readyMock({ token: 'key', release: '2024.8.3' })
  const configuration = new Configuration({
    basePath: 'http://authentik.test/api/v3',
    fetchApi: earlier.fetch,
    accessToken: 'key',
  })
  const [flows, stages] = [new FlowsApi(configuration), new StagesApi(configuration)]
  const flow = await flows.flowsInstancesRetrieve({ slug: 'default-invalidation-flow' })
  const [stage] = (await stages.stagesAllList({ name: 'default-authentication-password' })).results
  const binding = await flows.flowsBindingsCreate({
    flowStageBindingRequest: { target: flow.pk, stage: stage?.pk ?? '', order: 5 },
  })
  const fsbUuid = binding.pk
  const moved = { patchedFlowStageBindingRequest: { order: 6, reEvaluatePolicies: false } }
  expect(await flows.flowsBindingsPartialUpdate({ fsbUuid, ...moved })).toMatchObject({
    order: 6,
    reEvaluatePolicies: false,
    stageObj: { name: 'default-authentication-password' },
  })
  expect(await flows.flowsBindingsUsedByList({ fsbUuid })).toEqual([])
  await flows.flowsBindingsDestroy({ fsbUuid })
  expect((await flows.flowsBindingsList({ target: flow.pk })).results.map(({ order }) => order)).toEqual([0])
})
