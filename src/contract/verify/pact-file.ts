/** A Pact file as it is read, of any version of the format. */

/** What of a Pact file is looked at. */
export interface PactFile {
  consumer: { name: string }
  interactions: Interaction[]
  /** What is in it beside requests and responses: messages, by their description. */
  others: string[]
}

export interface Interaction {
  description: string
  providerStates: State[]
  request: { method: string; path: string; headers?: object | null }
  response: { status: number }
}

/** A state as a pact has it. */
export interface State {
  name: string
  params: Record<string, unknown>
}

/** @returns the pact; undefined for what is none, or has neither requests nor messages in it */
export function toPactFile(content: unknown): PactFile | undefined {
  const { consumer, interactions, messages } = (content ?? {}) as {
    consumer?: { name?: unknown } | null
    interactions?: unknown
    messages?: unknown
  }
  const all = interactions ?? messages
  if (typeof consumer?.name !== 'string' || !Array.isArray(all)) return undefined
  const read = all.map(toInteraction)
  return {
    ...(content as { consumer: { name: string } }),
    interactions: read.filter((one) => typeof one !== 'string'),
    others: read.filter((one) => typeof one === 'string'),
  }
}

/** What stands in a file, where much may be left out, or null. */
interface Given {
  description?: string | null
  providerStates?: { name: string; params?: Record<string, unknown> | null }[] | null
  /** In the second version of the format: one state, without parameters. */
  providerState?: string | null
  request?: { method?: string | null; path?: string | null; query?: unknown } | null
  response?: { status?: number | null } | null
}

/** @returns its description when it is no request */
function toInteraction(given: Given | null): Interaction | string {
  const { description, providerState, providerStates, request, response, ...rest } = given ?? {}
  if (!request || !response) return String(description ?? 'something without a description')
  const states = providerStates ?? (providerState ? [{ name: providerState }] : [])
  const { query, ...asked } = request
  return {
    ...rest,
    description: String(description ?? ''),
    providerStates: states.map(({ name, params }) => ({ name, params: params ?? {} })),
    request: {
      ...asked,
      method: (request.method ?? 'GET').toUpperCase(),
      path: request.path ?? '/',
      ...(query ? { query } : {}),
    },
    response: { ...response, status: response.status ?? 200 },
  }
}
