/** Pages that tell a person what is wrong. */
import { escapeHtml, page } from '../../http/html.ts'
import { baseOf, type Reply } from '../../http/message.ts'
import { sessionOf } from '../auth/sessions.ts'
import { csrfCookie } from '../flows/browser-session.ts'
import { users } from '../resources/users.ts'
import { behaviourIn, notAnswered, type OAuthContext } from './endpoint.ts'

/** A page that tells a person what is wrong; the client is not told, because it is not known to be one. */
export const errorPage = (context: OAuthContext, status: number, title: string, text: string): Reply => ({
  status,
  headers: [['Content-Type', 'text/html; charset=utf-8']],
  body: page(title, `<h1>${title}</h1><p>${text}</p><p><a href="${baseOf(context.call)}/">Go home</a></p>`),
})

/** What a broken server answers: a page to GET, and nothing to the rest. */
export const serverError = (context: OAuthContext, reason: string): Reply =>
  context.call.method === 'GET' || context.call.method === 'HEAD'
    ? errorPage(context, 500, 'Server Error', escapeHtml(reason))
    : notAnswered(context.call, ['GET'])

/** The page for a client that nobody knows. */
export const clientIdError = (context: OAuthContext) =>
  errorPage(context, 400, 'Client ID Error', 'The client identifier (client_id) is missing or invalid.')

/** The page for an address that is not the client's. */
export const redirectUriError = (context: OAuthContext) =>
  errorPage(
    context,
    400,
    'Redirect URI Error',
    'The request fails due to a missing, invalid, or mismatching redirection URI (redirect_uri).',
  )

/** The page for who may not use an application. */
export function deniedPage(context: OAuthContext): Reply {
  const { call, world } = context
  const session = sessionOf(call, world)
  const username = session && world.table(users).get(session.user)?.username
  const link = `<a href="${baseOf(call)}/flows/-/default/invalidation/">Not you?</a>`
  const visitor = username === undefined ? '' : `${escapeHtml(username)} ${link}</p><p>`
  const reply = errorPage(context, 200, 'Permission denied', `${visitor}Request has been denied.`)
  const { deniedPageSetsCsrf, deniedPageSparesAnonymous } = behaviourIn(context)
  if (deniedPageSetsCsrf && (session || !deniedPageSparesAnonymous)) reply.headers.push(csrfCookie(context))
  return reply
}
