/** A world under control: what is asked of it is recorded, and what is to go wrong goes wrong. */
import { authenticate } from '../authentik/auth/caller.ts'
import { sessionOf } from '../authentik/auth/sessions.ts'
import { isOfLater, users } from '../authentik/resources/users.ts'
import { pathBelow } from '../http/base-path.ts'
import { mapReply } from '../http/layer.ts'
import { isSafe, type Answer, type Call, type Reply } from '../http/message.ts'
import { coreOf, type Mock, type MockCore } from '../mock/mock.ts'
import { Problem } from '../rest/errors.ts'
import { quote } from '../schema/json.ts'
import { nearestTo } from '../schema/nearest.ts'
import { keyOf } from '../store/resource.ts'
import type { WorldSnapshot } from '../store/world.ts'
import { createClockWatch } from './clock-watch.ts'
import { controlError } from './control-error.ts'
import { toEntry } from './entry.ts'
import { Events } from './events.ts'
import { findProblems, whole, type FieldForm } from './field-form.ts'
import { Journal } from './journal.ts'
import { Ledger } from './ledger.ts'
import { ForgottenSecrets } from './forgotten-secrets.ts'
import { matchesPath } from './journal-filter.ts'
import { createMasking, type Masking } from './mask.ts'
import { keepClock, restoreClock, type KeptClock } from './clock-state.ts'
import { nearestIn } from './nearest.ts'
import { RecordedRequest } from './recorded-request.ts'
import { damage, Scenarios, type ActiveScenario } from './scenarios.ts'
import { replyWithStatus } from './status-replies.ts'
import { findTarget, type Target } from './target.ts'
import type { Outcome, Scenario } from './types.ts'

/** A snapshot that is kept under an id. */
export interface KeptSnapshot {
  id: string
  /** When it was taken, in milliseconds since 1970 by the machine's clock. */
  taken: number
  snapshot: WorldSnapshot
  clock: KeptClock
}

/** One world with its journal, its scenarios, its snapshots and its events. */
export class Namespace {
  /** Undefined for the mock's own world. */
  readonly name: string | undefined
  /** What stands before every path of its own, without its final slash. */
  readonly base: string
  readonly authentik: Mock
  readonly core: MockCore
  readonly journal: Journal
  readonly scenarios: Scenarios
  readonly ledger: Ledger
  readonly events: Events
  readonly snapshots = new Map<string, KeptSnapshot>()
  readonly clock: Mock['clock']
  /** When it was last asked, in milliseconds since 1970 by the machine's clock. */
  used = Date.now()
  /** How many snapshots were ever taken. */
  snapshotCount = 0
  #answer: Answer
  /** The request whose turn it is. */
  #turn: RecordedRequest | undefined
  /** Whether all rows are being replaced, which is no change of each. */
  #isReplaced = false
  readonly #forgotten = new ForgottenSecrets()
  #masking: { changes: number; masking: Masking } | undefined

