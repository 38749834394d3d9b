/** Looks for provider states on a server that we do not own: the states are found, and never made. */
import { operations } from '../../authentik/resources/index.ts'
import { hasIntegerKey, type Resource } from '../../store/resource.ts'
import { resourceStates } from '../pact/states.ts'
import { isObject, parseJson, readKey, toText } from '../../schema/json.ts'
import type { Answer } from './exchange.ts'
import { VerifyFailure } from './failure.ts'
import type { State } from './pact-file.ts'
import { checkJson, checkPatience, createAsk, type Provider } from './preflight.ts'

/** What makes a state so: values for the parameters in the request, and perhaps another token. */
export interface PreparedState {
  values: Record<string, string | number>
  /** The path of the list; in a request, the value stands right below it. */
  listPath: string
  token?: string
}

/** The states that a server has. */
export interface States {
  /**
   * Looks for what these states need, also where it was looked for before.
   *
   * @param prefersNamed whether the row that a state names is taken where the server has it, and not only as an example
   */
  find(states: readonly State[], prefersNamed: boolean): Promise<void>
  /** Tells what makes a state so. @returns undefined when nothing was found that fits */
  prepare(state: State): PreparedState | undefined
  /** Says which of these states the server has nothing for. */
  explainMissing(states: readonly State[]): string[]
}

type Row = Record<string, unknown>
/** Reads the rows of a list, a page at a time, and what time it was at the server. */
type ReadRows = () => AsyncIterable<{ row: Row; now: number }>

/** A key that no token has. */
export const NO_SUCH_TOKEN = 'authentik-mock-no-such-token'

/** How long a row has to live on to be called live, in milliseconds, because it is asked for a little later. */
const MINIMUM_LIFETIME = 10_000

/** How far a list is read. The pages are small, because each row costs a server several queries. */
const MAX_PAGES = 50
const PAGE_SIZE = 20

/** Finds a row for a state. @param param the parameter of the state that is the example in the path */
type FindRow = (
  readRows: ReadRows,
  params: Record<string, unknown>,
  param: string,
) => Promise<Pick<PreparedState, 'values' | 'token'> | undefined>

/** In which list a state is looked for, and how. */
interface StateLookup {
  listPath: string
  query?: string
  /** The parameter of the state that is the example in the path. */
  param?: string
  find: FindRow
  /** Whether the state is that there is no such row. */
  isAbsent?: boolean
  /** Whether a row is as the state says. */
  fits?: Fits
}

type Fits = (row: Row, params: Record<string, unknown>, now: number) => boolean

/** Finds a row by one of its keys; what else the state says has to be so in the row. */
const findBy =
  (key: string, fits: Fits): FindRow =>
  async (readRows, params, param) => {
    for await (const { row, now } of readRows()) {
      const id = row[key]
      if ((typeof id === 'number' || typeof id === 'string') && fits(row, params, now))
        return { values: { [param]: id } }
    }
    return undefined
  }

/** Makes a test of a row: it is as the parameters say, but for the one that only names a row. */
const fitting =
  (param: string, isSuitable: Fits = () => true): Fits =>
  (row, params, now) =>
    isSuitable(row, params, now) &&
    Object.entries(params).every(([name, value]) => name === param || name === 'expiry' || row[name] === value)

/** Gives an id that no row has. */
const useId =
  (id: string): FindRow =>
  (_readRows, _params, param) =>
    Promise.resolve({ values: { [param]: id } })

/** Gives an id far beyond the newest, which no row has because ids are assigned in turn. */
const findUnusedId: FindRow = async (readRows, _params, param) => {
  const newest = await findBy('pk', () => true)(readRows, {}, param)
  return { values: { [param]: Number(newest?.values[param] ?? 0) + 1_000_000 } }
}

const hasExpiry = (row: Row, { expiry }: Record<string, unknown>, now: number) =>
  expiry === undefined ||
  (expiryOf(row) === expiry && !(expiry === 'live' && Date.parse(toText(row['expires'])) < now + MINIMUM_LIFETIME))

const expiryOf = ({ expires, is_expired }: Row) =>
  expires === null || expires === undefined ? 'none' : is_expired ? 'expired' : 'live'

const hasApplication = ({ assigned_application_slug: slug }: Row) => typeof slug === 'string' && slug !== ''

const NEWEST_FIRST = '?ordering=-pk'
const NO_SUCH_UUID = '00000000-0000-4000-8000-000000000000'

/** What a resource has beside what follows from it: how its list shows all rows, and which of them fit. */
const SPECIALS: Readonly<Record<string, { query?: string; fits?: Fits }>> = {
  applications: { query: '?superuser_full_list=true' },
  // The URLs of a provider's endpoints have the slug of its application in them.
  providers: { fits: hasApplication },
}

