/** Shows authorization codes on one screen, which reads them with authentik's own client. */
import { Configuration, type ExpiringBaseGrantModel, Oauth2Api } from '@goauthentik/api'
import { startMock } from './mock.ts'

/** The units of time with their lengths in seconds, the longest first. */
const UNITS = [
  ['year', 31_557_600],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

// With a real authentik these values would come from its login, and nothing below would change.
const { accessToken, pks } = await startMock()

const api = new Oauth2Api(new Configuration({ basePath: '/api/v3', accessToken }))
const codes = await Promise.all(pks.map((id) => api.oauth2AuthorizationCodesRetrieve({ id })))

find('#codes').append(...codes.map(toRow))
find('#status').textContent = `${codes.filter((code) => !code.isExpired).length} of ${codes.length} can still be used`

/** Finds an element of the page. */
function find(selector: string): Element {
  const match = document.querySelector(selector)
  if (!match) throw new Error(`The page has no ${selector}.`)
  return match
}

function toRow({ pk, user, provider, scope, expires, isExpired }: ExpiringBaseGrantModel): HTMLElement {
  const avatar = element('img', '', { src: user.avatar, alt: '' })
  const holder = element(
    'div',
    '',
    { className: 'who' },
    avatar,
    element('span', user.name, {}, element('small', user.username)),
  )
  const timeLeft = isExpired ? 'expired' : toTimeLeft(expires)
  return element(
    'tr',
    '',
    {},
    element('td', String(pk)),
    element('td', '', {}, holder),
    element('td', provider.name, {}, element('small', provider.assignedApplicationSlug || 'no application')),
    element(
      'td',
      scope.length ? '' : 'none',
      {},
      ...scope.map((name) => element('span', name, { className: 'scope' })),
    ),
    element('td', timeLeft, { className: isExpired ? 'expired' : 'live' }),
  )
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
