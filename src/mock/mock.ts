/** One mock: a release of authentik, a world, and what it answers. */
import { logInBrowser } from '../authentik/auth/log-in.ts'
import { cleanUpLoaded } from '../authentik/auth/clean-up.ts'
import { SESSION_COOKIE } from '../authentik/auth/sessions.ts'
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { findRelease } from '../authentik/releases/index.ts'
import { ASIDE, resources, type AuthentikResource } from '../authentik/resources/index.ts'
import { users, type User } from '../authentik/resources/users.ts'
import { isInBrowser, setCookies } from '../http/browser.ts'
import { guardLog } from '../http/log.ts'
import type { Answer, Call, Reply } from '../http/message.ts'
import type { Operation } from '../rest/operation.ts'
import type { Views } from '../rest/views.ts'
import { tablesOf, type Tables } from '../store/checked-table.ts'
import { createClock, type Clock } from '../store/clock.ts'
import { MockError } from '../store/mock-error.ts'
import { copyOf, quote } from '../schema/json.ts'
import { createRandom } from '../store/random.ts'
import { checkWorld, extendsDefault, type CheckedWorld, type WorldFile, type WorldForm } from '../store/world-file.ts'
import { World, type WorldSnapshot } from '../store/world.ts'
import { createFetch, type Fetch } from './fetch.ts'
import {
  checkListener,
  readOptions,
  requireCall,
  requireText,
  type Fidelity,
  type MockOptions,
  type Settings,
} from './options.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'
import { rulesOf } from './rules.ts'
import type { SavedWorld } from './saved-world.ts'
import { findTokens, requireSuperuser, setBootstrapToken } from './tokens.ts'

/**
 * What a mock knows: a table for each resource, by its name in a world file, and what is said once. Rows are frozen;
 * what a program makes or changes is checked as a world file is, and waits its turn.
 * @example
 * const authentik = mock()
 * await authentik.ready
 * authentik.world.users.get(2)?.username
 * await authentik.world.authorization_codes.create({ user: 2, provider: 1, scope: 'openid', expires: null })
 */
export type MockWorld = Tables<readonly AuthentikResource[]> & {
  /** What each user may do beyond their own, by username: authentik's permission codenames. */
  readonly permissions: Readonly<Record<string, readonly string[]>>
  /** What the world file had for which the mock has no table. */
  readonly aside: Readonly<Record<string, unknown>>
  /** Everything known, in the form of a world file. */
  toJSON(): WorldFile
}

