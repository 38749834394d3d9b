/** Addresses by which a browser enters a flow, or leaves it. */
import { baseOf, type Reply } from '../../http/message.ts'
import { readPairs } from '../../http/form.ts'
import { escapeHtml, page } from '../../http/html.ts'
import { quote } from '../../schema/json.ts'
import { isAllowed } from '../auth/policies.ts'
import { sessionOf } from '../auth/sessions.ts'
import { defaultFlowOf, findFlowOf } from '../brands.ts'
import { applications } from '../resources/applications.ts'
import { oauth2Providers } from '../resources/oauth2-providers.ts'
import { users } from '../resources/users.ts'
import { absent, behaviourIn, redirect, type OAuthContext, type OAuthEndpoint } from '../oidc/endpoint.ts'
import { deniedPage } from '../oidc/pages.ts'
import { browserSessionOf, cookieOfSession, type BrowserSession } from './browser-session.ts'
import { flowLocation, queryOf } from './flow-location.ts'
import { askForLogin, isBelowServer } from './login-location.ts'

/** Leads to the page of a flow, with the same parameters; the plan of another one is dropped. */
function enter(context: OAuthContext): Reply {
  const { call, params, world } = context
  const session = browserSessionOf(call, world)
  const slug = slugOf(params['designation'] ?? '', session, context)
  if (slug === undefined) return absent(context, missingDesignation(context))
  const location = flowLocation(slug, context, queryOf(call))
  if (!session.plan || session.plan.flow.slug === slug) return redirect(location)
  session.plan = undefined
  return redirect(location, [cookieOfSession(session, context)])
}

/**
 * The flow of a designation. Until 2025.10 whoever has to log in for an application comes this way, and its provider's
 * own flow is gone through; later releases lead there themselves.
 */
function slugOf(designation: string, { application }: BrowserSession, context: OAuthContext): string | undefined {
  if (designation !== 'authentication' && designation !== 'invalidation') return undefined
  const { world } = context
  const row = application === undefined ? undefined : world.table(applications).get(application)
  const isAsked = designation === 'authentication' && !behaviourIn(context).loginIsDirect
  const provider = isAsked && row?.provider ? world.table(oauth2Providers).get(row.provider) : undefined
  return findFlowOf(provider?.authentication_flow, world)?.slug ?? defaultFlowOf(designation, context)
}

/** Says which designation has no flow here, and which may have one. */
function missingDesignation({ params }: OAuthContext): string {
  const designation = params['designation'] ?? ''
  return designation === 'authentication' || designation === 'invalidation'
    ? `the world has no flow of the designation ${designation}`
    : `nobody enters a flow of the designation ${quote(designation)} here. There are authentication and invalidation`
}

/** Says which application is not there, and which are. */
function missingApplication({ params, world }: OAuthContext): string {
  const slugs = Array.from(world.table(applications).values(), ({ slug }) => slug)
  const remedy = slugs.length > 0 ? `There are: ${slugs.slice(0, 20).join(', ')}` : 'The world has none'
  return `there is no application ${quote(params['slug'] ?? '')}. ${remedy}`
}

/** Where a browser enters the flow of a designation, whatever the method is. */
export const defaultFlow: OAuthEndpoint = { methods: {}, every: enter }

/** Leaves the flow that a browser is in: to where it wants to go below the server, or to the logout. */
function cancel(context: OAuthContext): Reply {
  const { call, world } = context
  const session = browserSessionOf(call, world)
  const next = readPairs(call.query).get('next')
  const isHonoured = behaviourIn(context).cancelHonoursNext && next !== null && isBelowServer(next)
  const location = isHonoured ? next : `${baseOf(call)}/flows/-/default/invalidation/`
  // What the login is for is told by its plan, where a browser is led to it with one.
  if (behaviourIn(context).loginIsDirect) session.application = undefined
  if (!session.plan) return redirect(location)
  session.plan = undefined
  return redirect(location, [cookieOfSession(session, context)])
}

/** Where a browser leaves a flow. */
export const cancelFlow: OAuthEndpoint = { methods: { GET: cancel } }

/** Asks whoever may use the application, until 2024.8, whether to log out of authentik too. */
function askToEnd(context: OAuthContext): Reply {
  const { call, params, world } = context
  const application = world.table(applications).find('slug', params['slug'] ?? '')
  if (behaviourIn(context).logoutRunsFlow)
    return context.notFound(`authentik ${context.release.version} has no such page: a logout runs a flow`)
  if (!application) return context.notFound(missingApplication(context))
  const login = sessionOf(call, world)
  if (!login) return askForLogin(undefined, application.pk, browserSessionOf(call, world), context)
  if (!isAllowed(world.table(users).get(login.user), application, world)) return deniedPage(context)
  const base = baseOf(call)
  const body = `<h1>You've logged out of ${escapeHtml(application.name)}</h1><p><a href="${base}/">Go back to overview</a> <a href="${base}/flows/-/default/invalidation/">Log out of authentik</a></p>`
  return { status: 200, headers: [['Content-Type', 'text/html; charset=utf-8']], body: page('End session', body) }
}

/** The page to which a client's logout leads until 2024.8. */
export const sessionEndPage: OAuthEndpoint = { methods: { GET: askToEnd } }
