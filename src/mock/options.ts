/** The options of a mock, with their defaults and what each may be. */
import { isObject, quote } from '../schema/json.ts'
import { findNear } from '../schema/nearest.ts'
import { DEFAULT_RELEASE } from '../authentik/releases/index.ts'
import { readBasePath } from '../http/base-path.ts'
import { guardLog } from '../http/log.ts'
import type { Call } from '../http/message.ts'
import type { Instant } from '../store/clock.ts'
import { MockError } from '../store/mock-error.ts'

/** How an answer relates to authentik's documentation: `documented` says what it says, `observed` what servers of the release were seen to say. */
export type Fidelity = (typeof FIDELITIES)[number]

/** Both fidelities. */
export const FIDELITIES = ['documented', 'observed'] as const

/** What a mock is made with. */
export interface MockOptions {
  /** The release of authentik to be: `2024.8.3`, `2024.8` for the last of a line, or `latest`. @default '2024.8.3' */
  release?: string
  /** Whether to answer as documented or as observed. @default 'documented' */
  fidelity?: Fidelity
  /**
   * Whether the outer layer of a running authentik stands before it: clean paths, and headers of its own.
   * @default true as documented, false as observed: most recordings are without it
   */
  front?: boolean
  /**
   * A path before everything, as authentik has it from 2024.12 on (its AUTHENTIK_WEB__PATH): with `/auth/` the API is at
   * `/auth/api/v3/`. `handlers()` and `serve()` follow it.
   * @default '/'
   */
  basePath?: string
  /** What the seeded world depends on: the same seed gives the same rows. @default 1 */
  seed?: number
  /** How many authorization codes a seeded world has. @default 20 */
  codes?: number
  /**
   * A world to start from instead of a seeded one: of the form that `authentik-mock seed` prints, or in short, as
   * `defineWorld` has it. One with `extends: 'default'` is merged into the seeded one.
   */
  world?: object
  /** Stops the clock at this instant. @default real time */
  now?: Date | Instant | number
  /** The key of the API token `authentik-bootstrap-token`, which is akadmin's (authentik's AUTHENTIK_BOOTSTRAP_TOKEN). */
  token?: string
  /**
   * Who answers a login: `page`, a person; `auto`, nobody, because akadmin or whoever a client hints at is logged in at
   * once and consents; `auto:USERNAME`, the same for another user. A user who may not log in gets the page all the same.
   * @default 'page'
   */
  login?: 'page' | 'auto' | `auto:${string}`
  /**
   * It is called with a message for each request that the mock does not emulate, and for what a user should know, such as
   * tokens whose time no client takes. What it throws is ignored.
   */
  log?: (message: string) => void
}

/** Whether a header can carry a key as authentik reads it: a space would end it (RFC 6750, section 2.1). */
export const isToken = (key: unknown): boolean => typeof key === 'string' && /^[\x21-\x7e]+$/.test(key)

/** The options with their defaults. */
export type Settings = ReturnType<typeof readOptions>

/** The options with their defaults. @throws MockError ERR_OPTION for a value that cannot be */
export function readOptions(options: MockOptions) {
  checkNames(options)
  const { release = DEFAULT_RELEASE, fidelity = 'documented', seed = 1, codes = 20, log = () => {} } = options
  // The number 2025.10 is 2025.1.
  if (typeof release !== 'string') throw optionError(`release is ${quote(release)}, and no text. Write it in quotes`)
  if (!FIDELITIES.includes(fidelity))
    throw optionError(`there is no fidelity ${quote(fidelity)}. Give ${FIDELITIES.join(' or ')}`)
  if (options.token === '') throw optionError('token is empty. Give the key of an API token, or leave it out')
  if (options.token !== undefined && !isToken(options.token))
    throw optionError('token holds what no header can carry. Give a key of visible ASCII characters, without spaces')
  if (typeof log !== 'function') throw optionError('log is no function. Give one that takes a message')
  const { front = fidelity === 'documented' } = options
  if (typeof front !== 'boolean') throw optionError(`front is ${quote(front)}. Give true or false`)
  return {
    ...options,
    release,
    fidelity,
    front,
    base: checkBasePath(options.basePath),
    autoLogin: readLogin(options.login),
    seed: checkWhole('seed', seed),
    codes: checkWhole('codes', codes),
    log: guardLog(log),
  }
}

const NAMES: readonly string[] = [
  'release',
  'fidelity',
  'front',
  'basePath',
  'seed',
  'codes',
  'world',
  'now',
  'token',
  'login',
  'log',
] satisfies (keyof MockOptions)[]

/**
 * Looks whether the options are an object of options that there are.
 * @param further names of options that somebody else reads
 * @throws MockError ERR_OPTION for any other
 */
export function checkNames(options: object, further: readonly string[] = []): void {
  if (!isObject(options))
    throw optionError(
      `the options are ${Array.isArray(options) ? 'a list' : quote(options)}. Give an object, or nothing`,
    )
  const names = [...NAMES, ...further]
  for (const name of Object.keys(options)) if (!names.includes(name)) throw unknownOption(name, names)
}

/** A text that a program gives to a function. @param label what it is called @throws MockError ERR_OPTION for another value */
export function requireText(value: unknown, label: string, example: string): string {
  if (typeof value === 'string') return value
  throw new MockError(
    'ERR_OPTION',
    `Failed to ask a mock: ${label} is ${quote(value)}, and no text. Give one such as ${example}.`,
  )
}

/** A call that a transport hands on. @throws MockError ERR_OPTION for another value */
export function requireCall(call: Call): Call {
  const { method, path, query, header, body }: Partial<Call> = Object(call)
  const areTexts = typeof method === 'string' && typeof path === 'string' && typeof query === 'string'
  if (areTexts && typeof header === 'function' && typeof body === 'function') return call
  const remedy = 'Give { method, path, query, header(name), body() }, or ask by fetch'
  throw new MockError('ERR_OPTION', `Failed to ask a mock: ${quote(call)} is no call. ${remedy}.`)
}

/** @throws MockError ERR_OPTION for an event of which nobody tells, or a listener that cannot be told */
export function checkListener(event: unknown, events: readonly string[], listener: unknown): void {
  if (typeof event !== 'string' || !events.includes(event))
    throw optionError(`there is no event ${quote(event)}. There is ${events.join(', ')}`, 'listen to')
  if (typeof listener !== 'function') throw optionError('the listener is no function', 'listen to')
}

function unknownOption(name: string, names: readonly string[]): MockError {
  const nearest = findNear(name, names, name.length / 2)
  return optionError(
    `there is no option "${name}". ${nearest === undefined ? `There are ${names.join(', ')}` : `The nearest is ${nearest}`}`,
  )
}

/** The user who is logged in without a page; undefined where there is a page. */
function readLogin(login: unknown = 'page'): string | undefined {
  if (login === 'page') return undefined
  const [isAuto, username = 'akadmin'] = (typeof login === 'string' && /^auto(?::(.+))?$/s.exec(login)) || []
  if (isAuto !== undefined) return username
  throw optionError(`login is ${quote(login)}. Give 'page', 'auto', or 'auto:' with a username behind it`)
}

/** The base path without its final slash. */
function checkBasePath(basePath: unknown = '/'): string {
  try {
    return readBasePath(basePath)
  } catch (error) {
    throw optionError(`basePath ${error instanceof Error ? error.message : error}`)
  }
}

function checkWhole(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw optionError(`${name} is ${quote(value)}. Give a whole number from 0`)
}

const optionError = (reason: string, verb = 'make') =>
  new MockError('ERR_OPTION', `Failed to ${verb} a mock: ${reason}.`)
