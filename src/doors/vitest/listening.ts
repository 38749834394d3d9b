/** Has MSW hand requests to a mock, one mock in a worker at a time. */
import type { RequestHandler } from 'msw'
import { vi } from 'vitest'
import type { ControlledMock } from '../../control/control.ts'
import { isObject, readKey } from '../../schema/json.ts'

/** What listens, until it is stopped. */
interface Listener {
  authentik: ControlledMock
  stop(): Promise<void>
}

let listener: Listener | undefined

/** The mock to which requests go, while tests of its file run. */
export const listeningMock = (): ControlledMock | undefined => listener?.authentik

/** By the names of MSW 3 and MSW 2: what is not authentik's goes to where it would have gone. */
const BYPASS = { onUnhandledFrame: 'bypass', onUnhandledRequest: 'bypass' } as const

/**
 * Hands requests to a mock: by MSW's interceptors in Node, be there a `document` or not, and by a service worker in a
 * browser.
 * @param worker the address of the worker's script
 * @throws Error while another mock listens
 */
export async function listen(
  authentik: ControlledMock,
  handlers: readonly RequestHandler[],
  worker: string | undefined,
): Promise<void> {
  if (listener)
    throw new Error(
      'Failed to set up the mock: another listens already, so that requests could go to either. Call setupAuthentikMock() once in a file, or once in each of several describe() beside one another.',
    )
  const starting = { authentik, stop: async () => {} }
  listener = starting
  starting.stop = await (isInNode() ? startServer(handlers) : startWorker(handlers, worker))
}

/** Lets requests through again. */
export async function stopListening(authentik: ControlledMock): Promise<void> {
  if (listener?.authentik !== authentik) return
  const { stop } = listener
  listener = undefined
  await stop()
}

/**
 * Whether Vitest runs hooks and tests, and reads no file any more: it forgets in silence a hook that is added then.
 * No function of Vitest 3, 4 and 5 says so, but all of them keep the file, or the suite, that they are at.
 */
export const isRunning = (): boolean =>
  readKey(readKey(readKey(globalThis, '__vitest_worker__'), 'current'), 'result') !== undefined

/** Whether Node runs the tests: jsdom and happy-dom have a window there, and Vitest gives pages a `process` too. */
export const isInNode = (): boolean => typeof process !== 'undefined' && typeof process.versions?.node === 'string'

async function startServer(handlers: readonly RequestHandler[]): Promise<Listener['stop']> {
  // A bundler that serves this to a browser would look for it, and find that there it is not.
  const name = 'msw/node'
  const { setupServer } = (await import(/* @vite-ignore */ name)) as typeof import('msw/node')
  const server = setupServer(...handlers)
  const restorations = [liftPolicy(), keepImmediates()]
  server.listen(BYPASS)
  return async () => {
    server.close()
    for (const restore of restorations) restore()
  }
}

/** What `vi.useFakeTimers()` fakes by itself, but for `setImmediate`. */
const FAKED = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'requestIdleCallback',
  'cancelIdleCallback',
  'Date',
  'Intl',
  'performance',
] as const

/**
 * Has `vi.useFakeTimers()` leave `setImmediate` as it is, unless the configuration says what is faked. Node's `fetch`
 * waits for it before it uses a connection again, and MSW 3 answers on connections: after a 204 the next request would
 * wait for ever.
 * @returns makes it as it was
 */
function keepImmediates(): () => void {
  type Config = Parameters<typeof vi.setConfig>[0]
  // Vitest tells of its configuration nowhere else.
  const { fakeTimers = {} } = (readKey(readKey(globalThis, '__vitest_worker__'), 'config') ?? {}) as Config
  if (fakeTimers.toFake || readKey(fakeTimers, 'toNotFake')) return () => {}
  vi.setConfig({ fakeTimers: { ...fakeTimers, toFake: FAKED.filter((name) => name in globalThis) } })
  return () => vi.setConfig({ fakeTimers })
}

/**
 * Has happy-dom ask other origins without a preflight, as jsdom and a service worker do: authentik's API answers none,
 * so that no test of a client could ask it.
 * @returns makes it as it was
 */
function liftPolicy(): () => void {
  const window = readKey(globalThis, 'happyDOM')
  const settings = readKey(readKey(window, 'settings'), 'fetch')
  if (!isObject(settings)) return () => {}
  const { disableSameOriginPolicy } = settings
  settings['disableSameOriginPolicy'] = true
  return () => void (settings['disableSameOriginPolicy'] = disableSameOriginPolicy)
}

async function startWorker(handlers: readonly RequestHandler[], url: string | undefined): Promise<Listener['stop']> {
  const { setupWorker } = await import('msw/browser')
  const worker = setupWorker(...handlers)
  await worker.start({ ...BYPASS, quiet: true, ...(url !== undefined && { serviceWorker: { url } }) })
  return async () => worker.stop()
}
