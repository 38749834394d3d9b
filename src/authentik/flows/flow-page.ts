/** The page at `/if/flow/{flow_slug}/`: it plays a flow by forms, where authentik's plays it by scripts. */
import { readForm, readPairs } from '../../http/form.ts'
import { originOf, type Call, type Header, type Reply } from '../../http/message.ts'
import { deniedPage, errorPage } from '../oidc/pages.ts'
import { providerOf } from '../oidc/clients.ts'
import { isForbidden, isRedirectUri } from '../oidc/redirect-uris.ts'
import { answerEndpoint, forbidden, redirect, type OAuthContext, type OAuthEndpoint } from '../oidc/endpoint.ts'
import { encodeForm } from '../oidc/python-text.ts'
import { executor, EXECUTOR_PATH } from './executor.ts'
import { contentSecurityPolicy, writeLoginPage, type Challenge } from './login-page.ts'

/** How many stages a flow may pass without asking: a browser follows no more redirects. */
const MAX_STEPS = 21

const CSRF = 'x-authentik-csrf'
const HTML: Header = ['Content-Type', 'text/html; charset=utf-8']

/**
 * Asks the executor as a page's script would, whose session this page shares. Requests of another site's form bring no
 * cookie of the session, because it is `SameSite=Lax`.
 */
function ask(context: OAuthContext, method: 'GET' | 'POST', cookie: string | undefined, body: object | undefined) {
  const { call, params } = context
  const csrf = /(?:^|; )authentik_csrf=([^;]*)/.exec(cookie ?? '')?.[1]
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    cookie,
    [CSRF]: csrf,
    origin: undefined,
  }
  const inner: Call = {
    ...call,
    method,
    path: `${EXECUTOR_PATH}${params['flow_slug']}/`,
    query: encodeForm([['query', call.query]]),
    header: (name) => (Object.hasOwn(headers, name) ? headers[name] : call.header(name)),
    body: async () => JSON.stringify(body ?? {}),
  }
  return answerEndpoint(executor, { ...context, call: inner })
}

/** Cookies as a browser has them after answers. */
class Jar {
  readonly #values = new Map<string, string>()
  readonly set: Header[] = []

  constructor(header: string | undefined) {
    for (const pair of (header ?? '').split(/;\s*/).filter(Boolean)) {
      const [name = '', ...value] = pair.split('=')
      this.#values.set(name, value.join('='))
    }
  }

  take({ headers }: Reply): void {
    for (const [name, value] of headers) {
      if (name !== 'Set-Cookie') continue
      const [, key = '', text = ''] = /^([^=]+)=([^;]*)/.exec(value) ?? []
      if (/; Max-Age=0;/.test(value)) this.#values.delete(key)
      else this.#values.set(key, text)
      const index = this.set.findIndex(([, cookie]) => cookie.startsWith(`${key}=`))
      if (index >= 0) this.set.splice(index, 1)
      this.set.push([name, value])
    }
  }

  get header(): string | undefined {
    return this.#values.size ? [...this.#values].map((pair) => pair.join('=')).join('; ') : undefined
  }
}

/**
 * Where the client is called once the flow is over, which the page's forms may lead to: its own parameters name it, or
 * those of the page that somebody has to log in for.
 */
function clientOrigins(context: OAuthContext): string[] {
  const query = readPairs(context.call.query)
  const next = query.get('next') ?? ''
  const parameters = [query, readPairs(next.slice(next.indexOf('?') + 1))]
  return parameters.flatMap((candidate) => {
    const uri = candidate.get('redirect_uri') ?? ''
    const provider = providerOf(candidate.get('client_id') ?? '', context)
    if (!provider || isForbidden(uri) || !isRedirectUri(uri, provider, context)) return []
    return originsOf(uri)
  })
}

/** The origin of an address, as a policy names it; that of an app is its scheme. */
function originsOf(address: string): string[] {
  if (!URL.canParse(address)) return []
  const { protocol, origin } = new URL(address)
  return [origin === 'null' ? protocol : origin]
}

/** Whether the form of another site sent it. */
function isForeign({ call }: OAuthContext): boolean {
  const origin = call.header('origin')
  return call.method === 'POST' && origin !== undefined && origin !== originOf(call)
}

async function play(context: OAuthContext): Promise<Reply> {
  const { call } = context
  if (isForeign(context)) return forbidden()
  const jar = new Jar(call.header('cookie'))
  const form = call.method === 'POST' ? Object.fromEntries(await readForm(call)) : undefined
  let body: object | undefined = form
  for (let step = 0; step < MAX_STEPS; step++) {
    const reply = await ask(context, body ? 'POST' : 'GET', jar.header, body)
    jar.take(reply)
    body = undefined
    if (reply.status === 302) continue
    if (reply.status !== 200) return { ...reply, headers: reply.headers.filter(([name]) => name !== 'Allow') }
    return show(JSON.parse(reply.body) as Challenge, context, jar.set)
  }
  const reason = 'The stages of this flow do not end: one that cannot be passed has it begin anew.'
  return errorPage(context, 500, 'Server Error', reason)
}

function show(challenge: Challenge, context: OAuthContext, cookies: readonly Header[]): Reply {
  if (challenge['component'] === 'xak-flow-redirect') return redirect(String(challenge['to']), cookies)
  if (challenge['component'] === 'xak-flow-shell') return { ...deniedPage(context), headers: [HTML, ...cookies] }
  const target = challenge['component'] === 'ak-stage-autosubmit' ? originsOf(challenge['url']) : []
  return {
    status: 200,
    headers: [
      HTML,
      ['Content-Security-Policy', contentSecurityPolicy([...new Set([...target, ...clientOrigins(context)])])],
      ['Cache-Control', 'no-store'],
      ['X-Frame-Options', 'SAMEORIGIN'],
      ...cookies,
    ],
    body: writeLoginPage(challenge, context),
  }
}

/** The page of a flow. */
export const flowPage: OAuthEndpoint = { methods: { GET: play, POST: play }, isCsrfExempt: true }
