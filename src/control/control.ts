/** Puts a mock under control: the verbs of the control API, for a program, and what answers them by HTTP. */
import { mapReply } from '../http/layer.ts'
import { guardLog } from '../http/log.ts'
import type { Call, Reply } from '../http/message.ts'
import { createFetch } from '../mock/fetch.ts'
import { checkListener, isToken, requireCall, type MockOptions } from '../mock/options.ts'
import { coreOf, type Mock } from '../mock/mock.ts'
import { copyOf, quote } from '../schema/json.ts'
import { MockError } from '../store/mock-error.ts'
import { Access } from './access.ts'
import type { EventListener } from './events.ts'
import { expire, mint, revoke } from './grants.ts'
import type { House, Whereabouts } from './house.ts'
import type { Journal } from './journal.ts'
import { readKind } from './ledger.ts'
import { withOddResponse } from './odd-response.ts'
import { Namespace } from './namespace.ts'
import { Namespaces, TooManyNamespaces, type Place } from './namespaces.ts'
import { createToken } from './create-token.ts'
import type {
  ControlEvent,
  GrantKind,
  GrantRecord,
  GrantRequest,
  MintedGrant,
  NamedScenario,
  NamespaceRecord,
  Scenario,
  ScenarioDefinition,
} from './types.ts'

/** What control is made with. */
export interface ControlOptions {
  /** What a request to the control API shows as its bearer token. @default a random one, which `control.token` has */
  token?: string
}

/** What is to go wrong in a mock. */
export interface ScenarioList {
  /** Those that have a name. */
  readonly choices: readonly NamedScenario[]
  list(): Scenario[]
  /** @returns whether one of this id or name was there */
  remove(idOrName: string): boolean
  clear(): void
}

/** A mock with the verbs of the control API. */
export interface ControlledMock extends Omit<Mock, 'on' | 'reset' | 'tokens'> {
  /** How the control API is asked: its token, and its path below the base path. */
  readonly control: { readonly token: string; readonly path: string }
  /** What was asked, and what was answered. */
  readonly journal: Journal
  readonly scenarios: ScenarioList
  /**
   * Has something go wrong, until it is removed, or has struck often enough.
   * @throws MockError ERR_CONTROL for what is no scenario
   * @example authentik.scenario({ name: 'token-expired', once: true })
   * @example authentik.scenario({ operationId: 'core_users_list', status: 500, probability: 0.2 })
   */
  scenario(definition: ScenarioDefinition): Scenario
  /**
   * The world and the clock as at the start, with an empty journal and no scenarios; seeded anew where a seed, or a number
   * of codes, is given.
   */
  reset(options?: { seed?: number; codes?: number }): Promise<void>
  /** Keys of API tokens that work; with a user, a new token of theirs. */
  tokens(): ReturnType<Mock['tokens']>
  tokens(request: { user: number | string; intent?: string }): Promise<{ identifier: string; key: string }>
  /**
   * Mints a code or a token, as a login would.
   * @throws MockError ERR_CONTROL for a kind, a user or a provider that is not there
   * @example const { value } = await authentik.mint({ kind: 'authorization_codes', user: 'akadmin', provider: 'spa' })
   */
  mint(request: GrantRequest): Promise<MintedGrant>
  /** Has a grant expire now. @throws MockError ERR_CONTROL when there is none */
  expire(kind: GrantKind, pk: number): Promise<void>
  /** Revokes a grant. @throws MockError ERR_CONTROL when there is none */
  revoke(kind: GrantKind, pk: number): Promise<void>
  /** The grants that are there, and those that were minted here and are gone. */
  grants(kind?: GrantKind): GrantRecord[]
  /**
   * The mock of a namespace: a world, a clock, scenarios and a journal of its own, made from the start at its first call.
   * @throws MockError ERR_CONTROL for a name that cannot be, or the 1,001st; ERR_WORLD before the mock is `ready`
   */
  namespace(name: string): ControlledMock
  /**
   * Makes a namespace with options of its own; what they leave out is as the mock was given it.
   * @throws MockError ERR_CONTROL for a name that cannot be, or is taken, or for `basePath`; and as `mock` does
   * @example const authentik = await served.createNamespace('newer', { release: '2025.12', login: 'auto' })
   */
  createNamespace(name: string, options?: Omit<MockOptions, 'basePath'>): Promise<ControlledMock>
  /** Those that are in use. */
  namespaces(): NamespaceRecord[]
  /** @returns whether there was one */
  deleteNamespace(name: string): boolean
  /** The longest body that a transport reads on a path of the control API, in bytes: a world may be long. */
  bodyLimit(path: string): number | undefined
  /** Records what a transport refused before the mock saw it. */
  refused(call: Call, reply: Reply): void
  /**
   * Calls a listener: with `change` after each turn that changed the world, else with what was gathered for 100 ms. What
   * it throws is ignored.
   * @returns stops that
   * @throws MockError ERR_OPTION for an event that there is not, or no function
   */
  on(event: 'change', listener: () => void): () => void
  on<Type extends 'clock' | 'grant' | 'journal' | 'scenario'>(event: Type, listener: EventListener<Type>): () => void
}

