/** What becomes of the permissions of roles and users: giving and taking them, and their lists; loaded when asked for. */
import { invalid, notFound, permissionDenied, Problem } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { toPage } from '../../rest/pagination.ts'
import { lastOf, toInteger, toUuid } from '../../rest/python.ts'
import { idIn, listRows, requireAllowed, whereViewable } from '../../rest/viewset.ts'
import { readBody } from '../../rest/write-row.ts'
import { hasIntegerKey, modelNameOf } from '../../store/resource.ts'
import { MockError } from '../../store/mock-error.ts'
import type { World } from '../../store/world.ts'
import { behaviourOf } from '../behaviour.ts'
import {
  assignedPermissions,
  codenamesOfRole,
  namedPermissionsOf,
  ownerOf,
  permissionsOf,
  type AssignedPermission,
} from '../resources/assigned-permissions.ts'
import { apiTokens, pkOf } from '../resources/api-tokens.ts'
import { groups } from '../resources/groups.ts'
import { bindings, stages } from '../resources/listed-stages.ts'
import { policies, policyRows } from '../resources/policy-bindings.ts'
import type { HolderKind } from '../resources/permission-assignments.ts'
import type { Permission } from '../resources/permissions.ts'
import { roles, rolesViewset, type Role } from '../resources/roles.ts'
import { isSuperuser, users, usersViewset, type User } from '../resources/users.ts'
import { findCodenameFault } from './codenames.ts'
import { modelsIn } from './models.ts'
import { bindingsIn, stagesIn } from './stages.ts'
import { permissionsIn } from './world-lists.ts'

/** The order of a database, in which what was given first stands first. */
const rowsIn = (world: World) => [...world.table(assignedPermissions).values()]

type Holder = Pick<AssignedPermission, 'user' | 'role'>

const isOf = (row: AssignedPermission, { user, role }: Holder) => row.user === user && row.role === role

const resourceOf = (model: string, { resources }: World) =>
  resources.find((resource) => `${resource.django.app}.${modelNameOf(resource)}` === model)

/** What a permission is on: its key as a row has it, and what it is in words. */
interface Subject {
  key: string
  label: string
}

/** What has a key among the rows of a model. */
function findSubject(model: string, text: string, world: World): Subject | undefined {
  const resource = resourceOf(model, world)
  const key = toUuid(text) ?? text
  if (resource === apiTokens) {
    const token = [...world.table(apiTokens).values()].find((row) => pkOf(row) === key)
    return token && { key: token.identifier, label: apiTokens.django.label(token) }
  }
  if (resource) {
    const rowKey = hasIntegerKey(resource) ? Number(toInteger(text) ?? NaN) : key
    const row = world.table(resource).get(rowKey)
    return row && { key: String(rowKey), label: resource.django.label(row, world) }
  }
  const label = labelsOf(model, world).get(key)
  return label === undefined ? undefined : { key, label }
}

/** What there is of a model that has no table, in words, by its keys: stages, their bindings, and policies. */
function labelsOf(model: string, world: World): Map<string, string> {
  if (model === BINDING) return new Map(bindingsIn(world).map((row) => [row.pk, bindings.django.label(row)]))
  const isKind = (row: { meta_model_name: string }) => row.meta_model_name === model
  return new Map([
    ...stagesIn(world).flatMap((row) => (isKind(row) ? [[row.pk, stages.django.label(row)] as const] : [])),
    ...policyRows(world).flatMap((row) => (isKind(row) ? [[row.pk, policies.django.label(row)] as const] : [])),
  ])
}

const BINDING = 'authentik_flows.flowstagebinding'

/**
 * A permission that names what it is on by the key that the world has of it: the API has another one of a token.
 * @throws MockError ERR_WORLD for a codename that is misspelt
 */
