/** What is answered in outline; loaded when it is asked for. */
import { addressOf } from '../../http/message.ts'
import { notFound, permissionDenied } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { toPage } from '../../rest/pagination.ts'
import { toUuid } from '../../rest/python.ts'
import { readKey } from '../../schema/json.ts'
import { applicationsViewset } from '../resources/applications.ts'
import { flowsViewset } from '../resources/flows.ts'
import { listTypes } from '../resources/types.ts'
import { usersViewset } from '../resources/users.ts'
import { createTogether } from './application-wizard.ts'
import { applicationMetrics, userMetrics } from './event-counts.ts'
import { systemOf } from './system.ts'
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

// ---- what a server says of itself on these paths, in the order of their table

const TEXTS = `
Outpost List|Outpost Viewset
Health|Get outposts current health
OAuth Source List|Source Viewset
LDAP Source List|LDAP Source Viewset
Kerberos Source List|Kerberos Source Viewset
Source List|Source Viewset
User settings|Get all sources the user can configure
User Source Connection List|User-source connection Viewset
SCIM Provider List|SCIMProvider Viewset
Google Workspace Provider List|GoogleWorkspaceProvider Viewset
Microsoft Entra Provider List|MicrosoftEntraProvider Viewset
Device List|Viewset for authenticator devices
Admin Device List|Viewset for authenticator devices
Connection Token List|ConnectionToken Viewset
Reputation List|Reputation Viewset
Initial Permissions List|InitialPermissions viewset
Application Entitlement List|ApplicationEntitlement Viewset
Task List
Worker|Get currently connected worker count.
Worker|Get currently connected worker count.
Worker|Get currently connected worker count.
Worker|Get currently connected worker count.
System|Get system information.
System|Get system information.
Files
Metrics|Metrics for application logins
Metrics|User metrics per 1h
Transactional Application|Create provider and application and attach them in a single transaction
Execute|Execute flow for current user
Cache clear|Clear flow cache
Cache clear|Clear policy cache
Types|Get all creatable types
Cache info|Info about cached policies
Latest iteration
`

/** What a view is called, and what is said of it. @param index its place in the table of outlines */
export function describeOutline(index: number): { name: string; description: string } {
  const [name = '', description = ''] = TEXTS.trim().split('\n')[index]?.split('|') ?? []
  return { name, description }
}
