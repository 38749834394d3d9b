/** One mock: a release of authentik, a world, and what it answers. */
import type { Call, Reply } from '../http/message.ts'
import { createClock, type Clock, type Instant } from '../store/clock.ts'
import { dispatcher } from '../rest/dispatch.ts'
import { createVoice } from '../rest/serialize.ts'
import { dated } from '../http/date-header.ts'
import { cleanPath, front } from '../http/front.ts'
import type { Operation } from '../rest/operation.ts'
import { decodePath } from '../rest/python.ts'
import { createRoutes } from '../http/router.ts'
import { createWorld, type World } from '../store/world.ts'
import { checkWorld } from '../store/world-file.ts'
import { deviationsOf } from '../authentik/deviations.ts'
import { findRelease } from '../authentik/releases/index.ts'
import { apiTokens } from '../authentik/resources/api-tokens.ts'
import { authenticate } from '../authentik/auth/caller.ts'
import { resources } from '../authentik/resources/index.ts'
import { pages } from '../authentik/resources/pages.ts'
import { CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE, startSession } from '../authentik/auth/sessions.ts'
import { isSuperuser, users } from '../authentik/resources/users.ts'
import { toCall, toResponse } from '../http/web.ts'

/** How an answer relates to authentik's documentation: `documented` says what it says, `observed` what servers of the release were seen to say. */
export type Fidelity = 'documented' | 'observed'

export interface MockOptions {
  /** @default '2024.8.3' */
  release?: string
  /** @default 'documented' */
  fidelity?: Fidelity
  /** Whether the outer layer of a running authentik stands before it: clean paths, and headers of its own. @default true as documented, false as observed: most recordings are without it */
  front?: boolean
  /** What the seeded world depends on: the same seed gives the same rows. @default 1 */
  seed?: number
  /** How many authorization codes a seeded world has. @default 20 */
  codes?: number
  /** A world to start from instead of a seeded one, of the form that `authentik-mock seed` prints. */
  world?: object
  /** Stops the clock at this instant. @default real time */
  now?: Date | Instant | number
  /** The key of the API token `authentik-bootstrap-token`, which is akadmin's (authentik's AUTHENTIK_BOOTSTRAP_TOKEN). */
  token?: string
  /** Told of each request on a path that the mock does not have. */
  log?: (message: string) => void
}

export interface Mock {
  readonly release: string
  readonly fidelity: Fidelity
  /** Undefined when the mock was given a world. */
  readonly seed: number | undefined
  readonly clock: Clock
  /** What the mock knows; await `ready` before reading it. */
  readonly world: World
  readonly operations: readonly Operation[]
  /** Settles when the world is filled; every answer waits for it. */
  readonly ready: Promise<void>
  /** Keys of API tokens that work: a superuser's and an ordinary user's, where the world has them. */
  tokens(): { superuser: string | undefined; user: string | undefined }
  /**
   * Logs a user in, as the login flow would.
   * @returns the headers that a browser then sends; the second only with what changes something
   * @throws RangeError when there is no such user
   */
  logIn(username: string): Promise<{ Cookie: string; 'X-authentik-CSRF': string }>
  /** Whether the mock has something on this path; not on `/`, which every site has. */
  emulates(path: string): boolean
  /** Answers a call of the core; at once when the mock is ready. */
  answer(call: Call): Reply | Promise<Reply>
  /** Answers a request as a server would. */
  fetch(request: Request): Promise<Response>
  /** Forgets every change: the world is as it was at the start, and the clock shows the time it began with. */
  reset(): Promise<void>
}

/**
 * Makes a mock. Its world is filled in the background: answers wait for it, and so does `ready`.
 * @throws RangeError for a release, seed, number of codes or instant that cannot be; WorldError for a world that is not whole
 */