export function normalisePermission(row: AssignedPermission, world: World): AssignedPermission {
  const fault = findCodenameFault(row.codename)
  if (fault !== undefined)
    throw new MockError('ERR_WORLD', `Failed to write a row of assigned_permissions: ${fault}.`, [
      `assigned_permissions.codename: ${fault}`,
    ])
  if (row.object_pk === null) return row
  const object_pk = findSubject(modelOf(row), row.object_pk, world)?.key ?? row.object_pk
  return object_pk === row.object_pk ? row : { ...row, object_pk }
}

/** The key of what a permission is on as the API has it. */
function toPk({ app_label, model, object_pk }: AssignedPermission, world: World): string {
  const isOfToken = `${app_label}.${model}` === 'authentik_core.token'
  const token = isOfToken ? world.table(apiTokens).get(object_pk ?? '') : undefined
  return token ? pkOf(token) : (object_pk ?? '')
}

// ---- giving and taking

/** What a body asks for: permissions, on one row or on all. */
interface Assignment {
  permissions: Permission[]
  /** The key of the row, as it is kept; null for all rows. */
  object_pk: string | null
}

/** @throws Problem 400, 415 */
async function readAssignment(context: Context): Promise<Assignment> {
  const { world, release } = context
  const models = modelsIn(release.version)
  const check = (model: string | number) =>
    models.has(String(model)) ? undefined : `"${model}" is not a valid choice.`
  const body = await readBody(context, undefined, { rules: { model: { check } } })
  const { permissions, model, object_pk } = body as { permissions?: string[]; model?: string; object_pk?: string }
  if (permissions === undefined) throw invalid({ permissions: ['This field is required.'] })
  if ((model === undefined) !== (object_pk === undefined))
    throw invalid({ non_field_errors: ['The fields model, object_pk must be used together.'] })
  const listed = permissionsIn(world)
  if (model === undefined || object_pk === undefined) {
    if (!permissions.every((permission) => permission.includes('.'))) throw invalid({ permissions: [NEEDS_APP] })
    const find = (name: string) => listed.find(({ app_label, codename }) => `${app_label}.${codename}` === name)
    return { permissions: permissions.map((name) => find(name) ?? unknownPermission()), object_pk: null }
  }
  const subject = findSubject(model, object_pk, world)
  if (!subject) throw invalid(faultOf(model, object_pk, world))
  const find = (name: string) =>
    listed.find((row) => `${row.app_label}.${row.model}` === model && row.codename === name.replace(/^[^.]*\./, ''))
  return {
    permissions: permissions.map((name) => find(name) ?? unknownPermission()),
    object_pk: subject.key,
  }
}

const NEEDS_APP = 'When assigning global permissions, codename must be given as app_label.codename'

/** What is wrong with a key that nothing has; a database does not even look for one that is no UUID. */
function faultOf(model: string, key: string, world: World): Record<string, string[]> {
  const resource = resourceOf(model, world)
  const isNumber = resource !== undefined && hasIntegerKey(resource)
  if (!isNumber && toUuid(key) === undefined) return { non_field_errors: [`“${key}” is not a valid UUID.`] }
  return { object_pk: [`Invalid pk "${key}" - object does not exist.`] }
}

function unknownPermission(): never {
  throw invalid({ permissions: ['Permission matching query does not exist.'] })
}

/** Who is given permissions, or loses them. @throws Problem 400, 403, 404 */
function holderOf(kind: HolderKind, action: 'assign' | 'unassign', context: Context): Holder {
  const row: Role | User = kind === 'role' ? rolesViewset.findAny(context) : usersViewset.findAny(context)
  const { caller } = context
  // The action asks for a permission of its own, and the path for that of its method.
  requireAllowed(caller.may(`${action}_${kind}_permissions`, row.pk), caller)
  requireAllowed(caller.may(`${action === 'assign' ? 'add' : 'change'}_${kind}`, row.pk), caller)
  if (!('username' in row)) return { role: row.pk, user: null }
  if (row.type === 'internal_service_account') {
    const word = action === 'assign' ? 'assigned to' : 'unassigned from'
    throw new Problem(400, [`Permissions cannot be ${word} an internal service account.`])
  }
  return { user: row.pk, role: null }
}

