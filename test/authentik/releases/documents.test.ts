/** The schema that we write is the schema that authentik documents. */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { toDocument } from '../../../src/rest/document.ts'
import { findRelease } from '../../../src/authentik/releases/index.ts'
import { inRoot, readJson, root } from '../../support/files.ts'
import { toEssence, toFingerprints, toOperations, type Fingerprints } from '../../support/fingerprints.ts'

/** Those that a document of authentik's own was at hand of. */
const documented = globSync('fixtures/fingerprints/*.json', { cwd: root }).map((path) => basename(path, '.json'))
const documentOf = (release: string) => JSON.parse(JSON.stringify(toDocument(findRelease(release))))

/** What some of the documents that the fingerprints were taken from were cut of. */
const CUT = ['UserPath', 'core_users_paths_retrieve', 'core_users_used_by_list']
const compared = (ours: object, theirs: object) =>
  Object.keys(ours).filter((name) => name in theirs || !CUT.includes(name))

describe.each(documented)('the OpenAPI document of %s', (release) => {
  const own = toFingerprints(documentOf(release))
  const kept = readJson(`fixtures/fingerprints/${release}.json`) as Fingerprints

  it.each(compared(own.components, kept.components))('has the component %s as authentik has it', (name) => {
    expect(own.components[name]).toBe(kept.components[name])
  })

  it.each(compared(own.operations, kept.operations))('has the operation %s as authentik has it', (id) => {
    expect(own.operations[id]).toBe(kept.operations[id])
  })

  it('shares and stands where authentik has it', () => {
    expect(own.shared).toEqual(Object.fromEntries(Object.keys(own.shared).map((name) => [name, kept.shared[name]])))
    expect(own.servers).toBe(kept.servers)
  })

  it('has nothing that is not compared, but for what the document was cut of', () => {
    const left = Object.keys({ ...own.components, ...own.operations }).filter(
      (name) => !(name in kept.components) && !(name in kept.operations),
    )
    expect([[], CUT]).toContainEqual(left)
  })
})

describe('the OpenAPI document of 2024.8.3', () => {
  const ours = documentOf('2024.8.3')
  const own = toFingerprints(ours)
  const kept = readJson('fixtures/fingerprints/2024.8.3.json') as Fingerprints

  it('reaches every component that its operations reach', () => {
    expect(Object.keys(own.components)).toMatchInlineSnapshot(`
      [
        "Application",
        "CapabilitiesEnum",
        "ClientTypeEnum",
        "Config",
        "ErrorReportingConfig",
        "ExpiringBaseGrantModel",
        "GenericError",
        "Group",
        "GroupMember",
        "IntentEnum",
        "IssuerModeEnum",
        "OAuth2Provider",
        "OAuth2ProviderRequest",
        "OAuth2ProviderSetupURLs",
        "PaginatedApplicationList",
        "PaginatedExpiringBaseGrantModelList",
        "PaginatedGroupList",
        "PaginatedOAuth2ProviderList",
        "PaginatedTokenList",
        "PaginatedTokenModelList",
        "PaginatedUserList",
        "Pagination",
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

  it('notices a keyword, a property and an order that are not as documented', () => {
    const { components } = ours
    const tampered = (change: (schemas: any) => void) => {
      const copy = structuredClone(components.schemas)
      change(copy)
      return toFingerprints({ components: { schemas: copy }, paths: {} }).components
    }
    expect(tampered((all) => delete all.User.properties.last_login.nullable).User).not.toBe(kept.components.User)
    expect(tampered((all) => delete all.User.properties.uuid).User).not.toBe(kept.components.User)
    expect(
      tampered(
        (all) => (all.UserGroup.properties = Object.fromEntries(Object.entries(all.UserGroup.properties).toReversed())),
      ).UserGroup,
    ).not.toBe(kept.components.UserGroup)
    expect(tampered((all) => all.SubModeEnum.enum.push('user_pk')).SubModeEnum).not.toBe(kept.components.SubModeEnum)
    expect(tampered((all) => (all.User.description = 'Somebody')).User).toBe(kept.components.User)
  })
})

/** A document of authentik's own, in JSON or YAML, or a folder of them. */
const given = process.env.AUTHENTIK_SCHEMA
const files =
  given === undefined ? [] : /\.(json|ya?ml)$/.test(given) ? [given] : globSync(`${given}/*.{json,yml,yaml}`)
for (const file of files) {
  const text = readFileSync(file, 'utf8')
  const theirs = file.endsWith('.json') ? JSON.parse(text) : parse(text)
  const release: string = theirs.info.version
  const ours = documentOf(release)

  describe(`the OpenAPI document in ${file}`, () => {
    it('is the one that the fingerprints were taken from', async () => {
      await expect(`${JSON.stringify(toFingerprints(theirs, ours), null, 2)}\n`).toMatchFileSnapshot(
        inRoot(`fixtures/fingerprints/${release}.json`),
      )
    })

    it.each(compared(ours.components.schemas, theirs.components.schemas))(
      'has the component %s as ours has it',
      (name) => {
        expect(toEssence(ours.components.schemas[name])).toEqual(toEssence(theirs.components.schemas[name]))
      },
    )

    it.each(compared(toOperations(ours), toOperations(theirs)))('has the operation %s as ours has it', (id) => {
      expect(toEssence(toOperations(ours)[id])).toEqual(toEssence(toOperations(theirs)[id]))
    })
  })
}
