/** Where somebody is sent who has to log in first, and where they may be led then. */
import { baseOf, type Call, type Reply } from '../../http/message.ts'
import { quoteUrl } from '../oidc/python-text.ts'
import { behaviourIn, redirect, type OAuthContext } from '../oidc/endpoint.ts'
import { defaultFlowOf, findFlowOf } from '../brands.ts'
import type { OAuth2Provider } from '../resources/oauth2-providers.ts'
import { cookieOfSession, type BrowserSession } from './browser-session.ts'
import { flowLocation } from './flow-location.ts'

/** Has a browser log in for an application, by the flow of its provider, and come back to the same address. */
export function askForLogin(
  provider: OAuth2Provider | undefined,
  application: string | undefined,
  session: BrowserSession,
  context: OAuthContext,
): Reply {
  session.application = application
  session.plan = undefined
  const flow = behaviourIn(context).providerFlowIsHonoured
    ? findFlowOf(provider?.authentication_flow, context.world)
    : undefined
  const location = loginLocation(flow?.slug ?? defaultFlowOf('authentication', context), context)
  return redirect(location, [cookieOfSession(session, context)])
}

/** Where somebody logs in who then comes back to the same address. @param flow the slug of the one to go through */
function loginLocation(flow: string, context: OAuthContext): string {
  const { call } = context
  if (!behaviourIn(context).loginIsDirect) return defaultLoginLocation(call)
  const path = targetOf(call)
  return flowLocation(flow, context, `${call.query && `${formEncode(call.query)}&`}next=${quoteUrl(path, '%2F')}`)
}

/** Where somebody logs in for what needs no application, and comes back from. */
export const defaultLoginLocation = (call: Call): string =>
  `${baseOf(call)}/flows/-/default/authentication/?next=${quoteUrl(targetOf(call))}`

const targetOf = (call: Call) => `${baseOf(call)}${call.path}${call.query && `?${call.query}`}`

/** A query as Python writes it again: each value escaped, and those of one name one behind the other. */
function formEncode(query: string): string {
  const pairsByName = new Map<string, string[]>()
  for (const pair of query.split('&').filter(Boolean)) {
    const [name = ''] = pair.split('=')
    const pairs = pairsByName.get(name) ?? []
    pairsByName.set(name, pairs)
    pairs.push(pair)
  }
  return [...pairsByName.values()]
    .flat()
    .join('&')
    .replace(/[^&=+%]+/g, (text) => quoteUrl(text, '%2F'))
}

/** Whether an address stays on this server, whatever a browser makes of it: it leaves tabs and line ends out. */
export const isBelowServer = (address: string): boolean => /^\/(?!\/)[^\\\p{Cc}]*$/u.test(address)
