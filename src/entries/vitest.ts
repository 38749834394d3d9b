/** authentik-mock/vitest: a mock for the tests of a file, and matchers of what was asked of it. */
import type { RequestHandler } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { quote } from '../schema/json.ts'
import { nearestTo } from '../schema/nearest.ts'
import { control, type ControlledMock } from '../control/control.ts'
import type { JournalEntry } from '../control/types.ts'
import { isWithoutSlash, lineOf } from '../doors/vitest/asked.ts'
import { isRunning, listen, stopListening } from '../doors/vitest/listening.ts'
import { addMatchers } from '../doors/vitest/matchers.ts'
import { mock } from '../mock/mock.ts'
import { checkNames, type MockOptions } from '../mock/options.ts'
import { handlers as handlersOf, type HandlersOptions } from './msw.ts'

export type { ControlledMock } from '../control/control.ts'
export type { AskedMatch, Endpoint } from '../doors/vitest/asked.ts'
export type { ComponentMatch } from '../doors/vitest/component.ts'
export type { AuthentikMatchers, ComponentMatchers } from '../doors/vitest/matchers.ts'
export type { ComponentName, OperationName } from '../doors/vitest/names.ts'

addMatchers()

/** What a mock for tests is made with, and which requests are its own. */
export interface SetupOptions extends MockOptions, HandlersOptions {
  /**
   * What becomes of a request below authentik's own paths that nothing answers. With `'error'` it is a network error,
   * and the test fails with its name; so it does for an operation that authentik has and the mock has not, and for a
   * path without its final slash, which authentik does not know either.
   * @default 'error'
   */
  unhandled?: 'error' | '501' | 'bypass'
  /** Handlers of other servers, which stand before those of the mock. */
  handlers?: readonly RequestHandler[]
  /** In a browser, the address of MSW's worker. @default '/mockServiceWorker.js' */
  worker?: string
}

/** The options that are not those of a mock. */
const OPTIONS = ['origin', 'unhandled', 'keep', 'handlers', 'worker'] satisfies Exclude<
  keyof SetupOptions,
  keyof MockOptions
>[]

/**
 * Has a mock answer while the tests of a file run, or those of a `describe` in which it is called: it listens before the
 * first, begins anew after each, and is silent after the last.
 * @returns the mock, under control, whose world is filled when the first test begins
 * @throws MockError ERR_OPTION, ERR_RELEASE, ERR_CLOCK, ERR_WORLD for an option of a mock that cannot be
 * @throws TypeError for an option of the handlers that cannot be
 * @throws Error in a hook or a test, where it is too late to listen
 * @example
 * const authentik = setupAuthentikMock({ token: 'my-token' })
 * it('reads a code', async () => {
 *   await fetch('https://authentik.company/api/v3/oauth2/authorization_codes/1/')
 *   expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_retrieve', { params: { id: 1 }, status: 403 })
 * })
 */
export function setupAuthentikMock(options: SetupOptions = {}): ControlledMock {
  if (isRunning())
    throw new Error(
      'Failed to set up the mock: a hook or a test runs already, so that it would never listen. Call setupAuthentikMock() at the top level of the file, or in describe().',
    )
  checkNames(options, OPTIONS)
  const { origin, unhandled = 'error', keep, handlers = [], worker, ...mockOptions } = options
  if (!Array.isArray(handlers)) throw setupError(`handlers is ${quote(handlers)}. Give a list of handlers of MSW`)
  if (worker !== undefined && typeof worker !== 'string')
    throw setupError(`worker is ${quote(worker)}. Give the address of MSW's worker, such as /mockServiceWorker.js`)
  const authentik = control(mock(mockOptions))
  const requestHandlers = [
    ...handlers,
    ...handlersOf(authentik, { unhandled, ...(origin !== undefined && { origin }), ...(keep && { keep }) }),
  ]
  const unanswered = unhandled === 'error' ? listUnanswered(authentik) : []
  const running = new Set<unknown>()
  // With `isolate: false` another file may have had another `expect`.
  addMatchers()

  beforeAll(async () => {
    await listen(authentik, requestHandlers, worker)
    await authentik.ready
  })
  beforeEach(({ task, onTestFinished }) => {
    running.add(task)
    onTestFinished(() => putUnansweredFirst(task.result?.errors))
  })
  afterEach(async ({ task }) => {
    running.delete(task)
    // Of tests that run at once the last ends: the others would lose the world under their feet.
    if (running.size === 0) await authentik.reset()
    checkAnswered(unanswered)
  })
  afterAll(async () => {
    running.clear()
    await stopListening(authentik)
    checkAnswered(unanswered)
  })
  return authentik
}

const setupError = (reason: string) => new TypeError(`Failed to set up the mock: ${reason}.`)

/** Lists what is asked below authentik's paths and has no answer, as it comes: a test may clear the journal itself. */
function listUnanswered(authentik: ControlledMock): string[] {
  const lines: string[] = []
  authentik.journal.onRecord(({ id, outcome, path, status }) => {
    if ((outcome !== 'not-emulated' && status !== 404) || !authentik.claims(path)) return
    const entry = authentik.journal.get(id)
    if (!entry) return
    if (outcome === 'not-emulated') lines.push(`${lineOf(entry)}${nearestOf(authentik, entry)}`)
    else if (isWithoutSlash(entry)) lines.push(lineOf(entry))
  })
  return lines
}

/** The operation that reads most like what was asked for: letter by letter, because most are mistyped. */
function nearestOf({ operations }: ControlledMock, { request: { method, path } }: JournalEntry): string {
  const [, ownPath] = path.split('/api/v3', 2)
  if (ownPath === undefined) return ''
  const names = new Map(operations.map((operation) => [`${operation.method} ${operation.view.path}`, operation.id]))
  const nearest = nearestTo(`${method} ${ownPath}`, [...names.keys()])
  return `. Nearest in the mock: ${nearest} (${names.get(nearest)})`
}

/** How the message begins of which the other errors of a test follow. */
const UNANSWERED = 'Failed to answer what a test asked'

/** Has a failure begin with why a request failed, and not with what a test made of it, such as "Failed to fetch". */
function putUnansweredFirst(errors: { message: string }[] = []): void {
  const isCause = ({ message }: { message: string }) => message.startsWith(UNANSWERED)
  errors.sort((a, b) => Number(isCause(b)) - Number(isCause(a)))
}

/** @throws Error with what was not answered, which is then forgotten */
function checkAnswered(unanswered: string[]): void {
  const lines = unanswered.splice(0)
  if (lines.length)
    throw new Error(
      `${UNANSWERED}:\n${lines.map((line) => `  ${line}`).join('\n')}\nCorrect the request, or say { unhandled: '501' }, with which the test goes on. A request for which a test before did not wait counts here too.`,
    )
}
