/** Scenarios: what is to go wrong in one world, for whom, and how often. */
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import type { Call, Reply } from '../http/message.ts'
import { copyOf, quote } from '../schema/json.ts'
import { MockError } from '../store/mock-error.ts'
import { toPlain } from '../store/plain.ts'
import { createRandom, type Random } from '../store/random.ts'
import { nearestTo } from '../schema/nearest.ts'
import { findProblems } from './field-form.ts'
import { NAMED_RULES, type NamedRule } from './named-scenarios.ts'
import { SCENARIO_FIELDS } from './scenario-fields.ts'
import type { Target } from './target.ts'
import type { NamedScenario, Scenario, ScenarioDefinition } from './types.ts'

/** What scenarios are told of, and depend on. */
export interface ScenarioSubject {
  release: AuthentikRelease
  /** What the chance of a scenario is drawn from. */
  seed(): number
  /** Whether a path is meant, as it was sent or as it is below whatever stands before it. */
  isMeant(path: string, pattern: string): boolean
  /** What is wrong with the id of an operation. */
  findMistake(operationId: string): string | undefined
  /** Says in the log what of a scenario may be a slip: a path that nobody has, a user who is not there yet. */
  noteDoubts(scenario: Scenario): void
  /** It is called after each change of what holds. */
  onChange(): void
}

/** A scenario that holds, with what it does. */
export interface ActiveScenario {
  readonly scenario: Scenario
  readonly rule: NamedRule | undefined
  /** How many requests it has yet to leave alone. */
  skips: number
}

/** The scenarios of one world. The one that was added last is asked first. */
export class Scenarios {
  readonly #subject: ScenarioSubject
  readonly #active = new Map<string, ActiveScenario>()
  #random: Random
  #count = 0

  constructor(subject: ScenarioSubject) {
    this.#subject = subject
    this.#random = createRandom('scenarios', subject.seed())
  }

  get size(): number {
    return this.#active.size
  }

  /** Those that have a name. */
  readonly choices: readonly NamedScenario[] = NAMED_RULES.map(({ name, description }) => ({ name, description }))

