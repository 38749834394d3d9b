/** The authentik of one test: where its browser finds it, and the verbs by which the test controls it. */
import type { BrowserContext, Page } from '@playwright/test'
import type { ControlledMock } from '../../control/control.ts'
import { NAMESPACE_HEADER } from '../../control/namespaces.ts'
import type { JournalEntry } from '../../control/types.ts'
import type { MockOptions } from '../../mock/options.ts'
import { quote } from '../../schema/json.ts'
import { askMock, askServer } from './ask.ts'
import { toCookies } from './cookies.ts'
import { createHeaderLead } from './header-lead.ts'
import { answerRoutes, type RoutedOrigins } from './route.ts'
import type { ControlServer } from './server.ts'
import { createVerbs, type ControlVerbs } from './verbs.ts'

/** The authentik of one test. */
export interface TestAuthentik extends ControlVerbs {
  /** The name of its namespace on the server; undefined for a mock of this process. */
  readonly namespace: string | undefined
  /** Where a browser of this test finds it, without a final slash: `http://localhost:9000`. */
  readonly url: string
  /**
   * The issuer of an application.
   * @param slug that of the application @default 'spa'
   * @example await page.goto(`/?issuer=${authentik.issuer()}`)
   */
  issuer(slug?: string): string
  /**
   * Asks it from the test, without a browser and its cookies.
   * @param path from the slash on, below `url`, or a whole address
   * @example await authentik.fetch('/api/v3/root/config/')
   */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /**
   * Leads a context of your own to it, as the context of `page` is led already: one that `beforeAll` made, or one with
   * `extraHTTPHeaders` of its own, which you give again.
   * @example await authentik.lead(context)
   */
  lead(target: BrowserContext | Page, extraHTTPHeaders?: Record<string, string>): Promise<void>
  /** Logs a user in, in a browser context: its cookies are those of a session. */
  loginAs(target: BrowserContext | Page, user: number | string): Promise<void>
}

/** The authentik of one test, until it is closed. */
export interface OpenAuthentik {
  authentik: TestAuthentik
  /** The headers that a context sends to be led to it. */
  headers: Record<string, string>
  /** Says where it is and how it is reached, to whom nothing came. */
  describe(): Promise<string>
  close(): Promise<void>
}

/** How a namespace of a server is made. */
export interface NamespaceRequest {
  name: string
  options: MockOptions
  /** The origins by which browsers know the server; those that are left out is its own. */
  origins: readonly string[]
  /** Whether contexts name it by a header, and not by the path. */
  byHeader: boolean
}

/** The question that all are asked to whom nothing came. */
const ELSEWHERE = 'did the application ask another address?'

/** @throws Error for what is no page and no context, such as a name that was given alone */
function contextOf(target: BrowserContext | Page, call: string): BrowserContext {
  if (typeof target !== 'object' || target === null || !('addCookies' in target || 'context' in target))
    throw new Error(`Failed to lead a browser: ${quote(target)} is no page and no context. Give one first: ${call}.`)
  return 'context' in target ? target.context() : target
}

/** Makes a namespace of a server. */
export async function openNamespace(
  server: ControlServer,
  { name, options, origins, byHeader }: NamespaceRequest,
): Promise<OpenAuthentik> {
  if (options.log)
    throw optionError('log is a function, which no server can be given. Give it with authentikMode: "route"')
  const askRun = askServer(server)
  // The journal tells whole seconds.
  const began = Math.floor(Date.now() / 1000) * 1000
  await askRun('POST', 'namespaces/', { name, ...(Object.keys(options).length > 0 && { options }) })
  const path = `/-/mock/ns/${name}`
  const { pathname } = new URL(server.url)
  const base = pathname.replace(/\/$/, '')
  const places = origins.length > 0 ? origins.map((origin) => origin + base) : [server.url]
  const urls = byHeader ? places : places.map((place) => place + path)
  const headers: Record<string, string> = byHeader ? { [NAMESPACE_HEADER]: name } : {}
  const headerLead = byHeader ? createHeaderLead(server, name) : undefined
  const authentik = createAuthentik(createVerbs(askServer(server, path)), {
    namespace: name,
    urls,
    fetch: (url, init) => {
      // The test's own process may know the server by another name than the browser.
      const whole = url.replace(urls[0] ?? '', byHeader ? server.url : server.url + path)
      const request = new Request(whole, init)
      for (const [header, value] of Object.entries(headers)) request.headers.set(header, value)
      return fetch(request)
    },
    lead: async (context, extraHeaders) => headerLead?.lead(context, extraHeaders),
    enter: async (context) => headerLead?.check(context),
  })
  const close = async () => {
    await askRun('DELETE', `namespaces/${name}/`)
  }
  const describe = async () => {
    const [url = ''] = urls
    if (!byHeader) return `It is at ${url}, and has the issuer ${authentik.issuer()}; ${ELSEWHERE}`
    // The server knows no test: what another test's page asks without the header is counted, too.
    const entries = (await askRun('GET', 'journal/?limit=1000&brief=true')) as JournalEntry[]
    const count = entries.filter(({ received }) => Date.parse(received) >= began).length
    return `It is at ${url}, by the header ${NAMESPACE_HEADER}: ${name}; ${ELSEWHERE} Without the header the server was asked ${count === 1 ? 'once' : `${count} times`} meanwhile.`
  }
  return { authentik, headers, describe, close }
}

