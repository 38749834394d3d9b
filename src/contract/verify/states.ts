/** Provider states on a server that we do not own: looked for, never made. */
import type { StateParameters } from '../pact/states.ts'
import type { State } from './pact-file.ts'
import { askerOf, checkJson, type Provider } from './preflight.ts'

/** What makes a state so: values for the parameters in the request, and perhaps another token. */
export interface Prepared {
  values: Record<string, string | number>
  /** Below which path the value is the next segment. */
  at: string
  token?: string
}

export interface States {
  /** Looks anew for what these states need. */
  find(wanted: readonly State[]): Promise<void>
  /** @returns undefined when the server has nothing that fits, as far as was looked */
  prepare(state: State): Prepared | undefined
  /** Which of these states the server has nothing for, in words. */
  lacking(states: readonly State[]): string[]
}

type Row = Record<string, unknown>
/** @returns the rows of a list, a page at a time, and what time it was at the server */
type Rows = () => AsyncIterable<{ row: Row; now: number }>

/** A key that no token has. */
export const NO_SUCH_TOKEN = 'authentik-mock-no-such-token'

/** How long a row has to live on to be called live, in milliseconds: it is asked for a little later. */
const LASTING = 10_000

/** How far a list is read: small pages, because each row costs a server several queries. */
const PAGES = 50
const PAGE_SIZE = 20

/** How a state is had: from which list, what of it stands in a path, and which row fits. */
interface Looked {
  list: string
  query?: string
  /** The parameter of the state that is the example in the path. */
  param?: string
  find(
    rows: Rows,
    params: Record<string, unknown>,
    param: string,
  ): Promise<Pick<Prepared, 'values' | 'token'> | undefined>
}

/** Of a row by one of its keys; what else a state says has to be so in the row. */
const exists =
  (
    key: string,
    fits: (row: Row, params: Record<string, unknown>, now: number) => boolean = () => true,
  ): Looked['find'] =>
  async (rows, params, param) => {
    const others = Object.entries(params).filter(([name]) => name !== param && name !== 'expiry')
    for await (const { row, now } of rows()) {
      const value = row[key]
      if (
        (typeof value === 'number' || typeof value === 'string') &&
        fits(row, params, now) &&
        others.every(([name, wanted]) => row[name] === wanted)
      )
        return { values: { [param]: value } }
    }
    return undefined
  }
const always =
  (value: string): Looked['find'] =>
  (_rows, _params, param) =>
    Promise.resolve({ values: { [param]: value } })
/** Ids are given in turn: one far beyond the newest is nobody's. */
const beyond: Looked['find'] = async (rows, _params, param) => {
  const newest = await exists('pk')(rows, {}, param)
  return { values: { [param]: Number(newest?.values[param] ?? 0) + 1_000_000 } }
}
const hasExpiry = (row: Row, { expiry }: Record<string, unknown>, now: number) =>
  expiry === undefined ||
  (expiryOf(row) === expiry && !(expiry === 'live' && Date.parse(row['expires'] as string) < now + LASTING))
const expiryOf = ({ expires, is_expired }: Row) =>
  expires === null || expires === undefined ? 'none' : is_expired ? 'expired' : 'live'
const hasApplication = ({ assigned_application_slug: slug }: Row) => typeof slug === 'string' && slug !== ''

const NEWEST = '?ordering=-pk'
const CODES = { list: '/oauth2/authorization_codes/', query: NEWEST, param: 'id' }
const ACCESS_TOKENS = { list: '/oauth2/access_tokens/', query: NEWEST, param: 'id' }
const REFRESH_TOKENS = { list: '/oauth2/refresh_tokens/', query: NEWEST, param: 'id' }
const USERS = { list: '/core/users/', query: NEWEST, param: 'id' }
const GROUPS = { list: '/core/groups/', param: 'id' }
const PROVIDERS = { list: '/providers/oauth2/', query: NEWEST, param: 'id' }
const APPLICATIONS = { list: '/core/applications/', query: '?superuser_full_list=true', param: 'slug' }

