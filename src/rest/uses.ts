/** Finds what uses a row; loaded when that is first asked for. */
import { keyOf, modelNameOf, onDelete, type Resource } from '../store/resource.ts'
import type { Key } from '../store/table.ts'
import type { Context } from './operation.ts'
import type { Use } from './used-by.ts'

type Row = Record<string, unknown>

/** A row that is used by another, and what becomes of that. */
type Used = { app: string; model_name: string; pk: string; name: string; action: string }

/**
 * All that points at a row, and what stands in its own lists, as far as the caller may view it; in the order of
 * authentik's names.
 */
export function usedBy<R extends object>(resource: Resource<R>, row: R, context: Context): Used[] | Promise<Used[]> {
  const also: readonly Use[] | Promise<readonly Use[]> = resource.django.alsoUsedBy?.(row, context) ?? []
  const listAll = (uses: readonly Use[]) =>
    [...uses, ...usesOf(resource, row, context), ...listedBy(resource, row, context)]
      .filter(({ model }) => context.caller.may(`view_${model.className.toLowerCase()}`))
      .sort((a, b) => (a.accessor < b.accessor ? -1 : 1))
      .flatMap(({ model: { app, className, label, keyIn }, key, rows, action }) =>
        rows.map((use) => {
          const pk = keyIn?.(use, context) ?? String(use[key])
          return { app, model_name: className.toLowerCase(), pk, name: label(use, context.world), action }
        }),
      )
  return also instanceof Promise ? also.then(listAll) : listAll(also)
}

/** Rows that point at it. What is one to one, authentik does not count. */
export function usesOf<R extends object>(resource: Resource<R>, row: R, { world }: Context): Use[] {
  const key = keyOf(resource, row)
  return world
    .pointersTo(resource)
    .filter(({ resource: user, field }) => !user.unique.includes(field) && !user.django.isNoUse)
    .map(({ resource: user, field }) => ({
      accessor: `${modelNameOf(user)}_set`,
      model: user.django.parent?.fields.includes(field) ? user.django.parent : user.django,
      key: user.key,
      rows: world.tableNamed<Row>(user.name).pointing(field, key),
      action: user.keyLists.includes(field) ? 'cascade_many' : onDelete(user, field),
    }))
}

/** Rows that its own lists name. */
function listedBy<R extends object>({ references, django }: Resource<R>, row: R, { world }: Context): Use[] {
  return Object.entries(references).flatMap(([field, target]) => {
    const keys: unknown = row[field as keyof R]
    const listed = world.resources.find(({ name }) => name === target)
    if (!Array.isArray(keys) || !listed) return []
    const accessor = django.many?.[field as keyof R] ?? field
    const rows = keys.map((key: Key) => world.tableNamed<Row>(target).require(key))
    return [{ accessor, model: listed.django.listedAs ?? listed.django, key: listed.key, rows, action: 'cascade_many' }]
  })
}
