/** What the web interface asks of what no mock has: answered truly, and documented in outline alone. */
import type { View } from '../../rest/operation.ts'
import { operation, type Context, type Operation } from '../../rest/operation.ts'
import { notFound, permissionDenied } from '../../rest/errors.ts'
import { toPage } from '../../rest/pagination.ts'
import { toUuid } from '../../rest/python.ts'
import { readKey } from '../../schema/json.ts'
import {
  anyObject,
  anyValue,
  boolean,
  choice,
  component,
  dateTime,
  integer,
  list,
  optional,
  text,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'

/** A list that is documented in outline: its rows are those of the world file, or none. */
interface Outline {
  id: string
  path: string
  title: string
  description: string
  lines?: string
  /** Whether it is no page, but a bare list. */
  isBare?: boolean
  open?: View['open']
  model?: string
  /** Methods that authentik has there, and the mock does not. */
  missing?: View['missing']
  rows?(context: Context): Promise<readonly object[]>
}

const outline = ({
  id,
  path,
  title,
  description,
  lines,
  isBare,
  model,
  open,
  missing = [],
  rows = async () => [],
}: Outline): Operation =>
  operation({
    id,
    method: 'GET',
    tag: path.split('/')[1] ?? '',
    isOutline: true,
    ...(lines !== undefined && { lines }),
    parameters: {},
    view: { path, name: title, description, missing, ...(model !== undefined && { model }), ...(open && { open }) },
    summary: 'Lists what a world says of it.',
    get responses() {
      return { 200: isBare ? list(anyValue()) : anyObject() }
    },
    async resolve(context) {
      const { caller } = context
      if (model !== undefined && !caller.internal && !caller.may(`view_${model}`)) throw permissionDenied()
      if (isBare) return rows(context)
      const { pagination, results, autocomplete } = toPage(await rows(context), context)
      const says = 'serverUrl' in context.release.behaviour && context.release.behaviour.serverUrl === '/api/v3'
      return { pagination, results, ...(says && { autocomplete }) }
    },
  })

const OUTLINES: readonly Outline[] = [
  {
    id: 'outposts_instances_list',
    missing: ['POST'],
    path: '/outposts/instances/',
    title: 'Outpost List',
    description: 'Outpost Viewset',
    model: 'outpost',
    rows: async ({ world }) => (await import('../answers/world-lists.ts')).outpostsIn(world),
  },
  {
    id: 'sources_oauth_list',
    missing: ['POST'],
    path: '/sources/oauth/',
    title: 'OAuth Source List',
    description: 'Source Viewset',
    model: 'oauthsource',
  },
  { id: 'sources_all_list', path: '/sources/all/', title: 'Source List', description: 'Source Viewset', open: 'users' },
  {
    id: 'tasks_tasks_list',
    path: '/tasks/tasks/',
    title: 'Task List',
    description: '',
    lines: '2025.8-',
    open: 'users',
  },
  {
    id: 'admin_file_list',
    missing: ['POST', 'DELETE'],
    path: '/admin/file/',
    title: 'Files',
    description: '',
    lines: '2025.12-',
    isBare: true,
    open: 'users',
  },
  {
    id: 'authenticators_all_list',
    path: '/authenticators/all/',
    title: 'Device List',
    description: 'Viewset for authenticator devices',
    isBare: true,
    open: 'users',
  },
  {
    id: 'authenticators_admin_all_list',
    path: '/authenticators/admin/all/',
    title: 'Admin Device List',
    description: 'Viewset for authenticator devices',
    isBare: true,
    open: 'users',
  },
  {
    id: 'sources_all_user_settings_list',
    path: '/sources/all/user_settings/',
    title: 'User settings',
    description: 'Get all sources the user can configure',
    isBare: true,
    open: 'users',
  },
  {
    id: 'sources_user_connections_all_list',
    path: '/sources/user_connections/all/',
    title: 'User Source Connection List',
    description: 'User-source connection Viewset',
    open: 'users',
  },
  {
    id: 'rac_connection_tokens_list',
    path: '/rac/connection_tokens/',
    title: 'Connection Token List',
    description: 'ConnectionToken Viewset',
    open: 'users',
  },
  {
    id: 'policies_reputation_scores_list',
    path: '/policies/reputation/scores/',
    title: 'Reputation List',
    description: 'Reputation Viewset',
    model: 'reputation',
  },
  {
    id: 'core_application_entitlements_list',
    missing: ['POST'],
    path: '/core/application_entitlements/',
    title: 'Application Entitlement List',
    description: 'ApplicationEntitlement Viewset',
    lines: '2024.12-',
    model: 'applicationentitlement',
  },
  {
    id: 'rbac_initial_permissions_list',
    missing: ['POST'],
    path: '/rbac/initial_permissions/',
    title: 'Initial Permissions List',
    description: 'InitialPermissions viewset',
    lines: '2025.4-',
    model: 'initialpermissions',
  },
  // What the overview asks the state of.
  synced('providers', 'SCIMProvider', 'scim'),
  synced('providers', 'GoogleWorkspaceProvider', 'google_workspace', '2024.6-'),
  synced('providers', 'MicrosoftEntraProvider', 'microsoft_entra', '2024.6-'),
  synced('sources', 'LDAP Source', 'ldap'),
  synced('sources', 'Kerberos Source', 'kerberos', '2024.10-'),
]

/** What is synchronised with another directory, of which a mock has none. */
function synced(tag: string, kind: string, name: string, lines?: string): Outline {
  return {
    id: `${tag}_${name}_list`,
    missing: ['POST'],
    path: `/${tag}/${name}/`,
    title: `${kind.replace(/([a-z]|SCIM)([A-Z])/g, '$1 $2')} List`,
    description: `${kind} Viewset`,
    model: kind.replace(' ', '').toLowerCase(),
    ...(lines !== undefined && { lines }),
  }
}

const StatusEnum = once(() =>
  choice('LicenseSummaryStatusEnum', [
    'unlicensed',
    'valid',
    'expired',
    'expiry_soon',
    'limit_exceeded_admin',
    'limit_exceeded_user',
    'read_only',
  ]),
)
const LicenseSummary = once(() =>
  component('LicenseSummary', {
    internal_users: integer(),
    external_users: integer(),
    status: StatusEnum(),
    latest_valid: dateTime(),
    license_flags: list(choice('LicenseFlagsEnum', ['trial', 'non_production'])),
  }),
)

/** An answer that no document has, but for a list. */
const sketch = (definition: Pick<Operation, 'id' | 'method' | 'view' | 'summary' | 'resolve'> & Partial<Operation>) =>
  operation({
    tag: definition.view.path.split('/')[1] ?? '',
    isOutline: true,
    parameters: {},
    get responses() {
      return { 200: anyValue() }
    },
    ...definition,
  })

/** An application with its provider, whose forms are those of each. */
const TransactionApplication = once(() =>
  component('TransactionApplicationRequest', {
    app: anyObject(),
    provider_model: text({ minLength: 1 }),
    provider: anyObject(),
    policy_bindings: optional(list(anyValue())),
  }),
)

/** What is told of the server to who may view it alone. */
const ofSystem = (id: string, view: View, resolve: (context: Context) => unknown, lines?: string) =>
  sketch({
    id,
    method: id.endsWith('_create') ? 'POST' : 'GET',
    view: { open: 'users', ...view },
    ...(lines !== undefined && { lines }),
    summary: 'Shows what the server runs on.',
    resolve(context) {
      if (!context.caller.may('view_system_info')) throw permissionDenied()
      return resolve(context)
    },
  })

/** The one that does what the server leaves for later. */
const workersOf = ({ release: { version } }: Context) => [
  { worker_id: 'authentik-mock', version, version_matching: true },
]
const WORKERS = { name: 'Worker', description: 'Get currently connected worker count.' }

/** Forgets what is cached: nothing is. */
const forgetting = (path: string, permission: string, description: string) =>
  sketch({
    id: `${path.slice(1, -1).replaceAll('/', '_')}_create`,
    method: 'POST',
    view: { path, name: 'Cache clear', description, open: 'users' },
    summary: 'Forgets what is cached, which is nothing.',
    get responses() {
      return { 204: null }
    },
    resolve({ caller }) {
      if (!caller.may(permission)) throw permissionDenied()
    },
  })

/** What can be asked of a licence, and what is known in outline. */
export const operations = [
  ...OUTLINES.map(outline),
  ...(['retrieve', 'create'] as const).map((action) =>
    ofSystem(
      `admin_system_${action}`,
      { path: '/admin/system/', name: 'System', description: 'Get system information.' },
      async (context) => (await import('../answers/system.ts')).systemOf(context),
    ),
  ),
  ofSystem('admin_workers_retrieve', { ...WORKERS, path: '/admin/workers/' }, () => ({ count: 1 }), '-2024.12'),
  ofSystem('admin_workers_list', { ...WORKERS, path: '/admin/workers/' }, workersOf, '2025.2-2025.6'),
  ofSystem('tasks_workers_list', { ...WORKERS, path: '/tasks/workers' }, workersOf, '2025.8-2026.2'),
  ofSystem('tasks_workers_list', { ...WORKERS, path: '/tasks/workers/' }, workersOf, '2026.5-'),
  sketch({
    id: 'outposts_instances_health_list',
    method: 'GET',
    view: {
      path: '/outposts/instances/{uuid}/health/',
      name: 'Health',
      description: 'Get outposts current health',
      model: 'outpost',
    },
    parameters: { uuid: { schema: uuid() } },
    summary: 'Lists what runs of an outpost: nothing, because no outpost connects to a mock.',
    async resolve({ world, params }) {
      const { outpostsIn } = await import('../answers/world-lists.ts')
      const key = toUuid(params['uuid'] ?? '')
      if (key === undefined || !outpostsIn(world).some((row) => readKey(row, 'pk') === key)) throw notFound('Outpost')
      return []
    },
  }),
  sketch({
    id: 'lifecycle_iterations_latest_retrieve',
    method: 'GET',
    lines: '2026.2-2026.2',
    view: {
      path: '/lifecycle/iterations/latest/{content_type}/{object_id}/',
      name: 'Latest iteration',
      description: '',
      open: 'users',
      mayHaveDots: true,
    },
    parameters: { content_type: { schema: text() }, object_id: { schema: text() } },
    summary: 'Says that nothing was reviewed yet.',
    resolve() {
      throw notFound('LifecycleIteration')
    },
  }),
  sketch({
    id: 'policies_all_cache_info_retrieve',
    method: 'GET',
    view: {
      path: '/policies/all/cache_info/',
      name: 'Cache info',
      description: 'Info about cached policies',
      open: 'users',
    },
    summary: 'Shows how many answers of policies are cached: none.',
    resolve({ caller }) {
      if (!caller.may('view_policy_cache')) throw permissionDenied()
      return { count: 0 }
    },
  }),
  forgetting('/policies/all/cache_clear/', 'clear_policy_cache', 'Clear policy cache'),
  forgetting('/flows/instances/cache_clear/', 'clear_flow_cache', 'Clear flow cache'),
  sketch({
    id: 'core_transactional_applications_update',
    method: 'PUT',
    view: {
      path: '/core/transactional/applications/',
      name: 'Transactional Application',
      description: 'Create provider and application and attach them in a single transaction',
      open: 'users',
    },
    summary: 'Makes an application with its provider, or neither.',
    get body() {
      return TransactionApplication()
    },
    resolve: async (context) => (await import('../answers/application-wizard.ts')).createTogether(context),
  }),
  operation({
    id: 'enterprise_license_summary_retrieve',
    method: 'GET',
    tag: 'enterprise',
    parameters: {},
    view: {
      path: '/enterprise/license/summary/',
      name: 'Summary',
      description: 'Get the total license status',
      open: 'users',
    },
    summary: 'Shows that there is no licence, and how many users one would be for.',
    query: { cached: { schema: withDefault(boolean(), true) } },
    get responses() {
      return { 200: LicenseSummary() }
    },
    resolve: async ({ world }) => (await import('../answers/world-lists.ts')).noLicence(world),
  }),
]