/** One mock of an authentik. */
export interface Mock {
  /** The release of authentik that it is. */
  readonly release: string
  readonly fidelity: Fidelity
  /** What it answers below, with a slash at both ends: `/auth/`, or `/` for all. */
  readonly basePath: string
  /** Undefined when the mock was given a world. */
  readonly seed: number | undefined
  readonly clock: Clock
  /** What the mock knows; await `ready` before reading it. */
  readonly world: MockWorld
  readonly operations: readonly Operation[]
  /** Settles when the world is filled; every answer waits for it. */
  readonly ready: Promise<void>
  /**
   * Keys of API tokens that work: a superuser's and an ordinary user's, where the world has them.
   * @throws MockError ERR_WORLD before the mock is `ready`
   * @example fetch(url, { headers: { Authorization: `Bearer ${authentik.tokens().superuser}` } })
   */
  tokens(): { superuser: string | undefined; user: string | undefined }
  /**
   * Logs a user in, as the login flow would. In a page the browser gets the cookies, which no page can send itself.
   * @returns the headers that a browser then sends; the second only with what changes something
   * @throws MockError ERR_USER for a user who is not there, or inactive, or when the page's browser takes no cookie
   * @example fetch(url, { headers: await authentik.logIn('akadmin') })
   */
  logIn(username: string): Promise<{ Cookie: string; 'X-authentik-CSRF': string }>
  /**
   * Whether the mock has something on this path; not on `/`, which every site has.
   * @throws MockError ERR_OPTION for what is no text, as the next two do
   */
  emulates(path: string): boolean
  /**
   * Whether a request on this path is the mock's to answer: what it emulates, and what authentik has and the mock has
   * not, which is answered with 501; with its final slash or without, which is answered with 404. It is a promise where
   * the list of authentik's operations must be loaded for that.
   * @example await authentik.handles('/api/v3/core/brands/') // true
   */
  handles(path: string): boolean | Promise<boolean>
  /**
   * Whether a path is authentik's, be there something or not: `/api/v3` and everything below.
   * @example authentik.claims('/api/v3/core/no_such_thing/') // true
   */
  claims(path: string): boolean
  /** Answers a call with 501, which names the nearest operations, and tells `log`; at once when the mock is ready. */
  refuse(call: Call): Reply | Promise<Reply>
  /** Answers a call, as a transport hands it on; at once when the mock is ready. */
  answer(call: Call): Reply | Promise<Reply>
  /**
   * Fetches from the mock as the web's own `fetch` does from a server, whatever the origin, and takes what that takes.
   * A relative address is below that of the page, or below `http://localhost`. It follows redirects inside the mock,
   * such as that of the documentation's double slash, unless `redirect` says otherwise: with `manual` the redirect is
   * the response, as in Node. It may stand alone, as a client's `fetchApi`.
   *
   * Rejects with the reason of an AbortSignal, and with TypeError for what is no request, or none of http: and https:.
   * @example await authentik.fetch('/api/v3/root/config/')
   * @example new Configuration({ basePath: '/api/v3', accessToken: 'my-token', fetchApi: authentik.fetch })
   */
  readonly fetch: Fetch
  /**
   * The world as it is. It costs little: rows are frozen, and shared.
   * @throws MockError ERR_WORLD before the mock is `ready`
   * @example const before = authentik.snapshot()
   */
  snapshot(): WorldSnapshot
  /**
   * Makes the world what it was; the clock stays as it is.
   * @throws MockError ERR_WORLD for what is no snapshot of this mock
   * @example await authentik.restore(before)
   */
  restore(snapshot: WorldSnapshot): Promise<void>
  /**
   * Calls a listener after each turn that changed the world, be it a request's or a program's. What it throws is ignored.
   * @returns stops that
   * @throws MockError ERR_OPTION for an event that there is not, or no function
   * @example const stop = authentik.on('change', () => console.log(authentik.world.authorization_codes.size))
   */
  on(event: 'change', listener: () => void): () => void
  /**
   * The world as `JSON.stringify` writes it, for `load` of a mock that begins alike, such as after a reload of a page.
   * @throws MockError ERR_WORLD before the mock is `ready`
   */
  save(): SavedWorld
  /**
   * Makes the world what was saved; the clock stays as it is, and so does what `reset` goes back to. It takes its turn
   * at once, also for a promise, and `ready` waits for it.
   * @param saved what `save` gave, also as parsed JSON; nothing is loaded for undefined
   * @throws MockError ERR_WORLD for what no mock of the same release, options and world saved, or is not whole
   * @example await authentik.load(JSON.parse(text))
   */
  load(saved: unknown): Promise<void>
  /** Forgets every change: the world is as it was at the start, and the clock shows the time it began with. */
  reset(): Promise<void>
}

/** What lies behind a mock, for what is built on one. */
export interface MockCore {
  readonly world: World
  readonly release: AuthentikRelease
  readonly pipeline: Pipeline
  /** The mock's layers before another route. @throws what kept the world from being filled, when it is asked */
  through(route: Answer): Answer
  /** Where the world of a file is read by. */
  readonly form: WorldForm
  readonly settings: Settings
  /** What `reset` goes back to; undefined before the world is filled. */
  readonly start: WorldSnapshot | undefined
  /** Goes back to the start; times from now are counted anew. Whoever calls it has its turn. */
  restart(): void | Promise<void>
  /**
   * Another mock that begins as this one began, with a world and a clock of its own.
   * @param alias a base path, without its final slash, below which it answers too
   * @throws MockError ERR_WORLD before the mock is `ready`
   */
  fork(alias: string): Mock
  /**
   * Another mock with options of its own; what they leave out is as this mock was given it.
   * @param alias a base path, without its final slash, below which it answers too
   * @throws MockError as `mock` does
   */
  create(options: MockOptions, alias: string): Mock
  /**
   * Seeds the world anew, by what the clock shows, and has `reset` go back to that; what is left out stays as it was. Whoever
   * calls it has its turn.
   * @throws MockError ERR_WORLD for a mock that was given a world
   */
  seed(options: { seed?: number | undefined; codes?: number | undefined }): Promise<void>
  /**
   * Begins anew with another world, to which `reset` then goes back; where it is wrong, the one that is there stays.
   * @throws MockError ERR_WORLD
   */
  begin(world: object): Promise<void>
}