/** Gives permissions to a role or a user, or takes them. @throws Problem 400, 403, 404, 415 */
export async function changePermissions(kind: HolderKind, action: 'assign' | 'unassign', context: Context) {
  const holder = holderOf(kind, action, context)
  const { permissions, object_pk } = await readAssignment(context)
  const ids: { id: string }[] = []
  for (const permission of permissions) {
    if (action === 'unassign') await take(permission, object_pk, holder, context)
    else ids.push({ id: String(await give(permission, object_pk, holder, context)) })
  }
  return context.operation.status === 200 ? ids : undefined
}

/** Gives one permission, once. @returns the id that it is told by: of all rows, that of the permission in older releases */
async function give(permission: Permission, object_pk: string | null, holder: Holder, context: Context) {
  const { world } = context
  const { codename, app_label, model } = permission
  const table = world.table(assignedPermissions)
  const user = holder.user === null ? undefined : world.table(users).require(holder.user)
  if (user && object_pk === null) {
    const codenames = namedPermissionsOf(user.username, world)
    if (!codenames.includes(codename)) world.permit(user.username, [...codenames, codename])
    return permission.id
  }
  const isSame = (row: AssignedPermission) =>
    isOf(row, holder) && row.codename === codename && row.app_label === app_label && row.object_pk === object_pk
  const row =
    rowsIn(world).find(isSame) ??
    (await table.create({ id: table.next(), ...holder, codename, app_label, model, object_pk }))
  return object_pk === null && !behaviourOf(context).permissionsComeByRoles ? permission.id : row.id
}

/** Takes one permission, if it was given. */
async function take({ codename, app_label }: Permission, object_pk: string | null, holder: Holder, { world }: Context) {
  for (const row of rowsIn(world))
    if (isOf(row, holder) && row.codename === codename && row.app_label === app_label && row.object_pk === object_pk)
      await world.table(assignedPermissions).delete(row.id)
  if (object_pk !== null) return
  // What a world says of a user by name is the user's, or that of their own role.
  const user = holder.role === null ? world.table(users).get(holder.user ?? 0) : ownerOf(holder.role, world)
  const codenames = user ? namedPermissionsOf(user.username, world) : []
  if (user && codenames.includes(codename))
    world.permit(
      user.username,
      codenames.filter((held) => held !== codename),
    )
}

// ---- who has what

/** The roles or users with permissions on a model, or on one row of it. @throws Problem 400, 403, 404 */
export function listHolders(kind: HolderKind, context: Context) {
  const { query, release } = context
  const model = lastOf(query, 'model') ?? ''
  if (model === '') throw invalid({ model: ['This field is required.'] })
  if (!modelsIn(release.version).has(model))
    throw invalid({ model: [`Select a valid choice. ${model} is not one of the available choices.`] })
  const pk = lastOf(query, 'object_pk') || undefined
  const object_pk = pk && (findSubject(model, pk, context.world)?.key ?? pk)
  return kind === 'role' ? listRoles(model, object_pk, context) : listUsers(model, object_pk, context)
}

/** What permissions there are, by app and codename. */
const permissionsOfModel = (model: string, world: World) =>
  permissionsIn(world).filter((row) => `${row.app_label}.${row.model}` === model)

const modelOf = ({ app_label, model }: AssignedPermission) => `${app_label}.${model}`

function listRoles(model: string, object_pk: string | undefined, context: Context) {
  const { world } = context
  const { permissionsComeByRoles } = behaviourOf(context)
  const codenames = new Set(permissionsOfModel(model, world).map(({ codename }) => codename))
  const { viewset } = rolesViewset
  const rows = [...listRows<Role>(context, { ...viewset, sees: whereViewable })].filter(({ pk }) => {
    const held = rowsIn(world).filter((row) => row.role === pk && row.object_pk !== null)
    const hasModel = codenamesOfRole(pk, world).some((codename) => codenames.has(codename))
    const hasObject = held.some((row) => modelOf(row) === model && (object_pk ?? row.object_pk) === row.object_pk)
    // Later releases add those of a row to those of the model, older ones are left with those of the row.
    if (permissionsComeByRoles) return hasModel || (object_pk !== undefined && hasObject)
    return object_pk === undefined ? hasModel || hasObject : hasObject
  })
  return pageOf(rows, context, ({ pk, name }) => {
    const objects = toObjectPermissions({ role: pk, user: null }, world)
    if (!permissionsComeByRoles) return { role_pk: pk, name, permissions: objects }
    return { role_pk: pk, name, object_permissions: objects, model_permissions: toModelPermissions(pk, world) }
  })
}

