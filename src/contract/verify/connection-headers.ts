/**
 * Judges the headers of a response that belong to its connection. Pact cannot: it gets each answer through a proxy, on a
 * connection of its own.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { isObject, readKey, toText } from '../../schema/json.ts'
import type { Interaction } from './pact-file.ts'

/** Whether a header belongs to one connection. */
export const isOfConnection = (name: string) =>
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|content-encoding)$/i.test(name)

/** Leaves the headers of the connection out of what Pact expects. */
export function withoutConnectionHeaders(interaction: Interaction): Interaction {
  const { response } = interaction
  const { headers, matchingRules } = response
  if (!isObject(headers) || !Object.keys(headers).some(isOfConnection)) return interaction
  const leave = (values: unknown, nameOf = (key: string) => key) =>
    isObject(values)
      ? Object.fromEntries(Object.entries(values).filter(([key]) => !isOfConnection(nameOf(key))))
      : values
  // In the second version of the format all rules stand side by side: `$.headers.Content-Length`.
  const rules = leave(matchingRules, (key) => key.replace(/^\$\.headers?\./, ''))
  const headerRules = readKey(rules, 'header')
  return {
    ...interaction,
    response: {
      ...response,
      headers: leave(headers),
      ...(isObject(rules) && {
        matchingRules: { ...rules, ...(isObject(headerRules) && { header: leave(headerRules) }) },
      }),
    },
  }
}

/** Leaves out of a request what belongs to Pact's own connection, on which it asks our proxy. */
export function withoutRequestHeaders(interaction: Interaction): Interaction {
  const { request } = interaction
  if (!isObject(request.headers)) return interaction
  const entries = Object.entries(request.headers).filter(([name]) => !isOfConnection(name) && !/^host$/i.test(name))
  return { ...interaction, request: { ...request, headers: Object.fromEntries(entries) } }
}

/** Says which headers of a request HTTP cannot carry. */
export const explainHeaders = ({ request: { headers } }: Interaction): string[] =>
  Object.entries(headers ?? {}).flatMap(([name, value]) =>
    /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) &&
    [value].flat().every((part) => /^[\t\x20-\x7e\x80-\xff]*$/.test(toText(part)))
      ? []
      : [`HTTP cannot carry its header ${toText(name)}`],
  )

/** Compares the headers of the connection with what a pact expects. @returns what is wrong, each a text */
export function compareConnectionHeaders({ response }: Interaction, received: IncomingHttpHeaders): string[] {
  const { headers, matchingRules } = response
  if (!isObject(headers)) return []
  return Object.entries(headers).flatMap(([name, value]) => {
    if (!isOfConnection(name)) return []
    const actual = received[name.toLowerCase()]
    if (actual === undefined) return [`Expected a header '${name}' but was missing`]
    const expected = [value].flat().join(', ')
    const rule = readKey(readKey(matchingRules, 'header'), name) ?? readKey(matchingRules, `$.headers.${name}`)
    const matchers = readKey(rule, 'matchers')
    const patterns = (Array.isArray(matchers) ? matchers : [rule]).map((matcher) => readKey(matcher, 'regex'))
    const isExpected =
      rule === undefined
        ? String(actual) === expected
        : patterns.every((pattern) => typeof pattern !== 'string' || matches(pattern, String(actual)))
    return isExpected ? [] : [`Mismatch with header '${name}': Expected '${String(actual)}' to be as '${expected}'`]
  })
}

/** Whether a text fits a pattern of a pact; what is no pattern fits nothing. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text)
  } catch {
    return false
  }
}
