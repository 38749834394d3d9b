/** The one client of the tests: the same requests to a mock in process, to a server at a URL, or through a transport. */
import { mock, type CheckedTable, type Mock, type MockOptions, type Reply } from '../../src/entries/index.ts'

/** A JSON object of which a test reads some fields, without a type for the others. */
export type Row = Record<string, any>

/** Sends a request: `path` begins with a slash and holds the query. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>

/** Whom a request comes from, and what it says beside its path and body. */
export interface RequestOptions {
  /** The identifier of an API token of the mock's world, whose key is sent; null sends no credentials. */
  as?: string | null | undefined
  /** A key to send, whether or not the world has a token with it. */
  token?: string | undefined
  /** These replace headers of the same name that follow from the other options. */
  headers?: Record<string, string>
  /** Parameters that are added to the path; a list sends the parameter once for each of its values. */
  query?: Record<string, string | readonly string[]> | undefined
  /** The media type of the body. @default 'application/json' */
  type?: string
}

/** What every request of a client has, unless the request says otherwise. */
export interface ClientOptions extends Pick<RequestOptions, 'as' | 'token' | 'headers'> {
  /** Scheme and host of the requests to a mock in process. @default 'http://authentik.test' */
  origin?: string
  /** What stands before every path. @default '/api/v3' */
  prefix?: string
  /** The mock whose API tokens `as` names, where the client is not made of a mock. */
  tokensOf?: Mock
}

/** An answer, read to its end. */
export interface Answer<Body = Row> {
  status: number
  headers: Headers
  text: string
  /** The text as JSON; undefined at run time when the answer is empty or of another media type. */
  json: Body
}