function listUsers(model: string, object_pk: string | undefined, context: Context) {
  const { world } = context
  const codenames = new Set(permissionsOfModel(model, world).map(({ codename }) => codename))
  const { viewset } = usersViewset
  const rows = [...listRows<User>(context, viewset)].filter((user) => {
    const held = rowsIn(world).filter((row) => row.user === user.pk)
    return (
      user.groups.some((group) => world.table(groups).get(group)?.is_superuser) ||
      namedPermissionsOf(user.username, world).some((codename) => codenames.has(codename)) ||
      held.some((row) => modelOf(row) === model && (row.object_pk === null || row.object_pk === object_pk))
    )
  })
  return pageOf(rows, context, (user) => {
    const { pk, username, name, is_active, last_login, email, attributes, uid } = user
    const permissions = toObjectPermissions({ user: pk, role: null }, world)
    const is_superuser = isSuperuser(user, world)
    return { pk, username, name, is_active, last_login, email, attributes, uid, permissions, is_superuser }
  })
}

/** One page, each row as it is shown. */
function pageOf<Row>(rows: readonly Row[], context: Context, show: (row: Row) => object) {
  const { pagination, results, autocomplete } = toPage(rows, context)
  const says = context.release.behaviour.serverUrl === '/api/v3'
  return { pagination, results: results.map(show), ...(says && { autocomplete }) }
}

const nameIn = (world: World) => {
  const names = new Map(permissionsIn(world).map((row) => [`${row.app_label}.${row.codename}`, row]))
  return ({ app_label, codename }: Pick<AssignedPermission, 'app_label' | 'codename'>) =>
    names.get(`${app_label}.${codename}`)
}

function toObjectPermissions(holder: Holder, world: World) {
  const find = nameIn(world)
  return rowsIn(world)
    .filter((row) => isOf(row, holder) && row.object_pk !== null)
    .map((row) => {
      const { id, codename, model, app_label } = row
      return { id, codename, model, app_label, object_pk: toPk(row, world), name: find(row)?.name ?? codename }
    })
}

/** The permissions of a role on every row; those that a world says by name are told by the id of the permission. */
function toModelPermissions(role: string, world: World) {
  const rows = new Map(rowsIn(world).flatMap((row) => (row.role === role ? [[row.codename, row.id] as const] : [])))
  const codenames = new Set(codenamesOfRole(role, world))
  return permissionsIn(world)
    .filter(({ codename }) => codenames.has(codename))
    .map(({ id, codename, model, app_label, name }) => ({
      id: rows.get(codename) ?? id,
      codename,
      model,
      app_label,
      name,
    }))
}

// ---- permissions on single rows

const MODELS = { role: 'groupobjectpermission', user: 'userobjectpermission' }

/** The model that guards them: roles have their own from 2025.12 on. */
const guardOf = (kind: HolderKind, context: Context) =>
  behaviourOf(context).permissionsComeByRoles ? 'roleobjectpermission' : MODELS[kind]

/** Those of all that a caller sees. @throws Problem 403 */
function rowsFor(kind: HolderKind, context: Context): AssignedPermission[] {
  const { caller, world } = context
  const permission = `view_${guardOf(kind, context)}`
  const rows = rowsIn(world).filter((row) => row[kind] !== null && row.object_pk !== null)
  if (caller.may(permission)) return rows
  const visible = rows.filter(({ id }) => caller.objects(permission).has(String(id)))
  if (visible.length === 0 && !caller.internal) throw permissionDenied()
  return visible
}

