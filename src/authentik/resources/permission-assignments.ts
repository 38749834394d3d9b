/** Who was given which permissions: giving and taking them, and the lists of them, of roles and, until 2025.10, of users. */
import { LIST_QUERY, operation, type Context, type Operation } from '../../rest/operation.ts'
import { paginated } from '../../rest/pagination.ts'
import {
  anyObject,
  anyValue,
  component,
  integer,
  list,
  nullable,
  optional,
  patched,
  readOnly,
  text,
  uuid,
} from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'

/** What permissions are given to. */
export type HolderKind = 'role' | 'user'

const load = () => import('../answers/permissions.ts')

/** How a path names who has permissions, and a query; and the lines of releases that give them. */
const HOLDERS = {
  role: {
    parameter: 'uuid',
    schema: uuid(),
    filter: 'uuid',
    lines: '-',
    title: 'Role',
    model: 'groupobjectpermission',
  },
  user: {
    parameter: 'id',
    schema: integer(),
    filter: 'user_id',
    lines: '-2025.10',
    title: 'User',
    model: 'userobjectpermission',
  },
} as const

// ---- giving and taking, and who has what: their models are too many to be in a document that every page loads

const AssignRequest = once(() =>
  component('PermissionAssignRequest', {
    permissions: list(text({ minLength: 1 })),
    model: optional(text({ minLength: 1 })),
    object_pk: optional(text({ minLength: 1 })),
  }),
)

/** What is said otherwise of a change in some lines of releases. */
type Range = Pick<Operation, 'id' | 'responses'> & { lines: string }

function change(kind: HolderKind, action: 'assign' | 'unassign', { id, lines, responses }: Range) {
  const { parameter, schema } = HOLDERS[kind]
  return operation({
    id: `rbac_permissions_assigned_by_${kind}s_${id}`,
    method: action === 'assign' ? 'POST' : 'PATCH',
    tag: 'rbac',
    lines,
    isOutline: true,
    parameters: { [parameter]: { schema, description: `Which ${kind}.` } },
    view: {
      path: `/rbac/permissions/assigned_by_${kind}s/{${parameter}}/${action}/`,
      name: action === 'assign' ? 'Assign' : 'Unassign',
      description: `${action === 'assign' ? 'Assign' : 'Unassign'} permission(s) to ${kind}`,
      model: kind,
    },
    summary: action === 'assign' ? `Gives permissions to a ${kind}.` : `Takes permissions from a ${kind}.`,
    get body() {
      return action === 'assign' ? AssignRequest() : patched(AssignRequest())
    },
    responses,
    resolve: async (context: Context) => (await load()).changePermissions(kind, action, context),
  })
}

const assignmentsOf = (kind: HolderKind) => {
  const { title, lines } = HOLDERS[kind]
  return [
    operation({
      id: `rbac_permissions_assigned_by_${kind}s_list`,
      method: 'GET',
      tag: 'rbac',
      lines,
      isOutline: true,
      parameters: {},
      view: {
        path: `/rbac/permissions/assigned_by_${kind}s/`,
        name: `${title} Assigned Permission List`,
        description: 'Get assigned object permissions for a single object',
        model: kind,
      },
      summary: `Lists each ${kind} with permissions on a model, or on one row of it.`,
      query: { ...LIST_QUERY, model: { schema: text(), isRequired: true }, object_pk: { schema: text() } },
      get responses() {
        return { 200: anyObject() }
      },
      resolve: async (context) => (await load()).listHolders(kind, context),
    }),
    change(kind, 'assign', { id: 'assign_create', lines: '-2024.6', responses: { 204: null } }),
    change(kind, 'assign', { id: 'assign', lines: `2024.8${lines}`, responses: { 200: list(anyValue()) } }),
    change(kind, 'unassign', { id: 'unassign_partial_update', lines, responses: { 204: null } }),
  ]
}

// ---- permissions on single rows, of one role or user, or of all

const nameOfRow = (kind: HolderKind) => `Extra${HOLDERS[kind].title}ObjectPermission`
const toRow = (kind: HolderKind) =>
  once(() =>
    component(nameOfRow(kind), {
      id: readOnly(integer()),
      codename: readOnly(text()),
      model: readOnly(text()),
      app_label: readOnly(text()),
      object_pk: text(),
      name: readOnly(text()),
      app_label_verbose: readOnly(text()),
      model_verbose: readOnly(text()),
      object_description: readOnly(nullable(text())),
    }),
  )

/** What can be done with one of them, in the lines of releases that have it. */
const ACTIONS = {
  retrieve: ['GET', 'Shows'],
  update: ['PUT', 'Moves to another row'],
  partial_update: ['PATCH', 'Moves to another row'],
  destroy: ['DELETE', 'Takes away'],
} as const

function objectPermissionsOf(kind: HolderKind) {
  const { title, model, filter, schema, lines } = HOLDERS[kind]
  const row = toRow(kind)
  const request = once(() => component(`${nameOfRow(kind)}Request`, { object_pk: text({ minLength: 1 }) }))
  const view = { description: `Get a ${kind}'s assigned object permissions`, model }
  const path = `/rbac/permissions/${kind}s/`
  const actions = Object.entries(ACTIONS) as [keyof typeof ACTIONS, (typeof ACTIONS)[keyof typeof ACTIONS]][]
  return [
    operation({
      id: `rbac_permissions_${kind}s_list`,
      method: 'GET',
      tag: 'rbac',
      lines,
      parameters: {},
      view: { ...view, path, name: `${title} Permission List` },
      summary: `Lists the permissions on single rows that a ${kind} has, or every ${kind}.`,
      query: { ...LIST_QUERY, [filter]: { schema } },
      get responses() {
        return { 200: paginated(nameOfRow(kind), row()) }
      },
      resolve: async (context) => (await load()).listObjectPermissions(kind, context),
    }),
    ...actions.map(([action, [method, verb]]) =>
      operation({
        id: `rbac_permissions_${kind}s_${action}`,
        method,
        tag: 'rbac',
        lines: '2024.8-2025.10',
        parameters: { id: { schema: integer(), description: 'Which of the permissions.' } },
        view: { ...view, path: `${path}{id}/`, name: `${title} Permission Instance` },
        summary: `${verb} a permission of a ${kind} on one row.`,
        ...(method.startsWith('P') && {
          get body() {
            return method === 'PATCH' ? patched(request()) : request()
          },
        }),
        get responses() {
          return method === 'DELETE' ? { 204: null } : { 200: row() }
        },
        resolve: async (context) => (await load()).answerObjectPermission(kind, action, context),
      }),
    ),
  ]
}

/** What can be done with the permissions of roles and users. */
export const operations: readonly Operation[] = (['role', 'user'] as const).flatMap((kind) => [
  ...assignmentsOf(kind),
  ...objectPermissionsOf(kind),
])
