/** The fixtures of Playwright: each test has an authentik of its own, though all share a server. */
import { isDeepStrictEqual } from 'node:util'
import {
  test as base,
  type BrowserContext,
  type Fixtures,
  type Page,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestInfo,
  type TestType,
  type WorkerInfo,
} from '@playwright/test'
import type { GrantRequest, MintedGrant, Scenario, ScenarioDefinition } from '../../control/types.ts'
import type { MockOptions } from '../../mock/options.ts'
import { openNamespace, openRoutes, type OpenAuthentik, type TestAuthentik } from './authentik.ts'
import { toJournalText } from './journal-text.ts'
import { createServerSource, type ControlServer } from './server.ts'
import type { ClockVerbs } from './verbs.ts'

/**
 * How a browser is led to the authentik of its test:
 * - `header`: by a header that its context sends. The application keeps the address of the server that it has.
 * - `path`: by an address of its own, `authentik.url`, which the test tells the application.
 * - `route`: by Playwright's routes, to a mock in the process of the test. There is no server.
 */
export type AuthentikMode = 'header' | 'path' | 'route'

/** What `test.use` and the configuration can say for a test. */
export interface AuthentikTestOptions {
  /** @default 'header' */
  authentikMode: AuthentikMode
  /** The options of `mock()`; what they leave out is as the server was given it. @default {} */
  authentikOptions: MockOptions
  /**
   * The origin by which browsers know authentik, or several: that of an application that leads `/api/v3/` on, too.
   * @default that of the server; in the mode `route` 'http://localhost:9000'
   */
  authentikOrigin: string | readonly string[] | undefined
  /**
   * A name for tests that share a namespace, such as those of a `test.describe.serial`. It lasts as long as the worker.
   * @default each test has one of its own
   */
  authentikNamespace: string | undefined
}

/** What a test is given. */
export interface AuthentikFixtures {
  /** The authentik of this test, with the verbs of the control API. */
  authentik: TestAuthentik
  /** Logs a user in, in the browser context of a page: `await loginAs(page, 'akadmin')`. */
  loginAs(target: BrowserContext | Page, user: number | string): Promise<void>
  /** Mints an authorization code: by default of akadmin, for the application `spa`. */
  mintCode(request?: Partial<Omit<GrantRequest, 'kind'>>): Promise<MintedGrant>
  /** Has something go wrong: `await scenario({ name: 'token-expired', once: true })`. */
  scenario(definition: ScenarioDefinition): Promise<Scenario>
  /** The clock of this test's authentik, and not that of the page. */
  clock: ClockVerbs
}

/** What a worker is given, and can be told. */
export interface AuthentikWorkerOptions {
  /** The address of the server of the run. @default AUTHENTIK_MOCK_URL, or else each worker starts one */
  authentikUrl: string | undefined
  /** The token of its control API. @default AUTHENTIK_MOCK_CONTROL_TOKEN */
  authentikControlToken: string | undefined
  /** The origins whose pages may read what a worker's own server answers. @default that of the project's `baseURL` */
  authentikCors: readonly string[] | undefined
}

/** What several tests share. @internal */
interface SharedAuthentik {
  opening: Promise<OpenAuthentik>
  /** What the first of them wished. */
  wish: Wish
}

/** What a worker keeps for its tests. @internal */
export interface AuthentikWorkerFixtures {
  authentikWorker: {
    /** The server, which is started when it is first asked for. */
    server(): Promise<ControlServer>
    /** The namespaces that tests share, by their names. */
    shared: Map<string, SharedAuthentik>
    /** What no other worker has in the names of its namespaces. */
    id: string
  }
}

/** Where routes answer unless something else is said: where `authentik-mock serve` listens. */
const DEFAULT_ORIGIN = 'http://localhost:9000'
const MODES: readonly string[] = ['header', 'path', 'route'] satisfies AuthentikMode[]

/** What a test says of its authentik. */
interface Wish {
  mode: AuthentikMode
  options: MockOptions
  origins: readonly string[]
  appOrigin: string | undefined
  /** That which several tests share. */
  shared: string | undefined
}

/** @throws Error for a mode that there is not, or what is no origin */
function readWish({
  authentikMode: mode,
  authentikOptions: options,
  authentikOrigin,
  authentikNamespace: shared,
  baseURL,
}: AuthentikTestOptions & Pick<PlaywrightTestOptions, 'baseURL'>): Wish {
  if (!MODES.includes(mode)) throw wishError(`there is no authentikMode "${mode}". Give ${MODES.join(', ')}`)
  const origins = (authentikOrigin === undefined ? [] : [authentikOrigin].flat()).map(readOrigin)
  if (shared !== undefined && !/^[\w-]{1,24}$/.test(shared))
    throw wishError(`authentikNamespace is "${shared}". Give 1 to 24 letters, digits, and signs of _-`)
  const appOrigin = baseURL !== undefined && URL.canParse(baseURL) ? new URL(baseURL).origin : undefined
  return { mode, options, origins, appOrigin, shared }
}

/** Reads an origin, which may have a final slash. */
function readOrigin(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : undefined
  if (origin === undefined || (text !== origin && text !== `${origin}/`))
    throw wishError(`authentikOrigin "${text}" is no origin. Give one such as ${DEFAULT_ORIGIN}`)
  return origin
}

const wishError = (reason: string) => new Error(`Failed to make the authentik of a test: ${reason}.`)

