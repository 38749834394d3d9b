/** What a world lists of what has no table, or what any authentik has of it; loaded when asked for. */
import { isObject } from '../../schema/json.ts'
import type { Context } from '../../rest/operation.ts'
import type { Use } from '../../rest/used-by.ts'
import { usesOf } from '../../rest/uses.ts'
import { createRandom } from '../../store/random.ts'
import type { DjangoModel } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { bindings } from '../resources/listed-stages.ts'
import { policyRows } from '../resources/policy-bindings.ts'
import type { Permission } from '../resources/permissions.ts'
import { propertyMappings, type PropertyMapping } from '../resources/property-mappings.ts'
import { scopeMappings } from '../resources/scope-mappings.ts'
import { users } from '../resources/users.ts'
import { stagesIn } from './stages.ts'

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

/** What may be done beside these, each line with the class that it is about, as authentik has them from 2024.8 to 2026.2. */
const SPECIAL = `
Group: add_user_to_group=Add user to group, remove_user_from_group=Remove user from group
Group: enable_group_superuser=Enable superuser status, disable_group_superuser=Disable superuser status
User: reset_user_password=Reset Password, impersonate=Can impersonate other users
User: assign_user_permissions=Can assign permissions to users
User: unassign_user_permissions=Can unassign permissions from users
User: preview_user=Can preview user data sent to providers
User: view_user_applications=View applications the user has access to
Token: view_token_key=View token's key, set_token_key=Set a token's key
CertificateKeyPair: view_certificatekeypair_certificate=View Certificate-Key pair's certificate
CertificateKeyPair: view_certificatekeypair_key=View Certificate-Key pair's private key
Flow: export_flow=Can export a Flow, inspect_flow=Can inspect a Flow's execution
Flow: view_flow_cache=View Flow's cache metrics, clear_flow_cache=Clear Flow's cache metrics
Role: assign_role_permissions=Can assign permissions to roles
Role: unassign_role_permissions=Can unassign permissions from roles
SystemPermission: view_system_info=Can view system info, access_admin_interface=Can access admin interface
SystemPermission: view_system_settings=Can view system settings, edit_system_settings=Can edit system settings
SystemPermission: view_media_files=Can view media files, manage_media_files=Can manage media files
`

/** What permissions on authentik itself are about. */
const SYSTEM = { app: 'authentik_rbac', className: 'SystemPermission', verboseName: 'System permission' }

/** Those that a world lists, or four for each thing that authentik and the mock keep, and the special ones. */
export function permissionsIn(world: World): readonly Permission[] {
  const listed = world.aside['rbac_permissions']
  if (Array.isArray(listed)) return listed as Permission[]
  // What is guarded by authentik alone is listed, and what guardian and Django keep is not.
  const models = world.resources.map(({ django }) => django).filter(({ app }) => app.startsWith('authentik_'))
  const toUsual = (model: Model) =>
    ACTIONS.map((action) => ({
      ...ofModel(model),
      name: `Can ${action} ${model.verboseName ?? toWords(model.className)}`,
      codename: `${action}_${model.className.toLowerCase()}`,
    }))
  const [usual, more] = [models.flatMap(toUsual), kindsIn(world).flatMap(toUsual)]
  const special = SPECIAL.trim()
    .split('\n')
    .flatMap((line) => {
      const [className = '', words = ''] = line.split(': ')
      const model = models.find((candidate) => candidate.className === className) ?? SYSTEM
      return words.split(', ').map((word) => {
        const [codename = '', name = ''] = word.split('=')
        return { ...ofModel(model), name, codename }
      })
    })
  return [...usual, ...special, ...more].map((permission, index) => ({ id: index + 1, ...permission }))
}

type Model = Pick<DjangoModel<never>, 'app' | 'className' | 'verboseName'>

/** The models of what no table has: how stages are bound, and the stages and policies of a world, each once. */
function kindsIn(world: World): Model[] {
  const kinds = [...stagesIn(world), ...policyRows(world)].flatMap(({ meta_model_name, verbose_name }) => {
    const [app = '', className = ''] = String(meta_model_name).split('.')
    return className === '' ? [] : [[meta_model_name, { app, className, verboseName: verbose_name }] as const]
  })
  return [bindings.django as Model, ...new Map(kinds).values()]
}

/** What a permission says of its model. */
const ofModel = ({ app, className, verboseName }: Model) => ({
  model: className.toLowerCase(),
  app_label: app,
  app_label_verbose: app.replace(/^authentik_/, 'authentik '),
  model_verbose: verboseName ?? toWords(className),
})

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
