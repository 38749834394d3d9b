/** Permissions: what a user or a role may be allowed, as a world lists them, or of what the mock keeps. */
import { field, type RowOfFields } from '../../rest/field.ts'
import { permissionDenied } from '../../rest/errors.ts'
import { exactly, filterBy } from '../../rest/filters.ts'
import { toInteger } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { integer, text } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import type { World } from '../../store/world.ts'
import { behaviourOf } from '../behaviour.ts'
import { codenamesOfRole, namedPermissionsOf } from './assigned-permissions.ts'
import { numberFilter } from './number-filter.ts'
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
      read(values) {
        const [role] = values.slice(-1)
        if (!role) return undefined
        return ({ codename }: Permission, source) => {
          const owner = [...source.table(users).values()].find((user) => roleName(user) === role)
          const keys = owner?.roles.length ? owner.roles : [role]
          return keys.some((key) => codenamesOfRole(key, source as World).includes(codename))
        }
      },
    },
    user: {
      ...filterBy(numberFilter, () => undefined),
      read(values) {
        const key = Number(toInteger(values.at(-1) ?? '') ?? -1)
        if (!values.at(-1)) return undefined
        return ({ codename }: Permission, source) =>
          namedPermissionsOf(source.table(users).get(key)?.username ?? '', source as World).includes(codename)
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
    if (behaviourOf(context).permissionsComeByRoles || caller.may('view_permission')) return {}
    throw permissionDenied()
  },
  rows: async ({ world }) => (await import('../answers/world-lists.ts')).permissionsIn(world),
  ordering: ['name'],
  lookup: { parameter: 'id', schema: integer(), read: (id) => Number(toInteger(id) ?? NaN) || undefined },
})
