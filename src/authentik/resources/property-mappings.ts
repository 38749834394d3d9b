/** Property mappings of every kind, as a world lists them; scope mappings are those that the mock keeps. */
import { field, type RowOfFields } from '../../rest/field.ts'
import { exactly, filterBy, isNull } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { nullable, text, uuid } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { mayDestroyKind } from './all-kinds.ts'
import { allValues } from './all-values.ts'
import { typesOperation } from './types.ts'

const readOnlyText = () => field(text(), { readOnly: true })
const fields = once(() => ({
  pk: field(uuid(), { readOnly: true, order: true }),
  managed: field(nullable(text()), { default: null, filters: { managed: allValues('scope_mappings') }, order: true }),
  name: field(text(), { filter: exactly, search: true, order: true }),
  expression: field(text(), { order: true }),
  component: readOnlyText(),
  verbose_name: readOnlyText(),
  verbose_name_plural: readOnlyText(),
  meta_model_name: readOnlyText(),
}))
/** A row of property mappings. */
export type PropertyMapping = RowOfFields<ReturnType<typeof fields>>

const load = () => import('../answers/world-lists.ts')

/** Property mappings of every kind. */
export const propertyMappings = resource({
  name: 'property_mappings_all',
  noun: 'a property mapping',
  component: 'PropertyMapping',
  django: {
    app: 'authentik_core',
    className: 'PropertyMapping',
    label: ({ name }) => `Property Mapping ${name}`,
    alsoUsedBy: async (row: PropertyMapping, context: Context) => (await load()).usesOfMapping(row, context),
  },
  fields,
  filters: { managed__isnull: filterBy(isNull, ({ managed }: PropertyMapping) => managed) },
})

/** What can be asked of property mappings of every kind. */
export const operations = [
  ...viewsetOperations(propertyMappings, {
    path: '/propertymappings/all/',
    actions: ['list', 'retrieve', 'destroy', 'used_by'],
    rows: async ({ world }) => (await load()).mappingsIn(world),
    keep: async (_change, row, context) => (await load()).deleteMapping(row, context),
    mayDestroy: mayDestroyKind('propertymapping'),
    ordering: ['name'],
    lookup: { parameter: 'pm_uuid', schema: uuid(), read: toUuid },
  }).operations,
  typesOperation('propertymappings_all_types_list', '/propertymappings/all/types/', 'propertymappings'),
]
