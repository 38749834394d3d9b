/** What a world lists of what has no table, or what any authentik has of it; loaded when asked for. */
import { isObject } from '../../schema/json.ts'
import type { Context } from '../../rest/operation.ts'
import { usesOf, type Use } from '../../rest/used-by.ts'
import { createRandom } from '../../store/random.ts'
import type { World } from '../../store/world.ts'
import type { Permission } from '../resources/permissions.ts'
import { propertyMappings, type PropertyMapping } from '../resources/property-mappings.ts'
import { scopeMappings } from '../resources/scope-mappings.ts'
import { users } from '../resources/users.ts'

// ---- property mappings

/** Those that a world lists of other kinds, and the scope mappings as they are now. */
export function mappingsIn(world: World): PropertyMapping[] {
  const listed = world.aside['property_mappings_all']
  const foreign = Array.isArray(listed)
    ? listed.filter((row) => isObject(row) && !String(row['meta_model_name']).endsWith('scopemapping'))
    : []
  const kind = Object.fromEntries(
    KIND.map((name) => [name, scopeMappings.getters[name]?.(undefined, undefined)]),
  ) as Pick<PropertyMapping, (typeof KIND)[number]>
  return [
    ...(foreign as PropertyMapping[]),
    ...Array.from(world.table(scopeMappings).values(), (row) => ({ ...row, ...kind })),
  ]
}

const KIND = ['component', 'verbose_name', 'verbose_name_plural', 'meta_model_name'] as const

/** Deletes one: a scope mapping from the providers that have it, too. */
export async function deleteMapping(mapping: PropertyMapping, { world }: Context): Promise<PropertyMapping> {
  if (await world.table(scopeMappings).delete(mapping.pk)) return mapping
  const rest = mappingsIn(world).filter(({ pk }) => pk !== mapping.pk && !world.table(scopeMappings).has(pk))
  world.keepAside({ property_mappings_all: rest }, { resource: propertyMappings, action: 'delete', row: mapping })
  return mapping
}

/** What uses one: providers have scope mappings alone. */
export function usesOfMapping({ pk }: PropertyMapping, context: Context): Use[] {
  const row = context.world.table(scopeMappings).get(pk)
  return row ? usesOf(scopeMappings, row, context) : []
}

// ---- permissions

const ACTIONS = ['add', 'change', 'delete', 'view']

/** What a model is called in words. */
const toWords = (className: string) => className.replace(/([a-z])([A-Z])/g, '$1 $2')

/** Those that a world lists, or four for each thing that the mock keeps. */
export function permissionsIn(world: World): readonly Permission[] {
  const listed = world.aside['rbac_permissions']
  if (Array.isArray(listed)) return listed as Permission[]
  return world.resources.flatMap(({ django: { app, className, verboseName } }, index) =>
    ACTIONS.map((action, place) => ({
      id: ACTIONS.length * index + place + 1,
      name: `Can ${action} ${verboseName ?? toWords(className)}`,
      codename: `${action}_${className.toLowerCase()}`,
      model: className.toLowerCase(),
      app_label: app,
      app_label_verbose: app.replace(/^authentik_/, 'authentik '),
      model_verbose: verboseName ?? toWords(className),
    })),
  )
}

// ---- outposts

/** The outpost that every authentik has, where a world lists none. */
export function outpostsIn(world: World): readonly object[] {
  const listed = world.aside['outposts']
  if (Array.isArray(listed)) return listed.filter(isObject)
  const pk = createRandom('outpost', 'embedded').uuid()
  return [
    {
      pk,
      name: 'authentik Embedded Outpost',
      type: 'proxy',
      providers: [],
      providers_obj: [],
      service_connection: null,
      service_connection_obj: null,
      refresh_interval_s: 300,
      token_identifier: `ak-outpost-${pk}-api`,
      config: { log_level: 'info', authentik_host: '' },
      managed: 'goauthentik.io/outposts/embedded',
    },
  ]
}

// ---- licences

/** A summary without a licence. */
export function noLicence(world: World) {
  const active = [...world.table(users).values()].filter((user) => user.is_active)
  return {
    internal_users: active.filter(({ type }) => type === 'internal').length,
    external_users: active.filter(({ type }) => type === 'external').length,
    status: 'unlicensed',
    latest_valid: '1970-01-01T00:00:00Z',
    license_flags: [],
    valid: false,
    show_admin_warning: false,
    show_user_warning: false,
    read_only: false,
    has_license: false,
  }
}