/** The states of each resource: there is a row of it, or none. */
const RESOURCE_STATES: [string, StateLookup][] = resourceStates.flatMap(({ resource, present, absent, key }) => {
  const { name, fields } = resource
  const isNumbered = hasIntegerKey(resource)
  const { query = isNumbered ? NEWEST_FIRST : '', fits = 'is_expired' in fields ? hasExpiry : undefined } =
    SPECIALS[name] ?? {}
  const lookup = { listPath: listPathOf(resource), query, param: key }
  const isFitting = fitting(key, fits)
  const noId = isNumbered ? findUnusedId : useId(key === 'id' ? NO_SUCH_UUID : NO_SUCH_TOKEN)
  return [
    [present, { ...lookup, fits: isFitting, find: findBy(key === 'id' ? 'pk' : key, isFitting) }],
    [absent, { ...lookup, isAbsent: true, find: noId }],
  ]
})

/** The path of a resource's list, as its operation has it. */
function listPathOf({ name }: Resource): string {
  const list = operations.find(({ id, resource }) => resource?.name === name && /(?<!used_by)_list$/.test(id))
  return list?.view.path ?? ''
}

const STATES: ReadonlyMap<string, StateLookup> = new Map([
  ...RESOURCE_STATES,
  [
    'the token is refused',
    { listPath: '/core/tokens/', find: () => Promise.resolve({ values: {}, token: NO_SUCH_TOKEN }) },
  ],
])

/** Two states with the same key are had by the same row. */
const keyOf = ({ name, params }: State) =>
  JSON.stringify([name, ...Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))])

/** Looks for states among the rows of a server. */
export function statesOf(provider: Provider): States {
  const preparedStates = new Map<string, PreparedState | undefined>()
  const prepare: States['prepare'] = (state) => preparedStates.get(keyOf(state))
  const ask = createAsk(provider)

  /** Takes the row that the state names where the server has it as the state says, or has not where none is to be. */
  async function findNamed({ listPath, param = '', isAbsent, fits }: StateLookup, params: State['params']) {
    const id = params[param]
    if (typeof id !== 'number' && typeof id !== 'string') return undefined
    const answer = checkPatience(await ask(`${listPath}${encodeURIComponent(id)}/`), provider.base)
    const match = { values: { [param]: id } }
    if (isAbsent) return answer.status === 404 ? match : undefined
    const row = parseJson(answer.text)
    const now = timeOf(answer)
    return answer.status === 200 && isObject(row) && fits?.(row, params, now) ? match : undefined
  }

  return {
    async find(states, prefersNamed) {
      const readers = new Map<string, ReadRows>()
      const readerOf = (list: string) => {
        const reader = readers.get(list) ?? createReader(provider, list)
        readers.set(list, reader)
        return reader
      }
      const distinctStates = new Map(states.map((state) => [keyOf(state), state]))
      for (const [key, { name, params }] of distinctStates) {
        const lookup = STATES.get(name)
        if (!lookup) continue
        const { listPath, query = '', param = '', find } = lookup
        const match =
          (prefersNamed ? await findNamed(lookup, params).catch(toNothing) : undefined) ??
          (await find(readerOf(listPath + query), params, param))
        preparedStates.set(key, match && { ...match, listPath })
      }
    },
    prepare,
    explainMissing: (states) =>
      states
        .filter((state) => !prepare(state))
        .map(
          ({ name, params }) =>
            `the server has nothing for "${name}"${Object.keys(params).length ? ` (${JSON.stringify(params)})` : ''}`,
        ),
  }
}

/** Takes a row that the server fails to show for one that it does not have: its list says more. */
function toNothing(error: unknown): undefined {
  if (!(error instanceof VerifyFailure)) throw error
}

/** What time it was at the server when it answered. */
const timeOf = ({ headers }: Answer) => Date.parse(headers.date ?? '') || Date.now()

/** Reads a list only as far as rows are asked for, and each page once. */
function createReader(provider: Provider, list: string): ReadRows {
  const ask = createAsk(provider)
  const pages = new Map<number, { rows: Row[]; next: number; now: number }>()
  const readPage = async (number: number) => {
    const answer = await ask(`${list}${list.includes('?') ? '&' : '?'}page_size=${PAGE_SIZE}&page=${number}`)
    const now = timeOf(answer)
    if (answer.status === 403 || answer.status === 404) return { rows: [], next: 0, now }
    const body = checkJson(answer, `${provider.base}/api/v3${list}`, list)
    const results = readKey(body, 'results')
    const rows = Array.isArray(results) ? results.filter(isObject) : []
    return { rows, next: Number(readKey(readKey(body, 'pagination'), 'next')), now }
  }
  return async function* () {
    for (let number = 1; number <= MAX_PAGES; number++) {
      const page = pages.get(number) ?? (await readPage(number))
      pages.set(number, page)
      for (const row of page.rows) yield { row, now: page.now }
      if (page.next !== number + 1) return
    }
  }
}
