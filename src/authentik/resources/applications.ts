/** Applications: what users see and start; each may stand before one provider. */
import { exactly, type Filter } from '../../rest/filters.ts'
import { LIST_QUERY, operation, type Context } from '../../rest/operation.ts'
import { paginated, toPage } from '../../rest/pagination.ts'
import { invalid, Problem } from '../../rest/errors.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import { resource, type Known } from '../../store/resource.ts'
import {
  anyObject,
  boolean,
  choice,
  component,
  described,
  integer,
  list,
  nullable,
  optional,
  readOnly,
  text,
  uri,
  uuid,
} from '../../schema/words.ts'
import { findRow, listRows, whereAny, whereViewable, type Viewset } from '../../rest/viewset.ts'
import { defaulted, derived, model, type RowOf } from './model.ts'
import { oauth2Providers, PREFIX, Provider, toOAuth2Provider, urisOf } from './oauth2-providers.ts'
import { users, type User } from './users.ts'

const PolicyEngineMode = choice('PolicyEngineMode', ['all', 'any'])

// ---- as documented

const Application = component('Application', {
  pk: readOnly(uuid()),
  name: described(text(), 'What users see.'),
  slug: text({ maxLength: 50, pattern: '^[-a-zA-Z0-9_]+$' }),
  provider: optional(nullable(integer())),
  provider_obj: readOnly(Provider),
  backchannel_providers: optional(list(integer())),
  backchannel_providers_obj: readOnly(list(Provider)),
  launch_url: described(
    readOnly(nullable(text())),
    'Where a click on it leads: `meta_launch_url`, or where its provider redirects to.',
  ),
  open_in_new_tab: optional(boolean()),
  meta_launch_url: optional(uri()),
  meta_icon: readOnly(nullable(text())),
  meta_description: optional(text()),
  meta_publisher: optional(text()),
  policy_engine_mode: optional(PolicyEngineMode),
  group: optional(text()),
})

// ---- as kept

const Row = model({
  pk: uuid(),
  name: text(),
  slug: text(),
  provider: defaulted(nullable(integer()), null),
  backchannel_providers: defaulted(list(integer()), []),
  backchannel_providers_obj: defaulted(list(anyObject()), []),
  launch_url: derived(nullable(text())),
  open_in_new_tab: defaulted(boolean(), false),
  meta_launch_url: defaulted(text(), ''),
  meta_icon: defaulted(nullable(text()), null),
  meta_description: defaulted(text(), ''),
  meta_publisher: defaulted(text(), ''),
  policy_engine_mode: defaulted(PolicyEngineMode, 'any'),
  group: defaulted(text(), ''),
  // from 2025.12
  meta_icon_url: defaulted(nullable(text()), null),
  meta_icon_themed_urls: defaulted(nullable(anyObject()), null),
  // from 2026.5
  meta_hide: defaulted(boolean(), false),
  pbm_uuid: derived(uuid()),
})
export type Application = RowOf<typeof Row>

export const applications = resource<Application>({
  name: 'applications',
  key: 'pk',
  unique: ['slug', 'provider'],
  model: Row,
  references: { provider: oauth2Providers },
  count: () => 3,
  seed({ number, faker, known }) {
    const name = known.rows(oauth2Providers).get(number)!.name.slice(PREFIX.length)
    const slug = faker.helpers.slugify(name).toLowerCase()
    const url = `https://${slug}.example.com`
    return {
      pk: faker.string.uuid(),
      name,
      slug,
      provider: number,
      backchannel_providers: [],
      backchannel_providers_obj: [],
      open_in_new_tab: false,
      meta_launch_url: url,
      meta_icon: null,
      meta_icon_url: null,
      meta_icon_themed_urls: null,
      meta_description: faker.commerce.productDescription(),
      meta_publisher: faker.company.name(),
      policy_engine_mode: 'any',
      group: '',
      meta_hide: false,
    }
  },
  django: { app: 'authentik_core', model: 'application', className: 'Application', words: ({ name }) => name },
  derive: (row, known) => ({ launch_url: toLaunchUrl(row, known), pbm_uuid: row.pk }),
})

// ---- as answered

/** @param user for whom `%(username)s` and its like are filled in; where something else stands behind a `%`, nothing is */
function toLaunchUrl(row: Application, known: Known, user?: User): string | null {
  const provider = row.provider === null ? undefined : known.rows(oauth2Providers).get(row.provider)
  const url = row.meta_launch_url || (provider && originOfUri(urisOf(provider)[0]!)) || null
  if (
    url === null ||
    !user ||
    /%(?!%|\((?:username|name|email|path|uuid|id|type|is_active)\)s)/.test(url.replaceAll('%%', ''))
  )
    return url
  const fields: Record<string, unknown> = { ...user, id: user.pk, is_active: user.is_active ? 'True' : 'False' }
  return url.replace(/%%|%\((\w+)\)s/g, (_, field?: string) => (field === undefined ? '%' : String(fields[field])))
}

