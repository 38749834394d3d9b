/** Scope mappings: which scopes a provider knows. */
import { field, hidden, type RowOfFields } from '../../rest/field.ts'
import { resource } from '../../rest/resource.ts'
import { nullable, text, uuid } from '../../schema/words.ts'

const fields = {
  pk: field(uuid(), { readOnly: true }),
  name: field(text(), { unique: true }),
  scope_name: field(text()),
  description: field(text(), { default: '' }),
  managed: field(nullable(text()), { default: null }),
  /** In Python; empty where a world does not say it. */
  expression: hidden(text(), { default: '' }),
}
/** A row of scope mappings. */
export type ScopeMapping = RowOfFields<typeof fields>
/** The scopes that providers know. */
export const scopeMappings = resource({
  name: 'scope_mappings',
  django: { app: 'authentik_core', className: 'PropertyMapping', label: ({ name }) => `Property Mapping ${name}` },
  fields,
  count: () => SEEDED.length,
  seed({ number, faker }) {
    const [scope_name = '', description = ''] = SEEDED[number - 1] ?? []
    const managed = `goauthentik.io/providers/oauth2/scope-${scope_name.replace('goauthentik.io/', 'authentik_')}`
    return { pk: faker.string.uuid(), name: `Scope ${scope_name}`, scope_name, description, managed }
  },
})

const SEEDED = [
  ['openid', ''],
  ['email', 'Your e-mail address'],
  ['profile', 'Your name and groups'],
  ['offline_access', 'Access while you are away'],
  ['goauthentik.io/api', "Access to authentik's API as you"],
] as const
