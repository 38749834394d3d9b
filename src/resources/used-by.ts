/** What a row is used by, which authentik shows before it deletes one. */
import { choice, component, text } from '../core/schema.ts'

const UsedByActionEnum = choice('UsedByActionEnum', ['cascade', 'cascade_many', 'set_null', 'set_default'])

export const UsedBy = component('UsedBy', {
  app: text(),
  model_name: text(),
  pk: text(),
  name: text(),
  action: UsedByActionEnum,
})

export const USED_BY_VIEW = { name: 'Used by', description: 'Get a list of all objects that use this object' }
