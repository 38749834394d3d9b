/** The page of a flow, for a person: plain HTML that needs no script, no file and no network. */
import type { OAuthContext } from '../oidc/endpoint.ts'
import { baseOf } from '../../http/message.ts'
import { escapeHtml } from '../../http/html.ts'
import { users } from '../resources/users.ts'

/** A challenge of the executor, of which the page reads some keys. */
export type Challenge = Record<string, any>

const STYLE = `:root{color-scheme:light dark;--ink:#1c2330;--paper:#fff;--edge:#667085;--page:#eef1f6;--act:#0b5cad;--on-act:#fff;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf3;--paper:#1b2230;--edge:#94a0b5;--page:#10151f;--act:#7cb8ff;--on-act:#0b1626;--bad:#ff9b8f}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:1.5rem;border:1px solid var(--edge);border-radius:.75rem;background:var(--paper)}
h1{margin:0 0 .5rem;font-size:1.35rem}label{display:block;margin-top:1rem;font-weight:600}
input{width:100%;margin-top:.25rem;padding:.6rem;border:1px solid var(--edge);border-radius:.4rem;background:var(--paper);color:inherit;font:inherit}
button,.button{display:inline-block;margin:1rem .5rem 0 0;padding:.6rem 1rem;border:1px solid var(--act);border-radius:.4rem;background:var(--act);color:var(--on-act);font:inherit;text-decoration:none;cursor:pointer}
button.plain,.button.plain{background:none;color:var(--act)}.users button{width:100%;text-align:left;margin:.5rem 0 0}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}.error{color:var(--bad);font-weight:600}ul{padding-left:1.2rem}.note{margin-top:1.5rem;font-size:.85rem}`

/**
 * What the page may do: nothing from elsewhere. A form may be sent to this server, and to where the client is called: a
 * browser also asks that of an answer to a form which redirects there.
 */
export const contentSecurityPolicy = (targets: readonly string[] = []) =>
  `default-src 'none'; script-src '${SUBMIT_HASH}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'; form-action 'self' ${targets.join(' ')}`.trimEnd()

const document = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>
<h1>${escapeHtml(title)}</h1>
${body}
<p class="note">This is authentik-mock, and no authentik. Give it no real password.</p>
</main></body>
</html>
`

/** What a page is written for. */
interface Writing {
  challenge: Challenge
  context: OAuthContext
  cancelUrl: string
}

const hidden = (name: string, value: string) =>
  `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`

const errorsOf = ({ response_errors: errors }: Challenge): string =>
  Object.values((errors ?? {}) as Record<string, { string: string }[]>)
    .flat()
    .map(({ string }) => `<p class="error" role="alert">${escapeHtml(string)}</p>`)
    .join('')

/** How many users are offered to click. */
const MAX_USERS = 12

function identification({ challenge, context }: Writing): string {
  const choices = [...context.world.table(users).values()]
    .filter(({ is_active, type }) => is_active && (type === 'internal' || type === 'external'))
    .slice(0, MAX_USERS)
  const buttons = choices.map(
    ({ username, name }) =>
      `<button class="plain" name="uid_field" value="${escapeHtml(username)}">${escapeHtml(name || username)} <small>(${escapeHtml(username)})</small></button>`,
  )
  const purpose = challenge['application_pre']
    ? `<p>to continue to <strong>${escapeHtml(challenge['application_pre'])}</strong></p>`
    : ''
  return `${purpose}${errorsOf(challenge)}<form method="post">
<label for="uid">Email or username</label><input id="uid" name="uid_field" autocomplete="username" autofocus>
<button>${escapeHtml(challenge['primary_action'])}</button>
</form>
<form method="post" class="users" aria-label="Users of this mock">${buttons.join('')}</form>`
}

const password = ({ challenge }: Writing) => `<p>as <strong>${escapeHtml(challenge['pending_user'])}</strong></p>
${errorsOf(challenge)}<form method="post">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" autofocus>
<button>Continue</button>
</form>${challenge['recovery_url'] ? `<p><a href="${escapeHtml(challenge['recovery_url'])}">Forgot password?</a></p>` : ''}`

/** A field of a prompt, which asks for a new password or shows what is known. */
function promptField({ field_key, label, type, required, initial_value }: Challenge, index: number): string {
  const key = escapeHtml(field_key)
  const kind =
    type === 'password' ? 'type="password" autocomplete="new-password"' : `value="${escapeHtml(initial_value)}"`
  const isRequired = required && type !== 'ak-locale'
  return `<label for="${key}">${escapeHtml(label)}</label><input id="${key}" name="${key}" ${kind}${isRequired ? ' required' : ''}${index ? '' : ' autofocus'}>`
}

const prompt = ({ challenge }: Writing) => `${errorsOf(challenge)}<form method="post">
${challenge['fields'].map(promptField).join('\n')}
<button>Continue</button>
</form>`

function consent({ challenge, cancelUrl }: Writing): string {
  const permissions = [...challenge['permissions'], ...challenge['additional_permissions']]
    .filter(({ name }) => name)
    .map(({ name }) => `<li>${escapeHtml(name)}</li>`)
  return `<p>${escapeHtml(challenge['header_text'] ?? '')}</p>
