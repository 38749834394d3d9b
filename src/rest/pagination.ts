/** Lists: order, then page, as authentik does (docs/authentik.md#pagination). */
import type { Context } from './operation.ts'
import { Problem } from './errors.ts'
import { lastOf, toInteger } from './python.ts'
import type { RowList } from '../store/sorted-index.ts'
import { component, list, number, type Schema } from '../schema/words.ts'

/** Where a page stands among all. */
export const Pagination = component('Pagination', {
  next: number(),
  previous: number(),
  count: number(),
  current: number(),
  total_pages: number(),
  start_index: number(),
  end_index: number(),
})

/** The component of a page of these. */
export const paginated = <S extends Schema>(name: string, item: S) =>
  component(`Paginated${name}List`, { pagination: Pagination, results: list(item) })

/** Fields to order by, and whether downwards. */
export type Ordering<Field extends string = string> = readonly (readonly [field: Field, descending: boolean])[]

/**
 * What `?ordering=` asks for: a comma list, `-` for downwards. What is not a known field is dropped without a word,
 * and when nothing is left the default holds.
 */
export function parseOrdering<Field extends string>(
  query: URLSearchParams,
  fields: readonly Field[],
  defaultOrdering: Ordering<Field>,
): Ordering<Field> {
  const ordering = new Map<Field, boolean>()
  for (const part of (lastOf(query, 'ordering') ?? '').split(',')) {
    const name = part.trim()
    const isDescending = name.startsWith('-')
    const field = fields.find((candidate) => candidate === (isDescending ? name.slice(1) : name))
    // What a list is ordered by already, it is not ordered by again.
    if (field !== undefined && !ordering.has(field)) ordering.set(field, isDescending)
  }
  return ordering.size ? [...ordering] : defaultOrdering
}

/** One page of rows, as a list answers it. */
export interface Page<Row> {
  pagination: Record<'next' | 'previous' | 'count' | 'current' | 'total_pages' | 'start_index' | 'end_index', number>
  results: readonly Row[]
  /** What a search box may offer, in releases that say. */
  autocomplete: object
}

/**
 * One page of rows.
 * @param rows all of them, in order
 * @throws Problem 404 for a page that is not there
 */
export function toPage<Row>(rows: RowList<Row>, { query, release }: Context, autocomplete: object = {}): Page<Row> {
  const { pageSize, maxPageSize, emptyPageIsFirst } = release.behaviour
  const size = Math.min(parseSize(lastOf(query, 'page_size')) ?? pageSize, maxPageSize)
  const count = rows.length
  const lastPage = Math.max(1, Math.ceil(count / size))
  const page = lastOf(query, 'page')
  const current = parsePage(emptyPageIsFirst ? page || undefined : page, lastPage)
  const start = (current - 1) * size
  const results = rows.slice(start, start + size)
  return {
    pagination: {
      next: current < lastPage ? current + 1 : 0,
      previous: current > 1 ? current - 1 : 0,
      count,
      current,
      total_pages: lastPage,
      start_index: count === 0 ? 0 : start + 1,
      end_index: start + results.length,
    },
    results,
    autocomplete,
  }
}

/**
 * The fields of a model that a search can name, with their kinds: `str`, `bool`, a set of values, or the name of a
 * model of free attributes.
 */
export function toAutocomplete(model: string, fields: Record<string, string | readonly string[]>) {
  const entries = Object.entries(fields).map(([name, kind]) => {
    if (typeof kind !== 'string') return [name, { type: 'str', nullable: false, options: kind }]
    if (kind.includes('.')) return [name, { type: 'relation', nullable: false, options: null, relation: kind }]
    return [name, { type: kind, nullable: kind === 'bool', options: null }]
  })
  return { current_model: model, models: { [model]: Object.fromEntries(entries) } }
}

/** Anything but a whole number from 1 is as if it was not said. */
function parseSize(text: string | undefined): number | undefined {
  const size = text === undefined ? undefined : toInteger(text)
  return size !== undefined && size > 0n ? Number(size) : undefined
}

function parsePage(text: string | undefined, lastPage: number): number {
  if (text === undefined) return 1
  if (text === 'last') return lastPage
  const page = toInteger(text)
  if (page === undefined || page < 1n || page > BigInt(lastPage)) throw new Problem(404, { detail: 'Invalid page.' })
  return Number(page)
}
