/** Reads a Pact file of any version of the format. */
import { isObject, readKey, toText } from '../../schema/json.ts'

/** The parts of a Pact file that are looked at; what else is in it is kept. */
export interface PactFile {
  consumer: { name: string }
  interactions: Interaction[]
  /** The descriptions of its messages, which are neither requests nor responses. */
  messageDescriptions: string[]
}

/** A request of a consumer, and the response that it expects. */
export interface Interaction {
  description: string
  providerStates: State[]
  request: { method: string; path: string; headers?: object | null }
  response: { status: number; headers?: unknown; matchingRules?: unknown }
}

/** A provider state, as a pact names it. */
export interface State {
  name: string
  params: Record<string, unknown>
}

/** Reads the content of a Pact file. @returns undefined when it is none, or has neither requests nor messages in it */
export function toPactFile(content: unknown): PactFile | undefined {
  const consumer = readKey(readKey(content, 'consumer'), 'name')
  const entries = readKey(content, 'interactions') ?? readKey(content, 'messages')
  if (typeof consumer !== 'string' || !Array.isArray(entries) || !entries.every(isEntry)) return undefined
  const interactions = entries.map(toInteraction)
  return {
    ...(content as { consumer: { name: string } }),
    interactions: interactions.filter((interaction) => typeof interaction !== 'string'),
    messageDescriptions: interactions.filter((interaction) => typeof interaction === 'string'),
  }
}

/** An interaction as it stands in a file, where much may be left out, or null. */
interface RawInteraction {
  description?: string | null
  providerStates?: { name: string; params?: Record<string, unknown> | null }[] | null
  /** In the second version of the format: one state, without parameters. */
  providerState?: string | null
  request?: { method?: string | null; path?: string | null; query?: unknown } | null
  response?: { status?: number | null; headers?: unknown; matchingRules?: unknown } | null
}

const isText = (value: unknown) => value === undefined || value === null || typeof value === 'string'
const isParts = (value: unknown) => value === undefined || value === null || isObject(value)

/** Whether what is looked at of an entry is of the kind that it must be. */
function isEntry(entry: unknown): entry is RawInteraction | null {
  if (entry === null || isMessage(entry)) return true
  const { description, providerState, providerStates, request, response } = toParts(entry)
  const states = providerStates ?? []
  return (
    isObject(entry) &&
    [description, providerState].every(isText) &&
    Array.isArray(states) &&
    states.every((state) => typeof readKey(state, 'name') === 'string' && isParts(readKey(state, 'params'))) &&
    [request, response].every(isParts) &&
    [readKey(request, 'method'), readKey(request, 'path')].every(isText) &&
    [readKey(request, 'headers'), readKey(response, 'headers')].every(isParts) &&
    isStatus(readKey(response, 'status') ?? 200)
  )
}

/** Whether it is a message of the fourth version, whose response may be several. */
const isMessage = (entry: unknown) =>
  /^(Asynchronous|Synchronous)\/Messages$/.test(toText(readKey(entry, 'type') ?? '')) &&
  isText(readKey(entry, 'description'))

const isStatus = (value: unknown) => Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599

const toParts = (entry: unknown): Record<string, unknown> => (isObject(entry) ? entry : {})

/** Completes an interaction. @returns only its description when it is no request */
function toInteraction(raw: RawInteraction | null): Interaction | string {
  const { description, providerState, providerStates, request, response, ...rest } = raw ?? {}
  if (!request || !response || isMessage(raw)) return String(description ?? 'something without a description')
  const states = providerStates ?? (providerState ? [{ name: providerState }] : [])
  const { query, ...parts } = request
  return {
    ...rest,
    description: String(description ?? ''),
    providerStates: states.map(({ name, params }) => ({ name, params: params ?? {} })),
    request: {
      ...parts,
      method: (request.method ?? 'GET').toUpperCase(),
      path: request.path ?? '/',
      ...(query ? { query } : {}),
    },
    response: { ...response, status: response.status ?? 200 },
  }
}