/**
 * Puts a mock under control. It answers as before, and has the control API below `/-/mock/api/`, the page at `/-/mock/`,
 * and namespaces; `serve`, `handlers` and `fetch` follow it.
 * @throws MockError ERR_OPTION for a token that no header can carry, or for what is no mock
 * @example
 * const authentik = control(mock())
 * authentik.scenario({ name: 'slow' })
 * await serve(authentik, { port: 9000 })
 */
export function control(authentik: Mock, options: ControlOptions = {}): ControlledMock {
  coreOf(authentik) // what is no mock is said first
  const copy: ControlOptions | undefined = copyOf(options)
  if (!copy)
    throw optionError(`the options are ${quote(options)}. Give an object such as { token: 'my-token' }, or nothing`)
  const { token = randomToken() } = copy
  const unknown = Object.keys(copy).find((name) => name !== 'token')
  if (unknown !== undefined) throw optionError(`there is no option "${unknown}". There is token`)
  if (!isToken(token))
    throw optionError('token holds what no header can carry. Give visible ASCII characters, without spaces')
  const access = new Access(token)
  const isSecret = (word: string) => access.isSecret(word)
  const namespaces = new Namespaces(
    new Namespace(authentik, { base: authentik.basePath.replace(/\/$/, '') }, isSecret),
    isSecret,
  )
  return toControlled(namespaces.main, { namespaces, access })
}

const controlled = new WeakMap<Namespace, ControlledMock>()

/** The verbs of a namespace, made once. */
function toControlled(namespace: Namespace, house: House): ControlledMock {
  const present = controlled.get(namespace)
  if (present) return present
  const mock = createControlled(namespace, house)
  controlled.set(namespace, mock)
  return mock
}

/** The longest world that is read, in bytes. */
const MAX_WORLD = 64 * 1024 * 1024

/** What a controlled mock does otherwise than a mock. */
type Overridden = 'answer' | 'clock' | 'fetch' | 'on' | 'refuse' | 'reset' | 'restore' | 'tokens'

