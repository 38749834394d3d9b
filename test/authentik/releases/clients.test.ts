/** authentik's own client of each release reads every answer of the mock of that release, and knows every key in it. */
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mock, type Mock, type Operation } from '../../../src/entries/index.ts'
import { clientOf, rowsOf, type Row } from '../../support/client.ts'
import { inRoot, readText } from '../../support/files.ts'
import { nameOf } from '../../../src/schema/words.ts'
import { bodyFor, createRows, queryFor } from '../../support/management.ts'
import { isWhole } from '../../support/tier.ts'

/**
 * The releases that have a client, with the module that holds it. `npm ci` installs that of the base; `npm run extra`
 * installs the others, half a gigabyte, into tools/extra.
 */
const CLIENTS: [release: string, module: string][] = [
  ['2024.2.2', 'goauthentik-api-2024.2'],
  ['2024.4.2', 'goauthentik-api-2024.4'],
  ['2024.6.4', 'goauthentik-api-2024.6'],
  ['2024.8.3', '@goauthentik/api'],
  ['2024.10.5', 'goauthentik-api-2024.10'],
  ['2024.12.3', 'goauthentik-api-2024.12'],
  ['2025.2.4', 'goauthentik-api-2025.2'],
  ['2025.4.1', 'goauthentik-api-2025.4'],
  ['2025.6.4', 'goauthentik-api-2025.6'],
  ['2025.8.6', 'goauthentik-api-2025.8'],
  ['2025.10.4', 'goauthentik-api-2025.10'],
  ['2025.12.6', 'goauthentik-api-2025.12'],
  ['2026.2.0', 'goauthentik-api-2026.2'],
  ['2026.5.6', 'goauthentik-api-2026.5'],
  ['2026.8.3', 'goauthentik-api-2026.8'],
]

/** Modules whose files only a bundler finds (see vitest.config.ts). */
const BUNDLED = /-(2025\.(4|6|8|10|12)|2026\.2)$/

/** The folder of a client, if it is installed. */
const folderOf = (module: string) =>
  ['node_modules', 'tools/extra/node_modules'].map((folder) => inRoot(`${folder}/${module}`)).find(existsSync)

const installed = CLIENTS.flatMap(([release, module]) => {
  const path = folderOf(module)
  return path === undefined ? [] : [[release, module, path] as const]
})
const untried = CLIENTS.length - installed.length
if (untried > 0) console.warn(`${untried} of authentik's clients are not tried. Install them: npm run extra`)

/** Models of which a client requires keys too early, because it was generated after its release. */
const AHEAD: Record<string, string[]> = {
  '2024.8.3': ['OAuth2Provider'],
  '2024.12.3': ['User'],
  '2025.2.4': ['User'],
  '2025.6.4': ['User'],
}
/** Keys that a client dropped too early, for the same reason. */
const FORGOTTEN: Record<string, string[]> = { '2024.10.5': ['jwksSources'], '2026.2.0': ['flowsContinuousLogin'] }
/** Operations that a client calls otherwise, or has no more, for the same reason. */
const CALLED_OTHERWISE: Record<string, RegExp> = {
  '2024.2.2': /^core_users_recovery_retrieve$/,
  '2024.6.4': /^(propertymappings_scope_\w+|enterprise_license_summary_retrieve)$/,
  '2024.10.5': /^core_users_impersonate_create$/,
  '2025.6.4': /^(events_events_(per_month|volume)_list|admin_metrics_retrieve)$/,
}

/** The parameters that an operation is called with. */
function parametersFor(operation: Operation, authentik: Mock): object {
  const { path } = operation.view
  const last = (resource: string): Row => rowsOf(authentik, resource).list().at(-1) ?? {}
  return {
    ...(path.startsWith('/core/applications/{slug}') ? { slug: last('applications').slug } : {}),
    ...(path.startsWith('/flows/instances/{slug}') ? { slug: last('flows').slug } : {}),
    ...(path.includes('{kp_uuid}') ? { kpUuid: last('certificates').pk } : {}),
    ...(path.includes('{group_uuid}') ? { groupUuid: last('groups').pk } : {}),
    ...(path.startsWith('/core/users/{id}') ? { id: 7 } : {}),
    ...(path.startsWith('/providers/oauth2/{id}') ? { id: 1 } : {}),
    ...(path.startsWith('/oauth2/') && path.includes('{id}') ? { id: 1 } : {}),
    ...contractBodyFor(operation, authentik),
  }
}