const STATES: Record<keyof StateParameters, Looked> = {
  'an authorization code exists': { ...CODES, find: exists('pk', hasExpiry) },
  'no authorization code exists': { ...CODES, find: beyond },
  'an access token exists': { ...ACCESS_TOKENS, find: exists('pk', hasExpiry) },
  'no access token exists': { ...ACCESS_TOKENS, find: beyond },
  'a refresh token exists': { ...REFRESH_TOKENS, find: exists('pk', hasExpiry) },
  'no refresh token exists': { ...REFRESH_TOKENS, find: beyond },
  'a user exists': { ...USERS, find: exists('pk') },
  'no user exists': { ...USERS, find: beyond },
  'a group exists': { ...GROUPS, find: exists('pk') },
  'no group exists': { ...GROUPS, find: always('00000000-0000-4000-8000-000000000000') },
  'a provider exists': { ...PROVIDERS, find: exists('pk', hasApplication) },
  'no provider exists': { ...PROVIDERS, find: beyond },
  'an application exists': { ...APPLICATIONS, find: exists('slug') },
  'no application exists': { ...APPLICATIONS, find: always(NO_SUCH_TOKEN) },
  'an API token exists': { list: '/core/tokens/', param: 'identifier', find: exists('identifier') },
  'the token is refused': { list: '/core/tokens/', find: () => Promise.resolve({ values: {}, token: NO_SUCH_TOKEN }) },
}

const isKnown = (name: string): name is keyof StateParameters => Object.hasOwn(STATES, name)
/** What a state is about, beside the example that it names. */
const keyOf = ({ name, params }: State) =>
  JSON.stringify([
    name,
    ...Object.entries(params)
      .filter(([key]) => !isKnown(name) || key !== STATES[name].param)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ])

/** @param of the provider whose rows are looked at */
export function statesOf(of: Provider): States {
  const found = new Map<string, Prepared | undefined>()
  const prepare: States['prepare'] = (state) => found.get(keyOf(state))
  return {
    async find(wanted) {
      const lists = new Map<string, Rows>()
      const rowsAt = (list: string) => lists.get(list) ?? lists.set(list, reader(of, list)).get(list)!
      const states = new Map(wanted.map((state) => [keyOf(state), state]))
      for (const [key, { name, params }] of states) {
        if (!isKnown(name)) continue
        const { list, query = '', param = '', find } = STATES[name]
        const one = await find(rowsAt(list + query), params, param)
        found.set(key, one && { ...one, at: list })
      }
    },
    prepare,
    lacking: (states) =>
      states
        .filter((state) => !prepare(state))
        .map(
          ({ name, params }) =>
            `the server has nothing for "${name}"${Object.keys(params).length ? ` (${JSON.stringify(params)})` : ''}`,
        ),
  }
}

/** Reads a list only as far as somebody asks, and each page once. */
function reader(of: Provider, list: string): Rows {
  const ask = askerOf(of)
  const pages: { rows: Row[]; next: number; now: number }[] = []
  const read = async (page: number) => {
    const answer = await ask(`${list}${list.includes('?') ? '&' : '?'}page_size=${PAGE_SIZE}&page=${page}`)
    const now = Date.parse(answer.headers.date ?? '') || Date.now()
    if (answer.status === 403 || answer.status === 404) return { rows: [], next: 0, now }
    const { pagination, results } = (checkJson(answer, `${of.base}/api/v3${list}`, list) ?? {}) as {
      pagination?: { next?: number }
      results?: unknown
    }
    const rows = Array.isArray(results)
      ? results.filter((one): one is Row => typeof one === 'object' && one !== null)
      : []
    return { rows, next: Number(pagination?.next), now }
  }
  return async function* () {
    for (let page = 1; page <= PAGES; page++) {
      const { rows, next, now } = (pages[page] ??= await read(page))
      for (const row of rows) yield { row, now }
      if (next !== page + 1) return
    }
  }
}
