/** Flows: what authentik leads a user through, such as logging in. */
import { baseOf } from '../../http/message.ts'
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { choosing, exactly, havingUuid } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { SLUG } from '../../schema/slug.ts'
import { anyObject, boolean, choice, integer, list, nullable, oneOf, text, uuid } from '../../schema/words.ts'
import { BACKGROUND, backgroundOf, backgroundUrlOf, DEFAULT_FLOWS, inferFlows } from './default-flows.ts'
import { PolicyEngineMode } from './policy-engine-mode.ts'

/** What a flow is for. */
export const FlowDesignationEnum = choice('FlowDesignationEnum', [
  'authentication',
  'authorization',
  'invalidation',
  'enrollment',
  'unenrollment',
  'recovery',
  'stage_configuration',
])
/** What a flow does with who is denied. */
export const DeniedActionEnum = choice('DeniedActionEnum', ['message_continue', 'message', 'continue'])
/** The layouts of a flow's page, in the base release and from 2026.2 on. */
export const LAYOUTS = ['stacked', 'content_left', 'content_right', 'sidebar_left', 'sidebar_right'] as const
/** The layouts that came with 2026.2. */
export const FRAMED_LAYOUTS = ['sidebar_left_frame_background', 'sidebar_right_frame_background'] as const
/** Who may go through a flow, in the base release; later ones have more. */
export const AUTHENTICATIONS = [
  'none',
  'require_authenticated',
  'require_unauthenticated',
  'require_superuser',
] as const

const fields = {
  pk: field(uuid(), { readOnly: true, filters: { flow_uuid: havingUuid }, order: true }),
  policybindingmodel_ptr_id: field(uuid(), { readOnly: true, unique: true, generate: (random) => random.uuid() }),
  name: field(text(), { filter: exactly, search: true, order: true }),
  slug: field(text({ maxLength: 50, pattern: SLUG }), {
    // Releases from 2025.12 on have no limit.
    stored: text({ pattern: SLUG }),
    unique: true,
    filter: exactly,
    search: true,
    order: true,
  }),
  title: field(text(), { search: true, order: true }),
  designation: field(FlowDesignationEnum, {
    description: 'What it is for.',
    filter: choosing,
    search: true,
    order: true,
  }),
  background: field(text(), { readOnly: true, default: BACKGROUND, getter: backgroundOf }),
  background_url: field(nullable(text()), {
    readOnly: true,
    default: null,
    getter: backgroundUrlOf,
    addedIn: '2025.12',
  }),
  background_themed_urls: field(nullable(anyObject()), { readOnly: true, default: null, addedIn: '2025.12' }),
  stages: field(list(uuid()), { readOnly: true, default: [], getter: stagesOf }),
  policies: field(list(uuid()), { readOnly: true, default: [] }),
  cache_count: field(integer(), { readOnly: true, default: 0 }),
  policy_engine_mode: field(PolicyEngineMode, { default: 'any', order: true }),
  compatibility_mode: field(boolean(), { default: false, description: 'For old browsers and password managers.' }),
  export_url: computed(text(), ({ slug }, { call }) => `${baseOf(call)}/api/v3/flows/instances/${slug}/export/`),
  layout: field(choice('FlowLayoutEnum', LAYOUTS), {
    stored: choice('FlowLayoutEnum', [...LAYOUTS, ...FRAMED_LAYOUTS]),
    default: 'stacked',
  }),
  denied_action: field(DeniedActionEnum, {
    default: 'message_continue',
    description: 'What becomes of who is denied.',
    filter: choosing,
  }),
  authentication: field(choice('AuthenticationEnum', [...AUTHENTICATIONS, 'require_outpost']), {
    stored: oneOf([...AUTHENTICATIONS, 'require_redirect', 'require_outpost', 'require_token']),
    default: 'none',
    description: 'Who may go through it.',
  }),
}
/** What flows have stages by; loaded when they are first asked for. */
let loaded: typeof import('../answers/stages.ts') | undefined

/** The stages of a flow: as a row says them, else as they are bound to it. */
function stagesOf(flow: { pk: string; stages: readonly string[] }, { world }: Context): readonly string[] {
  return (!flow.stages.length && loaded?.stageKeysOf(flow.pk, world)) || flow.stages
}

/** A row of flows. */
export type Flow = RowOfFields<typeof fields>

/** What authentik leads a user through. */
export const flows = resource({
  name: 'flows',
  names: { singular: 'flow', plural: 'flows', state: 'flow', noun: 'a flow', key: 'slug' },
  component: 'Flow',
  django: {
    app: 'authentik_flows',
    className: 'Flow',
    label: ({ name, slug }) => `Flow ${name} (${slug})`,
    alsoUsedBy: async (flow: Flow, context: Context) =>
      (await import('../answers/stage-changes.ts')).usesOfFlow(flow, context),
  },
  fields,
  count: DEFAULT_FLOWS.length,
  seed: ({ number, faker, random }) => ({
    pk: faker.string.uuid(),
    policybindingmodel_ptr_id: random.uuid(),
    ...DEFAULT_FLOWS[number - 1],
  }),
  infer: inferFlows,
  shorthand: {
    names: ['slug', 'name'],
    defaults: ({ slug, name = slug, title = name }) => ({ name, title, designation: 'authorization' }),
  },
})

/** What can be done with flows. */
export const flowsViewset = viewsetOperations(flows, {
  path: '/flows/instances/',
  actions: ['list', 'retrieve', 'used_by'],
  missing: { list: ['POST'], instance: ['PUT', 'PATCH', 'DELETE'] },
  ordering: ['slug', 'name'],
  // A world need not say which stages its flows have: authentik's own then do.
  rows: async ({ world }) => {
    loaded ??= await import('../answers/stages.ts')
    return [...world.table(flows).values()]
  },
  lookup: { parameter: 'slug', schema: text(), field: 'slug', read: (slug) => slug },
})