export function mock(options: MockOptions = {}): Mock {
  const release = findRelease(options.release ?? '2024.8.3')
  const seed = checkWhole('seed', options.seed ?? 1)
  const codes = checkWhole('codes', options.codes ?? 20)
  const clock = createClock(options.now)
  const began = Math.floor(clock.now() / 60_000) * 60_000
  const file = options.world && checkWorld(options.world, resources)
  const world = createWorld(resources, clock)
  const routes = createRoutes(release.behaviour.server.replace(/\/$/, ''), release.operations)
  const fidelity = checkFidelity(options.fidelity ?? 'documented')
  const voice = createVoice(fidelity === 'observed' ? deviationsOf(release.version) : undefined)
  const behind = dispatcher({
    world,
    release,
    routes,
    pages,
    voice,
    authenticate,
    notEmulated: options.log ?? (() => {}),
  })
  const answer = dated((options.front ?? fidelity === 'documented') ? front(behind) : behind, clock)

  async function fill(): Promise<void> {
    if (file) await world.load(file)
    else await world.seed(seed, { codes }, began)
    if (options.token !== undefined) await setBootstrapToken(world, options.token)
  }

  let waiting: Promise<void> | undefined
  /** One after the other, so that two never mix their rows. */
  function refill(): Promise<void> {
    const filled = Promise.resolve(waiting)
      .catch(() => {})
      .then(fill)
    waiting = filled
    void settle(filled)
    return filled
  }
  /** A world that could not be filled stays in the way: every answer says why. */
  async function settle(filled: Promise<void>): Promise<void> {
    const whole = await filled.then(
      () => true,
      () => false,
    )
    if (whole && waiting === filled) waiting = undefined
  }
  const ready = refill()

  const own: Mock = {
    release: release.version,
    fidelity,
    seed: file ? undefined : seed,
    clock,
    world,
    operations: release.operations,
    ready,
    tokens: () => findTokens(world),
    async logIn(username) {
      await waiting
      const user = world.rows(users).find('username', username)
      if (!user)
        throw new RangeError(
          `Failed to log in: there is no user "${username}". Known: ${[...world.rows(users).all()].map((one) => one.username).join(', ')}.`,
        )
      const { session_key } = await startSession(user.pk, world)
      const csrf = world.dice.key(32)
      return { Cookie: `${SESSION_COOKIE}=${session_key}; ${CSRF_COOKIE}=${csrf}`, [CSRF_HEADER]: csrf }
    },
    emulates(path) {
      const clean = cleanPath(decodePath(path))
      return routes.match(clean) !== undefined || (clean !== '/' && clean in pages)
    },
    answer: (call) => (waiting ? waiting.then(() => answer(call)) : answer(call)),
    fetch: async (request) => toResponse(await own.answer(toCall(request)), request.method),
    reset() {
      clock.reset()
      return refill()
    },
  }
  return own
}

async function setBootstrapToken(world: World, key: string): Promise<void> {
  const identifier = 'authentik-bootstrap-token'
  const superuser = [...world.rows(users).all()].find((user) => user.is_active && isSuperuser(user, world))
  if (!superuser)
    throw new RangeError(
      'Failed to set the token: the world has no active superuser. Give one, or leave AUTHENTIK_BOOTSTRAP_TOKEN unset.',
    )
  await world.rows(apiTokens).delete(identifier)
  await world.rows(apiTokens).create({
    identifier,
    key,
    intent: 'api',
    user: superuser.pk,
    expiring: false,
    expires: null,
    managed: null,
    description: '',
  })
}

function findTokens(world: World) {
  const working = [...world.rows(apiTokens).all()].filter(({ intent, expires }) => intent === 'api' && expires === null)
  const keyOf = (superuser: boolean) =>
    working.find((token) => {
      const user = world.rows(users).get(token.user)!
      return user.is_active && isSuperuser(user, world) === superuser
    })?.key
  return { superuser: keyOf(true), user: keyOf(false) }
}

function checkFidelity(given: string): Fidelity {
  if (given !== 'documented' && given !== 'observed')
    throw new RangeError(`Failed to make a mock: there is no fidelity "${given}". Give documented or observed.`)
  return given
}

function checkWhole(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`Failed to make a mock: ${name} is ${value}. Give a whole number from 0.`)
  return value
}
