/** Provider states on a server that we do not own: looked for, never made. */
import type { StateParameters } from '../adapters/pact/states.ts'
import { askerOf, checkJson, type Provider } from './preflight.ts'

/** A state as a pact has it. */
export interface Stated {
  name: string
  params?: Record<string, unknown>
}

/** What makes a state so: values for the parameters in the request, and perhaps another token. */
export interface Prepared {
  values: Record<string, string | number>
  token?: string
}

export interface States {
  /** Looks for what these states need; what is found stays so. */
  find(wanted: readonly Stated[]): Promise<void>
  /** @returns undefined when the server has nothing that fits, as far as was looked */
  prepare(state: Stated): Prepared | undefined
  /** Which of these states the server has nothing for, in words. */
  lacking(states?: readonly Stated[]): string[]
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

const exists =
  (param: string, key: string, fits: (row: Row, params: Record<string, unknown>, now: number) => boolean = () => true) =>
  async (rows: Rows, params: Record<string, unknown>): Promise<Prepared | undefined> => {
    for await (const { row, now } of rows()) {
      const value = row[key]
      if ((typeof value === 'number' || typeof value === 'string') && fits(row, params, now)) return { values: { [param]: value } }
    }
    return undefined
  }
const always = (values: Prepared['values']) => () => Promise.resolve({ values })
/** Ids are given in turn: one far beyond the newest is nobody's. */
const beyond = async (rows: Rows): Promise<Prepared> => {
  const newest = await exists('id', 'pk')(rows, {})
  return { values: { id: Number(newest?.values['id'] ?? 0) + 1_000_000 } }
}
const hasExpiry = (row: Row, { expiry }: Record<string, unknown>, now: number) =>
  expiry === undefined || (expiryOf(row) === expiry && !(expiry === 'live' && Date.parse(row['expires'] as string) < now + LASTING))
const expiryOf = ({ expires, is_expired }: Row) => (expires === null || expires === undefined ? 'none' : is_expired ? 'expired' : 'live')
const hasApplication = ({ assigned_application_slug: slug }: Row) => typeof slug === 'string' && slug !== ''

/** How each state is had: from which list, and what of it. */
const STATES: Record<keyof StateParameters, [list: string, (rows: Rows, params: Record<string, unknown>) => Promise<Prepared | undefined>]> = {
  'an authorization code exists': ['/oauth2/authorization_codes/?ordering=-pk', exists('id', 'pk', hasExpiry)],
  'no authorization code exists': ['/oauth2/authorization_codes/?ordering=-pk', beyond],
  'an access token exists': ['/oauth2/access_tokens/?ordering=-pk', exists('id', 'pk', hasExpiry)],
  'no access token exists': ['/oauth2/access_tokens/?ordering=-pk', beyond],
  'a refresh token exists': ['/oauth2/refresh_tokens/?ordering=-pk', exists('id', 'pk', hasExpiry)],
  'no refresh token exists': ['/oauth2/refresh_tokens/?ordering=-pk', beyond],
  'a user exists': ['/core/users/?ordering=-pk', exists('id', 'pk')],
  'no user exists': ['/core/users/?ordering=-pk', beyond],
  'a group exists': ['/core/groups/', exists('id', 'pk')],
  'no group exists': ['/core/groups/', always({ id: '00000000-0000-4000-8000-000000000000' })],
  'a provider exists': ['/providers/oauth2/?ordering=-pk', exists('id', 'pk', hasApplication)],
  'no provider exists': ['/providers/oauth2/?ordering=-pk', beyond],
  'an application exists': ['/core/applications/?superuser_full_list=true', exists('slug', 'slug')],
  'no application exists': ['/core/applications/', always({ slug: NO_SUCH_TOKEN })],
  'an API token exists': ['/core/tokens/', exists('identifier', 'identifier')],
  'the token is refused': ['/core/tokens/', () => Promise.resolve({ values: {}, token: NO_SUCH_TOKEN })],
}

const isKnown = (name: string): name is keyof StateParameters => Object.hasOwn(STATES, name)
/** What a state is about, beside the example that it names. */
const keyOf = ({ name, params = {} }: Stated) => `${name} ${String(params['expiry'])}`

/** @param of the provider whose rows are looked at */
export function statesOf(of: Provider): States {
  const lists = new Map<string, Rows>()
  const rowsAt = (list: string) => lists.get(list) ?? lists.set(list, reader(of, list)).get(list)!
  const found = new Map<string, Prepared | undefined>()
  const prepare: States['prepare'] = (state) => found.get(keyOf(state))
  return {
    async find(wanted) {
      for (const state of wanted) {
        const key = keyOf(state)
        if (found.has(key) || !isKnown(state.name)) continue
        const [list, find] = STATES[state.name]
        found.set(key, await find(rowsAt(list), state.params ?? {}))
      }
    },
    prepare,
    lacking: (states = []) =>
      states
        .filter((state) => !prepare(state))
        .map(({ name, params = {} }) => `the server has nothing for "${name}"${Object.keys(params).length ? ` (${JSON.stringify(params)})` : ''}`),
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
    const { pagination, results } = (checkJson(answer, `${of.base}/api/v3${list}`, list) ?? {}) as { pagination?: { next?: number }; results?: unknown }
    const rows = Array.isArray(results) ? results.filter((one): one is Row => typeof one === 'object' && one !== null) : []
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
