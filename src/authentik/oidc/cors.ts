/** Which pages may read an answer (docs/authentik.md#cors). */
import type { Header, Reply } from '../../http/message.ts'
import { urisOf, type OAuth2Provider } from '../resources/oauth2-providers.ts'
import { behaviourIn, type OAuthContext } from './endpoint.ts'
import { logOnce } from './log-once.ts'
import { serverError } from './pages.ts'

/**
 * Says which page may read an answer: one of an origin to which the provider redirects, or any that only asks whether it
 * may. Where authentik cannot read the origin, or an address that it compares with it, its server breaks.
 */
export function allowOrigin(reply: Reply, context: OAuthContext, provider: OAuth2Provider | undefined): Reply {
  const { call, release } = context
  const origin = call.pageOrigin ?? call.header('origin')
  if (!origin) return reply
  const isPreflight = call.method === 'OPTIONS'
  const page = readAddress(origin)
  const addresses = provider ? urisOf(provider).map((uri) => ({ uri, address: readAddress(uri) })) : []
  const fault = findFault({ origin, page, addresses, provider }, context)
  if (fault !== undefined) {
    const failure = serverError(context, fault)
    logOnce(`origin ${fault}`, `A page got the status ${failure.status}: ${fault}.`, context)
    return failure
  }
  if (!isPreflight && !addresses.some(({ address }) => isSame(page, address))) return reply
  const vary = release.behaviour.answersAreLocalised ? 'Origin, Accept-Language, Cookie' : 'Origin, Cookie'
  const headers: Header[] = [
    ...reply.headers,
    ['Access-Control-Allow-Origin', origin],
    ['Vary', vary],
    ['Access-Control-Allow-Credentials', 'true'],
  ]
  if (!isPreflight) return { ...reply, headers }
  const requestedHeaders = call.header('access-control-request-headers')
  if (requestedHeaders !== undefined) headers.push(['Access-Control-Allow-Headers', requestedHeaders])
  headers.push(['Access-Control-Allow-Methods', 'GET, POST, OPTIONS'])
  return { ...reply, headers }
}

/** An address as Python's `urlparse` has it. */
interface Address {
  scheme: string
  host: string
  /** Without digits alone, Python breaks when it is asked for. */
  port: string
}

/** Reads an address; undefined where Python breaks: its host has brackets, and is none of IPv6. */
function readAddress(address: string): Address | undefined {
  const [, scheme = '', rest = address] = /^([a-z][a-z\d+.-]*):(.*)$/is.exec(address) ?? []
  const [, authority = ''] = /^\/\/([^/?#]*)/.exec(rest) ?? []
  if (/[[\]]/.test(authority) && !hasBracketedHost(authority)) return undefined
  const [, host = '', port = ''] =
    /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? []
  return { scheme: scheme.toLowerCase(), host: host.toLowerCase(), port }
}

/** Whether what stands in the first brackets is a host. What a page sends may be long, so that each letter is read once. */
function hasBracketedHost(authority: string): boolean {
  const start = authority.indexOf('[') + 1
  const end = authority.indexOf(']', start)
  if (start === 0 || end < 0) return false
  const host = authority.slice(start, end)
  if (host.startsWith('v')) return /^v[\da-f]+\../i.test(host)
  const address = host.replace(/%[^%]+$/, '')
  return /^[\da-f:.]{2,45}$/i.test(address) && URL.canParse(`http://[${address}]`)
}

const isPort = (port: string): boolean => port === '' || (/^\d+$/.test(port) && Number(port) <= 65_535)

/** Whether two addresses are of one origin: a port that is named is another than the usual one that is not. */
const isSame = (page: Address | undefined, address: Address | undefined): boolean =>
  page !== undefined &&
  address !== undefined &&
  hasHostOf(page, address) &&
  (page.port && Number(page.port)) === (address.port && Number(address.port))

const hasHostOf = (page: Address, { scheme, host }: Address) => page.scheme === scheme && page.host === host

/** What is compared. */
interface Comparison {
  origin: string
  page: Address | undefined
  /** The redirect URIs of the provider, as they are and as they are read. */
  addresses: readonly { uri: string; address: Address | undefined }[]
  provider: OAuth2Provider | undefined
}

/** What authentik's server breaks at, be it in the origin or in an address of the provider. */
function findFault({ origin, page, addresses, provider }: Comparison, context: OAuthContext): string | undefined {
  if (!page) return `the Origin "${origin}" is no address`
  for (const { uri, address } of addresses) {
    const isBroken = address ? hasHostOf(page, address) && !isPort(address.port) : true
    if (isBroken && behaviourIn(context).corsBreaksAtPatterns)
      return `authentik cannot read the redirect URI "${uri}" of the provider "${provider?.name}" as an address, which it does where a page asks. Put ^ before a pattern, and add the address of the page`
    if (address && hasHostOf(page, address) && !isPort(page.port)) return `the port of the Origin "${origin}" is none`
  }
  return undefined
}
