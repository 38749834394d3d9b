/** The schema that we write is the schema that authentik documents. */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { toDocument } from '../../../src/rest/document.ts'
import { findRelease } from '../../../src/authentik/releases/index.ts'
import type { Row } from '../../support/client.ts'
import { inRoot, readJson, root } from '../../support/files.ts'
import { toEssence, toFingerprints, toOperations, type Fingerprints } from '../../support/fingerprints.ts'

/** The releases of which authentik's own document was available. */
const documented = globSync('fixtures/fingerprints/*.json', { cwd: root }).map((path) => basename(path, '.json'))
const documentOf = (release: string) => JSON.parse(JSON.stringify(toDocument(findRelease(release))))

/** Releases whose documents were cut to less than the mock has, each with one of its line that was not. */
const CUT: Readonly<Record<string, string>> = { '2025.12.6': '2025.12.4', '2026.2.0': '2026.2.2' }
const fingerprintsOf = (release: string) => readJson(`fixtures/fingerprints/${release}.json`) as Fingerprints
/** Where a fingerprint is from, which a resource that is new here has none of. */
const taken = (release: string) =>
  `fixtures/fingerprints/${release}.json is taken from authentik's document, with AUTHENTIK_SCHEMA (ARCHITECTURE.md, How to add a resource)`
/** What a document has, but for what is absent in one that was cut. */
const compared = (mock: object, authentik: object, release: string) =>
  Object.keys(mock).filter((name) => name in authentik || !(release in CUT))

describe.each(documented)('the OpenAPI document of %s', (release) => {
  const mock = toFingerprints(documentOf(release))
  const authentik = fingerprintsOf(release)

  it.each(compared(mock.components, authentik.components, release))(
    'has the component %s as authentik has it',
    (name) => {
      expect({ [taken(release)]: mock.components[name] }).toEqual({ [taken(release)]: authentik.components[name] })
    },
  )

  it.each(compared(mock.operations, authentik.operations, release))(
    'has the operation %s as authentik has it',
    (id) => {
      expect({ [taken(release)]: mock.operations[id] }).toEqual({ [taken(release)]: authentik.operations[id] })
    },
  )

  it('has the shared parameters, the responses and the servers that authentik has', () => {
    expect(mock.shared).toEqual(
      Object.fromEntries(Object.keys(mock.shared).map((name) => [name, authentik.shared[name]])),
    )
    expect(mock.servers).toBe(authentik.servers)
  })

  it('has nothing else, except for what is absent in the document that the fingerprints were taken from', () => {
    const rest = Object.keys({ ...mock.components, ...mock.operations }).filter(
      (name) => !(name in authentik.components) && !(name in authentik.operations),
    )
    const whole = fingerprintsOf(CUT[release] ?? release)
    expect(rest.filter((name) => !(name in whole.components) && !(name in whole.operations))).toEqual([])
    expect(rest.length > 0).toBe(release in CUT)
  })
})

