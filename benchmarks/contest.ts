/**
 * Puts servers under load. Each has its turn in every round, in an order that is turned about from round to round, so that
 * what disturbs the machine disturbs all alike.
 */
import { usageOf, type Child } from './children.ts'
import { LoadClient, type LoadLimits, type LoadResult } from './load-client.ts'
import { median, quantile } from './statistics.ts'

/** A server with the requests that it gets. */
export interface Contestant {
  name: string
  child: Child
  /** Whole requests, sent in turn. */
  requests: readonly string[]
  /** The name of the contestant that this is compared with. */
  yardstick: string
  /** How many connections have a request at a time. */
  connections: number
  /** Whether the contest goes on without it when it fails. */
  isOptional: boolean
}

/** What a contest measured. */
export interface LoadReport {
  loads: Load[]
  /** The names of what could not be measured. */
  missing: string[]
}

/** How long a contest is. */
export interface ContestLimits {
  /** How many rounds count. Another comes first, to warm up. */
  rounds: number
  /** How long a server is under load in each round. */
  seconds: number
}

/** What a server did under load: medians of the rounds. */
export interface Load {
  name: string
  /** The CPU time of the server's whole process for a request, in microseconds. */
  cpu: number
  /** The CPU time of the yardstick over the server's, of the same round. Less than 1 is slower. */
  ofBare: number
  /** The lower and upper quartile of `ofBare`. */
  spread: [lower: number, upper: number]
  /** The same of all rounds together, whose CPU has all that is rare, such as large collections of garbage. */
  ofBareInAll: number
  perSecond: number
  bytesPerSecond: number
  /** Latencies in milliseconds. */
  p50: number
  p99: number
  /** The p99 over that of the yardstick, of the same round. */
  p99OfBare: number
  /** Resident memory after the last round, in MiB. */
  resident: number
  /** The CPU time of the client for a request, in microseconds. */
  clientCpu: number
}

type Round = Omit<Load, 'name' | 'ofBare' | 'ofBareInAll' | 'spread' | 'p99OfBare'> & {
  answers: number
  totalCpu: number
}

/** The fewest requests of a turn, for a slow server or a busy machine. */
const MINIMUM = 200
/** Enough to be compiled by then. */
const WARM_UP: LoadLimits = { milliseconds: 5000, minimum: MINIMUM, maximum: 10_000 }

/** Measures servers in turn. @throws when an answer is not 200, of a contestant that is not optional */
export async function contest(contestants: readonly Contestant[], limits: ContestLimits): Promise<LoadReport> {
  const client = new LoadClient()
  const turn: LoadLimits = { milliseconds: limits.seconds * 1000, minimum: MINIMUM, maximum: Infinity }
  const rounds = new Map<string, Round[]>(contestants.map(({ name }) => [name, []]))
  try {
    for (const { name, child, requests } of contestants) await client.prepare({ name, url: child.url, requests })
    for (let round = 0; round <= limits.rounds; round++) {
      for (const contestant of round % 2 ? contestants.toReversed() : contestants) {
        const measuredRounds = rounds.get(contestant.name)
        if (!measuredRounds) continue
        const measured = await press(client, contestant, round === 0 ? WARM_UP : turn).catch((error: unknown) => {
          if (!contestant.isOptional) throw error
          process.stderr.write(`${String(error)}\n`)
          rounds.delete(contestant.name)
        })
        if (measured && round > 0) measuredRounds.push(measured)
      }
    }
  } finally {
    client.stop()
  }
  return {
    loads: contestants
      .filter(({ name }) => rounds.has(name))
      .map(({ name, yardstick }) => toLoad(name, rounds.get(name) ?? [], rounds.get(yardstick) ?? [])),
    missing: contestants.map(({ name }) => name).filter((name) => !rounds.has(name)),
  }
}

/** Puts a server under load once. Its connections are opened before, because that is no cost of a request. */
async function press(client: LoadClient, { name, child, connections }: Contestant, limits: LoadLimits): Promise<Round> {
  await client.open(name, connections)
  const before = await usageOf(child)
  const result = await client.send(name, limits)
  const after = await usageOf(child)
  const answers = countAnswers(name, result)
  return {
    answers,
    totalCpu: after.cpu - before.cpu,
    cpu: (after.cpu - before.cpu) / answers,
    perSecond: answers / result.seconds,
    bytesPerSecond: result.bytes / result.seconds,
    p50: result.p50 / 1000,
    p99: result.p99 / 1000,
    resident: after.resident / 2 ** 20,
    clientCpu: result.clientCpu / answers,
  }
}

/** Counts the answers. @throws when some are not 200, because an error is answered faster */
function countAnswers(name: string, { statuses, failures }: LoadResult): number {
  const { 200: answers = 0, ...others } = statuses
  if (failures > 0 || Object.keys(others).length > 0 || answers === 0)
    throw new Error(
      `Failed to measure ${name}: ${failures} connections broke, and statuses were ${JSON.stringify(statuses)}.`,
    )
  return answers
}

function toLoad(name: string, rounds: readonly Round[], bareRounds: readonly Round[]): Load {
  const medianOf = (key: keyof Round) => median(rounds.map((round) => round[key]))
  const ratios = rounds.map(({ cpu }, index) => (bareRounds[index]?.cpu ?? NaN) / cpu)
  return {
    name,
    cpu: medianOf('cpu'),
    ofBare: median(ratios),
    ofBareInAll: meanCpu(bareRounds) / meanCpu(rounds),
    spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    perSecond: medianOf('perSecond'),
    bytesPerSecond: medianOf('bytesPerSecond'),
    p50: medianOf('p50'),
    p99: medianOf('p99'),
    p99OfBare: median(rounds.map(({ p99 }, index) => p99 / (bareRounds[index]?.p99 ?? NaN))),
    resident: rounds.at(-1)?.resident ?? NaN,
    clientCpu: medianOf('clientCpu'),
  }
}

/** Returns the CPU time for a request in all rounds together. */
function meanCpu(rounds: readonly Round[]): number {
  const sum = (key: 'totalCpu' | 'answers') => rounds.reduce((total, round) => total + round[key], 0)
  return sum('totalCpu') / sum('answers')
}