/** The body of a request that writes, under the name that the client has for it. */
function contractBodyFor({ id, method, body, tag }: Operation, authentik: Mock): object {
  if (!body) return {}
  if (id.startsWith('core_users'))
    return method === 'PATCH'
      ? { patchedUserRequest: { name: 'Patched' } }
      : { userRequest: { username: `by-${method}`, name: 'Made' } }
  if (id.startsWith('core_groups'))
    return method === 'PATCH'
      ? { patchedGroupRequest: { name: 'Patched' } }
      : { groupRequest: { name: `by ${method}` } }
  if (id.startsWith('core_tokens')) return { tokenRequest: { identifier: 'made-by-client' } }
  const provider = rowsOf(authentik, 'providers').get(1)
  const list = authentik.operations.find((candidate) => candidate.id === 'providers_oauth2_list')
  const providerRequest = {
    name: `Made by ${method}`,
    authorizationFlow: provider.authorization_flow,
    invalidationFlow: provider.invalidation_flow,
    redirectUris: list?.filters?.['redirect_uris'] ? '' : [],
  }
  const applicationRequest = { name: `Made by ${method}`, slug: `made-by-${method.toLowerCase()}` }
  if (tag === 'core')
    return method === 'PATCH' ? { patchedApplicationRequest: { name: 'Patched' } } : { applicationRequest }
  return method === 'PATCH'
    ? { patchedOAuth2ProviderRequest: { name: 'Patched' } }
    : { oAuth2ProviderRequest: providerRequest }
}

/** Fields whose keys users choose, so that the client does not rename them. */
const FREE = new Set(['attributes', 'settings', 'preview', 'autocomplete', 'context', 'brand'])

const toCamel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** An answer as the client returns it: with names in camel case, and instants as dates. */
function toClients(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => toClients(item))
  if (value !== null && typeof value === 'object' && !FREE.has(key))
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [
        // A word of the language gets a sign before it.
        name === 'default' ? '_default' : toCamel(name),
        toClients(entry, name),
      ]),
    )
  const isMoment = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value)
  return isMoment ? new Date(value) : value
}

/** Values of a query as a client takes them. */
const toParameters = (query: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [toCamel(name), /^\d+$/.test(value) ? Number(value) : value]),
  )

/** A value without the entries that are null or undefined, and without those that a caller omits. */
function withoutNothing(value: unknown, omitted: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNothing(item, omitted))
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) =>
      entry === null || entry === undefined || omitted.includes(key) ? [] : [[key, withoutNothing(entry, omitted)]],
    ),
  )
}

it("the base's client is installed, and each where everything is tried", () => {
  const required = CLIENTS.filter(([release]) => isWhole || release === '2024.8.3')
  const releases = installed.map(([release]) => release)
  expect(required.length).toBeGreaterThan(0)
  expect(releases).toEqual(expect.arrayContaining(required.map(([release]) => release)))
})

