/** Reads names of hosts and origins, and tells by which addresses a server is reached. */
import { isIP, isIPv6, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { domainToASCII } from 'node:url'

/**
 * Reads an origin into the form in which browsers send it: in lower case, without a slash at its end, without the
 * port that its scheme implies. `*` and `null` stay.
 * @throws TypeError for what no browser sends; the message names the form that is right
 * @example readOrigin('HTTP://localhost:80/') // 'http://localhost'
 */
export function readOrigin(text: string): string {
  const trimmed = text.trim()
  if (/^(?:\*|null)$/i.test(trimmed)) return trimmed.toLowerCase()
  if (/[,;\s]/.test(trimmed)) throw severalIn(trimmed, 'origins')
  const [, scheme = '', authority = '', rest = ''] = SCHEME.exec(trimmed) ?? []
  if (scheme === '') throw new TypeError(`has no scheme. Give ${originOf(`http://${trimmed.replace(/^\/+/, '')}`)}.`)
  if (trimmed.includes('*')) throw new TypeError('is compared as a whole. Give each origin, or * for any.')
  if (NO_PAGE.test(scheme)) throw new TypeError(`is no origin of a page. Give ${originOf(`http://${authority}`)}.`)
  const origin = originOf(`${scheme}://${authority}`, '')
  if (origin === '') throw new TypeError(`is no origin. Give one such as ${ORIGIN_EXAMPLE}.`)
  if (rest.length > 1 || authority.includes('@'))
    throw new TypeError(`is more than an origin. Give ${origin}, without what follows or precedes the host.`)
  return origin
}

const SCHEME = /^([a-z][a-z\d+.-]*):\/\/([^/?#\\]*)(.*)$/is
/** Schemes of which no page is loaded that asks others; those of apps and extensions are not among them. */
const NO_PAGE = /^(?:ftp|wss?|file|data|blob|javascript)$/i
const ORIGIN_EXAMPLE = 'http://localhost:5173'

/** Returns the origin of a URL, also of one whose scheme is an app's own; the fallback for what is no URL. */
function originOf(url: string, fallback = ORIGIN_EXAMPLE): string {
  if (!URL.canParse(url)) return fallback
  const { protocol, host } = new URL(url)
  return host === '' ? fallback : `${protocol}//${host.toLowerCase()}`
}

const severalIn = (text: string, noun: string) =>
  new TypeError(`holds several ${noun}. Give each by itself: ${text.split(/[,;\s]+/).join(' and ')}.`)

/**
 * Reads the name of a host into the form in which it is compared: in lower case, without a port. `*` stays.
 * @throws TypeError for what no request is sent to; the message names the form that is right
 * @example readHostName('Auth.Example:9000') // 'auth.example'
 */
export function readHostName(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '*') return trimmed
  if (/[,;\s]/.test(trimmed)) throw severalIn(trimmed, 'names')
  if (/[*]|^\./.test(trimmed)) throw new TypeError('is compared as a whole. Give each name, or * for any.')
  const bare = trimmed.replace(/^[a-z][a-z\d+.-]*:\/\/|^\/\//i, '').replace(/[/?#].*$/s, '')
  const name = toName(bare.replace(/^.*@/s, ''))
  const ascii = isIP(name) ? name : domainToASCII(name)
  if (!isIP(ascii) && !NAME.test(ascii)) throw new TypeError(`is no name of a host. Give one such as auth.example.`)
  if (bare !== trimmed || bare.includes('@')) throw new TypeError(`is more than a name. Give ${ascii}.`)
  if (ascii !== name) throw new TypeError(`is sent by no client in this form. Give ${ascii}.`)
  return name
}

/** Matches the name of a host, such as containers have; an underscore is no letter of a domain, and yet in use. */
const NAME = /^[a-z\d_-]+(?:\.[a-z\d_-]+)*$/

/** Tells whether a text can stand after `--allow-host`. */
export const isHostName = (text: string) => isIP(text) !== 0 || NAME.test(text)

/** Whether a text is an address of IPv6. Node compiles its pattern when it is first asked, which takes 3 ms of a start. */
const isInIPv6 = (text: string) => text.includes(':') && isIPv6(text)

/** Returns the name in `name:port`: in lower case, an address of IPv6 in its shortest form and without brackets. */
export function toName(authority: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(authority)?.[1]
  const address = bracketed ?? authority
  if (isInIPv6(address)) return toShortest(address)
  return (bracketed ?? authority.replace(/:\d*$/, '').replace(/\.$/, '')).toLowerCase()
}

/** Returns an address of IPv6 in its shortest form; one that stands for an address of IPv4 as that. */
function toShortest(address: string): string {
  const shortest = new URL(`http://[${address.replace(/%.*$/s, '')}]`).hostname.slice(1, -1)
  const [, high = '', low = ''] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(shortest) ?? []
  if (high === '') return shortest
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16)
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
}

/** Tells whether a name always means this machine. */
export const isLoopback = (name: string) => /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1)$/.test(name)

/** How a server is reached. */
export interface Reach {
  /** Where this machine reaches the server: a name or an address. */
  local: string
  /** Addresses by which others reach it, as far as the system tells them; undefined when only this machine does. */
  network: string[] | undefined
  /** Every address that it listens on. */
  addresses: string[]
}

/**
 * Tells by which addresses a server is reached.
 * @param host what it was told to listen on
 * @param bound what it listens on
 */
export function reachOf(host: string, bound: AddressInfo): Reach {
  const address = toName(bound.address)
  if (address === '0.0.0.0' || address === '::') {
    const machine = machineAddresses().filter((candidate) => address === '::' || !isInIPv6(candidate))
    // An address of one link holds for whoever names the link too, which no URL does.
    const network = machine.filter((candidate) => !isLoopback(candidate) && !candidate.startsWith('fe80:'))
    return { local: '127.0.0.1', network, addresses: [address, ...machine] }
  }
  const network = isLoopback(address) ? undefined : [address]
  return { local: isInIPv6(host) ? toName(host) : host, network, addresses: [address] }
}

function machineAddresses(): string[] {
  try {
    return Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => toName(address)))
  } catch {
    // Some systems do not tell a program, such as Android.
    return []
  }
}

/** Returns the URL of a server. */
export const toUrl = (name: string, port: number, scheme: 'http' | 'https' = 'http') =>
  `${scheme}://${isInIPv6(name) ? `[${name}]` : name}:${port}`
