/** Permissions: what a user or a role may be allowed, as a world lists them, or of what the mock keeps. */
import { field, type RowOfFields } from '../../rest/field.ts'
import { credentialsMissing, INVALID_CHOICE, permissionDenied } from '../../rest/errors.ts'
import { exactly, FilterError, toUuidKey } from '../../rest/filters.ts'
import { toInteger } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { integer, text } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import type { World } from '../../store/world.ts'
import { behaviourOf } from '../behaviour.ts'
import { codenamesOfRole, namedPermissionsOf } from './assigned-permissions.ts'
import { roles } from './roles.ts'
import { roleName, users } from './users.ts'

const readOnlyText = () => field(text(), { readOnly: true })
const fields = once(() => ({
  id: field(integer(), { readOnly: true, order: true }),
  name: field(text({ maxLength: 255 }), { order: true }),
  codename: field(text({ maxLength: 100 }), { filter: exactly, search: true, order: true }),
  model: field(text(), { readOnly: true, filters: { content_type__model: exactly }, search: true }),
  app_label: field(text(), { readOnly: true, filters: { content_type__app_label: exactly }, search: true }),
  app_label_verbose: readOnlyText(),
  model_verbose: readOnlyText(),
}))
/** A row of permissions. */
export type Permission = RowOfFields<ReturnType<typeof fields>>

const permissions = resource({
  name: 'rbac_permissions',
  noun: 'a permission',
  component: 'Permission',
  key: 'id',
  django: { app: 'auth', className: 'Permission', label: ({ name }) => name },
  fields,
  filters: {
    role: {
      schema: text(),
      read(values, source) {
        const [role] = values.slice(-1)
        if (!role) return undefined
        const owner = [...source.table(users).values()].find((user) => roleName(user) === role)
        if (!owner && !source.table(roles).has(toUuidKey(role))) throw new FilterError(INVALID_CHOICE)
        const keys = owner?.roles.length ? owner.roles : [role]
        return ({ codename }: Permission, rows) =>
          keys.some((key) => codenamesOfRole(key, rows as World).includes(codename))
      },
    },
    user: {
      schema: integer(),
      read(values, source) {
        const [key] = values.slice(-1)
        if (!key) return undefined
        const user = source.table(users).get(Number(toInteger(key) ?? NaN))
        if (!user) throw new FilterError(INVALID_CHOICE)
        return ({ codename }: Permission, rows) => namedPermissionsOf(user.username, rows as World).includes(codename)
      },
    },
  },
})

/** What can be asked of permissions: older releases show them to who may view them, later ones to everybody. */
export const { operations } = viewsetOperations(permissions, {
  path: '/rbac/permissions/',
  actions: ['list', 'retrieve'],
  open: 'users',
  sees(caller, _resource, context) {
    if (!behaviourOf(context).permissionsComeByRoles && !caller.may('view_permission')) throw permissionDenied()
    if (caller.user === undefined) throw credentialsMissing()
    return {}
  },
  rows: async ({ world }) => (await import('../answers/world-lists.ts')).permissionsIn(world),
  ordering: ['name'],
  lookup: { parameter: 'id', schema: integer(), read: (id) => Number(toInteger(id) ?? NaN) || undefined },
})
