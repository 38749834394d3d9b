/** Scope mappings: which scopes a provider knows, and what claims each of them gives. */
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { exactly, filterBy, isNull } from '../../rest/filters.ts'
import { toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations, type ViewsetOptions } from '../../rest/viewset-operations.ts'
import { nullable, text, uuid } from '../../schema/words.ts'
import type { Writing } from '../../store/resource.ts'
import { allValues } from './all-values.ts'

/** What authentik says of every scope mapping. */
const KIND = {
  component: 'ak-property-mapping-provider-scope-form',
  verbose_name: 'Scope Mapping',
  verbose_name_plural: 'Scope Mappings',
  meta_model_name: 'authentik_providers_oauth2.scopemapping',
}

const fields = {
  pk: field(uuid(), { readOnly: true, order: true }),
  managed: field(nullable(text({})), { default: null, filters: { managed: allValues('scope_mappings') }, order: true }),
  name: field(text(), { unique: { model: 'Property Mapping' }, filter: exactly, search: true, order: true }),
  /** In Python; empty where a world does not say it. */
  expression: field(text(), {
    stored: text(),
    default: '',
    mayBeBlank: false,
    required: true,
    order: true,
  }),
  component: computed(text(), () => KIND.component),
  verbose_name: computed(text(), () => KIND.verbose_name),
  verbose_name_plural: computed(text(), () => KIND.verbose_name_plural),
  meta_model_name: computed(text(), () => KIND.meta_model_name),
  scope_name: field(text(), { filter: exactly, search: true, order: true }),
  description: field(text(), { default: '', order: true }),
}
/** A row of scope mappings. */
export type ScopeMapping = RowOfFields<typeof fields>

/** A mapping as the base of its kind, as which providers list theirs. */
const base = {
  app: 'authentik_core',
  className: 'PropertyMapping',
  label: ({ name }: { name: string }) => `Property Mapping ${name}`,
}

/** The scopes that providers know. */
export const scopeMappings = resource({
  name: 'scope_mappings',
  noun: 'a scope mapping',
  component: 'ScopeMapping',
  django: {
    app: 'authentik_providers_oauth2',
    className: 'ScopeMapping',
    label: ({ name, scope_name }) => `Scope Mapping ${name} (${scope_name})`,
    listedAs: base,
  },
  fields,
  filters: { managed__isnull: filterBy(isNull, ({ managed }: { managed: string | null }) => managed) },
  joins: ['scope_mappings_full'],
  count: () => SEEDED.length,
  seed: ({ number, faker }) => ({ pk: faker.string.uuid(), ...managedMapping(SEEDED[number - 1] ?? ['', '', '']) }),
  shorthand: {
    names: ['scope_name', 'name'],
    builtIn(name) {
      const mapping = SEEDED.find(([scope]) => scope === name)
      return mapping && managedMapping(mapping)
    },
    defaults: ({ scope_name }) => ({ name: `Scope ${String(scope_name)}`, expression: NOTHING }),
  },
})

/** A mapping that authentik looks after itself. */
const managedMapping = ([scope_name, description, expression]: readonly [string, string, string]) => ({
  name: `Scope ${scope_name}`,
  scope_name,
  description,
  managed: `goauthentik.io/providers/oauth2/scope-${scope_name.replace('goauthentik.io/', 'authentik_')}`,
  expression,
})

/** The keys of authentik's own mappings, each made where a file has none of its scope, and of the file's. */
export function managedMappings({ rows, keyOf }: Writing): unknown[] {
  for (const [scope] of SEEDED) keyOf('scope_mappings', scope)
  return rows('scope_mappings').map(({ pk }) => pk)
}

/** What gives no claim. */
const NOTHING = 'return {}'
const SEEDED = [
  ['openid', '', NOTHING],
  ['email', 'Your e-mail address', 'return {"email": request.user.email}'],
  [
    'profile',
    'Your name and groups',
    'return {"name": request.user.name, "preferred_username": request.user.username}',
  ],
  ['offline_access', 'Access while you are away', NOTHING],
  ['goauthentik.io/api', "Access to authentik's API as you", NOTHING],
] as const

const options = {
  write: async (values) => (await import('../answers/python-syntax.ts')).checkExpression(values),
  actions: ['list', 'create', 'retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
  ordering: ['scope_name', 'name'],
  lookup: { parameter: 'pm_uuid', schema: uuid(), read: toUuid },
} as const satisfies Omit<ViewsetOptions<typeof fields, string, never>, 'path' | 'actions'> & { actions: unknown }

/** What can be done with scope mappings, under their name of each release. */
export const operations = [
  ...viewsetOperations(scopeMappings, { ...options, path: '/propertymappings/provider/scope/', lines: '2024.8-' })
    .operations,
  ...viewsetOperations(scopeMappings, { ...options, path: '/propertymappings/scope/', lines: '-2024.6' }).operations,
]
