/** Finds the proxy that a request leaves the machine through, and connects through it. */
import type { Socket } from 'node:net'
import { RequestFailure, toFailure } from './failure.ts'

/** The variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A proxy, and the variable that names it. */
export interface Proxy {
  url: URL
  variable: string
}

/** An own host or address, which no request leaves the machine for. */
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/i

/**
 * Finds the proxy for an address as `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in small letters first.
 * @returns undefined where the server is asked directly
 * @throws RequestFailure for a variable that names no proxy
 */
export function findProxy(address: string, env: Environment): Proxy | undefined {
  const url = new URL(address)
  const names = [`${url.protocol.slice(0, -1)}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()])
  const variable = names.find((name) => env[name]?.trim())
  if (variable === undefined || LOOPBACK.test(url.hostname)) return undefined
  if (isExcepted(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return undefined
  const text = env[variable]?.trim() ?? ''
  const proxy = /^[a-z][\w+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(proxy) || !/^https?:\/\/[^/]/i.test(proxy))
    throw new RequestFailure(
      url.origin,
      `${variable} names no proxy that speaks HTTP`,
      'Give one such as http://proxy:3128.',
    )
  return { url: new URL(proxy), variable }
}

/** Whether a host is among those that are asked directly: by name, below a domain, with or without a port, or all of them. */
function isExcepted({ protocol, hostname, port }: URL, list: string): boolean {
  const ownPort = port || (protocol === 'https:' ? '443' : '80')
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const [, name = entry, entryPort = ownPort] = /^(.*[^:]|\[.*\]):(\d+)$/.exec(entry) ?? []
      const domain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '')
      if (name === '*') return true
      return entryPort === ownPort && (host === domain || host.endsWith(`.${domain}`))
    })
}

/** The headers by which a proxy knows who asks. */
export function proxyHeaders({ url: { username, password } }: Proxy): Record<string, string> {
  if (username === '') return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

/** Says what is wrong with a proxy, which is never that the server is not up. */
export function toProxyFailure(error: unknown, { url, variable }: Proxy): RequestFailure {
  const [, cause] = toFailure(error, url.origin).parts
  return new RequestFailure(url.origin, `the proxy ${cause}`, `Is ${variable} right?`)
}

/** Connects to a server through a proxy. @throws RequestFailure when the proxy does not let it through */
export function openTunnel(proxy: Proxy, target: URL, signal: AbortSignal): Promise<Socket> {
  const port = target.port || (target.protocol === 'https:' ? '443' : '80')
  const authority = `${target.hostname}:${port}`
  const { request } = process.getBuiltinModule(proxy.url.protocol === 'https:' ? 'node:https' : 'node:http')
  return new Promise((resolve, reject) => {
    request({
      ...addressOf(proxy.url),
      method: 'CONNECT',
      path: authority,
      headers: { Host: authority, ...proxyHeaders(proxy) },
      agent: false,
      signal,
    })
      .on('connect', ({ statusCode = 0 }, socket: Socket) => {
        if (statusCode === 200) return resolve(socket)
        socket.destroy()
        reject(refusal(proxy, statusCode, authority))
      })
      .on('response', (response) => {
        response.destroy()
        reject(refusal(proxy, response.statusCode ?? 0, authority))
      })
      .on('error', (error) => reject(toProxyFailure(error, proxy)))
      .end()
  })
}

/** Says that a proxy does not let a request through. */
export const refusal = ({ url, variable }: Proxy, status: number, authority: string) =>
  new RequestFailure(
    url.origin,
    status === 407 ? 'the proxy asks for other credentials' : `the proxy answers ${status} for ${authority}`,
    `Is ${variable} right, and does the proxy let this machine through?`,
  )

/** The host and port of an address, as Node connects to them. */
export const addressOf = ({ hostname, port, protocol }: URL) => ({
  host: hostname.replace(/^\[|\]$/g, ''),
  port: port || (protocol === 'https:' ? 443 : 80),
})
