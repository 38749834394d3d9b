/** Applications: what users see and start; each may stand before one provider. */
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { exactly } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { whereAny, whereViewable } from '../../rest/viewset.ts'
import { SLUG } from '../../schema/slug.ts'
import { behaviourOf } from '../behaviour.ts'
import { anyObject, boolean, integer, list, nullable, text, uri, uuid } from '../../schema/words.ts'
import { iconOf, iconUrlOf, launchUrlOf, LIST_QUERY, providerOf, backchannelProvidersOf } from './application-launch.ts'
import { Provider, providerFor } from './oauth2-providers.ts'
import { PolicyEngineMode } from './policy-engine-mode.ts'

/** Slugs that are those of OAuth endpoints, which the addresses of an application would hide. */
const RESERVED = new Set(['authorize', 'token', 'device', 'userinfo', 'introspect', 'revoke'])

function reservedSlug(slug: unknown, context: Context): string | undefined {
  if (!RESERVED.has(String(slug)) || !behaviourOf(context).slugsAreReserved) return undefined
  return `The slug '${slug}' is reserved and cannot be used for applications.`
}

const fields = {
  pk: field(uuid(), { readOnly: true, order: true }),
  pbm_uuid: computed(uuid(), (row) => row.pk, { addedIn: '2026.8' }),
  name: field(text(), { description: 'What users see.', filter: exactly, search: true, order: true }),
  slug: field(text({ maxLength: 50, pattern: SLUG }), {
    // Releases from 2025.12 on have no limit.
    stored: text({ pattern: SLUG }),
    unique: true,
    refuse: reservedSlug,
    filter: exactly,
    search: true,
    order: true,
  }),
  provider: field(nullable(integer()), { default: null, references: 'providers', unique: true, order: true }),
  provider_obj: computed(Provider, providerOf, { ever: nullable(Provider) }),
  backchannel_providers: field(list(integer()), { default: [], references: 'providers' }),
  backchannel_providers_obj: computed(list(Provider), backchannelProvidersOf),
  launch_url: computed(nullable(text()), (row, { world, caller }) => launchUrlOf(row, world, caller.user), {
    description: 'Where a click on it leads: `meta_launch_url`, or where its provider redirects to.',
  }),
  open_in_new_tab: field(boolean(), { default: false, order: true }),
  meta_launch_url: field(uri(), { stored: text(), default: '', filter: exactly, search: true, order: true }),
  meta_icon: field(nullable(text()), { readOnly: true, default: null, getter: iconOf }),
  meta_icon_url: field(nullable(text()), { readOnly: true, default: null, getter: iconUrlOf, addedIn: '2025.12' }),
  meta_icon_themed_urls: field(nullable(anyObject()), { readOnly: true, default: null, addedIn: '2025.12' }),
  meta_description: field(text(), { default: '', filter: exactly, search: true, order: true }),
  meta_publisher: field(text(), { default: '', filter: exactly, search: true, order: true }),
  policy_engine_mode: field(PolicyEngineMode, { default: 'any', order: true }),
  group: field(text(), { default: '', filter: exactly, search: true, order: true }),
  meta_hide: field(boolean(), { default: false, addedIn: '2026.5' }),
}
/** A row of applications. */
export type Application = RowOfFields<typeof fields>

/** What users see and start. */
export const applications = resource({
  name: 'applications',
  names: { singular: 'application', plural: 'applications', state: 'application', noun: 'an application', key: 'slug' },
  component: 'Application',
  django: {
    app: 'authentik_core',
    className: 'Application',
    label: ({ name }) => name,
    alsoUsedBy: async ({ pk }: { pk: string }, { world }: Context) =>
      (await import('../answers/policy-bindings.ts')).usesByPolicies(pk, world),
  },
  fields,
  shorthand: {
    names: ['slug', 'name'],
    defaults: ({ slug, name = slug, provider }, { add }) => ({
      name,
      provider: provider === undefined ? add('providers', providerFor(String(slug), String(name))) : provider,
    }),
  },
  derive: (row, world) => ({ launch_url: launchUrlOf(row, world), pbm_uuid: row.pk }),
  count: 5,
  loadSeed: async () => (await import('../seeds.ts')).seedApplication,
})

/** What can be done with them. Whoever may start an application sees it in the list. */
export const applicationsViewset = viewsetOperations(applications, {
  path: '/core/applications/',
  actions: ['list', 'retrieve', 'create', 'update', 'partial_update', 'destroy', 'used_by'],
  ordering: ['name'],
  lookup: { parameter: 'slug', schema: text(), field: 'slug', read: (slug) => slug },
  sees: whereAny,
  seesInstance: whereViewable,
  listQuery: LIST_QUERY,
  show: async (page, context) => (await import('../answers/application-list.ts')).onlyAllowed(page, context),
})
