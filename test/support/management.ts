/** Rows and bodies for the operations that manage authentik. */
import type { Mock, Operation } from '../../src/entries/index.ts'
import { toInstant } from '../../src/store/clock.ts'
import { compareVersions } from '../../src/authentik/releases/index.ts'
import { createRandom } from '../../src/store/random.ts'
import { clientOf, type Row } from './client.ts'

/** What the paths of those who manage authentik can name, by the path of one row; what a world begins without is made. */
export async function createRows(authentik: Mock): Promise<Record<string, string>> {
  const client = clientOf(authentik, { token: 'key' })
  const make = async (path: string, body: Row) => (await client.send('POST', path, body)).json
  await authentik.logIn('akadmin')
  const { world } = authentik
  const [application] = world.applications.values()
  const consent = await world.user_consents.create({
    user: 2,
    application: application?.pk ?? '',
    permissions: 'openid',
  })
  await world.flows.create({
    pk: 'f1000000-0000-4000-8000-000000000001',
    policybindingmodel_ptr_id: 'f1000000-0000-4000-8000-000000000002',
    name: 'Recovery',
    slug: 'default-recovery-flow',
    title: 'Reset your password',
    designation: 'recovery',
  })
  const role = await make('/rbac/roles/', { name: 'readers' })
  const object = { permissions: ['authentik_core.view_user'], model: 'authentik_core.user', object_pk: '2' }
  const permissions = '/rbac/permissions'
  await make(`${permissions}/assigned_by_roles/${role.pk}/assign/`, object)
  if (authentik.operations.some(({ id }) => id.startsWith('rbac_permissions_users_')))
    await make(`${permissions}/assigned_by_users/2/assign/`, object)
  const binding = await make('/policies/bindings/', { target: application?.pk, user: 2, order: 0 })
  const event = await make('/events/events/', { action: 'login', app: 'ci', context: { version: 1 } })
  const notification = await world.notifications.create({
    user: 2,
    event: event.pk,
    body: 'A newer version is out.',
    created: toInstant(authentik.clock.now()),
  })
  const [session] = world.authenticated_sessions.values()
  const [certificate] = world.certificates.values()
  const [mapping] = world.scope_mappings.values()
  const lastMapping = [...world.scope_mappings.values()].at(-1)
  const [brand] = world.brands.values()
  const [group] = world.groups.values()
  const results = async (path: string) => (await client.get(path)).json.results
  return {
    '/outposts/instances/{uuid}/': (await results('/outposts/instances/'))[0].pk,
    '/core/users/{id}/': '2',
    '/core/groups/{group_uuid}/': group?.pk ?? '',
    '/core/applications/{slug}/': application?.slug ?? '',
    '/core/tokens/{identifier}/': 'user-api',
    '/core/authenticated_sessions/{uuid}/': session?.uuid ?? '',
    '/core/user_consent/{id}/': String(consent.pk),
    '/core/brands/{brand_uuid}/': brand?.brand_uuid ?? '',
    '/rbac/roles/{uuid}/': role.pk,
    '/rbac/permissions/{id}/': '1',
    '/rbac/permissions/roles/{id}/': '1',
    '/rbac/permissions/users/{id}/': '2',
    '/rbac/permissions/assigned_by_roles/{uuid}/': role.pk,
    '/rbac/permissions/assigned_by_users/{id}/': '2',
    '/policies/bindings/{policy_binding_uuid}/': binding.pk,
    '/events/events/{event_uuid}/': event.pk,
    '/events/notifications/{uuid}/': notification.pk,
    '/providers/all/{id}/': '2',
    '/propertymappings/provider/scope/{pm_uuid}/': mapping?.pk ?? '',
    '/propertymappings/scope/{pm_uuid}/': mapping?.pk ?? '',
    '/propertymappings/all/{pm_uuid}/': lastMapping?.pk ?? '',
    '/crypto/certificatekeypairs/{kp_uuid}/': certificate?.pk ?? '',
    '/stages/all/{stage_uuid}/': (await results('/stages/all/')).at(-1).pk,
    '/flows/bindings/{fsb_uuid}/': (await results('/flows/bindings/'))[0].pk,
    '/flows/instances/{slug}/': 'default-authentication-flow',
  }
}

/** The stage of authentik's own that asks who it is. */
const STAGE = createRandom('stage', 'default-authentication-identification').uuid()

/** The values of the query that an operation must have. */
export const queryFor = ({ query = {} }: Operation, rows: Record<string, string> = {}): Record<string, string> => {
  const values: Record<string, string> = {
    uuid: rows['/rbac/roles/{uuid}/'] ?? '00000000-0000-4000-8000-000000000000',
    user_id: '2',
    model: 'authentik_core.user',
  }
  const required = Object.keys(query).filter((name) => query[name]?.isRequired && name in values)
  return Object.fromEntries(required.map((name) => [name, values[name] ?? '']))
}

/** A form for an application with its provider. */
const applicationForm = ({ world, release }: Mock): Row => {
  const [provider] = world.providers.values()
  const { authorization_flow, invalidation_flow } = provider ?? {}
  return {
    app: { name: 'Wiki', slug: 'wiki' },
    provider_model: 'authentik_providers_oauth2.oauth2provider',
    provider: {
      name: 'Provider for Wiki',
      authorization_flow,
      invalidation_flow,
      redirect_uris: compareVersions(release, '2024.8.4') <= 0 ? '' : [],
    },
  }
}

/** A body for an operation that writes, by the name of what it asks for. */
export function bodyFor({ id, method }: Operation, authentik: Mock): Row | undefined {
  if (method === 'GET' || method === 'DELETE') return undefined
  const name = `made by ${id}`
  const [application] = authentik.world.applications.values()
  const [flow] = authentik.world.flows.values()
  const bodies: [RegExp, Row][] = [
    [/transactional/, applicationForm(authentik)],
    [/set_password/, { password: 'a new one' }],
    [/recovery/, { token_duration: 'hours=1' }],
    [/impersonate/, { reason: 'to see what they see' }],
    [/service_account/, { name, create_group: true }],
    [/_user_create$/, { pk: 2 }],
    [/assign/, { permissions: ['authentik_core.view_user'] }],
    [/rbac_permissions_(roles|users)_/, { object_pk: '3' }],
    [/set_icon_url/, { url: 'https://example.com/icon.png' }],
    [/set_key/, { key: 'a key of my own' }],
    [/core_tokens/, { identifier: `token-${method}` }],
    [/core_brands/, { domain: `${method.toLowerCase()}.example.com` }],
    [/policies_bindings/, { target: application?.pk, user: 2, order: 1 }],
    [/flows_bindings/, { target: flow?.pk, stage: STAGE, order: method === 'POST' ? 7 : 8 }],
    [/events_events/, { action: 'login', app: 'ci' }],
    [/propertymappings/, { name, scope_name: 'more', expression: 'return {}' }],
    [/./, { name }],
  ]
  return bodies.find(([pattern]) => pattern.test(id))?.[1]
}
