/** Scope mappings: which scopes a provider knows. */
import { resource } from '../../store/resource.ts'
import { nullable, text, uuid } from '../../schema/words.ts'
import { defaulted, model, type RowOf } from './model.ts'

const Row = model({
  pk: uuid(),
  name: text(),
  scope_name: text(),
  description: defaulted(text(), ''),
  managed: defaulted(nullable(text()), null),
})
export type ScopeMapping = RowOf<typeof Row>

export const scopeMappings = resource<ScopeMapping>({
  name: 'scope_mappings',
  key: 'pk',
  model: Row,
  django: {
    app: 'authentik_core',
    model: 'propertymapping',
    className: 'PropertyMapping',
    words: ({ name }) => `Property Mapping ${name}`,
  },
  count: () => SEEDED.length,
  seed({ number, faker }) {
    const [scope_name, description] = SEEDED[number - 1]!
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
