/**
 * Answers the navigations of pages, as far as a service worker cannot: the page that it would ask is gone by then.
 * Imported in a browser, beside what a page must have to start.
 */
import type { Call, Reply } from '../http/message.ts'
import type { Mock } from './mock.ts'
import type { Navigation } from './whole-page.ts'

/** By it a page in a popup or frame calls the page with the mock, which goes on with it. */
const CALL = 'authentik-mock:call'

/** What a page says with that. */
interface PageCall {
  view: Window
  /** Whether a worker answered, and no dev server. */
  isShown?: boolean
}

const REMEDY = 'Use fetch, or authentik-mock serve'
const WITHOUT_KEEP = `The login leaves this page, and the world is lost with it, the code too. Give handlers(mock, { keep: 'session' }). Or use a popup or a frame.`
const WITH_LOST_CODE = `The code in the address of this page is of a world that was lost when the page was loaded. Give handlers(mock, { keep: 'session' }). Or use a popup or a frame.`
const WITHOUT_MOCK = `A dev server answered authentik's address: no page with the mock opened this one. ${REMEDY}.`
const WITHOUT_WORKER = `A frame was led to another origin, where no service worker answers. If that was authentik, redirect the whole page, with keep: 'session'. ${REMEDY}.`
const WITHOUT_API = `The page with the mock is gone, so that nobody answers the forms of this one: that takes the browser's Navigation API, or a page that opened it. ${REMEDY}.`

/** What a page runs with which a worker answers: it calls the page that opened it. */
const CALL_SCRIPT = `<script>opener?opener.dispatchEvent(new CustomEvent('${CALL}',{detail:{view:window,isShown:true}})):window===top&&console.warn(${JSON.stringify(`[authentik-mock] ${WITHOUT_API}`)})</script>`

/** A page with that script, which its policy would forbid; any other reply as it is. */
export function withCall({ status, headers, body }: Reply): Reply {
  const isPage = headers.some(([name, value]) => name === 'Content-Type' && value.startsWith('text/html'))
  if (!isPage || body === '') return { status, headers, body }
  return {
    status,
    headers: headers.filter(([name]) => name !== 'Content-Security-Policy'),
    body: body + CALL_SCRIPT,
  }
}

const warnings = new Set<string>()

function warnOnce(message: string): void {
  if (!warnings.has(message)) console.warn(`[authentik-mock] ${message}`)
  warnings.add(message)
}

/** Says why a code cannot be exchanged: the console of the page that knew of it is empty by now. */
export function warnOfLostCode({ path }: Pick<Call, 'path'>, { status }: Reply): void {
  if (status !== 400 || !path.endsWith('/application/o/token/')) return
  if (/[?&#]code=/.test(location.search + location.hash)) warnOnce(WITH_LOST_CODE)
}

/** The latest navigation of a window, which ends the one before. */
const latest = new WeakMap<Window, Navigation>()

/** What ends that navigations are answered, by the origins of a mock. */
const listening = new Map<string, AbortController>()

/**
 * Answers the navigations of this page inside it, and those of its popups and frames inside them.
 * @param origins those of the mock; undefined for any
 * @param isKept whether the world outlives the page
 */
export function answerNavigations(mock: Mock, origins: readonly string[] | undefined, isKept: boolean): void {
  const end = new AbortController()
  const answering = new Answering(mock, origins, isKept, end.signal)
  // A dev server answers what it does not know with the page of the application: in frames of MSW 2, and a reload.
  const isPresent = answering.isMocked(new URL(location.href))
  if (isPresent && callOwner()) return
  const key = String(origins)
  listening.get(key)?.abort()
  listening.set(key, end)
  answering.listen(window)
  addEventListener(CALL, (event) => answering.takeCall(event as CustomEvent<PageCall>), end)
  const options = { capture: true, signal: end.signal }
  document.addEventListener('load', ({ target }) => answering.checkFrame(target), options)
  if (isPresent && window === top && !opener) answering.playPresent(window)
  else if (isPresent) warnOnce(WITHOUT_MOCK)
}

/** What one mock answers. */
class Answering {
  readonly #mock: Mock
  readonly #origins: readonly string[] | undefined
  readonly #isKept: boolean
  readonly #signal: AbortSignal

  constructor(mock: Mock, origins: readonly string[] | undefined, isKept: boolean, signal: AbortSignal) {
    this.#mock = mock
    this.#origins = origins
    this.#isKept = isKept
    this.#signal = signal
  }

  isMocked({ origin, pathname }: URL): boolean {
    return (!this.#origins || this.#origins.includes(origin)) && this.#mock.emulates(pathname)
  }

  /** Answers the navigations of a window in it. */
  listen(view: Window): void {
    const answer = (event: NavigateEvent) => {
      const { destination, formData: form, navigationType } = event
      const url = new URL(destination.url)
      const isLeft = event.cancelable && !destination.sameDocument && event.downloadRequest === null
      if (!isLeft || event.defaultPrevented || !this.isMocked(url)) return
      event.preventDefault()
      void this.#play(view, { url, form, isReplacing: navigationType !== 'push' })
    }
    view.navigation?.addEventListener('navigate', answer, { signal: this.#signal })
  }

  /** Answers what a window was opened for. */
  playPresent(view: Window): void {
    void this.#play(view, { url: new URL(view.location.href), isReplacing: true })
  }

  /** Goes on with a page in a popup or frame. */
  takeCall(event: CustomEvent<PageCall>): void {
    const { view, isShown } = event.detail
    if (!this.isMocked(new URL(view.location.href))) return
    event.preventDefault()
    this.listen(view)
    if (!isShown) this.playPresent(view)
  }

  /** Says that a frame is answered by nobody. Where a script has led it is not to be known. */
  checkFrame(frame: EventTarget | null): void {
    if (!(frame instanceof HTMLIFrameElement) || frame.contentDocument || frame.srcdoc) return
    const isForeign = URL.canParse(frame.src)
      ? this.isMocked(new URL(frame.src))
      : this.#origins?.some((origin) => origin !== location.origin)
    if (isForeign) warnOnce(WITHOUT_WORKER)
  }

  async #play(view: Window, navigation: Navigation): Promise<void> {
    latest.set(view, navigation)
    if (view === window && !this.#isKept) warnOnce(WITHOUT_KEEP)
    const { playNavigation } = await import('./whole-page.ts')
    await playNavigation(navigation, {
      mock: this.#mock,
      view,
      isMocked: (url) => this.isMocked(url),
      isLatest: () => latest.get(view) === navigation,
      play: (next) => void this.#play(view, next),
    })
  }
}

/** Calls the page that opened or frames this one. @returns whether its mock answers here */
function callOwner(): boolean {
  const detail: PageCall = { view: window }
  try {
    return [opener, parent].some(
      (owner) => owner && owner !== window && !owner.dispatchEvent(new CustomEvent(CALL, { detail, cancelable: true })),
    )
  } catch {
    // It is of another origin.
    return false
  }
}
