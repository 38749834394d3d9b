/** A pact file that pact-js wrote, completed with what pact-js has no words for. */
import { isObject, quote, readKey } from '../../schema/json.ts'
import { stepsOf } from '../../schema/walk.ts'
import { escape } from './template.ts'

interface Rule {
  combine: string
  matchers: { match: string; regex?: string }[]
}

interface PactFile {
  interactions?: {
    request?: { generators?: { path?: { type: string; expression: string } }; matchingRules?: { path?: Rule } }
    /** Version 4 of the format wraps a body, and version 3 has it as it is. */
    response?: { body?: unknown; matchingRules?: { body?: Record<string, Rule> } }
  }[]
  metadata?: { pactSpecification?: { version?: string } }
}

/**
 * Says in a pact what pact-js has no words for: that a value may be null *or* of its type, and that a path which
 * `fromProviderState` makes is that path with another id. Where the type is a list the example becomes null, because a
 * verifier that sees a list in the example takes nothing else.
 * @param pact the parsed file
 * @returns the pact, completed
 */
export function completePact<Pact extends object>(pact: Pact): Pact {
  const complete = copyPact(pact) as Pact & PactFile
  const isWrapped = !complete.metadata?.pactSpecification?.version?.startsWith('3')
  for (const { request, response } of complete.interactions ?? []) {
    const generated = request?.generators?.path
    const rule = request?.matchingRules?.path
    // Of a path its type says nothing: any text is one.
    if (generated?.type === 'ProviderState' && rule?.matchers.every(({ match }) => match === 'type'))
      rule.matchers = [{ match: 'regex', regex: toPathPattern(generated.expression) }]
    for (const [path, bodyRule] of Object.entries(response?.matchingRules?.body ?? {})) {
      if (bodyRule.matchers.length < 2 || !bodyRule.matchers.some(({ match }) => match === 'null')) continue
      bodyRule.combine = 'OR'
      nullAt(isWrapped ? readKey(response?.body, 'content') : response?.body, stepsOf(path))
    }
  }
  return complete
}

/** @throws TypeError for what is no pact file */
function copyPact<Pact extends object>(pact: Pact): Pact {
  try {
    const copy = structuredClone(pact)
    if (isObject(copy) && Array.isArray(copy['interactions'] ?? [])) return copy
  } catch (error) {
    // It holds what no JSON can.
    if (!(error instanceof DOMException)) throw error
  }
  throw new TypeError(`Failed to complete a pact: ${quote(pact)} is none. Give the parsed file: JSON.parse(text).`)
}

const toPathPattern = (expression: string) =>
  `^${expression
    .split(/\$\{[^}]*\}/)
    .map(escape)
    .join('[^/]+')}$`

/** Puts null for the list or object at a path of names, indices and `*`. */
function nullAt(content: unknown, [key, ...rest]: string[]): void {
  const holder = content as Record<string, unknown>
  for (const name of key === '*' ? Object.keys(holder) : [key ?? '']) {
    if (rest.length) nullAt(holder[name], rest)
    else if (typeof holder[name] === 'object') holder[name] = null
  }
}