describe('the OpenAPI document of 2024.8.3', () => {
  const document = documentOf('2024.8.3')
  const mock = toFingerprints(document)
  const authentik = readJson('fixtures/fingerprints/2024.8.3.json') as Fingerprints

  it('has these components, which its operations refer to', () => {
    expect(Object.keys(mock.components)).toMatchInlineSnapshot(`
      [
        "Application",
        "ApplicationRequest",
        "AuthenticatedSession",
        "AuthenticationEnum",
        "Brand",
        "BrandRequest",
        "Cache",
        "CapabilitiesEnum",
        "CertificateData",
        "CertificateKeyPair",
        "ClientTypeEnum",
        "Config",
        "Coordinate",
        "CurrentBrand",
        "DeniedActionEnum",
        "ErrorReportingConfig",
        "Event",
        "EventActions",
        "EventRequest",
        "EventTopPerUser",
        "ExpiringBaseGrantModel",
        "ExtraRoleObjectPermission",
        "ExtraRoleObjectPermissionRequest",
        "ExtraUserObjectPermission",
        "ExtraUserObjectPermissionRequest",
        "FilePathRequest",
        "Flow",
        "FlowDesignationEnum",
        "FlowDiagram",
        "FlowLayoutEnum",
        "FlowSet",
        "FlowStageBinding",
        "FlowStageBindingRequest",
        "FooterLink",
        "GenericError",
        "Group",
        "GroupMember",
        "GroupRequest",
        "IntentEnum",
        "InvalidResponseActionEnum",
        "IssuerModeEnum",
        "LicenseFlagsEnum",
        "LicenseSummary",
        "LicenseSummaryStatusEnum",
        "Link",
        "LogEvent",
        "LogLevelEnum",
        "LoginMetrics",
        "Notification",
        "NotificationRequest",
        "OAuth2Provider",
        "OAuth2ProviderRequest",
        "OAuth2ProviderSetupURLs",
        "PaginatedApplicationList",
        "PaginatedAuthenticatedSessionList",
        "PaginatedBrandList",
        "PaginatedCertificateKeyPairList",
        "PaginatedEventList",
        "PaginatedExpiringBaseGrantModelList",
        "PaginatedExtraRoleObjectPermissionList",
        "PaginatedExtraUserObjectPermissionList",
        "PaginatedFlowList",
        "PaginatedFlowStageBindingList",
        "PaginatedGroupList",
        "PaginatedNotificationList",
        "PaginatedOAuth2ProviderList",
        "PaginatedPermissionList",
        "PaginatedPolicyBindingList",
        "PaginatedPolicyList",
        "PaginatedPropertyMappingList",
        "PaginatedProviderList",
        "PaginatedRoleList",
        "PaginatedScopeMappingList",
        "PaginatedStageList",
        "PaginatedTokenList",
        "PaginatedTokenModelList",
        "PaginatedUserConsentList",
        "PaginatedUserList",
        "Pagination",
        "PatchedApplicationRequest",
        "PatchedBrandRequest",
        "PatchedEventRequest",
        "PatchedExtraRoleObjectPermissionRequest",
        "PatchedExtraUserObjectPermissionRequest",
        "PatchedFlowStageBindingRequest",
        "PatchedGroupRequest",
        "PatchedNotificationRequest",
        "PatchedOAuth2ProviderRequest",
        "PatchedPolicyBindingRequest",
        "PatchedRoleRequest",
        "PatchedScopeMappingRequest",
        "PatchedTokenRequest",
        "PatchedUserRequest",
        "Permission",
        "Policy",
        "PolicyBinding",
        "PolicyBindingRequest",
        "PolicyEngineMode",
        "PolicyTestResult",
        "PropertyMapping",
        "PropertyMappingPreview",
        "Provider",
        "Role",
        "RoleRequest",
        "ScopeMapping",
        "ScopeMappingRequest",
        "SessionUser",
        "SeverityEnum",
        "Stage",
        "SubModeEnum",
        "Token",
        "TokenModel",
        "TokenRequest",
        "TokenSetKeyRequest",
        "TokenView",
        "TypeCreate",
        "UiThemeEnum",
        "UsedBy",
        "UsedByActionEnum",
        "User",
        "UserAccountRequest",
        "UserConsent",
        "UserGroup",
        "UserPasswordSetRequest",
        "UserPath",
        "UserRequest",
        "UserSelf",
        "UserSelfGroups",
        "UserServiceAccountRequest",
        "UserServiceAccountResponse",
        "UserSetting",
        "UserTypeEnum",
        "ValidationError",
        "Version",
      ]
    `)
  })

  it('has another fingerprint when a keyword, a property or an order is changed, and the same when only prose is', () => {
    const { components } = document
    const tampered = (change: (schemas: Row) => void) => {
      const copy = structuredClone(components.schemas)
      change(copy)
      return toFingerprints({ components: { schemas: copy }, paths: {} }).components
    }
    expect(tampered((schemas) => delete schemas.User.properties.last_login.nullable).User).not.toBe(
      authentik.components.User,
    )
    expect(tampered((schemas) => delete schemas.User.properties.uuid).User).not.toBe(authentik.components.User)
    expect(
      tampered(
        (schemas) =>
          (schemas.UserGroup.properties = Object.fromEntries(
            Object.entries(schemas.UserGroup.properties).toReversed(),
          )),
      ).UserGroup,
    ).not.toBe(authentik.components.UserGroup)
    expect(tampered((schemas) => schemas.SubModeEnum.enum.push('user_pk')).SubModeEnum).not.toBe(
      authentik.components.SubModeEnum,
    )
    expect(tampered((schemas) => (schemas.User.description = 'Somebody')).User).toBe(authentik.components.User)
  })
})

/** The path of authentik's own document in JSON or YAML, or of a folder of such documents. */
const location = process.env['AUTHENTIK_SCHEMA']
const files =
  location === undefined
    ? []
    : /\.(json|ya?ml)$/.test(location)
      ? [location]
      : globSync(`${location}/*.{json,yml,yaml}`)
for (const file of files) {
  const text = readFileSync(file, 'utf8')
  const authentik = file.endsWith('.json') ? JSON.parse(text) : parse(text)
  const release: string = authentik.info.version
  const mock = documentOf(release)

  describe(`the OpenAPI document in ${file}`, () => {
    it('is the one that the fingerprints were taken from', async () => {
      await expect(`${JSON.stringify(toFingerprints(authentik, mock), null, 2)}\n`).toMatchFileSnapshot(
        inRoot(`fixtures/fingerprints/${release}.json`),
      )
    })

    it.each(Object.keys(mock.components.schemas))('has the component %s as ours has it', (name) => {
      expect(toEssence(mock.components.schemas[name])).toEqual(toEssence(authentik.components.schemas[name]))
    })

    it.each(Object.keys(toOperations(mock)))('has the operation %s as ours has it', (id) => {
      expect(toEssence(toOperations(mock)[id])).toEqual(toEssence(toOperations(authentik)[id]))
    })
  })
}
