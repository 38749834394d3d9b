/** Changes one thing of a good answer in every way that its documentation does not allow. */
import { meaningOf, type Schema } from '../../../src/schema/words.ts'
import { toInner } from '../../../src/schema/walk.ts'

/** A change that makes an answer wrong. */
export interface Mutant {
  /** The path of what is changed, such as `$.results[0].user.email`. */
  path: string
  title: string
  change(body: any): void
}

type Step = string | number
const toPath = (steps: readonly Step[]) =>
  steps.reduce<string>((path, step) => path + (typeof step === 'number' ? `[${step}]` : `.${step}`), '$')
const valueAt = (body: any, steps: readonly Step[]) => steps.reduce((value, step) => value[step], body)

/** Puts a value at a path, or takes what stands there away, for undefined. */
const put =
  (steps: readonly Step[], value: unknown) =>
  (body: any): void => {
    const holder = valueAt(body, steps.slice(0, -1))
    const key = steps.at(-1) ?? ''
    if (value === undefined) delete holder[key]
    else holder[key] = value
  }

/** The values that a format, a set or a length does not allow. */
function improperValues(schema: Schema): [title: string, value: unknown][] {
  const { fragment, component } = meaningOf(schema)
  const { format, maxLength, type }: { format?: string; maxLength?: number; type?: string } =
    component?.definition ?? fragment
  const values: ReturnType<typeof improperValues> = []
  if (component && !component.shape) values.push(['is none of its set', 'none-of-them'])
  if (format === 'uuid') values.push(['is no UUID', '1234'])
  if (format === 'date-time')
    values.push(['is no instant', 'tomorrow'], ['is a day that is not', '2099-02-30T00:00:00Z'])
  if (format === 'email') values.push(['is no address', 'nobody'])
  if (type === 'integer') values.push(['is a fraction', 1.5])
  if (maxLength) values.push(['is too long', 'a'.repeat(maxLength + 1)])
  return values
}

const ofAnotherType = (value: unknown) => (typeof value === 'string' ? { of: 'another type' } : 'of another type')

/**
 * Makes the mutants of an answer: each key is gone, null, of another type, or has a value that it cannot have, and each
 * object has one key more. What the documentation allows is left out.
 */
export function mutantsOf(root: Schema, body: unknown): Mutant[] {
  const visit = (schema: Schema, steps: readonly Step[], value: unknown): Mutant[] => {
    const inner = toInner(schema)
    const { component, isList, parts } = meaningOf(inner)
    const changes: [string, unknown][] = steps.length
      ? [
          ['is gone', undefined],
          ['is null', null],
          ['is of another type', ofAnotherType(value)],
          ...improperValues(inner),
        ]
      : []
    const mutants = changes
      .filter(
        ([title, changed]) =>
          !(title === 'is gone' && typeof steps.at(-1) === 'number') && !schema.safeParse(changed).success,
      )
      .map(([title, changed]): Mutant => ({ path: toPath(steps), title, change: put(steps, changed) }))
    if (typeof value !== 'object' || value === null) return mutants
    const [element] = parts
    if (isList && element)
      return [...mutants, ...(value as unknown[]).slice(0, 1).flatMap((item) => visit(element, [...steps, 0], item))]
    if (!component?.shape || component.additionalProperties) return mutants
    const more: Mutant = {
      path: `${toPath(steps)}.more`,
      title: 'is not documented',
      change: put([...steps, 'more'], 'more'),
    }
    return [
      ...mutants,
      more,
      ...Object.entries(component.shape).flatMap(([key, part]) =>
        key in value ? visit(part, [...steps, key], (value as Record<string, unknown>)[key]) : [],
      ),
    ]
  }
  return visit(root, [], body)
}
