/** What is answered in outline; loaded when it is asked for. */
import { addressOf } from '../../http/message.ts'
import { notFound, permissionDenied } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { toPage } from '../../rest/pagination.ts'
import { toUuid } from '../../rest/python.ts'
import { readKey } from '../../schema/json.ts'
import { applicationsViewset } from '../resources/applications.ts'
import { flowsViewset } from '../resources/flows.ts'
import { usersViewset } from '../resources/users.ts'
import { createTogether } from './application-wizard.ts'
import { applicationMetrics, userMetrics } from './event-counts.ts'
import { systemOf } from './system.ts'
import { listTypes } from './type-list.ts'
import { outpostsIn } from './world-lists.ts'

/** @throws Problem 403 without the permission */
function demand(permission: string, { caller }: Context): void {
  if (!caller.may(permission)) throw permissionDenied()
}

/** The one that does what the server leaves for later. */
const workersOf = ({ release: { version } }: Context) => [
  { worker_id: 'authentik-mock', version, version_matching: true },
]

/** Lists that are no pages. */
const BARE = new Set([
  'admin_file_list',
  'authenticators_all_list',
  'authenticators_admin_all_list',
  'sources_all_user_settings_list',
])

/** A list: its rows are those of the world file, or none. */
function listOf(context: Context) {
  const { caller, operation, release, world } = context
  const { model, open } = operation.view
  if (!open && !caller.internal) demand(`view_${model}`, context)
  if (BARE.has(operation.id)) return []
  const rows = operation.id === 'outposts_instances_list' ? outpostsIn(world) : []
  const { pagination, results, autocomplete } = toPage(rows, context)
  const says = 'serverUrl' in release.behaviour && release.behaviour.serverUrl === '/api/v3'
  return { pagination, results, ...(says && { autocomplete }) }
}

/** What runs of an outpost: nothing, because no outpost connects to a mock. */
function healthOf(context: Context) {
  const { params, world } = context
  demand('view_outpost', context)
  const key = toUuid(params['uuid'] ?? '')
  if (key === undefined || !outpostsIn(world).some((row) => readKey(row, 'pk') === key)) throw notFound('Outpost')
  return []
}

/** What is told of the server, to who may view it alone. */
const ofSystem = (answer: (context: Context) => unknown) => (context: Context) => {
  demand('view_system_info', context)
  return answer(context)
}

/** What needs a permission and says a fixed thing, such as of a cache in which nothing is. */
const fixed = (permission: string, value?: object) => (context: Context) => {
  demand(permission, context)
  return value
}

const ANSWERS: Readonly<Record<string, (context: Context) => unknown>> = {
  admin_system_retrieve: ofSystem(systemOf),
  admin_system_create: ofSystem(systemOf),
  admin_workers_retrieve: ofSystem(() => ({ count: 1 })),
  admin_workers_list: ofSystem(workersOf),
  tasks_workers_list: ofSystem(workersOf),
  outposts_instances_health_list: healthOf,
  lifecycle_iterations_latest_retrieve() {
    throw notFound('LifecycleIteration')
  },
  policies_all_types_list: (context) => listTypes('policies', context),
  policies_all_cache_info_retrieve: fixed('view_policy_cache', { count: 0 }),
  policies_all_cache_clear_create: fixed('clear_policy_cache'),
  flows_instances_cache_clear_create: fixed('clear_flow_cache'),
  flows_instances_execute_retrieve: (context) => ({
    link: `${addressOf(context.call)}/if/flow/${flowsViewset.find(context).slug}/`,
  }),
  core_transactional_applications_update: createTogether,
  core_users_metrics_retrieve(context) {
    const user = usersViewset.find(context)
    demand('view_event', context)
    return userMetrics(user, context)
  },
  core_applications_metrics_list(context) {
    const application = applicationsViewset.find(context)
    demand('view_event', context)
    return applicationMetrics(application, context)
  },
}

/** The answer to what is documented in outline. @throws Problem 400, 403, 404 */
export const answerOutline = (context: Context): unknown => (ANSWERS[context.operation.id] ?? listOf)(context)

// ---- what a server says of itself on these paths

const TEXTS = `
/outposts/instances/|Outpost List|Outpost Viewset
/outposts/instances/{uuid}/health/|Health|Get outposts current health
/sources/oauth/|OAuth Source List|Source Viewset
/sources/ldap/|LDAP Source List|LDAP Source Viewset
/sources/kerberos/|Kerberos Source List|Kerberos Source Viewset
/sources/all/|Source List|Source Viewset
/sources/all/user_settings/|User settings|Get all sources the user can configure
/sources/user_connections/all/|User Source Connection List|User-source connection Viewset
/providers/scim/|SCIM Provider List|SCIMProvider Viewset
/providers/google_workspace/|Google Workspace Provider List|GoogleWorkspaceProvider Viewset
/providers/microsoft_entra/|Microsoft Entra Provider List|MicrosoftEntraProvider Viewset
/authenticators/all/|Device List|Viewset for authenticator devices
/authenticators/admin/all/|Admin Device List|Viewset for authenticator devices
/rac/connection_tokens/|Connection Token List|ConnectionToken Viewset
/policies/reputation/scores/|Reputation List|Reputation Viewset
/rbac/initial_permissions/|Initial Permissions List|InitialPermissions viewset
/core/application_entitlements/|Application Entitlement List|ApplicationEntitlement Viewset
/tasks/tasks/|Task List|
/tasks/workers|Worker|Get currently connected worker count.
/tasks/workers/|Worker|Get currently connected worker count.
/admin/workers/|Worker|Get currently connected worker count.
/admin/system/|System|Get system information.
/admin/file/|Files|
/core/applications/{slug}/metrics/|Metrics|Metrics for application logins
/core/users/{id}/metrics/|Metrics|User metrics per 1h
/core/transactional/applications/|Transactional Application|Create provider and application and attach them in a single transaction
/flows/instances/{slug}/execute/|Execute|Execute flow for current user
/flows/instances/cache_clear/|Cache clear|Clear flow cache
/policies/all/cache_clear/|Cache clear|Clear policy cache
/policies/all/cache_info/|Cache info|Info about cached policies
/lifecycle/iterations/latest/{content_type}/{object_id}/|Latest iteration|
/policies/all/types/|Types|Get all creatable types
`

/** What the view on a path is called, and what is said of it. */
export function describeOutline(path: string): { name: string; description: string } {
  const line = TEXTS.split('\n').find((text) => text.startsWith(`${path}|`))
  const [, name = '', description = ''] = line?.split('|') ?? []
  return { name, description }
}
