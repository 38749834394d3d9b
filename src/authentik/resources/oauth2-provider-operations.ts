/** What can be done with OAuth2 providers. */
import { originOf } from '../../http/message.ts'
import { among, checkUuid, choosing, exactly, flag, oneOf, type Filter } from '../../rest/filters.ts'
import { LIST_QUERY, operation, type Context } from '../../rest/operation.ts'
import { paginated, toPage } from '../../rest/pagination.ts'
import { invalid, notFound, permissionDenied } from '../../rest/errors.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import { keysIn, type Known } from '../../store/resource.ts'
import { anyObject, component, integer, list, readOnly, text, uuid } from '../../schema/words.ts'
import { readBody } from '../../rest/parse-body.ts'
import { toSpan } from '../../store/duration.ts'
import {
  deleteRow,
  findRow,
  findUsed,
  idIn,
  listRows,
  type Viewset,
  whereAny,
  whereViewable,
} from '../../rest/viewset.ts'
import { applications } from './applications.ts'
import { issuerOf, previewOf } from './id-token.ts'
import {
  applicationOf,
  CLIENT_TYPES,
  ISSUER_MODES,
  OAuth2Provider,
  OAuth2ProviderRequest,
  oauth2Providers,
  PatchedOAuth2ProviderRequest,
  SUB_MODES,
  toOAuth2Provider,
  urisOf,
} from './oauth2-providers.ts'
import { scopeMappings } from './scope-mappings.ts'
import { USED_BY_VIEW, UsedBy, usedBy } from './used-by.ts'
import { users } from './users.ts'

// ---- as documented

const OAuth2ProviderSetupURLs = component('OAuth2ProviderSetupURLs', {
  issuer: readOnly(text()),
  authorize: readOnly(text()),
  token: readOnly(text()),
  user_info: readOnly(text()),
  provider_info: readOnly(text()),
  logout: readOnly(text()),
  jwks: readOnly(text()),
})

const PropertyMappingPreview = component('PropertyMappingPreview', { preview: readOnly(anyObject()) })

// ---- as read from a query

const isCertificate = (key: string, known: Known) => isNamed(['signing_key', 'encryption_key'], key, known)
const isSource = (key: string, known: Known) => isNamed(['jwks_sources', 'jwt_federation_sources'], key, known)
const isFlow = (key: string, known: Known) =>
  isNamed(['authorization_flow', 'authentication_flow', 'invalidation_flow'], key, known)

const filters: Record<string, Filter<OAuth2Provider>> = {
  name: exactly((row) => row.name),
  authorization_flow: choosing((row) => row.authorization_flow, isFlow),
  property_mappings: among(
    uuid(),
    (row) => row.property_mappings,
    checkUuid,
    (key, known) => known.rows(scopeMappings).get(key) !== undefined,
  ),
  application: choosing(
    (row, known) => known.rows(applications).find('provider', row.pk)?.pk,
    (key, known) => known.rows(applications).get(key) !== undefined,
  ),
  client_type: oneOf((row) => row.client_type, CLIENT_TYPES),
  client_id: exactly((row) => row.client_id),
  access_code_validity: exactly((row) => row.access_code_validity),
  access_token_validity: exactly((row) => row.access_token_validity),
  refresh_token_validity: exactly((row) => row.refresh_token_validity),
  include_claims_in_id_token: flag((row, wanted) => row.include_claims_in_id_token === wanted),
  signing_key: choosing((row) => row.signing_key, isCertificate),
  redirect_uris: exactly((row) => urisOf(row).join('\n')),
  sub_mode: oneOf((row) => row.sub_mode, SUB_MODES),
  issuer_mode: oneOf((row) => row.issuer_mode, ISSUER_MODES),
}

const set: Viewset<OAuth2Provider> = {
  resource: oauth2Providers,
  sees: whereViewable('oauth2provider'),
  orderings: Object.fromEntries(
    (
      [
        'pk',
        'name',
        'authentication_flow',
        'authorization_flow',
        'client_type',
        'client_id',
        'client_secret',
        'access_code_validity',
        'access_token_validity',
        'refresh_token_validity',
        'include_claims_in_id_token',
        'signing_key',
        'sub_mode',
        'issuer_mode',
      ] as const
    ).map((field) => [field, (row: OAuth2Provider) => row[field]]),
  ),
  byDefault: [['name', false]],
  search: (row) => [row.name],
}

