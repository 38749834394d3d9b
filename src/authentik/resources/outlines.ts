/** What the web interface asks of what no mock has: answered truly, and documented in outline alone. */
import { operation, type Method, type Operation } from '../../rest/operation.ts'
import { anyValue, boolean, choice, component, dateTime, integer, list, withDefault } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'

/**
 * What is answered in outline, a line each: the action and the path, the model whose permission lets a caller view it,
 * the lines of releases that have it, and the methods that the mock has not; a dash for nothing.
 */
const OUTLINES = `
list /outposts/instances/ outpost - POST
list /outposts/instances/{uuid}/health/ outpost
list /sources/oauth/ oauthsource - POST
list /sources/ldap/ ldapsource - POST
list /sources/kerberos/ kerberossource 2024.10- POST
list /sources/all/
list /sources/all/user_settings/
list /sources/user_connections/all/
list /providers/scim/ scimprovider - POST
list /providers/google_workspace/ googleworkspaceprovider 2024.6- POST
list /providers/microsoft_entra/ microsoftentraprovider 2024.6- POST
list /authenticators/all/
list /authenticators/admin/all/
list /rac/connection_tokens/
list /policies/reputation/scores/ reputation
list /rbac/initial_permissions/ initialpermissions 2025.4- POST
list /core/application_entitlements/ applicationentitlement 2024.12- POST
list /tasks/tasks/ - 2025.8
list /tasks/workers - 2025.8-2026.2
list /tasks/workers/ - 2026.5
list /admin/workers/ - 2025.2-2025.6
retrieve /admin/workers/ - -2024.12
retrieve /admin/system/
create /admin/system/
list /admin/file/ - 2025.12- POST,DELETE
list /core/applications/{slug}/metrics/ application -2025.6
retrieve /core/users/{id}/metrics/ user -2025.6
update /core/transactional/applications/
retrieve /flows/instances/{slug}/execute/ flow
create /flows/instances/cache_clear/
create /policies/all/cache_clear/
list /policies/all/types/
retrieve /policies/all/cache_info/
retrieve /lifecycle/iterations/latest/{content_type}/{object_id}/ - 2026.2-2026.2
`
const METHODS: Readonly<Record<string, Method>> = { create: 'POST', update: 'PUT' }

const load = () => import('../answers/outlines.ts')

function toOutline(line: string, index: number): Operation {
  const [action = '', path = '', model = '-', lines = '-', missing] = line.split(' ')
  const names: string[] = path.match(/(?<=\/)\w+/g) ?? []
  return operation({
    id: [...names, action].join('_'),
    method: METHODS[action] ?? 'GET',
    tag: names[0] ?? '',
    isOutline: true,
    ...(lines !== '-' && { lines }),
    parameters: {},
    view: {
      path,
      name: '',
      description: '',
      describe: async () => (await load()).describeOutline(index),
      missing: (missing?.split(',') ?? []) as Method[],
      ...(model === '-' ? { open: 'users' } : { model }),
      mayHaveDots: names.includes('latest'),
    },
    summary: 'Is asked by the web interface.',
    get responses() {
      return names.includes('cache_clear') ? { 204: null } : { 200: anyValue() }
    },
    resolve: async (context) => (await load()).answerOutline(context),
  })
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

/** What can be asked of a licence, and what is known in outline. */
export const operations = [
  ...OUTLINES.trim().split('\n').map(toOutline),
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