  /** Those that hold, in the order in which they were added. */
  list(): Scenario[] {
    return [...this.#active.values()].map(({ scenario }) => ({ ...scenario }))
  }

  /** @throws MockError ERR_CONTROL for what is no scenario, with the path of each value that is wrong */
  add(definition: ScenarioDefinition): Scenario {
    const rule = this.#check(definition)
    // A copy: what a program does with its own later changes nothing here.
    const copy = toPlain(definition, '', 1).value as ScenarioDefinition
    const { once, ...rest } = { ...rule?.defaults, ...copy }
    const id = `${rule?.name ?? 'scenario'}-${++this.#count}`
    const scenario: Scenario = { ...rest, ...(once === true && { count: 1 }), id, struck: 0 }
    this.#active.set(id, { scenario, rule, skips: rest.skip ?? 0 })
    this.#subject.onChange()
    this.#subject.noteDoubts(scenario)
    return { ...scenario }
  }

  /** Takes one away, by its id or its name. @returns whether one was there */
  remove(idOrName: string): boolean {
    const ids = [...this.#active.values()]
      .filter(({ scenario }) => scenario.id === idOrName || scenario.name === idOrName)
      .map(({ scenario }) => scenario.id)
    for (const id of ids) this.#active.delete(id)
    if (ids.length) this.#subject.onChange()
    return ids.length > 0
  }

  /** Takes all away. Chance begins anew. */
  clear(): void {
    const hadSome = this.#active.size > 0
    this.#active.clear()
    this.#random = createRandom('scenarios', this.#subject.seed())
    if (hadSome) this.#subject.onChange()
  }

  /** The scenario that strikes a call, which counts. @param user the username of who asks */
  strike(call: Call, target: Target, user: string | undefined): ActiveScenario | undefined {
    for (const active of [...this.#active.values()].toReversed()) {
      const { scenario, rule } = active
      if (isPreflight(call) && scenario.method?.toUpperCase() !== 'OPTIONS') continue
      if (!this.#concerns(scenario, call, target, user) || rule?.concerns(call, target) === false) continue
      if (active.skips > 0) {
        active.skips--
        continue
      }
      if (scenario.probability !== undefined && this.#random.next() >= scenario.probability) continue
      scenario.struck++
      if (scenario.count !== undefined && scenario.struck >= scenario.count) this.#active.delete(scenario.id)
      this.#subject.onChange()
      return active
    }
    return undefined
  }

  /** How long the answer of a scenario takes longer, in milliseconds. */
  delayOf({ latency = 0 }: Scenario): number {
    if (typeof latency === 'number') return latency
    const [least, most] = latency
    return least + this.#random.next() * (most - least)
  }

  /** @returns the rule of a name @throws MockError ERR_CONTROL */
  #check(definition: ScenarioDefinition): NamedRule | undefined {
    if (!copyOf(definition)) throw scenarioError(['scenario: is no object; give one such as {"name": "slow"}'])
    const problems = findProblems(definition, SCENARIO_FIELDS)
    const { name, operationId } = definition
    const rule = NAMED_RULES.find((candidate) => candidate.name === name)
    if (name !== undefined && !rule)
      problems.push(
        `name: there is no scenario "${name}"; the nearest is ${nearestTo(String(name), NAMES)}, of ${NAMES.join(', ')}`,
      )
    const obstacle = rule?.findObstacle?.(this.#subject.release)
    if (obstacle !== undefined) problems.push(`name: "${name}" changes nothing: ${obstacle}`)
    const mistake = typeof operationId === 'string' ? this.#subject.findMistake(operationId) : undefined
    if (mistake !== undefined) problems.push(mistake)
    if (problems.length === 0 && !DOES.some((field) => definition[field] !== undefined && definition[field] !== false))
      problems.push(`scenario: does nothing; give one of ${DOES.join(', ')}`)
    const { status, body, damage: kind, once, count } = definition
    if (once === true && count !== undefined && count !== 1)
      problems.push(`count: is ${quote(count)} beside once, which is a count of 1; leave one of them out`)
    if (hasNoBody(Number(status)) && ((body !== undefined && body !== '') || kind !== undefined))
      problems.push(`${body === undefined ? 'damage' : 'body'}: an answer of ${String(status)} has no body`)
    if (problems.length) throw scenarioError(problems)
    return rule
  }

  /** Whether the conditions of a scenario are those of a call. */
  #concerns(scenario: Scenario, call: Call, { kind, operation }: Target, username: string | undefined): boolean {
    const { operationId, path, method, user } = scenario
    return (
      (operationId === undefined || operation?.id === operationId) &&
      (path === undefined || this.#subject.isMeant(call.path, path)) &&
      (method === undefined || call.method === method.toUpperCase()) &&
      (scenario.kind === undefined || kind === scenario.kind) &&
      (user === undefined || username === user)
    )
  }
}

/** A browser asks before the request of a page that is meant: a scenario strikes the request. */
const isPreflight = (call: Call) =>
  call.method === 'OPTIONS' && call.header('access-control-request-method') !== undefined

/** Whether no answer of a status has a body (RFC 9110, section 6.4.1). */
const hasNoBody = (status: number) => status === 204 || status === 205 || status === 304

const NAMES = NAMED_RULES.map(({ name }) => name)
/** The fields of which a scenario has one, or nothing would go wrong. */
const DOES = ['name', 'status', 'body', 'headers', 'latency', 'reset', 'damage'] as const

const scenarioError = (problems: readonly string[]) =>
  new MockError('ERR_CONTROL', `Failed to add a scenario: ${problems.join('; ')}.`, problems)

/** A reply, broken as a scenario says; one without a body has nothing to break. */
export function damage(reply: Reply, { damage: kind }: Scenario): Reply {
  if (reply.body === '' || hasNoBody(reply.status)) return reply
  if (kind === 'truncated') return { ...reply, fault: 'truncated' }
  return kind === 'broken' ? { ...reply, body: `${reply.body.slice(0, reply.body.length >> 1)}\u{fffd}<` } : reply
}
