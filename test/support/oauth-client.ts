/** A client of the login: what an application and the browser of its user send, through any transport. */
import type { Mock } from '../../src/entries/index.ts'
import type { Row } from './client.ts'

/** Sends a request to an address. */
export type Send = (url: string, init?: RequestInit) => Promise<Response>

/** An answer in JSON. */
export interface OAuthAnswer {
  status: number
  json: Row
}

/** The origin of a mock in process. */
export const ORIGIN = 'http://authentik.test'

/** One client of a provider, and one browser. */
export class OAuthClient {
  /** As the browser keeps them. */
  cookies = new Map<string, string>()
  readonly credentials: { client_id: string; client_secret: string }
  readonly redirectUri: string
  #csrf = ''
  readonly #send: Send
  readonly #origin: string

  /** @param provider its pk */
  constructor(authentik: Mock, { provider = 1, send = authentik.fetch as Send, origin = ORIGIN } = {}) {
    const { client_id, client_secret, redirect_uris } = authentik.world.providers.get(provider)!
    this.credentials = { client_id, client_secret }
    this.redirectUri = typeof redirect_uris === 'string' ? redirect_uris.split('\n')[0]! : redirect_uris[0]!.url
    this.#send = send
    this.#origin = origin
  }

  /** Goes to an address as the browser does, without following where it leads. */
  async visit(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { ...(cookie && { cookie }), ...(init.headers as Record<string, string>) }
    const response = await this.#send(this.#origin + path, { ...init, redirect: 'manual', headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.cookies.set(name, value)
    }
    return response
  }

  /** The query with which a client sends a browser to log in. */
  query(parameters: Record<string, string> = {}): URLSearchParams {
    const { client_id } = this.credentials
    const request = { client_id, redirect_uri: this.redirectUri, response_type: 'code', scope: 'openid email' }
    return new URLSearchParams({ ...request, ...parameters })
  }

  /** Asks for a code. @returns where the browser is sent */
  async authorize(parameters?: Record<string, string>): Promise<URL> {
    const response = await this.visit(`/application/o/authorize/?${this.query(parameters)}`)
    return new URL(response.headers.get('Location') ?? `${this.#origin}/?status=${response.status}`, this.#origin)
  }

  /** A code of a user who is logged in, or is logged in without a page. */
  async code(parameters?: Record<string, string>): Promise<string> {
    return (await this.authorize(parameters)).searchParams.get('code') ?? ''
  }

  /** Logs a user in without a page. */
  async logIn(authentik: Mock, username: string): Promise<void> {
    const { Cookie, 'X-authentik-CSRF': csrf } = await authentik.logIn(username)
    for (const pair of Cookie.split('; ')) this.cookies.set(...(pair.split('=') as [string, string]))
    this.#csrf = csrf
  }

  /** Enters the flow of a client that has to be agreed to. @returns the address of its executor */
  async enter(parameters?: Record<string, string>): Promise<string> {
    const { pathname, search } = await this.authorize(parameters)
    const slug = /^\/if\/flow\/([^/]+)\/$/.exec(pathname)?.[1]
    return `/api/v3/flows/executor/${slug}/?query=${encodeURIComponent(search.slice(1))}`
  }

  /** What the executor asks, or answers to an answer, once it does not lead to itself again. */
  async challenge(executor: string, answer?: Row): Promise<Row> {
    const headers = { 'Content-Type': 'application/json', 'X-authentik-CSRF': this.#csrf }
    const response = await this.visit(executor, answer && { method: 'POST', headers, body: JSON.stringify(answer) })
    return response.status === 302 ? this.challenge(executor) : ((await response.json()) as Row)
  }

  /** A code of a user who is logged in, and consents. */
  async consent(parameters?: Record<string, string>): Promise<string> {
    const executor = await this.enter(parameters)
    const { token } = await this.challenge(executor)
    const { to: address } = await this.challenge(executor, { token })
    return new URL(address).searchParams.get('code') ?? ''
  }

  async post(endpoint: string, form: Record<string, string>): Promise<OAuthAnswer> {
    const body = new URLSearchParams({ ...this.credentials, ...form })
    return read(await this.#send(`${this.#origin}/application/o/${endpoint}/`, { method: 'POST', body }))
  }

  exchange(code: string, more: Record<string, string> = {}): Promise<OAuthAnswer> {
    return this.post('token', { grant_type: 'authorization_code', code, redirect_uri: this.redirectUri, ...more })
  }

  refresh(token: string): Promise<OAuthAnswer> {
    return this.post('token', { grant_type: 'refresh_token', refresh_token: token })
  }

  introspect(token: string): Promise<OAuthAnswer> {
    return this.post('introspect', { token })
  }

  revoke(token: string): Promise<OAuthAnswer> {
    return this.post('revoke', { token })
  }

  async userinfo(token: string): Promise<OAuthAnswer> {
    const headers = { Authorization: `Bearer ${token}` }
    return read(await this.#send(`${this.#origin}/application/o/userinfo/`, { headers }))
  }
}

async function read(response: Response): Promise<OAuthAnswer> {
  const text = await response.text()
  return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : {} }
}

/** The claims of a JWT. */
export const claimsOf = (token: string): Row => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
