/** Where somebody is sent who has to log in first. */
import { baseOf } from '../../http/message.ts'
import { quoteUrl } from '../oidc/python-text.ts'
import { behaviourIn, type OAuthContext } from '../oidc/endpoint.ts'

/** Where somebody logs in who then comes back to the same address. @param flow the slug of the one to go through */
export function loginLocation(flow: string, { call, ...context }: OAuthContext): string {
  const base = baseOf(call)
  const path = `${base}${call.path}${call.query && `?${call.query}`}`
  if (!behaviourIn(context).loginIsDirect) return `${base}/flows/-/default/authentication/?next=${quoteUrl(path)}`
  return `${base}/if/flow/${flow}/?${call.query && `${formEncode(call.query)}&`}next=${quoteUrl(path, '%2F')}`
}

/** A query as Python writes it again: each value escaped. */
const formEncode = (query: string) => query.replace(/[^&=+%]+/g, (text) => quoteUrl(text, '%2F'))
