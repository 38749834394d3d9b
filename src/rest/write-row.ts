/** What the body of a request makes of a row. */
import { newKey } from '../store/world.ts'
import { keyOf } from '../store/resource.ts'
import { completeRow } from '../store/row.ts'
import { isObject } from '../schema/json.ts'
import type { Field, Fields, RowOfFields } from './field.ts'
import type { Context } from './operation.ts'
import { parseBody, type BodyOptions, type FieldRules } from './parse-body.ts'
import { anyObject, anyValue, component, nullable, optional, type Schema } from '../schema/words.ts'
import type { RestResource } from './resource.ts'

/** A row of a body's values, with what authentik makes up: a new key, a client's secret. */
export const createRow = <F extends Fields>(
  resource: RestResource<F>,
  context: Pick<Context, 'world'>,
  values: Record<string, unknown>,
): Promise<RowOfFields<F>> => context.world.table(resource).create(completed(resource, context, values))

/** The same of a resource that has no table. */
export const newRow = <F extends Fields>(
  resource: RestResource<F>,
  context: Pick<Context, 'world'>,
  values: Record<string, unknown>,
): RowOfFields<F> => resource.model.parse(completed(resource, context, values))

function completed<F extends Fields>(
  resource: RestResource<F>,
  { world }: Pick<Context, 'world'>,
  values: Record<string, unknown>,
): Partial<RowOfFields<F>> {
  const rows = (name: string) => [...world.tableNamed<Record<string, unknown>>(name).values()]
  return {
    ...newKey(resource, world),
    ...completeRow(resource, values, { random: () => world.random, rows }),
  } as Partial<RowOfFields<F>>
}

/**
 * A body's values for a row.
 * @param row the one that is changed, whose unique values it may keep
 * @throws Problem 400, 415
 */
export function parseRow<F extends Fields>(
  resource: RestResource<F>,
  context: Context,
  partial: boolean,
  row?: RowOfFields<F>,
): Promise<Record<string, unknown>> {
  const { operation, world } = context
  const table = world.table(resource)
  const takenMessage = (name: string, { unique }: Field, value: unknown) => {
    if (!unique && name !== resource.key) return undefined
    if ([undefined, row].includes(table.find(name as never, value as never))) return undefined
    if (unique?.isPlain?.(context)) return 'This field must be unique.'
    return `${unique?.model ?? resource.django.verboseName ?? resource.django.className} with this ${unique?.label ?? name} already exists.`
  }
  const toRules = (name: string, field: Field): FieldRules => ({
    ...((field.exists ?? field.references) && {
      exists: (key) => (field.exists ? field.exists(key, world) : world.tableNamed(field.references ?? '').has(key)),
    }),
    check: (value) => takenMessage(name, field, value) ?? field.check?.(value) ?? field.refuse?.(value, context),
  })
  const fields: [string, Field][] = Object.entries(resource.fields)
  const rules = Object.fromEntries(fields.map(([name, field]) => [name, toRules(name, field)]))
  return readBody(context, operation.body ?? resource.request, { partial, rules })
}

/** The form of a body of which one key is read as it comes, in releases that do not look at it. */
export const unchecked = (key: string): Schema =>
  component('UncheckedRequest', { [key]: optional(nullable(anyValue())) })

/**
 * What a body says that makes no row.
 * @throws Problem 400, 415
 * @example const { password } = await readBody(context)
 */
export const readBody = (
  { call, release, operation }: Context,
  schema: Schema = operation.body ?? anyObject(),
  { partial = false, rules = {} }: Partial<BodyOptions> = {},
): Promise<Record<string, unknown>> =>
  parseBody(call, schema, { partial, jsonParser: release.behaviour.jsonParser, rules })

/** A row that was written, with free attributes in the order in which they were sent: they are in the database's later. */
export function asSent<F extends Fields>(
  resource: RestResource<F>,
  row: RowOfFields<F>,
  values: Readonly<Record<string, unknown>>,
  { world }: Context,
): RowOfFields<F> {
  // A row without a table is shown as it was kept.
  const current = world.table(resource)?.get(keyOf(resource, row)) ?? row
  const objects = Object.entries(values).filter(([field, value]) => isObject(value) && field in row)
  return objects.length ? { ...current, ...Object.fromEntries(objects) } : current
}
