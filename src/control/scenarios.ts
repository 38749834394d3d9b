/** Scenarios: what is to go wrong in one world, for whom, and how often. */
import { distance } from 'fastest-levenshtein'
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import type { Call, Reply } from '../http/message.ts'
import { isObject } from '../schema/json.ts'
import { MockError } from '../store/mock-error.ts'
import { createRandom, type Random } from '../store/random.ts'
import { matchesPath } from './journal.ts'
import { NAMED_RULES, type NamedRule } from './named-scenarios.ts'
import { SCENARIO_FIELDS } from './scenario-fields.ts'
import type { Target } from './target.ts'
import type { NamedScenario, Scenario, ScenarioDefinition } from './types.ts'

/** What scenarios are told of, and depend on. */
export interface ScenarioSubject {
  release: AuthentikRelease
  /** What the chance of a scenario is drawn from. */
  seed: number
  /** Whether there is an operation with this id. */
  nearestOperation(operationId: string): { isThere: boolean; nearest: string }
  /** It is called after each change of what holds. */
  onChange(): void
}

/** A scenario that holds, with what it does. */
export interface ActiveScenario {
  readonly scenario: Scenario
  readonly rule: NamedRule | undefined
}

/** The scenarios of one world. The one that was added last is asked first. */
export class Scenarios {
  readonly #subject: ScenarioSubject
  readonly #active = new Map<string, ActiveScenario>()
  #random: Random
  #count = 0

  constructor(subject: ScenarioSubject) {
    this.#subject = subject
    this.#random = createRandom('scenarios', subject.seed)
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
    const { once, ...rest } = { ...rule?.defaults, ...definition }
    const id = `${rule?.name ?? 'scenario'}-${++this.#count}`
    const scenario: Scenario = { ...rest, ...(once === true && { count: 1 }), id, struck: 0 }
    this.#active.set(id, { scenario, rule })
    this.#subject.onChange()
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
    this.#random = createRandom('scenarios', this.#subject.seed)
    if (hadSome) this.#subject.onChange()
  }

  /** Whether one of them must be told who asks. */
  get asksForUser(): boolean {
    return [...this.#active.values()].some(({ scenario }) => scenario.user !== undefined)
  }

  /** The scenario that strikes a call, which counts. @param user the username of who asks */
  strike(call: Call, target: Target, user: string | undefined): ActiveScenario | undefined {
    for (const active of [...this.#active.values()].toReversed()) {
      const { scenario, rule } = active
      if (!concerns(scenario, call, target, user) || rule?.concerns(call, target) === false) continue
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
    if (!isObject(definition)) throw scenarioError(['scenario: is no object; give one such as {"name": "slow"}'])
    const problems = Object.entries(definition).flatMap(([field, value]) => findProblem(field, value))
    const { name, operationId } = definition
    const rule = NAMED_RULES.find((candidate) => candidate.name === name)
    if (name !== undefined && !rule)
      problems.push(`name: there is no scenario "${name}"; the nearest is ${nearestTo(String(name), NAMES)}`)
    const obstacle = rule?.findObstacle?.(this.#subject.release)
    if (obstacle !== undefined) problems.push(`name: "${name}" changes nothing: ${obstacle}`)
    if (typeof operationId === 'string') {
      const { isThere, nearest } = this.#subject.nearestOperation(operationId)
      if (!isThere) problems.push(`operationId: there is no operation "${operationId}"; the nearest is ${nearest}`)
    }
    if (problems.length === 0 && !DOES.some((field) => definition[field] !== undefined))
      problems.push(`scenario: does nothing; give one of ${DOES.join(', ')}`)
    if (problems.length) throw scenarioError(problems)
    return rule
  }
}

const NAMES = NAMED_RULES.map(({ name }) => name)
/** The fields of which a scenario has one, or nothing would go wrong. */
const DOES = ['name', 'status', 'body', 'headers', 'latency', 'reset', 'damage'] as const

const nearestTo = (text: string, names: readonly string[]) =>
  names.toSorted((a, b) => distance(a, text) - distance(b, text))[0] ?? ''

/** What is wrong with a field of a scenario. */
function findProblem(field: string, value: unknown): string[] {
  const form = SCENARIO_FIELDS.get(field)
  if (!form)
    return [`${field}: there is no such field; the nearest is ${nearestTo(field, [...SCENARIO_FIELDS.keys()])}`]
  return value === undefined || form.isFit(value) ? [] : [`${field}: ${JSON.stringify(value)} is not ${form.meaning}`]
}

const scenarioError = (problems: readonly string[]) =>
  new MockError('ERR_CONTROL', `Failed to add a scenario: ${problems.join('; ')}.`, problems)

/** Whether the conditions of a scenario are those of a call. */
function concerns(scenario: Scenario, call: Call, { kind, operation }: Target, username: string | undefined): boolean {
  const { operationId, path, method, user } = scenario
  return (
    (operationId === undefined || operation?.id === operationId) &&
    (path === undefined || matchesPath(call.path, path)) &&
    (method === undefined || call.method === method.toUpperCase()) &&
    (scenario.kind === undefined || kind === scenario.kind) &&
    (user === undefined || username === user)
  )
}

/** A reply, broken as a scenario says. */
export function damage(reply: Reply, { damage: kind }: Scenario): Reply {
  if (kind === 'truncated') return { ...reply, fault: 'truncated' }
  return kind === 'broken' ? { ...reply, body: `${reply.body.slice(0, reply.body.length >> 1)}\u{fffd}<` } : reply
}
