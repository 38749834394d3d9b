/** A Pact file as it is read, of any version of the format. */

/** What of a Pact file is looked at. */
export interface PactFile {
  consumer: { name: string }
  interactions: Interaction[]
}

export interface Interaction {
  description: string
  providerStates?: { name: string; params?: Record<string, unknown> }[]
  request: { method: string; path: string; headers?: object; query?: object | string; generators?: { path?: { expression?: string } } }
  response: { status: number }
}

/** @returns the pact; undefined for what has no requests and responses, such as a pact of messages */
export function toPactFile(content: unknown): PactFile | undefined {
  const { interactions } = (content ?? {}) as { interactions?: unknown }
  if (!Array.isArray(interactions) || !interactions.every(isInteraction)) return undefined
  return { ...(content as PactFile), interactions: interactions.map(withStates) }
}

const isInteraction = (one: Partial<Interaction> | null | undefined): one is Interaction =>
  one?.description !== undefined && one.request?.method !== undefined && one.response !== undefined

/** The second version of the format knows one state, without parameters. */
const withStates = ({ providerState: name, ...one }: Interaction & { providerState?: string | null }): Interaction => (name ? { providerStates: [{ name }], ...one } : one)