const find = (context: Context) => findRow(context, set, idIn(context))

// ---- as read from a body

type Elsewhere =
  | 'authentication_flow'
  | 'authorization_flow'
  | 'invalidation_flow'
  | 'signing_key'
  | 'encryption_key'
  | 'jwks_sources'
  | 'jwt_federation_sources'

/**
 * The mock keeps no flows, keys and sources: it knows of those that a provider names, or named when one was last asked
 * for, and takes any when none is named.
 */
function isNamed(fields: readonly Elsewhere[], key: string, known: Known): boolean {
  const rows = known.rows(oauth2Providers)
  const remembered = named.get(rows)?.get(fields[0]!) ?? new Set()
  for (const row of rows.all())
    for (const field of fields) for (const one of keysIn(row[field])) remembered.add(String(one))
  named.set(rows, (named.get(rows) ?? new Map()).set(fields[0]!, remembered))
  return remembered.size === 0 || remembered.has(key)
}

const named = new WeakMap<object, Map<string, Set<string>>>()

/** @param own the provider that is changed, whose name it may keep */
async function read(
  { call, world, release, operation: { body } }: Context,
  own?: OAuth2Provider,
): Promise<Partial<OAuth2Provider>> {
  const isTaken = (field: 'name' | 'client_id', value: string) =>
    ![undefined, own].includes(world.rows(oauth2Providers).find(field, value))
  const validity = (span: string) =>
    toSpan(span) === undefined ? `${span} is not in the correct format of 'hours=3;minutes=1'.` : undefined
  const flow = (key: string | number) => isFlow(String(key), world)
  const certificate = (key: string | number) => isCertificate(String(key), world)
  const source = (key: string | number) => isSource(String(key), world)
  return readBody(call, body!, {
    partial: call.method === 'PATCH',
    parser: release.behaviour.parser,
    exists: {
      authentication_flow: flow,
      authorization_flow: flow,
      invalidation_flow: flow,
      property_mappings: (key) => world.rows(scopeMappings).has(key),
      signing_key: certificate,
      encryption_key: certificate,
      jwks_sources: source,
      jwt_federation_sources: source,
      jwt_federation_providers: (key) => world.rows(oauth2Providers).has(key),
    },
    checks: {
      name: (name) => (isTaken('name', name) ? 'provider with this name already exists.' : undefined),
      client_id: (id) =>
        isTaken('client_id', id) ? 'OAuth2/OpenID Provider with this Client ID already exists.' : undefined,
      access_code_validity: validity,
      access_token_validity: validity,
      refresh_token_validity: validity,
      refresh_token_threshold: validity,
    },
  })
}

async function update(context: Context) {
  const row = find(context)
  if (!context.caller.may('change_oauth2provider')) throw permissionDenied()
  const given = await read(context, row)
  const rows = context.world.rows(oauth2Providers)
  await rows.update(row.pk, (draft) => void Object.assign(draft, given))
  return toOAuth2Provider(rows.get(row.pk)!, context)
}

// ---- as answered

const VIEWSET = { description: 'OAuth2Provider Viewset', model: 'oauth2provider' }
const all = {
  tag: 'providers',
  view: { ...VIEWSET, path: '/providers/oauth2/', name: 'OAuth2 Provider List' },
  parameters: {},
}
const one = {
  tag: 'providers',
  filters,
  view: { ...VIEWSET, path: '/providers/oauth2/{id}/', name: 'OAuth2 Provider Instance' },
  parameters: { id: { schema: integer(), description: 'The pk of a provider.' } },
}

