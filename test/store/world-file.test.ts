/** A world file holds what a running authentik lists, and what the mock has no table for comes through it unharmed. */
import { describe, expect, it } from 'vitest'
import { modelsIn } from '../../src/authentik/answers/models.ts'
import { mock, MockError } from '../../src/entries/index.ts'
import { keysIn } from '../../src/store/resource.ts'
import { clientOf, readyMock, rowsOf, worldOf, type Row } from '../support/client.ts'
import { cpuOf, leastOf } from '../support/cost.ts'
import { adminOf, observed, recordedWorld, recordedWorldOf } from '../support/recordings.ts'
import { isWhole } from '../support/tier.ts'

/** Worlds by the recordings that they were made for, and their releases. */
const WORLDS = ['next', 'login'].flatMap((set) =>
  ['2024.8.4', '2026.2.2'].map((release) => [set, release, recordedWorldOf(`${set}-${release}`)] as const),
)
const bySlug = (rows: readonly Row[]) => rows.toSorted((a, b) => (a['slug'] < b['slug'] ? -1 : 1))

describe.each(WORLDS)('the world of the %s recordings of %s', (_, release, world) => {
  const authentik = observed({ world, release })
  const resultsOf = async (path: string) =>
    (await adminOf(authentik).get(path, { query: { page_size: '100' } })).json.results

  it('lists its flows and certificates as the server listed them', async () => {
    expect(world.flows.length).toBeGreaterThan(10)
    expect(bySlug(await resultsOf('/flows/instances/'))).toEqual(bySlug(world.flows))
    expect(await resultsOf('/crypto/certificatekeypairs/')).toEqual(world.certificates)
  })

  it('has each certificate with what other keys of the file say of it', async () => {
    await authentik.ready
    const texts = (world as unknown as Record<string, Row[]>)['certificate_data'] ?? []
    const selfSigned = authentik.world.certificates.get(world.certificates[0]?.['pk'])
    expect(selfSigned?.certificate_data).toMatch(/^-----BEGIN CERTIFICATE-----/)
    expect(selfSigned?.certificate_data).toBe(texts.find(({ pk }) => pk === selfSigned?.pk)?.['certificate_data'])
  })

  it('has sessions that a browser can go on with', async () => {
    await authentik.ready
    const [session] = world.authenticated_sessions
    const { session_key, user } = rowsOf(authentik, 'authenticated_sessions').get(session?.['uuid'])
    const Cookie = `authentik_session=${session_key}`
    const { json } = await clientOf(authentik).get('/core/users/me/', { headers: { Cookie } })
    expect([json.user.pk, user]).toEqual([session?.['user'], session?.['user']])
  })

  it('has consents that point at a user and an application, which the file shows whole', async () => {
    await authentik.ready
    expect(world.user_consents).toHaveLength(3)
    expect(rowsOf(authentik, 'user_consents').list()).toEqual(
      world.user_consents.map(({ user, application, ...consent }) => ({
        ...consent,
        user: user.pk,
        application: application.pk,
      })),
    )
  })

  it('keeps aside what there is no table for, and gives it back unharmed', async () => {
    await authentik.ready
    const { aside } = authentik.world
    expect(Object.keys(aside)).toEqual(expect.arrayContaining(['release', 'stages', 'rbac_permissions', 'vars']))
    const { certificate_data: _certificates, ...untouched } = aside
    expect(untouched).toEqual(Object.fromEntries(Object.entries(world).filter(([key]) => key in untouched)))
    expect(worldOf(authentik)).toMatchObject(aside)
    expect(authentik.world.permissions).toEqual(world.permissions)
  })

  it('keeps aside what the file says of a certificate that it does not list', async () => {
    await authentik.ready
    const texts = (world as unknown as Record<string, Row[]>)['certificate_data'] ?? []
    const unlisted = texts.filter(({ pk }) => !world.certificates.some((certificate) => certificate['pk'] === pk))
    expect(unlisted.length).toBeGreaterThan(0)
    expect(authentik.world.aside['certificate_data']).toEqual(unlisted)
  })

  it('goes through a file and back unchanged', async () => {
    await authentik.ready
    const file = worldOf(authentik)
    expect(worldOf(await readyMock({ world: file, release }))).toEqual(file)
  })
})

