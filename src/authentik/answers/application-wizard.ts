/** An application that is made with its provider, and with who may use it; loaded when it is asked for. */
import { invalid, permissionDenied, Problem } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { parseRow, readBody } from '../../rest/write-row.ts'
import { isObject } from '../../schema/json.ts'
import { anyObject, anyValue, component, list, optional, text } from '../../schema/words.ts'
import { applications } from '../resources/applications.ts'
import { oauth2Providers } from '../resources/oauth2-providers.ts'
import { policyBindings } from '../resources/policy-bindings.ts'
import { writeBinding } from './policy-bindings.ts'
import { typesOf } from './type-list.ts'

const OAUTH2 = 'authentik_providers_oauth2.oauth2provider'
const CREATE_PROVIDER = 'providers_oauth2_create'
const CREATE_APPLICATION = 'core_applications_create'
const CREATE_BINDING = 'policies_bindings_create'
const REQUIRED = ['This field is required.']
const EXISTS = 'State is set to must_created and object exists already'

/** The form, whose parts have forms of their own. */
const FORM = component('TransactionApplicationRequest', {
  app: anyObject(),
  provider_model: text({ minLength: 1 }),
  provider: anyObject(),
  policy_bindings: optional(list(anyValue())),
})

/** The call by which one of them would be made alone. */
function callFor(id: string, body: object, context: Context): Context {
  const operation = context.release.operations.find((candidate) => candidate.id === id)
  if (!operation) throw new TypeError(`Failed to make an application with its provider: there is no ${id}.`)
  return { ...context, operation, call: { ...context.call, body: async () => JSON.stringify(body) } }
}

/** What is wrong in a part, under the name of the part. */
async function checkPart(name: string, check: () => Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await check()
    return {}
  } catch (error) {
    if (error instanceof Problem && error.status === 400) return { [name]: error.body }
    throw error
  }
}

/** What a binding of what is not there yet says. @throws Problem 400 */
async function readBinding(binding: unknown, context: Context): Promise<Record<string, unknown>> {
  if (!isObject(binding)) throw invalid({ non_field_errors: ['Invalid data. Expected a dictionary.'] })
  const { target: _target, ...rest } = binding
  const values = await parseRow(policyBindings, callFor(CREATE_BINDING, rest, context), true)
  if (!('order' in rest)) throw invalid({ order: REQUIRED })
  writeBinding(values, context)
  return values
}

/**
 * What each of the bindings says, in their order.
 * @throws Problem 400 with what is wrong with each of them, if anything is wrong with one
 */
async function readBindings(bindings: readonly unknown[], context: Context): Promise<Record<string, unknown>[]> {
  const read: Record<string, unknown>[] = []
  const errors: unknown[] = []
  for (const binding of bindings) {
    const readOne = async () => void read.push(await readBinding(binding, context))
    const { error = {} } = await checkPart('error', readOne)
    errors.push(error)
  }
  if (errors.some((error) => Object.keys(error as object).length > 0)) throw new Problem(400, errors)
  return read
}

/**
 * Refuses a binding that one before it says already, which is there by the time that the later one is made. A server
 * tells of it under no name, because bindings have none in its blueprint.
 * @throws Problem 400
 */
function checkRepetition(bindings: readonly Record<string, unknown>[]): void {
  for (const [index, binding] of bindings.entries()) {
    const earlier = bindings.slice(0, index).map((row): Record<string, unknown> => policyBindings.complete(row))
    const isSame = (row: Record<string, unknown>, fields: readonly string[]) =>
      fields.every((field) => row[field] === binding[field])
    const fields = Object.keys(binding)
    if (earlier.some((row) => isSame(row, fields)))
      throw invalid({ null: Object.fromEntries([...fields, 'target'].map((field) => [field, [EXISTS]])) })
    const isOfPolicy = binding['policy'] !== undefined && binding['policy'] !== null
    if (isOfPolicy && earlier.some((row) => isSame(row, ['policy', 'order'])))
      throw invalid({ null: { non_field_errors: ['The fields policy, target, order must make a unique set.'] } })
  }
}

/** Refuses a provider of a kind that no authentik has, or that the mock has not. @throws Problem 400, 501 */
function checkModel(model: string): void {
  if (model === OAUTH2) return
  if (!typesOf('providers').some(({ model_name }) => model.endsWith(`.${model_name}`)))
    throw invalid({ provider_model: [`"${model}" is not a valid choice.`] })
  throw new Problem(501, { detail: `${model} is not emulated. Nearest: ${OAUTH2}.` })
}

/** @throws Problem 403 with which of them the caller may not make */
function checkPermissions(hasBindings: boolean, { caller }: Context): void {
  const needed = [
    ['provider', OAUTH2],
    ['app', 'authentik_core.application'],
    ...(hasBindings ? [[null, 'authentik_policies.policybinding'] as const] : []),
  ] as const
  for (const [part, model] of needed)
    if (!caller.may(`add_${model.split('.')[1]}`))
      throw new Problem(403, { [String(part)]: `User lacks permission to create ${model}` })
}

/** Makes all, or says what is wrong and makes none. @throws Problem 400, 403, 501 */
export async function createTogether(context: Context) {
  const { release, world, caller } = context
  // They came with entitlements, in 2024.12.
  const takesBindings = release.operations.some(({ id }) => id === 'core_application_entitlements_list')
  // Earlier releases ask for no permission, but for a superuser.
  if (!takesBindings && !caller.superuser) throw permissionDenied()
  const form = await readBody(context, FORM)
  const app = { ...(form['app'] as object), provider: null }
  const provider = form['provider'] as Record<string, unknown>
  const bindings = (takesBindings && (form['policy_bindings'] as unknown[] | undefined)) || []
  checkModel(String(form['provider_model']))
  let read: Record<string, unknown>[] = []
  const errors = {
    ...(await checkPart('app', () => parseRow(applications, callFor(CREATE_APPLICATION, app, context), false))),
    ...(await checkPart('policy_bindings', async () => (read = await readBindings(bindings, context)))),
  }
  if (Object.keys(errors).length > 0) throw invalid(errors)
  const { name } = provider
  if (typeof name === 'string' && world.table(oauth2Providers).find('name', name))
    throw invalid({ provider: { name: [EXISTS] } })
  const wrong = await checkPart('provider', () =>
    parseRow(oauth2Providers, callFor(CREATE_PROVIDER, provider, context), false),
  )
  if (Object.keys(wrong).length > 0) throw invalid(wrong)
  checkRepetition(read)
  checkPermissions(bindings.length > 0, context)
  const make = async (id: string, body: object) => {
    const call = callFor(id, body, context)
    return (await call.operation.resolve(call)) as { pk: unknown }
  }
  const { pk } = await make(CREATE_PROVIDER, provider)
  const { pk: target } = await make(CREATE_APPLICATION, { ...app, provider: pk })
  for (const binding of bindings) await make(CREATE_BINDING, { ...(binding as object), target })
  return { applied: true, logs: [] }
}
