/** What OPTIONS says of the fields of a body, in the words of REST framework; loaded when asked for. */
import type { Operation } from '../../rest/operation.ts'
import { choicesOf, nameOf, reachableComponents, toComponents } from '../../schema/words.ts'

/** The choices of an enumeration, each with what people call it. */
type Describe = (choice: string) => string

/**
 * Each field of the body of an operation that makes a row, and of the row: what it is, and whether it must be said.
 * @param key what the key of a row is called in the database, such as `event_uuid`
 */
export function describeFields({ responses, body, status }: Operation, key: string, describe: Describe): object {
  const answer = responses[status]
  if (!answer || !body) return {}
  const definitions = toComponents([answer, body])
  const enumerations = reachableComponents([answer])
  const { properties = {} } = definitions[nameOf(answer)] ?? {}
  const { required = [] } = definitions[nameOf(body)] ?? {}
  const describeField = ([name, fragment]: [string, (typeof properties)[string]]) => {
    const reference = JSON.stringify(fragment).match(/#\/components\/schemas\/(\w+)/)?.[1]
    const choices = enumerations.get(reference ?? '')
    const isText = fragment.type === 'string'
    const type = choices ? 'choice' : isText ? (fragment.format === 'date-time' ? 'datetime' : 'string') : 'field'
    const words = (name === 'pk' ? key : name).replaceAll('_', ' ')
    const field = {
      type,
      required: required.includes(name),
      read_only: fragment.readOnly === true,
      label: words.charAt(0).toUpperCase() + words.slice(1),
      ...(choices && {
        choices: choicesOf(choices).map((value) => ({ value, display_name: describe(value) })),
      }),
    }
    return [name, field] as const
  }
  return Object.fromEntries(Object.entries(properties).map(describeField))
}