const cores = new WeakMap<Mock, MockCore>()

/** What lies behind a mock. @throws MockError ERR_OPTION for what is none */
export function coreOf(authentik: Mock): MockCore {
  const core = cores.get(authentik)
  if (!core) throw new MockError('ERR_OPTION', 'Failed to find a mock: this is none. Give what mock() gave.')
  return core
}

/** What a mock is made of. */
interface Plan {
  /** The options as they were given. */
  options: MockOptions
  settings: Settings
  release: AuthentikRelease
  clock: Clock
  form: WorldForm
  file: CheckedWorld | undefined
  /** The world that it begins with, where another mock began with it. */
  origin?: { world: World; start: WorldSnapshot; views: Views; began: number; isRelative: boolean }
  alias?: string
}

/**
 * Makes a mock. Its world is filled in the background: answers wait for it, and so does `ready`.
 * @throws MockError ERR_RELEASE, ERR_OPTION, ERR_CLOCK for an option that cannot be; ERR_WORLD for a world that is not whole
 * @example const authentik = mock({ release: '2025.12', token: 'my-token' })
 */
export function mock(options: MockOptions = {}): Mock {
  return assemble(planOf(options))
}

/** Says what is too old to run a mock, as the command does. */
function platformError(): Error {
  const { process } = globalThis as { process?: { version: string } }
  const remedy = process
    ? `Node ${process.version.slice(1)} is too old. Use Node 22.12 or newer.`
    : 'the browser is too old.'
  return new Error(`Failed to make a mock: ${remedy}`)
}

/** What a mock with these options is made of. @throws MockError as `mock` does */
function planOf(options: MockOptions): Plan {
  // Node 20 would fail later, and say nothing of itself.
  if (!('groupBy' in Map)) throw platformError()
  const settings = readOptions(options)
  const release = findRelease(settings.release)
  const clock = createClock(settings.now)
  const form = { resources, aside: ASIDE, rules: rulesOf(release), clock }
  // What extends the default world is read when that is there.
  const isWhole = settings.world !== undefined && !extendsDefault(settings.world)
  const file = isWhole ? checkWorld(settings.world, form) : undefined
  if (file && settings.token !== undefined) requireSuperuser(file.source)
  return { options, settings, release, clock, form, file }
}

/** The whole minute that rows about to expire are counted from. */
const beginningOf = (clock: Clock) => Math.floor(clock.now() / 60_000) * 60_000

