/** What the web interface asks of what no mock has: answered truly, and documented in outline alone. */
import type { View } from '../../rest/operation.ts'
import { operation, type Context, type Operation } from '../../rest/operation.ts'
import { toPage } from '../../rest/pagination.ts'
import {
  anyObject,
  anyValue,
  boolean,
  choice,
  component,
  dateTime,
  integer,
  list,
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
]

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
  ...OUTLINES.map(outline),
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