  /** @param isFurtherSecret tells of secrets that are in no world, such as the control token */
  constructor(
    authentik: Mock,
    { name, base }: { name?: string; base: string },
    isFurtherSecret: (word: string) => boolean,
  ) {
    this.name = name
    this.base = base
    this.authentik = authentik
    this.core = coreOf(authentik)
    const { world } = this.core
    const isSecret = (word: string) => this.#forgotten.has(word) || isFurtherSecret(word)
    const masking = () => {
      if (this.#masking?.changes !== world.changes)
        this.#masking = { changes: world.changes, masking: createMasking(world, isSecret) }
      return this.#masking.masking
    }
    const subject = {
      world,
      masking,
      find: this.find,
    }
    const findMistake = (operationId: string) => {
      const { operations, version } = this.core.release
      const { isThere, nearest } = nearestIn(operations, operationId)
      return isThere
        ? undefined
        : `operationId: ${version} has no operation "${operationId}" here; the nearest is ${nearest}`
    }
    this.journal = new Journal({
      toEntry: (request, telling) => toEntry(request, subject, telling),
      isMeant: this.isMeant,
      findMistake,
    })
    this.ledger = new Ledger(world)
    this.events = new Events(this)
    this.clock = createClockWatch(authentik.clock, () => this.events.tell('clock'))
    this.scenarios = new Scenarios({
      release: this.core.release,
      seed: () => authentik.seed ?? this.core.settings.seed,
      isMeant: this.isMeant,
      findMistake,
      noteDoubts: (scenario) => void this.#noteDoubts(scenario).catch(() => {}),
      onChange: () => this.events.tell('scenario'),
    })
    this.#answer = this.core.through((call) => {
      this.#turn = call.trace as RecordedRequest | undefined
      return this.core.pipeline.route(call)
    })
    world.queue.afterEach(() => (this.#turn = undefined))
    world.onRow((resource, action, row) => {
      // What the world begins with happened to nobody.
      if (this.#isReplaced || !this.core.start) return
      this.#forgotten.note(resource.name, row)
      const key = keyOf(resource, row)
      const turn = this.#turn
      if (turn) (turn.changes ??= []).push({ resource: resource.name, key, action })
      this.ledger.note(resource, action, row, turn?.path)
      this.events.noteRow(resource.name, action, row)
    })
  }

  /** Says in the log what of a scenario may be a slip. It is none that is refused: a user may come, and any path be asked for. */
  async #noteDoubts({ id, path, user, method = 'GET' }: Scenario): Promise<void> {
    await this.authentik.ready
    const { pipeline, settings, world } = this.core
    const tell = (doubt: string) => settings.log(`The scenario ${id} may never strike: ${doubt}`)
    const names = Array.from(world.table(users).values(), ({ username }) => username)
    if (user !== undefined && !isOfLater(user) && !names.includes(user))
      tell(`there is no user ${quote(user)} yet; the nearest is ${nearestTo(user, names)}`)
    const ownPath =
      path && ([this.base, settings.base].flatMap((base) => (base && pathBelow(base, path)) || [])[0] ?? path)
    const doubt = ownPath === undefined ? undefined : await pipeline.findDoubt(method.toUpperCase(), ownPath)
    if (doubt !== undefined) tell(doubt)
  }

  /** What a request asks for. */
  readonly find = (method: string, path: string): Target => findTarget(this.core.pipeline, method, path)

  /** Whether a path is meant, as it was sent or as it is below the base path or the path of the namespace. */
  readonly isMeant = (path: string, pattern: string): boolean => {
    if (matchesPath(path, pattern)) return true
    const ownPaths = [this.base, this.core.settings.base].flatMap((base) => (base && pathBelow(base, path)) || [])
    return ownPaths.some((ownPath) => matchesPath(ownPath, pattern))
  }

  /** Answers as the mock does, or as a scenario has it, and records it. */
  answer(call: Call): Reply | Promise<Reply> {
    this.used = Date.now()
    if (isSafe(call.method)) return this.#recorded(call, '')
    return call.body().then((body) => this.#recorded({ ...call, body: async () => body }, body))
  }

  /** Answers with 501, as the mock does where a transport asks it to, and records it. */
  refuse(call: Call): Reply | Promise<Reply> {
    const record = (body: string) => {
      const request = new RecordedRequest(call, body, this.core.world.clock.now())
      return mapReply(this.authentik.refuse({ ...call, trace: request, body: async () => body }), (reply) =>
        this.#record(request, reply),
      )
    }
    return isSafe(call.method) ? record('') : call.body().then(record)
  }

  /** Records what a transport refused before the mock saw it. */
  noteRefused(call: Call, reply: Reply): void {
    const request = new RecordedRequest(call, '', this.core.world.clock.now())
    request.outcome = 'refused'
    this.journal.record(request, reply)
  }

  /**
   * The world and the clock as at the start, with an empty journal and no scenarios; seeded anew where a seed, or a number
   * of codes, is given. What is asked meanwhile waits.
   * @throws MockError ERR_CONTROL for what is no seed
   */
  async reset(options: { seed?: number | undefined; codes?: number | undefined } = {}): Promise<void> {
    checkSeed(options)
    const { clock } = this.authentik
    await this.replace(async () => {
      const origin = keepClock(clock)
      // What is about to expire is counted from the time at which the world begins.
      clock.reset()
      try {
        if (options.seed !== undefined || options.codes !== undefined) await this.core.seed(options)
      } catch (error) {
        restoreClock(clock, origin)
        throw error
      }
      await this.core.restart()
      this.scenarios.clear()
      this.journal.clear()
      this.ledger.clear()
      this.#forgotten.clear()
    })
  }

  /** Has all rows replaced in one turn, of which no row tells by itself. */
  async replace(task: () => void | Promise<void>): Promise<void> {
    const { world } = this.core
    await this.authentik.ready
    await world.queue.run(async () => {
      this.#isReplaced = true
      try {
        this.#forgotten.noteAll(world)
        await task()
      } finally {
        this.#isReplaced = false
      }
    })
    this.events.tellOfWorld()
  }

  #recorded(call: Call, body: string): Reply | Promise<Reply> {
    const request = new RecordedRequest(call, body, this.core.world.clock.now())
    call.trace = request
    try {
      const reply = this.scenarios.size === 0 ? this.#answer(call) : this.#answerInScenario(call, request)
      if (!(reply instanceof Promise)) return this.#record(request, reply)
      return reply.then(
        (late) => this.#record(request, late),
        (error: unknown) => this.#fail(request, error),
      )
    } catch (error) {
      return this.#fail(request, error)
    }
  }

  #record(request: RecordedRequest, reply: Reply): Reply {
    if (reply.status >= 400) {
      this.#noteRow(request)
      request.outcome = outcomeOf(reply)
    }
    if (request.isStruck) request.outcome = 'scenario'
    this.journal.record(request, reply)
    return reply
  }

