/** Policy bindings: who may use an application, or go through a flow. */
import { hidden, type RowOfFields } from '../../rest/field.ts'
import { resource } from '../../rest/resource.ts'
import { anyObject, boolean, integer, nullable, uuid } from '../../schema/words.ts'

const fields = {
  pk: hidden(uuid()),
  /** The application, flow or binding of a stage that it holds for. */
  target: hidden(uuid()),
  policy: hidden(nullable(uuid()), { default: null }),
  group: hidden(nullable(uuid()), { references: 'groups', default: null }),
  user: hidden(nullable(integer()), { references: 'users', default: null }),
  policy_obj: hidden(nullable(anyObject()), { default: null }),
  group_obj: hidden(nullable(anyObject()), { default: null }),
  user_obj: hidden(nullable(anyObject()), { default: null }),
  negate: hidden(boolean(), { default: false }),
  enabled: hidden(boolean(), { default: true }),
  order: hidden(integer(), { default: 0 }),
  timeout: hidden(integer(), { default: 30 }),
  failure_result: hidden(boolean(), { default: false }),
}
/** A row of policy bindings. */
export type PolicyBinding = RowOfFields<typeof fields>

/** Who may use what; no operation shows them yet. */
export const policyBindings = resource({
  name: 'policy_bindings',
  django: {
    app: 'authentik_policies',
    className: 'PolicyBinding',
    label: ({ target, order }) => `Policy Binding for ${target} #${order}`,
  },
  fields,
})
