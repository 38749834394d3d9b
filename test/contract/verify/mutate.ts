/** Good answers of which one thing is changed, derived from what is documented of them. */
import { meaning, type Schema } from '../../../src/schema/words.ts'
import { unwrap } from '../../../src/contract/verify/documented.ts'

export interface Mutant {
  /** Where: `$.results[0].user.email`. */
  path: string
  title: string
  change(body: any): void
}

type Step = string | number
const toPath = (steps: readonly Step[]) =>
  steps.reduce<string>((at, step) => at + (typeof step === 'number' ? `[${step}]` : `.${step}`), '$')
const valueAt = (body: any, steps: readonly Step[]) => steps.reduce((value, step) => value[step], body)

/** Puts a value, or takes it away, for undefined. */
const put =
  (steps: readonly Step[], value: unknown) =>
  (body: any): void => {
    const holder = valueAt(body, steps.slice(0, -1))
    const last = steps.at(-1)!
    if (value === undefined) delete holder[last]
    else holder[last] = value
  }

/** What a value of a format, a set or a length cannot be. */
function improper(schema: Schema): [title: string, value: unknown][] {
  const { fragment, component } = meaning(schema)
  const { format, maxLength, type } = (component?.definition ?? fragment) as {
    format?: string
    maxLength?: number
    type?: string
  }
  return [
    ...(component && !component.shape ? [['is none of its set', 'none-of-them'] as [string, unknown]] : []),
    ...(format === 'uuid' ? [['is no UUID', '1234'] as [string, unknown]] : []),
    ...(format === 'date-time'
      ? ([
          ['is no instant', 'tomorrow'],
          ['is a day that is not', '2099-02-30T00:00:00Z'],
        ] as [string, unknown][])
      : []),
    ...(format === 'email' ? [['is no address', 'nobody'] as [string, unknown]] : []),
    ...(type === 'integer' ? [['is a fraction', 1.5] as [string, unknown]] : []),
    ...(maxLength ? [['is too long', 'a'.repeat(maxLength + 1)] as [string, unknown]] : []),
  ]
}

const ofAnotherType = (value: unknown) => (typeof value === 'string' ? { of: 'another type' } : 'of another type')

/** Each key: gone, null, of another type, and what it cannot be; each object: with one key more. Only what the documentation does not allow. */
export function mutantsOf(whole: Schema, body: unknown): Mutant[] {
  const visit = (schema: Schema, steps: readonly Step[], value: unknown): Mutant[] => {
    const inner = unwrap(schema)
    const { component, isList, parts } = meaning(inner)
    const changes: [string, unknown][] = steps.length
      ? [['is gone', undefined], ['is null', null], ['is of another type', ofAnotherType(value)], ...improper(inner)]
      : []
    const own = changes
      .filter(
        ([title, changed]) =>
          !(title === 'is gone' && typeof steps.at(-1) === 'number') && !schema.safeParse(changed).success,
      )
      .map(([title, changed]): Mutant => ({ path: toPath(steps), title, change: put(steps, changed) }))
    if (typeof value !== 'object' || value === null) return own
    if (isList)
      return [...own, ...(value as unknown[]).slice(0, 1).flatMap((one) => visit(parts[0]!, [...steps, 0], one))]
    if (!component?.shape || component.extra?.additionalProperties) return own
    const more: Mutant = {
      path: `${toPath(steps)}.more`,
      title: 'is not documented',
      change: put([...steps, 'more'], 'more'),
    }
    return [
      ...own,
      more,
      ...Object.entries(component.shape).flatMap(([key, part]) =>
        key in value ? visit(part, [...steps, key], (value as Record<string, unknown>)[key]) : [],
      ),
    ]
  }
  return visit(whole, [], body)
}