  #fail(request: RecordedRequest, error: unknown): never {
    request.outcome = 'failed'
    this.journal.record(request, undefined)
    throw error
  }

  async #answerInScenario(call: Call, request: RecordedRequest): Promise<Reply> {
    const target = this.find(call.method, call.path)
    // Who asks is told of in the journal, too.
    request.user = await this.#callerOf(call)
    const user = request.user === undefined ? undefined : this.core.world.table(users).get(request.user)?.username
    const active = this.scenarios.strike(call, target, user)
    if (!active) return this.#answer(call)
    const { scenario } = active
    request.scenario = scenario.name ?? scenario.id
    const delay = this.scenarios.delayOf(scenario)
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
    if (scenario.reset === true) {
      request.isStruck = true
      return { status: 502, headers: [], body: '', fault: 'reset' }
    }
    return damage(await this.#replyOf(active, call, request), scenario)
  }

  /** What a scenario answers. */
  async #replyOf({ scenario, rule }: ActiveScenario, call: Call, request: RecordedRequest): Promise<Reply> {
    const { status, body, headers = {} } = scenario
    const { release, pipeline, through, world } = this.core
    const isStated = status !== undefined || body !== undefined
    const makeReply = () => {
      if (!isStated) return rule?.reply?.(call, release)
      const reply = replyWithStatus(status ?? 200, call)
      return body === undefined ? reply : withBody(reply, body)
    }
    const ownReply = makeReply()
    request.isStruck = ownReply !== undefined || rule?.alter !== undefined || scenario.damage !== undefined
    const isOfFront = isStated ? body === undefined && (status === 502 || status === 503) : rule?.isOfFront
    const reply = ownReply
      ? await through((signed) => (isOfFront ? ownReply : pipeline.sign(ownReply, signed)))(call)
      : await this.#answer(call)
    const altered = rule?.alter?.(reply, { world, release, serializer: pipeline.serializer, call }) ?? reply
    const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
    const restHeaders = altered.headers.filter(([name]) => !names.has(name.toLowerCase()))
    return { ...altered, headers: [...restHeaders, ...Object.entries(headers)] }
  }

  /** The key of who asks, as far as it can be told before the answer. */
  async #callerOf(call: Call): Promise<number | undefined> {
    const { world, release } = this.core
    return world.queue.run(
      () => keyOfCaller(() => authenticate(call, world, release.behaviour).user) ?? sessionOf(call, world)?.user,
    )
  }

  /** Finds out whether the row that an error is about is there. */
  #noteRow(request: RecordedRequest): void {
    const { operation, params } = this.find(request.method, request.path)
    const [key] = Object.values(params ?? {})
    const resource = this.core.world.resources.find((candidate) => candidate.name === operation?.resource?.name)
    if (key === undefined || !resource) return
    const table = this.core.world.tableNamed(resource.name)
    request.rowExists = table.has(key) || table.has(Number(key))
  }
}

/** What an answer of the mock's own is. */
function outcomeOf(reply: Reply): Outcome {
  if (reply.status !== 501 && reply.status !== 404) return 'answered'
  const isMissing = reply.headers.some(([name, value]) => name === 'X-Authentik-Mock' && value === 'not-emulated')
  return isMissing ? 'not-emulated' : 'answered'
}

/** The caller, or nobody where their credentials are no good. */
function keyOfCaller(find: () => number | undefined): number | undefined {
  try {
    return find()
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

/** @throws MockError ERR_CONTROL for what is no seed, or no number of codes, with the path of each */
function checkSeed(options: { seed?: number | undefined; codes?: number | undefined }): void {
  const problems = findProblems(options, SEED_OPTIONS)
  if (problems.length) throw controlError(problems)
}

const number = (most: number) => whole(`a whole number from 0 to ${most}`, 0, most)

/** What a world can be seeded by. */
const SEED_OPTIONS: ReadonlyMap<string, FieldForm> = new Map([
  ['seed', number(Number.MAX_SAFE_INTEGER)],
  ['codes', number(1_000_000)],
])

/** A reply with another body: a text as it is, anything else as JSON. */
function withBody(reply: Reply, body: unknown): Reply {
  if (typeof body === 'string') return { ...reply, body }
  const headers = reply.headers.filter(([name]) => name !== 'Content-Type')
  return { ...reply, headers: [['Content-Type', 'application/json'], ...headers], body: JSON.stringify(body) }
}
