/**
 * Plays navigations inside the page that is led somewhere. The mock lives in a page: whole, it would be gone with it, so
 * that nobody answered the forms of the login. Imported when there is one.
 */
import { keepCookies } from '../http/browser.ts'
import type { Call, Reply } from '../http/message.ts'
import { toCall } from '../http/web.ts'
import type { Mock } from './mock.ts'

/** Where a page is led. */
export interface Navigation {
  url: URL
  /** What a form sends; null for whatever sends nothing. */
  form?: FormData | null
  /** The address of the page whose form it is, which may be authentik's in a page of another origin. */
  referer?: string
  /** Whether it takes the place of the present entry of the history. */
  isReplacing?: boolean
}

/** Where it is led. */
export interface Place {
  mock: Pick<Mock, 'answer'>
  /** The page's window, or that of a popup. */
  view: Window
  /** Whether the mock answers on an address. */
  isMocked(url: URL): boolean
  /** Whether it is led nowhere else by now. */
  isLatest(): boolean
  /** Leads it on. */
  play(navigation: Navigation): void
}

/** How many redirects are followed, as in every browser. */
const MAX_REDIRECTS = 20

/** Follows a navigation through the mock, and shows the page at its end, or leaves for where it leads. */
export async function playNavigation(navigation: Navigation, place: Place): Promise<void> {
  const { mock, view, isMocked, isLatest } = place
  const { form, referer } = navigation
  let { url } = navigation
  let body = form ? new URLSearchParams([...form].map(([name, value]) => [name, String(value)])) : undefined
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const request = new Request(url, { credentials: 'include', ...(body && { method: 'POST', body }) })
    const reply = await mock.answer(callFrom(referer, toCall(request)))
    if (!isLatest()) return
    keepCookies(reply.headers, request)
    const location = headerOf(reply, 'Location')
    if (location === undefined) return show(reply, { ...navigation, url }, place)
    url = new URL(location, url)
    body = undefined
    if (!isMocked(url)) return leave(url, view)
  }
  console.error(`[authentik-mock] Failed to open ${navigation.url}: too many redirects.`)
}

const headerOf = ({ headers }: Reply, name: string) => headers.find(([key]) => key === name)?.[1]

/** A call as of the page at an address. */
function callFrom(referer: string | undefined, call: Call): Call {
  if (referer === undefined) return call
  const headers = new Map([
    ['origin', new URL(referer).origin],
    ['referer', referer],
  ])
  return { ...call, header: (name) => headers.get(name) ?? call.header(name) }
}

/** Leaves the page; an address that differs by its fragment alone would otherwise lead nowhere. */
function leave(url: URL, { location }: Window): void {
  const isHere = url.href.split('#')[0] === location.href.split('#')[0]
  location.assign(url)
  if (isHere) location.reload()
}

const reload = ({ target }: Event) => (target as Window).location.reload()

/** Shows a page in the place of the present one. */
function show(reply: Reply, { url, isReplacing = false }: Navigation, place: Place): void {
  const { view } = place
  const { document, history } = view
  const page = readPage(reply, url)
  if (url.origin === view.location.origin) {
    if (isReplacing || url.href === view.location.href) history.replaceState(null, '', url)
    else history.pushState(null, '', url)
    // The page of another entry of the history is no longer in the document.
    view.addEventListener('popstate', reload)
  }
  const focused = page.querySelector<HTMLElement>('[autofocus]')
  focused?.removeAttribute('autofocus')
  // What a parser finds is never run: the one script of these pages sends their form.
  const isSent = page.scripts.length > 0
  page.documentElement.addEventListener('submit', (event) => sendForm(event, place))
  document.documentElement.replaceWith(page.documentElement)
  focused?.focus()
  if (isSent) document.forms[0]?.submit()
}

/** Sends a form, which on another origin would be a navigation that some tools wait for in vain. */
function sendForm(event: SubmitEvent, place: Place): void {
  const form = event.target as HTMLFormElement
  const url = new URL(form.action)
  if (form.method !== 'post' || !place.isMocked(url)) return
  event.preventDefault()
  place.play({ url, form: new FormData(form, event.submitter), referer: form.baseURI })
}

/** Reads a page, whose links and forms lead where they would at its own address. */
function readPage(reply: Reply, url: URL): Document {
  const isHtml = headerOf(reply, 'Content-Type')?.startsWith('text/html')
  const page = new DOMParser().parseFromString(isHtml ? reply.body : '<pre></pre>', 'text/html')
  if (!isHtml) page.querySelector('pre')?.append(reply.body)
  const base = page.createElement('base')
  base.href = url.href
  page.head.prepend(base)
  for (const form of page.forms) if (!form.hasAttribute('action')) form.action = url.href
  return page
}