describe.each(installed)('the client of %s', (release, module, path) => {
  const authentik = mock({ release, now: '2024-09-27T14:26:18.306Z', token: 'key' })
  const folder = BUNDLED.test(module) ? 'dist/esm' : 'dist'
  const load = (file: string) => import(pathToFileURL(`${path}/${folder}/${file}.js`).href)
  const rank = ({ method }: Operation) => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].indexOf(method)
  // Policies and stages that send mails are those of a world file, and what is known in outline has no form.
  const sorted = authentik.operations
    .filter(
      ({ id, isOutline }) =>
        !isOutline &&
        !/^(schema_retrieve|policies_all_(retrieve|destroy|used_by_list)|core_users_recovery_email_\w+)$/.test(id),
    )
    .toSorted((first, second) => rank(first) - rank(second))
  // A resource stands behind those that it points at, and goes before them.
  const operations = [
    ...sorted.filter(({ method }) => method !== 'DELETE'),
    ...sorted.filter(({ method }) => method === 'DELETE').toReversed(),
  ]

  let rows: Record<string, string> | undefined
  /** The parameters of an operation that manages authentik. */
  async function managing(operation: Operation): Promise<object> {
    rows ??= await createRows(authentik)
    const { view, body, id } = operation
    const start = Object.keys(rows).find((rowPath) => view.path.startsWith(rowPath)) ?? ''
    const [, parameter = ''] = /\{(\w+)\}/.exec(start) ?? []
    const key = rows[start] ?? ''
    const request = bodyFor(operation, authentik)
    const name = body ? nameOf(body) : ''
    if (id.endsWith('tokens_update')) rows[start] = 'token-PUT'
    if (id.endsWith('tokens_partial_update')) rows[start] = 'token-PATCH'
    return {
      ...(parameter && { [toCamel(parameter)]: /^\d+$/.test(key) ? Number(key) : key }),
      ...(name && { [name.charAt(0).toLowerCase() + name.slice(1)]: toClients(request) }),
      userPks: [2],
      ...toParameters(queryFor(operation, rows)),
    }
  }

  it.each(operations.map((operation) => [operation.id, operation] as const))(
    'reads the answer of %s, and knows every key in it',
    async (id, operation) => {
      await authentik.ready
      const api = operation.tag.replace(/^\w/, (letter) => letter.toUpperCase())
      const { Configuration } = await load('runtime')
      const { [`${api}Api`]: Api } = await load(`apis/${api}Api`)
      let answer: unknown
      const fetchApi = async (input: string, init: RequestInit) => {
        const response = await authentik.fetch(new Request(input, init))
        answer = await response
          .clone()
          .json()
          .catch(() => undefined)
        return response
      }
      const client = new Api(new Configuration({ basePath: 'http://localhost/api/v3', accessToken: 'key', fetchApi }))
      const method = toCamel(id)
      const parameters = operation.manages ? await managing(operation) : parametersFor(operation, authentik)
      const call = async () => {
        const result = await client[method](parameters)
        expect(withoutNothing(result ?? {})).toMatchObject(
          withoutNothing(toClients(answer ?? {}), FORGOTTEN[release]) as object,
        )
      }
      const isCalledOtherwise = CALLED_OTHERWISE[release]?.test(id) ?? false
      const failure = await call().then(
        () => undefined,
        (error: unknown) => error,
      )
      if (!isCalledOtherwise && failure !== undefined) throw failure
      expect(failure !== undefined).toBe(isCalledOtherwise)
    },
  )

  const assigns = authentik.operations.some(({ id }) => id === 'rbac_permissions_assigned_by_roles_assign')
  // The clients of older lines cannot assign.
  if (assigns)
    it('gives a role permissions, lists who has them, and takes them', async () => {
      await authentik.ready
      const { Configuration } = await load('runtime')
      const { RbacApi } = await load('apis/RbacApi')
      const fetchApi = (input: string, init: RequestInit) => authentik.fetch(new Request(input, init))
      const api = new RbacApi(new Configuration({ basePath: 'http://localhost/api/v3', accessToken: 'key', fetchApi }))
      const { pk: uuid } = await api.rbacRolesCreate({ roleRequest: { name: 'walked by a client' } })
      const everywhere = { permissions: ['authentik_core.view_user'] }
      const onOne = { ...everywhere, model: 'authentik_core.user', objectPk: '2' }
      for (const permissionAssignRequest of [everywhere, onOne]) {
        const ids = await api.rbacPermissionsAssignedByRolesAssign({ uuid, permissionAssignRequest })
        expect(ids).toEqual([{ id: expect.stringMatching(/^\d+$/) }])
      }
      const list = async () =>
        (await api.rbacPermissionsAssignedByRolesList({ model: 'authentik_core.user', objectPk: '2' })).results.filter(
          ({ rolePk }: Row) => rolePk === uuid,
        )
      const [holder] = await list()
      expect((holder.permissions ?? holder.objectPermissions).map(({ objectPk }: Row) => objectPk)).toEqual(['2'])
      expect((await api.rbacPermissionsRolesList({ uuid })).results).toMatchObject([{ objectPk: '2', model: 'user' }])
      for (const patchedPermissionAssignRequest of [everywhere, onOne])
        await api.rbacPermissionsAssignedByRolesUnassignPartialUpdate({ uuid, patchedPermissionAssignRequest })
      expect(await list()).toEqual([])
    })

  it('finds every key that it requires', async () => {
    const client = clientOf(authentik, { token: 'key' })
    const [grant] = (await client.get('/oauth2/authorization_codes/')).json.results
    // One that no client has deleted above.
    const [provider] = (await client.get('/providers/oauth2/')).json.results
    const answers = {
      User: (await client.get('/core/users/1/')).json,
      OAuth2Provider: provider,
      ExpiringBaseGrantModel: grant,
    }
    const missed = []
    for (const [name, answer] of Object.entries(answers)) {
      const { [`instanceOf${name}`]: check } = await load(`models/${name}`)
      if (!check(toClients(answer))) missed.push(name)
    }
    expect(missed).toEqual(AHEAD[release] ?? [])
  })
})

const newest = installed.filter(([release]) => release === '2026.8.3')

it.each(newest)('the client of %s fails at 2024.8.3 as docs/releases.md says', async (_release, _module, path) => {
  const load = (file: string) => import(pathToFileURL(`${path}/dist/${file}.js`).href)
  const { Configuration } = await load('runtime')
  const { fetch } = mock({ token: 'key' })
  const configuration = new Configuration({ basePath: 'http://localhost/api/v3', accessToken: 'key', fetchApi: fetch })
  const { CoreApi } = await load('apis/CoreApi')
  const { ProvidersApi } = await load('apis/ProvidersApi')
  const messageOf = (promise: Promise<unknown>) => promise.then(String, String)
  const core = new CoreApi(configuration)
  const user = await core.coreUsersRetrieve({ id: 2 })
  const messages = [
    await messageOf(core.coreUsersMeRetrieve()),
    await messageOf(new ProvidersApi(configuration).providersOauth2List()),
    String(user.dateJoined),
  ]
  const texts = [...readText('docs/releases.md').matchAll(/^\| `([^`]*)`/gm)].map(([, text]) => text)
  expect(messages).toEqual(texts)
})