/** Opens what a test wishes, or what the tests before it have opened already. */
async function open(wish: Wish, worker: AuthentikWorkerFixtures['authentikWorker']): Promise<OpenAuthentik> {
  const create = async (name: string): Promise<OpenAuthentik> => {
    const { mode, options, origins, appOrigin } = wish
    if (mode === 'route')
      return openRoutes(options, { origins: origins.length > 0 ? origins : [DEFAULT_ORIGIN], appOrigin })
    return openNamespace(await worker.server(), { name, options, origins, byHeader: mode === 'header' })
  }
  if (wish.shared === undefined) return create(`${worker.id}.${randomId()}`)
  const present = worker.shared.get(wish.shared)
  if (present) checkSame(wish, present.wish)
  const shared = present ?? { wish, opening: create(`${worker.id}.${wish.shared}`) }
  worker.shared.set(wish.shared, shared)
  // The worker closes it, when its last test is over.
  return { ...(await shared.opening), close: async () => {} }
}

/** @throws Error for a test that shares a namespace, and wishes another than the tests before it */
function checkSame(wish: Wish, first: Wish): void {
  const names = [
    ...(isDeepStrictEqual(wish.options, first.options) ? [] : ['authentikOptions']),
    ...(wish.mode === first.mode ? [] : ['authentikMode']),
    ...(isDeepStrictEqual(wish.origins, first.origins) ? [] : ['authentikOrigin']),
  ]
  if (names.length > 0)
    throw wishError(
      `the namespace "${wish.shared}" was made by another test with other ${names.join(', ')}. Give all tests of authentikNamespace: "${wish.shared}" the same, or each its own name`,
    )
}

/** Letters and digits that no other test has. */
const randomId = () => crypto.randomUUID().replaceAll('-', '').slice(0, 12)

/** Shows in the report of a test that failed what it asked, and why that was answered so. */
async function attachJournal({ authentik, describe }: OpenAuthentik, testInfo: TestInfo): Promise<void> {
  const entries = await authentik.journal.find()
  const text = toJournalText(entries, entries.length === 0 ? await describe() : '')
  const body = JSON.stringify(entries, undefined, 2)
  await testInfo.attach('authentik-mock journal', { body, contentType: 'application/json' })
  await testInfo.attach('authentik-mock journal, to read', { body: text, contentType: 'text/plain' })
}

/** What the fixtures of a test are made from. */
type TestFixtures = AuthentikFixtures & AuthentikTestOptions & { authentikOpened: OpenAuthentik }

/**
 * The fixtures, for a `test` of your own.
 * @example export const test = base.extend(authentikFixtures)
 */
export const authentikFixtures: Fixtures<
  TestFixtures,
  AuthentikWorkerOptions & AuthentikWorkerFixtures,
  PlaywrightTestArgs & PlaywrightTestOptions,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
> = {
  authentikMode: ['header', { option: true }],
  authentikOptions: [{}, { option: true }],
  authentikOrigin: [undefined, { option: true }],
  authentikNamespace: [undefined, { option: true }],
  authentikUrl: [undefined, { option: true, scope: 'worker' }],
  authentikControlToken: [undefined, { option: true, scope: 'worker' }],
  authentikCors: [undefined, { option: true, scope: 'worker' }],

  authentikWorker: [
    async ({ authentikUrl, authentikControlToken, authentikCors }, use, { project }: WorkerInfo) => {
      const { baseURL } = project.use
      const cors = authentikCors ?? (baseURL !== undefined && URL.canParse(baseURL) ? [new URL(baseURL).origin] : [])
      const source = createServerSource({ url: authentikUrl, token: authentikControlToken, cors })
      const shared = new Map<string, SharedAuthentik>()
      await use({ server: source.open, shared, id: randomId() })
      const opened = await Promise.allSettled([...shared.values()].map(({ opening }) => opening))
      await Promise.all(opened.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)))
      await source.close()
    },
    { scope: 'worker', box: true },
  ],

  authentikOpened: [
    async (
      { authentikMode, authentikOptions, authentikOrigin, authentikNamespace, authentikWorker, baseURL },
      use,
      testInfo: TestInfo,
    ) => {
      const wish = readWish({ authentikMode, authentikOptions, authentikOrigin, authentikNamespace, baseURL })
      const opened = await open(wish, authentikWorker)
      await use(opened)
      if (testInfo.status !== testInfo.expectedStatus) await attachJournal(opened, testInfo)
      await opened.close()
    },
    { box: true },
  ],

  authentik: async ({ authentikOpened }, use) => use(authentikOpened.authentik),

  // What `browser.newContext()` and `request` send too.
  extraHTTPHeaders: async ({ extraHTTPHeaders, authentikOpened }, use) =>
    use({ ...extraHTTPHeaders, ...authentikOpened.headers }),

  // A file's own `extraHTTPHeaders` stand in the place of those above.
  context: async ({ context, extraHTTPHeaders, authentikOpened }, use) => {
    await authentikOpened.authentik.lead(context, extraHTTPHeaders)
    await use(context)
  },

  loginAs: async ({ authentik }, use) => use(authentik.loginAs),
  mintCode: async ({ authentik }, use) =>
    use((request) => authentik.mint({ kind: 'authorization_codes', user: 'akadmin', provider: 'spa', ...request })),
  scenario: async ({ authentik }, use) => use(authentik.scenario),
  clock: async ({ authentik }, use) => use(authentik.clock),
}

/**
 * Playwright's `test`, with an authentik for each test.
 * @example test('a code is shown', async ({ page, authentik, loginAs }) => { ... })
 */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & TestFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & AuthentikWorkerOptions & AuthentikWorkerFixtures
> = base.extend<TestFixtures, AuthentikWorkerOptions & AuthentikWorkerFixtures>(authentikFixtures)