/** A URI without its path. */
const originOfUri = (given: string) => given.replace(/^([^:/?#]+:\/\/[^/?#]*)[^?#]*/, '$1')

const toApplication = (row: Application, context: Context) => {
  const { world, caller } = context
  return {
    pk: row.pk,
    pbm_uuid: row.pk,
    name: row.name,
    slug: row.slug,
    provider: row.provider,
    provider_obj:
      row.provider === null ? null : toOAuth2Provider(world.rows(oauth2Providers).get(row.provider)!, context),
    backchannel_providers: row.backchannel_providers,
    backchannel_providers_obj: row.backchannel_providers_obj,
    launch_url: toLaunchUrl(row, world, world.rows(users).get(caller.user!)),
    open_in_new_tab: row.open_in_new_tab,
    meta_launch_url: row.meta_launch_url,
    meta_icon: row.meta_icon,
    meta_icon_url: row.meta_icon_url,
    meta_icon_themed_urls: row.meta_icon_themed_urls,
    meta_description: row.meta_description,
    meta_publisher: row.meta_publisher,
    policy_engine_mode: row.policy_engine_mode,
    group: row.group,
    meta_hide: row.meta_hide,
  }
}

const filters: Record<string, Filter<Application>> = Object.fromEntries(
  (['name', 'slug', 'meta_launch_url', 'meta_description', 'meta_publisher', 'group'] as const).map((field) => [
    field,
    exactly<Application>((row) => row[field]),
  ]),
)

/** Whoever may start an application sees it in the list; here nothing forbids anyone to. */
const set: Viewset<Application> = {
  resource: applications,
  sees: whereAny,
  orderings: {
    ...Object.fromEntries(
      (['pk', 'name', 'slug', 'provider', 'open_in_new_tab', 'policy_engine_mode'] as const).map((field) => [
        field,
        (row: Application) => row[field],
      ]),
    ),
    ...Object.fromEntries(
      (['meta_launch_url', 'meta_description', 'meta_publisher', 'group'] as const).map((field) => [
        field,
        (row: Application) => row[field],
      ]),
    ),
  },
  byDefault: [['name', false]],
  search: (row) => [row.name, row.slug, row.meta_launch_url, row.meta_description, row.meta_publisher, row.group],
}

const find = (context: Context) =>
  findRow(context, { ...set, sees: whereViewable('application') }, context.params['slug']!, 'slug')

const VIEWSET = { description: 'Application Viewset', model: 'application' }

export const applicationOperations = [
  operation({
    id: 'core_applications_list',
    method: 'GET',
    view: { ...VIEWSET, path: '/core/applications/', name: 'Application List', missing: ['POST'] },
    tag: 'core',
    summary: 'A page of the applications that the caller may start.',
    parameters: {},
    filters,
    query: {
      ...LIST_QUERY,
      for_user: { schema: integer() },
      only_with_launch_url: { schema: boolean() },
      superuser_full_list: { schema: boolean() },
    },
    responses: { 200: paginated('Application', Application) },
    resolve(context) {
      const { query, world } = context
      const page = toPage(listRows(context, set), context, (row) => row)
      const isFull = isTrue(query, 'superuser_full_list') && context.caller.superuser
      const isForAnother = !isFull && checkForUser(context)
      const withUrl = !isFull && !isForAnother && isTrue(query, 'only_with_launch_url')
      const shown = withUrl ? page.results.filter((row) => toLaunchUrl(row, world) !== null) : page.results
      return { ...page, results: shown.map((row) => toApplication(row, context)) }
    },
  }),
  operation({
    id: 'core_applications_retrieve',
    method: 'GET',
    view: {
      ...VIEWSET,
      path: '/core/applications/{slug}/',
      name: 'Application Instance',
      missing: ['PUT', 'PATCH', 'DELETE'],
      find,
    },
    tag: 'core',
    summary: 'One of them, for whoever may view applications.',
    parameters: { slug: { schema: text(), description: 'The slug of an application.' } },
    filters,
    responses: { 200: Application },
    resolve: (context) => toApplication(find(context), context),
  }),
]

const isTrue = (query: URLSearchParams, name: string) => lastOf(query, name)?.toLowerCase() === 'true'

/**
 * @returns whether the list is asked for on behalf of another user
 * @throws Problem 400 for one who is not there, or whom the caller may not ask for
 */
function checkForUser({ query, world, caller }: Context): boolean {
  const given = lastOf(query, 'for_user')
  if (given === undefined) return false
  const key = toInteger(given)
  if (key === undefined) throw new Problem(400, ['Invalid input.'])
  if (!caller.may('view_user_applications') || !world.rows(users).has(Number(key)))
    throw invalid({ for_user: 'User not found' })
  return true
}
