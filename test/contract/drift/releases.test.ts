/** Drift finds between releases of authentik what their documents changed. */
import { describe, expect, it } from 'vitest'
import { versions } from '../../../src/authentik/releases/index.ts'
import type { Document, Party } from '../../../src/contract/drift/compare.ts'
import { toEssence } from '../../support/fingerprints.ts'
import { isWhole, SPREAD } from '../../support/tier.ts'
import { differencesBetween, documentOf, toLines } from './support.ts'

describe('between releases', () => {
  const APPLICATION = [
    'application_name',
    'application_slug',
    'backchannel_application_name',
    'backchannel_application_slug',
  ]
  const PARENTS = 'Group.parent, Group.parent_name, PartialGroup.parent, PartialGroup.parent_name'
  const REDIRECTS =
    'GET /providers/oauth2/ ?redirect_uris, OAuth2ProviderRequest.redirect_uris, PatchedOAuth2ProviderRequest.redirect_uris'

  const RECOVERY = 'GET /core/users/{id}/recovery/, GET /core/users/{id}/recovery_email/'
  /** Scope mappings have another address from 2024.8 on. */
  const SCOPES = [
    'DELETE {pm_uuid}/',
    'GET ',
    'GET {pm_uuid}/',
    'GET {pm_uuid}/used_by/',
    'PATCH {pm_uuid}/',
    'POST ',
    'PUT {pm_uuid}/',
  ]
    .map((line) => line.replace(' ', ' /propertymappings/scope/'))
    .join(', ')
  const LICENCE = ['has_license', 'read_only', 'show_admin_warning', 'show_user_warning', 'valid']
    .map((key) => `LicenseSummary.${key}`)
    .join(', ')
  /** Permissions on single rows are listed of roles alone from 2025.12 on. */
  const OBJECT_PERMISSIONS = [
    'DELETE roles/{id}/',
    'DELETE users/{id}/',
    'GET roles/{id}/',
    'GET users/',
    'GET users/{id}/',
    'PATCH roles/{id}/',
    'PATCH users/{id}/',
  ]
    .map((line) => line.replace(' ', ' /rbac/permissions/'))
    .join(', ')
  const CHANGED_PERMISSIONS = 'PUT /rbac/permissions/roles/{id}/, PUT /rbac/permissions/users/{id}/'
  const COUNTS = 'GET /admin/metrics/, GET /events/events/per_month/'

  it.each<[baseline: string, candidate: string, readers: string, writers: string]>([
    [
      '2024.2.4',
      '2024.4.0',
      `${RECOVERY}, AuthenticatedSession.expires, ExpiringBaseGrantModel.expires, Group.users_obj, Token.expires, TokenModel.expires, User.groups_obj, UserConsent.expires, UserGroup.parent_name`,
      RECOVERY,
    ],
    ['2024.6.5', '2024.8.0', `${SCOPES}, Group.name, ${LICENCE}, UserGroup.name`, SCOPES],
    ['2024.8.3', '2024.8.5', 'OAuth2Provider.redirect_uris', REDIRECTS],
    ['2024.10.2', '2024.10.3', 'OAuth2Provider.redirect_uris', REDIRECTS],
    [
      '2024.10.5',
      '2024.12.0',
      'Flow.authentication, OAuth2Provider.jwks_sources',
      'OAuth2ProviderRequest.jwks_sources, POST /core/users/{id}/impersonate/ body, PatchedOAuth2ProviderRequest.jwks_sources',
    ],
    ['2024.12.5', '2025.2.4', '', ''],
    [
      '2024.12.5',
      '2025.8.0',
      `${COUNTS}, Coordinate.x_cord, Coordinate.y_cord`,
      `${COUNTS}, BrandRequest.attributes, EventRequest.brand, EventRequest.context, EventRequest.user, GET /core/authenticated_sessions/ ?last_ip, GET /core/authenticated_sessions/ ?last_user_agent, PatchedBrandRequest.attributes, PatchedEventRequest.brand, PatchedEventRequest.context, PatchedEventRequest.user`,
    ],
    [
      '2025.8.5',
      '2025.8.6',
      ['OAuth2Provider', 'Provider'].flatMap((name) => APPLICATION.map((key) => `${name}.assigned_${key}`)).join(', '),
      '',
    ],
    [
      '2025.10.4',
      '2025.12.4',
      `${OBJECT_PERMISSIONS}, POST /core/applications/{slug}/set_icon_url/, ${CHANGED_PERMISSIONS}, Application.meta_icon, Application.slug, CertificateKeyPair.private_key_type, Config.capabilities, Event.action, EventVolume.action, Flow.background, Flow.slug, FlowSet.background, FlowSet.slug, ${PARENTS}, UsedBy.action`,
      `${OBJECT_PERMISSIONS}, POST /core/applications/{slug}/set_icon_url/, ${CHANGED_PERMISSIONS}, GroupRequest.children, GroupRequest.parent, PatchedGroupRequest.children, PatchedGroupRequest.parent`,
    ],
    [
      '2025.12.6',
      '2026.2.0',
      'Event.action, EventVolume.action, Flow.layout, FlowSet.layout, Role.name',
      'GET /crypto/certificatekeypairs/ ?include_details, GET /rbac/permissions/ ?user, GET /rbac/roles/ ?ak_groups, POST /core/users/{id}/recovery_email/ ?email_stage, POST /core/users/{id}/recovery_email/ body',
    ],
  ])('%s -> %s breaks who reads "%s" or writes "%s", and nobody else', (baseline, candidate, readers, writers) => {
    const differences = differencesBetween(baseline, candidate)
    const subjectsThatBreak = (party: Party) =>
      [...new Set(differences.filter(({ breaks }) => breaks.includes(party)).map(({ subject }) => subject))].join(', ')
    expect([subjectsThatBreak('reader'), subjectsThatBreak('writer')]).toEqual([readers, writers])
  })

  it.each([
    ['2024.8.4', '2024.8.5', 'retyped OAuth2Provider.redirect_uris is string, then a list of RedirectURI (reader)'],
    ['2024.8.6', '2024.10.0', 'added OAuth2ProviderRequest.invalidation_flow is new and required (writer)'],
    ['2024.10.5', '2024.12.0', 'renamed OAuth2Provider.jwks_sources is now called jwt_federation_sources (reader)'],
    ['2025.8.6', '2025.10.0', 'renamed UserGroup is now called PartialGroup (nobody)'],
  ])('%s -> %s: %s', (baseline, candidate, expectedLine) => {
    const lines = toLines(differencesBetween(baseline, candidate))
    expect(lines.map((line) => line.replace(/(?<=\((nobody|reader|writer)\)).*/, ''))).toContain(expectedLine)
  })

  it.each([
    ['2025.12.4', '2025.12.5'],
    ['2026.2.2', '2026.2.3'],
  ])('%s -> %s takes the client_secret out of grants, and not out of /providers/oauth2/', (baseline, candidate) => {
    const secret = differencesBetween(baseline, candidate).find(({ subject }) => subject.endsWith('.client_secret'))
    const grantOperations = ['authorization_codes', 'access_tokens', 'refresh_tokens'].flatMap((name) => [
      `oauth2_${name}_list`,
      `oauth2_${name}_retrieve`,
    ])
    expect(secret).toMatchObject({ kind: 'removed', change: 'is gone', breaks: ['reader'] })
    expect(secret?.places.map(({ operation }) => operation).toSorted()).toEqual(grantOperations.toSorted())
    const providerOperations = ['providers_oauth2_retrieve', 'providers_oauth2_list']
    expect(differencesBetween(baseline, candidate, new Map(providerOperations.map((id) => [id, 'all'])))).toEqual([])
  })

  it('a release differs from its neighbours, in either direction, exactly where their documents do, and never from itself', () => {
    // Of a part, each with the one before it: a document takes as long to compare as a hundred other tests.
    const releases = versions.filter((version, index) =>
      [version, versions[index + 1] ?? ''].some((present) => isWhole || SPREAD.includes(present)),
    )
    expect(releases.filter((version) => differencesBetween(version, version).length)).toEqual([])
    const essenceOf = (version: string) => {
      const { paths, components }: Document = documentOf(version)
      return JSON.stringify(toEssence({ paths, components }))
    }
    const pairs = releases.slice(1).map((version, index) => [releases[index] ?? '', version] as const)
    const differentPairs = pairs.filter(([older, newer]) => differencesBetween(older, newer).length)
    expect(differentPairs).toEqual(pairs.filter(([older, newer]) => essenceOf(older) !== essenceOf(newer)))
    expect(differentPairs).toEqual(pairs.filter(([older, newer]) => differencesBetween(newer, older).length))
    expect(differentPairs.length).toBeGreaterThan(isWhole ? 15 : SPREAD.length - 2)
  })
})
