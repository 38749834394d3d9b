/** How is said what a row is used by, which authentik shows before it deletes one (docs/authentik.md#used-by). */
import { choice, component, text } from '../schema/words.ts'
import type { DjangoModel } from '../store/resource.ts'

const UsedByActionEnum = choice('UsedByActionEnum', ['cascade', 'cascade_many', 'set_null', 'set_default'])

/** One row that uses another, and what becomes of it when the other goes. */
export const UsedBy = component('UsedBy', {
  app: text(),
  model_name: text(),
  pk: text(),
  name: text(),
  action: UsedByActionEnum,
})

/** What every path of this kind says of itself. */
export const USED_BY_VIEW = { name: 'Used by', description: 'Get a list of all objects that use this object' }

type Row = Record<string, unknown>

/** Rows of one kind that use a row. */
export interface Use {
  /** What authentik's model calls them, which decides the order. */
  accessor: string
  model: Pick<DjangoModel<Row>, 'app' | 'className' | 'label' | 'keyIn'>
  key: string
  rows: readonly Row[]
  action: string
}