function toWhole(kind: HolderKind, row: AssignedPermission, context: Context) {
  const { world } = context
  const { id, codename, model, app_label } = row
  const object_pk = toPk(row, world)
  const permission = nameIn(world)(row)
  const subject = findSubject(modelOf(row), object_pk, world)
  // Older releases describe a row to nobody who may not view it.
  const isDescribed = behaviourOf(context).permissionsComeByRoles || mayView(kind, row, world)
  return {
    id,
    codename,
    model,
    app_label,
    object_pk,
    name: permission?.name ?? codename,
    app_label_verbose: permission?.app_label_verbose ?? app_label,
    model_verbose: permission?.model_verbose ?? `${app_label}.${model}`,
    object_description: subject && isDescribed ? subject.label : null,
  }
}

/** Whether who has a permission on a row may also view the row. */
function mayView(kind: HolderKind, { role, user: pk, model, object_pk }: AssignedPermission, world: World): boolean {
  const codename = `view_${model}`
  const user = pk === null ? undefined : world.table(users).get(pk)
  if (user) {
    const { everywhere, objects } = permissionsOf(user, world)
    const mayOne = objects.get(codename)?.has(object_pk ?? '') ?? false
    return isSuperuser(user, world) || everywhere.has(codename) || mayOne
  }
  const isGiven = (row: AssignedPermission) =>
    row[kind] === role && row.codename === codename && (row.object_pk === null || row.object_pk === object_pk)
  return rowsIn(world).some(isGiven)
}

/** The permissions on single rows, of one role or user where a query names one. @throws Problem 400, 403, 404 */
export function listObjectPermissions(kind: HolderKind, context: Context) {
  const { query, world, operation } = context
  const filter = kind === 'role' ? 'uuid' : 'user_id'
  const visible = rowsFor(kind, context)
  const text = lastOf(query, filter)?.trim() ?? ''
  if (text === '' && operation.query?.[filter]?.isRequired) throw invalid({ [filter]: ['This field is required.'] })
  const key = kind === 'role' ? toUuid(text) : toInteger(text)
  if (text !== '' && key === undefined)
    throw invalid({ [filter]: [kind === 'role' ? 'Enter a valid UUID.' : 'Enter a number.'] })
  const rows = text === '' ? visible : visible.filter((row) => String(row[kind]) === String(key))
  const nameOf = (row: AssignedPermission) =>
    (kind === 'role'
      ? world.table(roles).get(row.role ?? '')?.name
      : world.table(users).get(row.user ?? 0)?.username) ?? ''
  const sorted = rows.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : a.id - b.id))
  // Its pages are short in every release.
  const behaviour = { ...context.release.behaviour, pageSize: 20, maxPageSize: 100 }
  return pageOf(sorted, { ...context, release: { ...context.release, behaviour } }, (row) =>
    toWhole(kind, row, context),
  )
}

/** What becomes of one permission on one row. @throws Problem 400, 403, 404 */
export async function answerObjectPermission(
  kind: HolderKind,
  action: 'retrieve' | 'update' | 'partial_update' | 'destroy',
  context: Context,
) {
  const { caller, world } = context
  const key = idIn(context)
  const row = rowsFor(kind, context).find(({ id }) => id === key)
  if (!row) throw notFound()
  if (action === 'retrieve') return toWhole(kind, row, context)
  const table = world.table(assignedPermissions)
  const verb = action === 'destroy' ? 'delete' : 'change'
  requireAllowed(caller.may(`${verb}_${guardOf(kind, context)}`, row.id), caller)
  if (action === 'destroy') return void (await table.delete(row.id))
  const { object_pk = toPk(row, world) } = (await readBody(context, undefined, { partial: action !== 'update' })) as {
    object_pk?: string
  }
  const moved = object_pk === null ? null : (findSubject(modelOf(row), object_pk, world)?.key ?? object_pk)
  return toWhole(kind, await table.update(row.id, (draft) => void (draft.object_pk = moved)), context)
}