${errorsOf(challenge)}${permissions.length ? `<p>It asks for:</p><ul>${permissions.join('')}</ul>` : ''}<form method="post">
${hidden('component', 'ak-stage-consent')}${hidden('token', challenge['token'])}
<button>Allow</button><a class="button plain" href="${escapeHtml(cancelUrl)}">Deny</a>
</form>`
}

/** The page's one script, which sends a client what it is to have, and its hash. */
const SUBMIT = 'document.forms[0].submit()'
/** The hash of that script, by which the policy allows it. */
export const SUBMIT_HASH = 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='

/** A form that a client is sent; without a script, who is there sends it. */
function autosubmit({ challenge }: Writing): string {
  const fields = Object.entries(challenge['attrs']).map(([name, value]) => hidden(name, String(value)))
  return `<form method="post" action="${escapeHtml(challenge['url'])}">${fields.join('')}<button autofocus>Continue</button></form><script>${SUBMIT}</script>`
}

const deviceCode = ({ challenge }: Writing) => `<p>Enter the code that your device shows.</p>
${errorsOf(challenge)}<form method="post">
<label for="code">Code</label><input id="code" name="code" inputmode="numeric" autocomplete="off" autofocus>
<button>Continue</button>
</form>`

const deviceFinish = () =>
  `<p role="status">You've successfully authenticated your device. You may close this page.</p>`

const remember = ({ challenge }: Writing) => `<p>as <strong>${escapeHtml(challenge['pending_user'])}</strong></p>
${errorsOf(challenge)}<p>Stay signed in?</p><form method="post">
<button name="remember_me" value="true">Yes</button><button class="plain" name="remember_me" value="false">No</button>
</form>`

const denied = ({ challenge, context }: Writing) =>
  `<p class="error" role="alert">${escapeHtml(challenge['error_message'] ?? 'Request has been denied.')}</p><a class="button" href="${baseOf(context.call)}/">Go home</a>`

const sessionEnd = ({
  challenge,
  context,
}: Writing) => `<p>You've logged out of ${escapeHtml(challenge['application_name'] ?? 'the application')}.</p>
<a class="button" href="${escapeHtml(challenge['invalidation_flow_url'] ?? `${baseOf(context.call)}/flows/-/default/invalidation/`)}">Log out of ${escapeHtml(challenge['brand_name'])}</a>
${challenge['application_launch_url'] ? `<a class="button plain" href="${escapeHtml(challenge['application_launch_url'])}">Log back into ${escapeHtml(challenge['application_name'])}</a>` : ''}`

const PAGES: Readonly<Record<string, (writing: Writing) => string>> = {
  'ak-stage-identification': identification,
  'ak-stage-password': password,
  'ak-stage-prompt': prompt,
  'ak-stage-user-login': remember,
  'ak-provider-oauth2-device-code': deviceCode,
  'ak-provider-oauth2-device-code-finish': deviceFinish,
  'ak-stage-consent': consent,
  'ak-stage-autosubmit': autosubmit,
  'ak-stage-access-denied': denied,
  'ak-stage-session-end': sessionEnd,
}

/** Writes the page of a challenge. */
export function writeLoginPage(challenge: Challenge, context: OAuthContext): string {
  const info = challenge['flow_info'] ?? {}
  const title = String(challenge['title'] ?? info.title ?? 'authentik')
  const write = PAGES[challenge['component']]
  const body = write
    ? write({ challenge, context, cancelUrl: info.cancel_url ?? `${baseOf(context.call)}/flows/-/cancel/` })
    : `<p class="error" role="alert">The mock does not play the stage ${escapeHtml(String(challenge['component']))}.</p>`
  return document(title, body)
}