export const oauth2ProviderOperations = [
  operation({
    ...all,
    id: 'providers_oauth2_list',
    method: 'GET',
    summary: 'A page of OAuth2 providers, for whoever may view them.',
    filters,
    query: LIST_QUERY,
    responses: { 200: paginated('OAuth2Provider', OAuth2Provider) },
    resolve: (context) => toPage(listRows(context, set), context, (row) => toOAuth2Provider(row, context)),
  }),
  operation({
    ...all,
    id: 'providers_oauth2_create',
    method: 'POST',
    summary: 'Makes one; what the body leaves out is as authentik has it by default.',
    body: OAuth2ProviderRequest,
    responses: { 201: OAuth2Provider },
    async resolve(context) {
      const { dice, rows } = context.world
      const given = await read(context)
      const made = { pk: rows(oauth2Providers).next(), client_id: dice.key(40), client_secret: dice.key(128), ...given }
      return toOAuth2Provider(await rows(oauth2Providers).create(made as OAuth2Provider), context)
    },
  }),
  operation({
    ...one,
    id: 'providers_oauth2_retrieve',
    method: 'GET',
    summary: 'One of them.',
    responses: { 200: OAuth2Provider },
    resolve: (context) => toOAuth2Provider(find(context), context),
  }),
  operation({
    ...one,
    id: 'providers_oauth2_update',
    method: 'PUT',
    summary: 'Changes one; what the body leaves out stays.',
    body: OAuth2ProviderRequest,
    responses: { 200: OAuth2Provider },
    resolve: update,
  }),
  operation({
    ...one,
    id: 'providers_oauth2_partial_update',
    method: 'PATCH',
    summary: 'Changes what the body says.',
    body: PatchedOAuth2ProviderRequest,
    responses: { 200: OAuth2Provider },
    resolve: update,
  }),
  operation({
    ...one,
    id: 'providers_oauth2_destroy',
    method: 'DELETE',
    summary: 'Deletes one, with the codes and tokens that it granted; its application stays, without a provider.',
    responses: { 204: null },
    resolve: (context) => deleteRow(context, set, find(context)),
  }),
  operation({
    ...one,
    id: 'providers_oauth2_setup_urls_retrieve',
    method: 'GET',
    view: {
      path: '/providers/oauth2/{id}/setup_urls/',
      name: 'Setup urls',
      description: 'Get Providers setup URLs',
      model: 'oauth2provider',
    },
    filters: {},
    summary: 'Where its endpoints stand.',
    responses: { 200: OAuth2ProviderSetupURLs, 404: null },
    resolve(context) {
      const { call, world, voice } = context
      const provider = findRow(context, { resource: oauth2Providers, sees: whereAny }, idIn(context))
      const slug = applicationOf(provider, world)?.slug
      if (slug === undefined && !voice.has('setup-urls-unassigned')) throw notFound()
      const base = `${originOf(call)}/application/o/`
      return {
        issuer: issuerOf(provider, call, world) ?? null,
        authorize: `${base}authorize/`,
        token: `${base}token/`,
        user_info: `${base}userinfo/`,
        provider_info: slug === undefined ? null : `${base}${slug}/.well-known/openid-configuration`,
        logout: slug === undefined ? null : `${base}${slug}/end-session/`,
        ...(slug === undefined ? {} : { jwks: `${base}${slug}/jwks/` }),
        dcr_registration: null,
      }
    },
  }),
  operation({
    ...one,
    id: 'providers_oauth2_preview_user_retrieve',
    method: 'GET',
    view: {
      path: '/providers/oauth2/{id}/preview_user/',
      name: 'Preview user',
      description: 'Preview user data for provider',
      model: 'oauth2provider',
    },
    summary: 'What an ID token would say of the caller, or of another user.',
    query: { for_user: { schema: integer() } },
    responses: { 200: PropertyMappingPreview, 400: null },
    resolve(context) {
      return { preview: previewOf(find(context), forUser(context), context) }
    },
  }),
  operation({
    ...one,
    id: 'providers_oauth2_used_by_list',
    method: 'GET',
    view: { ...USED_BY_VIEW, path: '/providers/oauth2/{id}/used_by/', model: 'oauth2provider' },
    filters: {},
    summary: 'What goes along with it, and the scopes it knows.',
    responses: { 200: list(UsedBy) },
    resolve: (context) =>
      usedBy(oauth2Providers, findUsed(context, { resource: oauth2Providers, sees: whereAny }, idIn(context)), context),
  }),
]

/** @throws Problem 400 for a user who is not there, or whom the caller may not ask for */
function forUser({ query, world, caller }: Context) {
  const given = lastOf(query, 'for_user')
  if (given === undefined) return world.rows(users).get(caller.user!)!
  const key = toInteger(given)
  if (key === undefined) throw invalid({ for_user: 'input must be numerical' })
  const found = caller.may('preview_user') ? world.rows(users).get(Number(key)) : undefined
  if (!found) throw invalid({ for_user: 'User not found' })
  return found
}
