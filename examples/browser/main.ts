/** One screen that reads authorization codes with authentik's own client, and shows them. */
import { Configuration, type ExpiringBaseGrantModel, Oauth2Api } from '@goauthentik/api'
import { startMock } from './mock.ts'

// Against a real authentik these would come from its login, and nothing below would change.
const { accessToken, pks } = await startMock()

const api = new Oauth2Api(new Configuration({ basePath: '/api/v3', accessToken }))
const codes = await Promise.all(pks.map((id) => api.oauth2AuthorizationCodesRetrieve({ id })))

document.querySelector('#codes')!.append(...codes.map(toRow))
document.querySelector('#status')!.textContent =
  `${codes.filter((code) => !code.isExpired).length} of ${codes.length} can still be used`

function toRow({ pk, user, provider, scope, expires, isExpired }: ExpiringBaseGrantModel): HTMLElement {
  const avatar = element('img', '', { src: user.avatar, alt: '' })
  const who = element(
    'div',
    '',
    { className: 'who' },
    avatar,
    element('span', user.name, {}, element('small', user.username)),
  )
  const left = isExpired ? 'expired' : toSpan(expires)
  return element(
    'tr',
    '',
    {},
    element('td', String(pk)),
    element('td', '', {}, who),
    element('td', provider.name, {}, element('small', provider.assignedApplicationSlug || 'no application')),
    element('td', scope.length ? '' : 'none', {}, ...scope.map((one) => element('span', one, { className: 'scope' }))),
    element('td', left, { className: isExpired ? 'expired' : 'live' }),
  )
}

/** How long until then, in its largest unit: `74 years`, `2 minutes`. */
function toSpan(expires: Date | null | undefined): string {
  if (!expires) return 'no expiry'
  const seconds = Math.max(0, (expires.getTime() - Date.now()) / 1000)
  const [unit, length] =
    (
      [
        ['year', 31_557_600],
        ['day', 86_400],
        ['hour', 3600],
        ['minute', 60],
      ] as const
    ).find(([, one]) => seconds >= one) ?? (['second', 1] as const)
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(
    seconds / length,
  )
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text: string,
  props: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...inside: HTMLElement[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), props)
  made.append(text, ...inside)
  return made
}
