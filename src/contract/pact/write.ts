/** Writes interactions as the Pact file of version 4 that pact-js writes of them. */
import { isObject } from '../../schema/json.ts'
import { completePact } from './complete.ts'
import type { Interaction, Matched } from './interactions.ts'

/** What is in a Pact file. */
export interface PactContent {
  consumer: { name: string }
  provider: { name: string }
  interactions: object[]
  metadata: { pactSpecification: { version: string } }
}

/** The rules for a value, in a Pact file. */
export interface FileRule {
  combine: 'AND'
  matchers: ({ match: string } & Record<string, unknown>)[]
}

/** A rule as pact-js has it beside a value. */
type Rule = { 'pact:matcher:type': string } & Record<string, unknown>

/**
 * Writes a Pact file.
 * @returns its content, of the form of https://github.com/pact-foundation/pact-specification/tree/version-4
 */
export const writePact = (consumer: string, provider: string, interactions: readonly Interaction[]): PactContent =>
  completePact({
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: interactions.map(toFileInteraction),
    metadata: { pactSpecification: { version: '4.0' } },
  })

function toFileInteraction({ description, states, request, response }: Interaction) {
  const { path, query, headers } = request
  const headerRules = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [[name, toFileRule([ruleOf(value)])]],
  )
  const matchingRules = {
    ...(headerRules.length && { header: Object.fromEntries(headerRules) }),
    ...(typeof path !== 'string' && { path: toFileRule([ruleOf(path)]) }),
  }
  const { content, rules } = splitBody(response.body)
  return {
    type: 'Synchronous/HTTP',
    description,
    pending: false,
    providerStates: states.map(({ name, params }) => (Object.keys(params).length ? { name, params } : { name })),
    request: {
      method: request.method,
      path: exampleOf(path),
      ...(Object.keys(query).length && { query: mapValues(query, (value) => [value]) }),
      headers: mapValues(headers, (value) => [exampleOf(value)]),
      ...(Object.keys(matchingRules).length && { matchingRules }),
      ...(typeof path !== 'string' && {
        generators: { path: { type: 'ProviderState', expression: path.expression ?? '' } },
      }),
    },
    response: {
      status: response.status,
      headers: { 'Content-Type': ['application/json'] },
      body: { content, contentType: 'application/json', encoded: false },
      ...(Object.keys(rules).length && { matchingRules: { body: rules } }),
    },
  }
}

const exampleOf = (value: string | Matched) => (typeof value === 'string' ? value : value.value)
const ruleOf = ({ regex }: Matched): Rule => ({ 'pact:matcher:type': 'regex', regex })

const mapValues = <From, To>(values: Record<string, From>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))

const toFileRule = (rules: readonly Rule[]): FileRule => ({
  combine: 'AND',
  matchers: rules.map(({ 'pact:matcher:type': match, ...limits }) => ({ match, ...limits })),
})

/** Takes a body apart into its example and the rules for it, by their paths. */
function splitBody(body: unknown): { content: unknown; rules: Record<string, FileRule> } {
  const rules: Record<string, FileRule> = {}
  const split = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => split(item, `${path}[*]`))
    if (!isObject(value)) return value
    const { 'pact:matcher:type': matcher, value: example, ...limits } = value
    if (matcher === undefined)
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, split(part, `${path}.${key}`)]))
    rules[path] = toFileRule(Array.isArray(matcher) ? matcher : [{ 'pact:matcher:type': String(matcher), ...limits }])
    return split(example, path)
  }
  return { content: split(body, '$'), rules }
}
