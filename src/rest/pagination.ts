/** Lists: order, then page, as authentik does (FACTS 3). */
import type { Context } from './operation.ts'
import { Problem } from './errors.ts'
import { lastOf, toInteger } from './python.ts'
import { component, list, number, type Schema } from '../schema/words.ts'

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
export const paginated = <S extends Schema>(name: string, of: S) =>
  component(`Paginated${name}List`, { pagination: Pagination, results: list(of) })

/** A field to order by, and whether downwards. */
export type Ordering<Field extends string = string> = readonly (readonly [field: Field, down: boolean])[]

/**
 * What `?ordering=` asks for: a comma list, `-` for downwards. What is not a known field is dropped without a word,
 * and when nothing is left the default holds.
 */
export function parseOrdering<Field extends string>(
  query: URLSearchParams,
  fields: readonly Field[],
  byDefault: Ordering<Field>,
): Ordering<Field> {
  const asked = (lastOf(query, 'ordering') ?? '')
    .split(',')
    .map((part) => part.trim())
    .flatMap((part) => {
      const field = fields.find((one) => one === part.replace(/^-/, ''))
      return field ? [[field, part.startsWith('-')] as const] : []
    })
  return asked.length ? asked : byDefault
}

/**
 * One page of rows.
 * @param rows all of them, in order
 * @param autocomplete what a search box may offer, in releases that say
 * @throws Problem 404 for a page that is not there
 */
export function toPage<Row, Shown>(
  rows: readonly Row[],
  { query, release }: Context,
  show: (row: Row) => Shown,
  autocomplete: object = {},
) {
  const { pageSize, maxPageSize, emptyPageIsFirst } = release.behaviour
  const size = Math.min(parseSize(lastOf(query, 'page_size')) ?? pageSize, maxPageSize)
  const count = rows.length
  const total_pages = Math.max(1, Math.ceil(count / size))
  const page = lastOf(query, 'page')
  const current = parsePage(emptyPageIsFirst ? page || undefined : page, total_pages)
  const start = (current - 1) * size
  const results = rows.slice(start, start + size).map(show)
  return {
    pagination: {
      next: current < total_pages ? current + 1 : 0,
      previous: current > 1 ? current - 1 : 0,
      count,
      current,
      total_pages,
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
  const described = Object.entries(fields).map(([name, kind]) => {
    if (typeof kind !== 'string') return [name, { type: 'str', nullable: false, options: kind }]
    if (kind.includes('.')) return [name, { type: 'relation', nullable: false, options: null, relation: kind }]
    return [name, { type: kind, nullable: kind === 'bool', options: null }]
  })
  return { current_model: model, models: { [model]: Object.fromEntries(described) } }
}

/** Anything but a whole number from 1 is as if it was not said. */
function parseSize(given: string | undefined): number | undefined {
  const size = given === undefined ? undefined : toInteger(given)
  return size !== undefined && size > 0n ? Number(size) : undefined
}

function parsePage(given: string | undefined, last: number): number {
  if (given === undefined) return 1
  if (given === 'last') return last
  const page = toInteger(given)
  if (page === undefined || page < 1n || page > BigInt(last)) throw new Problem(404, { detail: 'Invalid page.' })
  return Number(page)
}
