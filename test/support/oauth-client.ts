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
