/** Shows authorization codes on one screen, which reads and deletes them with authentik's own client. */
import { Configuration, type ExpiringBaseGrantModel, Oauth2Api, ResponseError } from '@goauthentik/api'
import { explainFailure, toText } from './failure.ts'

/** The units of time with their lengths in seconds, the longest first. */
const UNITS = [
  ['year', 31_557_600],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

const token = find('#token', HTMLSelectElement)
const table = find('table', HTMLTableElement)
const body = find('#codes', HTMLTableSectionElement)
const status = find('#status', HTMLElement)
const problem = find('#problem', HTMLElement)

// With a real authentik the token would come from its login, and nothing else would change.
const api = new Oauth2Api(new Configuration({ basePath: '/api/v3', accessToken: () => token.value }))
let codes: ExpiringBaseGrantModel[] = []

token.addEventListener('change', show)
if (await isStarted()) {
  await show()
  setInterval(() => (codes.some(hasRunOut) ? show() : showTimes()), 1000)
}

/** Starts the mock, of which a build for production has nothing. What goes wrong is shown. */
async function isStarted(): Promise<boolean> {
  if (!import.meta.env.DEV) return true
  try {
    const { startMock } = await import('./mock.ts')
    await startMock()
    return true
  } catch (error) {
    console.error(error)
    const { cause, remedy } = await explainFailure(error)
    token.disabled = true
    showProblem('authentik did not start', cause, element('p', remedy))
    return false
  }
}

/** Reads the codes, and shows them or what authentik says against it. */
async function show(): Promise<void> {
  try {
    codes = (await api.oauth2AuthorizationCodesList({ ordering: 'expires' })).results
  } catch (error) {
    return showError(error)
  }
  problem.replaceChildren()
  table.hidden = false
  // A row that stays is left in its place, and with it the focus of its button.
  for (const row of body.querySelectorAll('tr')) if (!codes.some(({ pk }) => row.id === `code-${pk}`)) row.remove()
  for (const code of codes) if (!document.getElementById(`code-${code.pk}`)) body.append(toRow(code))
  showTimes()
}

function showTimes(): void {
  if (table.hidden) return
  for (const code of codes) {
    const time = find(`#code-${code.pk} .time`, HTMLElement)
    time.textContent = code.isExpired ? 'expired' : toTimeLeft(code.expires)
    time.classList.toggle('expired', code.isExpired)
  }
  const text = `${codes.filter((code) => !code.isExpired).length} of ${codes.length} can still be used`
  // A reader of the screen says it anew whenever it is written.
  if (status.textContent !== text) status.textContent = text
}

/** Deletes a code, and leads the focus to the row beside it. */
async function remove(pk: number): Promise<void> {
  const row = find(`#code-${pk}`, HTMLElement)
  const neighbour = row.nextElementSibling ?? row.previousElementSibling
  try {
    await api.oauth2AuthorizationCodesDestroy({ id: pk })
  } catch (error) {
    return showError(error)
  }
  await show()
  ;(neighbour?.querySelector('button') ?? token).focus()
}

/** Shows an answer of authentik as it came, or why there is none. */
async function showError(error: unknown): Promise<void> {
  if (!(error instanceof ResponseError)) return showProblem('authentik did not answer', toText(error))
  const { status: code, headers } = error.response
  const answer = await error.response.text()
  showProblem(`authentik answered ${code}`, headers.get('Content-Type') ?? 'no type', element('pre', answer))
}

function showProblem(title: string, text: string, ...details: HTMLElement[]): void {
  codes = []
  body.replaceChildren()
  table.hidden = true
  status.textContent = 'No codes'
  problem.replaceChildren(element('h2', title), element('p', text), ...details)
}

function toRow({ pk, user, provider, scope }: ExpiringBaseGrantModel): HTMLElement {
  const avatar = element('img', '', { src: user.avatar, alt: '' })
  const who = element('div', '', { className: 'who' }, avatar, element('span', user.name, {}, small(user.username)))
  const scopes = scope.map((name) => element('span', name, { className: 'scope' }))
  const button = element('button', 'Delete', { type: 'button', ariaLabel: `Delete code ${pk}` })
  button.addEventListener('click', () => remove(pk))
  return element(
    'tr',
    '',
    { id: `code-${pk}`, role: 'row' },
    cell('', element('span', String(pk))),
    cell('', who),
    cell(provider.name, small(provider.assignedApplicationSlug || 'no application')),
    cell(scope.length ? '' : 'none', ...scopes),
    element('td', '', { className: 'time', role: 'cell' }),
    cell('', button),
  )
}

function cell(text: string, ...children: HTMLElement[]): HTMLElement {
  return element('td', text, { role: 'cell' }, ...children)
}

function small(text: string): HTMLElement {
  return element('small', text)
}

/** Whether the time of a code has run out since authentik was asked. */
function hasRunOut({ isExpired, expires }: ExpiringBaseGrantModel): boolean {
  return !isExpired && expires != null && expires.getTime() < Date.now()
}

/** Returns the time until an instant in the largest unit that fits: `74 years`, `2 minutes`. */
function toTimeLeft(expires: Date | null | undefined): string {
  if (!expires) return 'no expiry'
  const seconds = Math.max(0, (expires.getTime() - Date.now()) / 1000)
  const [unit, unitSeconds] = UNITS.find(([, length]) => seconds >= length) ?? ['second', 1]
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(
    seconds / unitSeconds,
  )
}

/** Finds an element of the page. */
function find<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const match = document.querySelector(selector)
  if (!(match instanceof kind)) throw new Error(`The page has no ${selector}.`)
  return match
}

/** Creates an element with a text and children. */
function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text: string,
  props: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: HTMLElement[]
): HTMLElementTagNameMap[Tag] {
  const created = Object.assign(document.createElement(tag), props)
  created.append(text, ...children)
  return created
}