function createControlled(namespace: Namespace, house: House): ControlledMock {
  const { authentik, journal, scenarios, ledger } = namespace
  const { namespaces, access } = house
  const answer = (call: Call) => answerIn(namespace, requireCall(call), house)
  const verbs: Omit<ControlledMock, keyof Omit<Mock, Overridden>> = {
    control: { token: access.token, path: '/-/mock/api/' },
    clock: namespace.clock,
    journal,
    scenarios: {
      choices: scenarios.choices,
      list: () => scenarios.list(),
      remove: (idOrName) => scenarios.remove(idOrName),
      clear: () => scenarios.clear(),
    },
    answer,
    refuse: (call) => refuseIn(namespace, requireCall(call), house),
    restore: (snapshot) => namespace.replace(() => namespace.core.world.restore(snapshot)),
    fetch: createFetch(answer),
    scenario: (definition) => scenarios.add(definition),
    reset: (options) => namespace.reset(options),
    tokens: ((request?: { user: number | string; intent?: string }) =>
      request === undefined ? authentik.tokens() : createToken(request, namespace)) as ControlledMock['tokens'],
    mint: (request) => mint(request, namespace),
    expire: (kind, pk) => expire(kind, pk, namespace),
    revoke: (kind, pk) => revoke(kind, pk, namespace),
    grants: (kind) => ledger.list(kind === undefined ? undefined : readKind(kind), namespace),
    namespace: (name) => toControlled(namespaces.get(name), house),
    createNamespace: async (name, options) => toControlled(await namespaces.create(name, options), house),
    namespaces: () => namespaces.list(),
    deleteNamespace: (name) => namespaces.delete(name),
    bodyLimit: (path) =>
      typeof path === 'string' && /\/-\/mock\/api\/(?:world|namespaces)\//.test(path) ? MAX_WORLD : undefined,
    refused: (call, reply) => namespace.noteRefused(requireCall(call), reply),
    on: ((event: ControlEvent['type'], listener: (heard?: unknown) => void) => {
      checkListener(event, EVENTS, listener)
      if (event === 'change') return authentik.on('change', listener)
      const tell = guardLog(listener as (message: string) => void) as (heard: unknown) => void
      return namespace.events.listen((events) => {
        for (const heard of events) if (heard.type === event) tell(heard)
      })
    }) as ControlledMock['on'],
  }
  // Not a spread, which would read the getters once.
  const descriptors = { ...Object.getOwnPropertyDescriptors(authentik), ...Object.getOwnPropertyDescriptors(verbs) }
  return Object.defineProperties({}, descriptors as PropertyDescriptorMap) as ControlledMock
}

const EVENTS: readonly ControlEvent['type'][] = ['change', 'clock', 'grant', 'journal', 'scenario']

/** Answers a call that comes to a namespace, and leads elsewhere where it says so. */
function answerIn(namespace: Namespace, call: Call, house: House): Reply | Promise<Reply> {
  const reply = withPlace(namespace, call, house, ({ namespace: target, base, ownPath }) =>
    ownPath === undefined ? target.answer(call) : answerOwn(call, ownPath, { namespace: target, house, base }),
  )
  return mapReply(reply, withOddResponse)
}

/** Answers a call with 501 where a transport asks for that, in the namespace that it leads to. */
const refuseIn = (namespace: Namespace, call: Call, house: House): Reply | Promise<Reply> =>
  withPlace(namespace, call, house, ({ namespace: target }) => target.refuse(call))

/** Finds where a call leads to; what leads nowhere is refused, and recorded in the mock's own journal. */
function withPlace(
  namespace: Namespace,
  call: Call,
  house: House,
  answer: (place: Place) => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  const { main } = house.namespaces
  // A namespace begins as the mock did, whose world may not be filled yet.
  if (!main.core.start) return main.authentik.ready.then(() => withPlace(namespace, call, house, answer))
  let place: Place
  try {
    place = house.namespaces.locate(call)
  } catch (error) {
    if (!(error instanceof MockError) || error.code !== 'ERR_CONTROL') throw error
    const reply = refusal(error)
    main.noteRefused(call, reply)
    return reply
  }
  if (place.namespace !== main || namespace === main) return answer(place)
  return answer({ ...place, namespace, base: namespace.base })
}

/** Answers on a path of the mock's own, which few ask, so that what answers is loaded then. */
async function answerOwn(call: Call, path: string, where: Whereabouts): Promise<Reply> {
  const { answerApi } = await import('./api.ts')
  return answerApi({ ...call, base: where.house.namespaces.main.base }, path, where)
}

/** What a call is told that names a namespace which cannot be had. */
const refusal = (error: MockError): Reply => ({
  status: error instanceof TooManyNamespaces ? 429 : 400,
  headers: [
    ['Content-Type', 'application/json'],
    ['Date', new Date().toUTCString()],
  ],
  body: JSON.stringify({ detail: error.message, problems: [...error.problems] }),
})

const optionError = (reason: string) => new MockError('ERR_OPTION', `Failed to control the mock: ${reason}.`)

/** A token that nobody guesses: of the platform's chance, and not of the world's. */
function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}