/** Makes a mock in this process, to which a context's requests are routed. */
export async function openRoutes(options: MockOptions, routed: RoutedOrigins): Promise<OpenAuthentik> {
  const [{ mock }, { control }] = await Promise.all([import('../../mock/mock.ts'), import('../../control/control.ts')])
  const controlled: ControlledMock = control(mock(options))
  await controlled.ready
  const base = controlled.basePath.replace(/\/$/, '')
  const led = new WeakSet<BrowserContext>()
  const lead = async (context: BrowserContext) => {
    if (led.has(context)) return
    led.add(context)
    await answerRoutes(context, controlled, routed)
  }
  const authentik = createAuthentik(createVerbs(askMock(controlled)), {
    namespace: undefined,
    urls: routed.origins.map((origin) => origin + base),
    fetch: controlled.fetch,
    lead,
    // A context of this process is led by routes, which takes nothing from it.
    enter: lead,
  })
  const describe = async () => `Playwright's routes lead ${routed.origins.join(' and ')} to it; ${ELSEWHERE}`
  return { authentik, headers: {}, describe, close: async () => {} }
}

/** What differs between a namespace and a mock of this process. */
interface Place {
  namespace: string | undefined
  /** The addresses by which browsers know it, the first of which is told. */
  urls: readonly string[]
  fetch(url: string, init?: RequestInit): Promise<Response>
  lead(context: BrowserContext, extraHeaders?: Record<string, string>): Promise<void>
  /** Sees to it that a context is led here. @throws Error for one that is not, and loses something if it is led */
  enter(context: BrowserContext): Promise<void>
}

function createAuthentik(verbs: ControlVerbs, place: Place): TestAuthentik {
  const [url = ''] = place.urls
  const { namespace } = place
  return {
    ...verbs,
    namespace,
    url,
    issuer: (slug = 'spa') => `${url}/application/o/${slug}/`,
    fetch: (path, init) => place.fetch(path.startsWith('/') ? url + path : path, init),
    lead: async (target, extraHeaders) => place.lead(contextOf(target, 'lead(context)'), extraHeaders),
    async loginAs(target, user) {
      const context = contextOf(target, "loginAs(page, 'akadmin')")
      await place.enter(context)
      await checkActive(user, verbs)
      const { Cookie } = await verbs.logIn(user)
      await context.addCookies(place.urls.flatMap((address) => toCookies(Cookie, address)))
    },
  }
}

/** @throws Error for a user whom a login would refuse, though a session can be made for them */
async function checkActive(user: number | string, { world }: ControlVerbs): Promise<void> {
  // One who is not there is refused by the verb that logs in, which says who is.
  const rows = typeof user === 'number' ? await world.list('users') : await world.list('users', user)
  const row = rows.find(({ pk, username }) => pk === user || username === user)
  if (row && !row.is_active)
    throw new Error(
      `Failed to log in: the user "${row.username}" is inactive, and authentik shows them the login. Make them active with authentik.world.update('users', ${row.pk}, { is_active: true }), or log them in before they are made inactive.`,
    )
}

const optionError = (reason: string) => new Error(`Failed to make the authentik of a test: ${reason}.`)