/** Puts a mock together. */
function assemble(plan: Plan): Mock {
  const { settings, release, clock, form, file, origin, alias } = plan
  const world = origin ? origin.world.fork(clock, origin.start) : new World(resources, clock, form.rules)
  const pipeline = createPipeline(world, release, settings, { alias, views: origin?.views })
  const { refuse, emulates, handles, claims } = pipeline
  const began = origin?.began ?? beginningOf(clock)
  if (origin && file) cleanUpLoaded(world, began)
  let start = origin?.start
  let failure: { error: unknown } | undefined
  /** The world of a file, or what extends the seeded one. */
  let source = settings.world
  /** Whether it has times from now. */
  let isRelative = file?.isRelative ?? origin?.isRelative ?? false
  /** What the rows were seeded with last. */
  let sown = { seed: settings.seed, codes: settings.codes }

  async function fill(): Promise<void> {
    try {
      if (file) {
        await world.load(file)
        cleanUpLoaded(world, began)
      } else await sow(sown, began)
      await settle()
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  /** Fills the world by a seed, and with what extends that. */
  async function sow({ seed, codes }: typeof sown, moment: number): Promise<void> {
    isRelative = false
    await world.seed(seed, { codes }, moment)
    if (source === undefined || !extendsDefault(source)) return
    const { mergeWorld } = await import('../store/merge-world.ts')
    const merged = mergeWorld(source, world, form)
    ;({ isRelative } = merged)
    await world.load(merged, world.state())
  }
  /** Fills the world with another one than the options have. */
  async function fillWith(value: object): Promise<void> {
    source = value
    if (extendsDefault(value)) return sow(sown, beginningOf(clock))
    const checked = checkWorld(value, form)
    ;({ isRelative } = checked)
    await world.load(checked)
    cleanUpLoaded(world, beginningOf(clock))
  }
  /** Goes back to the start, with what is relative to the time of that. */
  function restart(): void | Promise<void> {
    const restored = source
    if (isRelative && restored) return begin(() => fillWith(restored))
    if (start) world.restore(start)
  }
  /** Fills the world anew, or leaves it as it is. */
  async function begin(task: () => Promise<void>): Promise<void> {
    const backup = world.snapshot()
    try {
      await task()
      await settle()
    } catch (error) {
      world.restore(backup)
      throw error
    }
    digest = undefined
  }
  /** Adds to the world what the options say, and keeps it as the start. */
  async function settle(): Promise<void> {
    if (settings.token !== undefined) await setBootstrapToken(world, settings.token)
    if (settings.autoLogin !== undefined) requireAutoLogin(settings.autoLogin, world)
    if (world.aside['passwords'] ?? world.aside['claims'] ?? Object.keys(world.permissions)[0])
      (await import('../authentik/answers/unknown-names.ts')).noteUnknownNames(world, settings.log)
    start = world.snapshot()
  }
  /** A world that could not be filled stays in the way: whoever wants something of it hears why. */
  const checkFilled = () => {
    if (failure) throw failure.error
  }
  /** Whoever asked before that was known hears it in their turn. */
  const through = (route: Answer): Answer =>
    pipeline.through((call) => {
      checkFilled()
      return route(call)
    })
  const answer = through(pipeline.route)
  const checkReady = (purpose: string) => {
    checkFilled()
    if (!start) throw new MockError('ERR_WORLD', `Failed to ${purpose}: the world is not filled yet. Await ready.`)
    return start
  }
  const inTurn = async <T>(task: () => T | Promise<T>): Promise<T> =>
    world.queue.run(() => {
      checkFilled()
      return task()
    })
  let ready = origin ? Promise.resolve() : Promise.resolve(world.queue.run(fill))
  ready.catch(() => {})
  let digest: string | undefined
  /** What the mock began with, in short. The first part is the form of what is saved. */
  const digestStart = () =>
    (digest ??= createRandom(
      JSON.stringify([1, release.version, sown.seed, sown.codes, settings.token, settings.world]),
    ).hex(32))
  async function load(promise: unknown): Promise<void> {
    const saved = await promise
    if (saved === undefined) return
    const { findFault } = await import('./saved-world.ts')
    const copy = copyOf(saved)
    const fault = findFault(copy, digestStart())
    if (fault) throw new MockError('ERR_WORLD', `Failed to load a saved world: ${fault}.`)
    const { world: rows, ...state } = copy as unknown as SavedWorld
    await world.load(checkWorld(rows, form), state)
    cleanUpLoaded(world, file && began, start)
  }

  const authentik: Mock = {
    release: release.version,
    fidelity: settings.fidelity,
    basePath: `${settings.base}/`,
    get seed() {
      return file ? undefined : sown.seed
    },
    clock,
    // Not Object.assign, which would ask once, before the world is filled.
    world: {
      ...tablesOf(world, resources),
      get permissions() {
        return world.permissions
      },
      get aside() {
        return world.aside
      },
      toJSON: () => world.toJSON(),
    },
    operations: release.operations,
    get ready() {
      return ready
    },
    tokens() {
      checkReady('read the tokens')
      return findTokens(world)
    },
    logIn: (username) => inTurn(() => logIn(username, world)),
    emulates: (path) => emulates(requirePath(path)),
    handles: (path) => handles(requirePath(path)),
    claims: (path) => claims(requirePath(path)),
    answer(call) {
      checkFilled()
      return answer(requireCall(call))
    },
    refuse(call) {
      checkFilled()
      return refuse(requireCall(call))
    },
    fetch: createFetch((call) => authentik.answer(call)),
    snapshot() {
      checkReady('take a snapshot')
      return world.snapshot()
    },
    on(event, listener) {
      checkListener(event, ['change'], listener)
      const tell = guardLog(listener)
      // The first turn fills the world, which changes nothing of it.
      let changes = start && world.changes
      return world.queue.afterEach(() => {
        const isChanged = changes !== undefined && changes !== world.changes
        ;({ changes } = world)
        if (isChanged) tell('change')
      })
    },
    save() {
      checkReady('save the world')
      return { start: digestStart(), world: world.toJSON(), ...world.state() }
    },
    load(saved) {
      const filled = ready
      const loading = inTurn(() => load(saved))
      ready = loading.then(
        () => filled,
        () => filled,
      )
      return loading
    },
    restore: (snapshot) => inTurn(() => world.restore(snapshot)),
    reset: () =>
      inTurn(() => {
        clock.reset()
        return restart()
      }),
  }
  cores.set(authentik, {
    world,
    release,
    pipeline,
    through(route) {
      const answerThrough = through(route)
      return (call) => {
        checkFilled()
        return answerThrough(call)
      }
    },
    form,
    settings,
    get start() {
      return start
    },
    fork(path) {
      const beginning = { world, start: checkReady('fork the mock'), views: pipeline.views, began, isRelative }
      const ownClock = createClock(settings.now)
      return assemble({
        ...plan,
        clock: ownClock,
        form: { ...form, clock: ownClock },
        settings: { ...settings, ...sown },
        alias: path,
        origin: beginning,
      })
    },
    create(options, path) {
      const { world: inherited, ...rest } = plan.options
      const isSeeded = options.seed !== undefined || options.codes !== undefined
      // A seed stands in for a world, unless that extends the default one.
      const keeps = inherited !== undefined && (!isSeeded || extendsDefault(inherited))
      return assemble({ ...planOf({ ...rest, ...(keeps && { world: inherited }), ...options }), alias: path })
    },
    async seed({ seed = sown.seed, codes = sown.codes }) {
      if (file)
        throw new MockError('ERR_WORLD', 'Failed to seed the world: the mock was given one. Replace that instead.')
      await begin(() => sow({ seed, codes }, beginningOf(clock)))
      sown = { seed, codes }
    },
    restart,
    begin: (value) => inTurn(() => begin(() => fillWith(value))),
  })
  return authentik
}

const requirePath = (path: unknown) => requireText(path, 'the path', '/api/v3/core/users/')

/** Looks whether there is a user to log in without a page. @throws MockError ERR_USER */
function requireAutoLogin(username: string, world: World): void {
  const [first] = world.table(users).values()
  if (username === 'akadmin' && first && !world.table(users).find('username', username))
    throw new MockError(
      'ERR_USER',
      `Failed to log in: login 'auto' stands for akadmin, whom the world does not have. Give login: 'auto:${first.username}'.`,
    )
  requireActiveUser(username, world)
}

/** A user by their name. @throws MockError ERR_USER with the names of all when there is none, or for one who is inactive */
function requireActiveUser(username: string, world: World): User {
  const user = world.table(users).find('username', username)
  if (!user) {
    const usernames = [...world.table(users).values()].map((row) => row.username).join(', ')
    throw new MockError('ERR_USER', `Failed to log in: there is no user ${quote(username)}. Known: ${usernames}.`)
  }
  if (!user.is_active) throw new MockError('ERR_USER', `Failed to log in: ${username} is inactive. Make them active.`)
  return user
}

async function logIn(username: string, world: World): Promise<{ Cookie: string; 'X-authentik-CSRF': string }> {
  const user = requireActiveUser(username, world)
  const { cookies, headers } = await logInBrowser(user.pk, world)
  if (isInBrowser() && !setCookies(cookies)) throw cookieError()
  return headers
}

/** A cookie that a server has set for itself alone is neither seen nor changed by a page. */
const cookieError = () =>
  new MockError(
    'ERR_USER',
    `Failed to log in: the browser takes no cookie ${SESSION_COOKIE}. Allow cookies, and delete that of a real authentik on this host.`,
  )