describe('a world file', () => {
  it('may say of a user each permission that the mock lists, or that authentik has on a model of its own', async () => {
    const listing = await readyMock({ token: 'key' })
    const { json } = await clientOf(listing, { token: 'key' }).get('/rbac/permissions/?page_size=1000')
    const models = [...modelsIn('2026.8.3')].map((name) => name.split('.')[1])
    const names = [
      ...json.results.map(({ codename }: Row) => codename),
      ...models.flatMap((model) => ['add', 'change', 'delete', 'view'].map((verb) => `${verb}_${model}`)),
    ]
    expect(names.length).toBeGreaterThan(500)
    const permitted = await readyMock({ world: { extends: 'default', permissions: { akadmin: names } } })
    expect(permitted.world.permissions['akadmin']).toEqual(names)
  })

  it.each([
    ['flow', 'flows'],
    ['certificate', 'certificates'],
    ['consents', 'user_consents'],
    ['authenticated_session', 'authenticated_sessions'],
    ['certificate_datum', 'certificate_data'],
  ])('with the unknown key %s is refused, with the nearest: %s', (key, nearest) => {
    expect(() => mock({ world: { ...recordedWorld, [key]: [] } })).toThrow(
      `Failed to load the world: ${key}: there is no such key; the nearest is ${nearest}.`,
    )
  })

  it('without flows and certificates has those that its providers name', async () => {
    const authentik = await readyMock({ world: recordedWorld })
    const fields = ['authorization_flow', 'authentication_flow', 'invalidation_flow']
    const flowsNamed = recordedWorld.providers.flatMap((row) => fields.flatMap((field) => keysIn(row[field])))
    const keysNamed = recordedWorld.providers.flatMap(({ signing_key }) => keysIn(signing_key))
    const pksOf = (resource: string) =>
      rowsOf(authentik, resource)
        .list()
        .map(({ pk }) => pk)
        .sort()
    expect(keysNamed.length).toBeGreaterThan(0)
    expect(pksOf('flows')).toEqual([...new Set(flowsNamed)].sort())
    expect(pksOf('certificates')).toEqual([...new Set(keysNamed)].sort())
    expect(
      (await adminOf(authentik).get('/flows/instances/default-provider-authorization-implicit-consent/')).json.pk,
    ).toBe(recordedWorld.providers[0]?.['authorization_flow'])
  })

  it('is what a reset goes back to: a flow that was made since is refused', async () => {
    const authentik = await readyMock({ world: recordedWorld })
    const client = adminOf(authentik)
    const [flow] = authentik.world.flows.values()
    const { pk } = await authentik.world.flows.create({
      name: 'Ask twice',
      slug: 'ask-twice',
      title: 'Ask twice',
      designation: 'authorization',
    })
    const statusWith = async (authorization_flow: unknown) =>
      (await client.post('/providers/oauth2/', { name: `by ${authorization_flow}`, authorization_flow })).status
    expect(await statusWith(pk)).toBe(201)
    await authentik.reset()
    expect([await statusWith(pk), await statusWith(flow?.pk)]).toEqual([400, 201])
  })
})

it('a world in which every row is wrong is refused about as quickly as one is read that is right', async () => {
  // What takes quadratic time does so at a quarter of the rows too.
  const count = isWhole ? 40_000 : 10_000
  const codes = Array.from({ length: count }, (_, index) => ({
    pk: index + 1,
    user: 1,
    provider: 1,
    code: `${index}`,
  }))
  const world = {
    users: [{ pk: 1, username: 'root' }],
    providers: [{ pk: 1, name: 'web' }],
    authorization_codes: codes,
  }
  const problemsOf = (authorization_codes: object[]): readonly string[] => {
    try {
      mock({ world: { ...world, authorization_codes } })
    } catch (error) {
      if (error instanceof MockError) return error.problems
    }
    return []
  }
  const wrong = codes.map((code) => ({ ...code, code: 'same' }))
  expect([problemsOf(codes).length, problemsOf(wrong).length]).toEqual([0, count - 1])
  // Each is measured beside the other, because what else a machine does lasts longer than one of them.
  const share = async () => (await cpuOf(() => problemsOf(wrong))) / (await cpuOf(() => problemsOf(codes)))
  expect(await leastOf(2, share)).toBeLessThan(2)
})
