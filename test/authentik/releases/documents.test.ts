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

/** What is absent in some of the documents that the fingerprints were taken from. */
const CUT = ['UserPath', 'core_users_paths_retrieve', 'core_users_used_by_list']
const compared = (mock: object, authentik: object) =>
  Object.keys(mock).filter((name) => name in authentik || !CUT.includes(name))

describe.each(documented)('the OpenAPI document of %s', (release) => {
  const mock = toFingerprints(documentOf(release))
  const authentik = readJson(`fixtures/fingerprints/${release}.json`) as Fingerprints

  it.each(compared(mock.components, authentik.components))('has the component %s as authentik has it', (name) => {
    expect(mock.components[name]).toBe(authentik.components[name])
  })

  it.each(compared(mock.operations, authentik.operations))('has the operation %s as authentik has it', (id) => {
    expect(mock.operations[id]).toBe(authentik.operations[id])
  })

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
    expect([[], CUT]).toContainEqual(rest)
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
        "AuthenticationEnum",
        "CapabilitiesEnum",
        "CertificateKeyPair",
        "ClientTypeEnum",
        "Config",
        "DeniedActionEnum",
        "ErrorReportingConfig",
        "ExpiringBaseGrantModel",
        "Flow",
        "FlowDesignationEnum",
        "FlowLayoutEnum",
        "GenericError",
        "Group",
        "GroupMember",
        "IntentEnum",
        "IssuerModeEnum",
        "Link",
        "OAuth2Provider",
        "OAuth2ProviderRequest",
        "OAuth2ProviderSetupURLs",
        "PaginatedApplicationList",
        "PaginatedCertificateKeyPairList",
        "PaginatedExpiringBaseGrantModelList",
        "PaginatedFlowList",
        "PaginatedGroupList",
        "PaginatedOAuth2ProviderList",
        "PaginatedTokenList",
        "PaginatedTokenModelList",
        "PaginatedUserList",
        "Pagination",
        "PatchedApplicationRequest",
        "PatchedOAuth2ProviderRequest",
        "PolicyEngineMode",
        "PropertyMappingPreview",
        "Provider",
        "Role",
        "SessionUser",
        "SubModeEnum",
        "Token",
        "TokenModel",
        "UsedBy",
        "UsedByActionEnum",
        "User",
        "UserGroup",
        "UserPath",
        "UserSelf",
        "UserSelfGroups",
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

    it.each(compared(mock.components.schemas, authentik.components.schemas))(
      'has the component %s as ours has it',
      (name) => {
        expect(toEssence(mock.components.schemas[name])).toEqual(toEssence(authentik.components.schemas[name]))
      },
    )

    it.each(compared(toOperations(mock), toOperations(authentik)))('has the operation %s as ours has it', (id) => {
      expect(toEssence(toOperations(mock)[id])).toEqual(toEssence(toOperations(authentik)[id]))
    })
  })
}
