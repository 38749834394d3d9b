/** The states that a provider is put into before it is asked, with their parameters; two follow from each resource. */
import { resources, type AuthentikResource } from '../../authentik/resources/index.ts'
import type { RowOfFields } from '../../rest/field.ts'
import type { ResourceNames } from '../../rest/resource.ts'
import { copyOf, quote } from '../../schema/json.ts'
import type { Flat } from '../../schema/words.ts'
import type { ShownResource } from './answers.ts'

/** Of a code or token: still good, over, or without an end. */
export type Expiry = 'live' | 'expired' | 'none'

// ---- types that follow from the resources

type KeyName<R extends ShownResource> = R['names'] extends { key: infer Key extends string } ? Key : 'id'
type RowFor<R extends ShownResource> = RowOfFields<R['fields']>
type KeyFor<R extends ShownResource> =
  KeyName<R> extends keyof RowFor<R> ? RowFor<R>[KeyName<R>] : RowFor<R> extends { pk: infer Key } ? Key : never
type ExpiryFor<R extends ShownResource> = R['fields'] extends { is_expired: unknown } ? { expiry: Expiry } : unknown
type WithoutArticle<Noun extends string> = Noun extends `a ${infer Rest}` | `an ${infer Rest}` ? Rest : Noun

type Present = {
  [Each in ShownResource as `${Each['names']['noun']} exists`]: Flat<
    { [Key in KeyName<Each>]: KeyFor<Each> } & ExpiryFor<Each>
  >
}
type Absent = {
  [Each in ShownResource as `no ${WithoutArticle<Each['names']['noun']>} exists`]: {
    [Key in KeyName<Each>]: KeyFor<Each>
  }
}

/**
 * The parameters of each state, by the sentence that stands in the pact. A provider is one that an application stands
 * before, because the URLs of its endpoints have the application's slug in them.
 */
export type StateParameters = Present &
  Absent & {
    /** Whatever the caller sends as its token. */
    'the token is refused': Record<never, never>
  }

/**
 * What brings a provider into each state, for the `stateHandlers` of Pact's verifier. What a handler returns stands in
 * the path instead of the consumer's example, so that a server may choose its ids itself: `{ id: 4711 }`.
 */
export type StateHandlers = {
  [Name in keyof StateParameters]: (parameters: StateParameters[Name]) => Promise<Partial<StateParameters[Name]> | void>
}

/** One state, for `given` of pact-js. */
export interface ProviderState<Name extends keyof StateParameters = keyof StateParameters> {
  readonly name: Name
  readonly params: StateParameters[Name]
}

type StateOf<Name extends keyof StateParameters> = (params: StateParameters[Name]) => ProviderState<Name>

/** Makes states by name. */
export type States = {
  readonly [Each in ShownResource as `${Each['names']['state']}Exists`]: StateOf<
    `${Each['names']['noun']} exists` & keyof StateParameters
  >
} & {
  readonly [Each in ShownResource as `no${Capitalize<Each['names']['state']>}Exists`]: StateOf<
    `no ${WithoutArticle<Each['names']['noun']>} exists` & keyof StateParameters
  >
} & { readonly tokenIsRefused: StateOf<'the token is refused'> }

// ---- what follows from a resource

/** What the states of a resource are called, and which of their parameters names a row. */
export interface ResourceStates {
  resource: AuthentikResource
  /** The sentence that there is one, and that there is none. */
  present: string
  absent: string
  /** `id`, or the field that a path names a row by. */
  key: string
}

/** The states of a resource that operations show. */
export const statesOfNames = ({ noun, key = 'id' }: ResourceNames) => ({
  present: `${noun} exists`,
  absent: `no ${noun.replace(/^an? /, '')} exists`,
  key,
})

/** The states of every resource. */
export const resourceStates: readonly ResourceStates[] = resources.flatMap((resource) =>
  resource.names ? [{ resource, ...statesOfNames(resource.names) }] : [],
)

/** Makes a state. @throws TypeError for parameters without the key that names a row */
const state = (name: string, key?: string) => (params: object) => {
  const copy = copyOf(params)
  const value = key === undefined ? '' : copy?.[key]
  if ((copy || (key === undefined && params === undefined)) && ['string', 'number'].includes(typeof value))
    return { name, params }
  throw new TypeError(
    `Failed to state that ${name}: the parameters are ${quote(params)}. Give an object${key === undefined ? '' : ` with ${key}`}.`,
  )
}

/**
 * The states of a provider, each with its parameters.
 * @example pact.addInteraction().given(states.userExists({ id: 2 }).name, states.userExists({ id: 2 }).params)
 */
export const states = {
  ...Object.fromEntries(
    resources.flatMap(({ names }) => {
      if (!names) return []
      const { present, absent, key } = statesOfNames(names)
      const name = names.state.replace(/^./, (letter) => letter.toUpperCase())
      return [
        [`${names.state}Exists`, state(present, key)],
        [`no${name}Exists`, state(absent, key)],
      ]
    }),
  ),
  tokenIsRefused: state('the token is refused'),
} as unknown as States
