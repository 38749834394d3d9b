/** A request's body, read by its documented schema as Django REST framework's serializers read it. */
import type { Call } from './call.ts'
import { covers } from './negotiate.ts'
import { invalid, mediaTypeUnsupported, Problem } from './problem.ts'
import { toUuid } from './python.ts'
import { toComponents, toOpenApi, type Fragment, type Schema } from './schema.ts'

export interface Reading {
  /** Whether what is required may be left out, as in a PATCH. */
  partial: boolean
  /** What the schema does not say, by field, of a value that fits it: what is wrong, or undefined. */
  checks: Record<string, (value: any) => string | undefined>
}

/**
 * The fields that a body gives, in their documented order; what the schema does not name is left out.
 * @throws Problem 415 for a body that says it is no JSON, 400 for one that is none or does not fit
 */
export async function readBody(call: Call, schema: Schema, { partial, checks }: Reading): Promise<Record<string, unknown>> {
  const given = await parse(call)
  if (given === null) throw invalid({ non_field_errors: ['No data provided'] })
  if (typeof given !== 'object' || Array.isArray(given)) throw invalid({ non_field_errors: [`Invalid data. Expected a dictionary, but got ${typeName(given)}.`] })
  const components = toComponents([schema])
  const resolve = (fragment: Fragment): Fragment => {
    const ref = (fragment['$ref'] ?? (fragment['allOf'] as Fragment[] | undefined)?.[0]?.['$ref']) as string | undefined
    return ref ? { ...fragment, ...components[ref.split('/').at(-1)!] } : fragment
  }
  const { properties, required = [] } = resolve(toOpenApi(schema)) as { properties: Record<string, Fragment>; required?: string[] }
  const wrong: Record<string, string[]> = {}
  const read: Record<string, unknown> = {}
  for (const [name, fragment] of Object.entries(properties)) {
    if (!Object.hasOwn(given, name)) {
      if (required.includes(name) && !partial) wrong[name] = ['This field is required.']
      continue
    }
    try {
      const value = readValue((given as Record<string, unknown>)[name], resolve(fragment))
      const because = value === null ? undefined : checks[name]?.(value)
      if (because) throw new Unfit(because)
      read[name] = value
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      wrong[name] = [error.message]
    }
  }
  if (Object.keys(wrong).length) throw invalid(wrong)
  return read
}

/** Why a value does not fit. */
class Unfit extends Error {
  override readonly name = 'Unfit'
}

async function parse(call: Call): Promise<unknown> {
  const text = await call.body()
  if (text === '') return {}
  const type = call.header('content-type') ?? ''
  if (!covers(type, 'application/json')) throw mediaTypeUnsupported(type)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem(400, { detail: `JSON parse error - ${explain(text, String(error))}` })
  }
}

/** In the words of orjson, which authentik parses with; where, as far as this runtime's own message says it. */
function explain(text: string, message: string): string {
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
  const before = text.slice(0, at).split('\n')
  return `${at < text.length ? 'unexpected character' : 'unexpected end of data'}: line ${before.length} column ${before.at(-1)!.length + 1} (char ${at})`
}

function readValue(given: unknown, fragment: Fragment): unknown {
  const { type, format, nullable, items, enum: values } = fragment as { type: string; format?: string; nullable?: boolean; items?: Fragment; enum?: string[] }
  if (given === null) return nullable ? null : fail('This field may not be null.')
  if (values) return values.includes(given as string) ? given : fail(`"${toText(given)}" is not a valid choice.`)
  if (type === 'boolean') return TRUTH.get(given) ?? fail('Must be a valid boolean.')
  if (items) return Array.isArray(given) ? given.map((item) => readValue(item, items)) : fail(`Expected a list of items but got type "${typeName(given)}".`)
  if (format === 'uuid') {
    if (typeof given === 'boolean') fail('Incorrect type. Expected pk value, received bool.')
    return toUuid(typeof given === 'number' ? given.toString(16).padStart(32, '0') : String(given)) ?? fail(`“${toText(given)}” is not a valid UUID.`)
  }
  return readText(given, fragment)
}

function readText(given: unknown, { minLength = 0, maxLength = Infinity }: { minLength?: number; maxLength?: number }): string {
  if (typeof given !== 'string' && typeof given !== 'number') fail('Not a valid string.')
  const text = String(given).trim()
  if (text === '' && minLength > 0) fail('This field may not be blank.')
  if (text.length > maxLength) fail(`Ensure this field has no more than ${maxLength} characters.`)
  if (text.includes('\0')) fail('Null characters are not allowed.')
  return text
}

const TRUTH = new Map<unknown, boolean>([
  ...['t', 'T', 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON', '1', 1, true].map((word) => [word, true] as const),
  ...['f', 'F', 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF', '0', 0, false].map((word) => [word, false] as const),
])

/** A value as Python prints it in a message, and the name of its type there. */
const toText = (value: unknown) => (value === true ? 'True' : value === false ? 'False' : typeof value === 'object' ? JSON.stringify(value) : String(value))
function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return { string: 'str', boolean: 'bool', object: 'dict' }[typeof value as 'string']
}

function fail(why: string): never {
  throw new Unfit(why)
}