/** Sends requests, and reads the answers. */
export interface Client {
  get<Body = Row>(path: string, options?: RequestOptions): Promise<Answer<Body>>
  head(path: string, options?: RequestOptions): Promise<Answer>
  options(path: string, options?: RequestOptions): Promise<Answer>
  delete(path: string, options?: RequestOptions): Promise<Answer>
  /** @param body sent as JSON, or as it is when it is a text */
  post<Body = Row>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<Body>>
  put<Body = Row>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<Body>>
  patch<Body = Row>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<Body>>
  /** Sends any method, for tests that go through several. */
  send<Body = Row>(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer<Body>>
}

/**
 * Makes a client of a mock in process, of the URL of a server, or of any function that sends requests.
 *
 * @example
 * const authentik = mock({ token: 'key' })
 * const client = clientOf(authentik, { token: 'key' })
 * const { status, json } = await client.get('/core/users/', { query: { username: 'bob' } })
 * await client.delete('/core/users/8/', { as: null }) // 403: nobody is logged in
 *
 * @example
 * const server = await serve(authentik, { port: 0 })
 * await clientOf(server.url, { tokensOf: authentik }).get('/core/users/me/', { as: 'user-api' })
 */
export function clientOf(target: Mock | string | Fetch, defaults: ClientOptions = {}): Client {
  const { prefix = '/api/v3' } = defaults
  const fetchPath = fetchOf(target, defaults.origin ?? 'http://authentik.test')
  const tokensOf = defaults.tokensOf ?? (typeof target === 'object' ? target : undefined)

  async function keyFor(options: RequestOptions): Promise<string | undefined> {
    const { as, token } = options.as === undefined && options.token === undefined ? defaults : options
    if (token !== undefined || as === undefined || as === null) return token
    if (!tokensOf) throw new TypeError(`Failed to ask as "${as}": the client knows no mock. Give it \`tokensOf\`.`)
    await tokensOf.ready
    return tokenOf(tokensOf, as)
  }

  async function send<Body>(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<Answer<Body>> {
    const key = await keyFor(options)
    const response = await fetchPath(prefix + withQuery(path, options.query), {
      method,
      headers: {
        ...(key !== undefined && { Authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'Content-Type': options.type ?? 'application/json' }),
        ...defaults.headers,
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return read(response)
  }

  return {
    send,
    get: (path, options) => send('GET', path, undefined, options),
    head: (path, options) => send('HEAD', path, undefined, options),
    options: (path, options) => send('OPTIONS', path, undefined, options),
    delete: (path, options) => send('DELETE', path, undefined, options),
    post: (path, body, options) => send('POST', path, body, options),
    put: (path, body, options) => send('PUT', path, body, options),
    patch: (path, body, options) => send('PATCH', path, body, options),
  }
}

function fetchOf(target: Mock | string | Fetch, origin: string): Fetch {
  if (typeof target === 'function') return target
  if (typeof target === 'string') return (path, init) => fetch(target + path, init)
  // Tests look at redirects themselves.
  return (path, init) => target.fetch(new Request(origin + path, { redirect: 'manual', ...init }))
}

async function read<Body>(response: Response): Promise<Answer<Body>> {
  const text = await response.text()
  const isJson = text !== '' && /\bjson\b/.test(response.headers.get('Content-Type') ?? '')
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
}

function withQuery(path: string, query: RequestOptions['query']): string {
  if (!query) return path
  const pairs = Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(pairs).toString()}`
}

/** The header that sends a key. */
export const bearer = (key: string): { Authorization: string } => ({ Authorization: `Bearer ${key}` })

/**
 * What the rows in a list are called: their usernames, identifiers or names.
 * @throws Error when the answer is no list, with what it says
 */
export async function namesIn(client: Client, path: string, options?: RequestOptions): Promise<string[]> {
  const { status, json, text } = await client.get(path, options)
  if (status !== 200) throw new Error(`Failed to list ${path}: ${status} ${text}`)
  return json.results.map((row: Row) => row.username ?? row.identifier ?? row.name)
}

/** Makes a mock, and waits until its world is filled. */
export async function readyMock(options?: MockOptions): Promise<Mock> {
  const authentik = mock(options)
  await authentik.ready
  return authentik
}

/** The key of an API token that the world of a ready mock has. */
export const tokenOf = (authentik: Mock, identifier: string): string =>
  rowsOf(authentik, 'api_tokens').get(identifier).key

/** The rows of one resource, to read and to change behind the API's back. */
export interface Rows {
  /** In the order of creation. */
  list(): Row[]
  /** @throws RangeError when there is no such row */
  get(key: number | string): Row
  has(key: number | string): boolean
  create(row: Row): Promise<Row>
  update(key: number | string, fields: Row): Promise<Row>
  delete(key: number | string): Promise<boolean>
  /** A key that no row ever had. */
  nextKey(): number
}

/**
 * @param resource its name in a world file
 * @example
 * await rowsOf(authentik, 'users').update(7, { is_active: false })
 */
export function rowsOf(authentik: Mock, resource: string): Rows {
  const table = (authentik.world as unknown as Record<string, CheckedTable<Row>>)[resource]
  if (!table) throw new RangeError(`Failed to read rows: there is no resource "${resource}".`)
  return {
    list: () => [...table.values()],
    get(key) {
      const row = table.get(key)
      if (!row) throw new RangeError(`Failed to read a row: the ${resource} have none with the key ${key}.`)
      return row
    },
    has: (key) => table.has(key),
    create: (row) => table.create(row),
    update: (key, fields) => table.update(key, fields),
    delete: (key) => table.delete(key),
    nextKey: () => Math.max(0, ...[...table.values()].map((row) => Number(row['pk']))) + 1,
  }
}

/** A world as JSON. */
export type WorldJson = Record<Resource, Row[]> & {
  permissions: Record<string, string[]>
  secret_key: string
  /** The release that the world was recorded of, and when. */
  release?: string
  recorded_at?: string
}

type Resource =
  | 'access_tokens'
  | 'api_tokens'
  | 'applications'
  | 'authorization_codes'
  | 'groups'
  | 'policy_bindings'
  | 'providers'
  | 'refresh_tokens'
  | 'scope_mappings'
  | 'authenticated_sessions'
  | 'certificates'
  | 'flows'
  | 'user_consents'
  | 'users'

/** A copy of everything that a ready mock knows. */
export const worldOf = (authentik: Mock): WorldJson => JSON.parse(JSON.stringify(authentik.world))

/** A request that no `Request` can hold, such as one with a path or header that a browser would refuse to send. */
export interface RawRequest {
  method: string
  path: string
  query?: string
  /** A header's value by its name in lower case. */
  header(name: string): string | undefined
  body?: string
}

/** What the mock answers to a request that is given to it as it is. */
export async function replyTo(
  authentik: Mock,
  { method, path, query = '', header, body = '' }: RawRequest,
): Promise<Reply> {
  return authentik.answer({ method, path, query, header, body: async () => body })
}
