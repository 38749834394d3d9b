/** Lists: order, then page, as authentik does (FACTS 3). */
import { Problem } from './problem.ts'
import { lastOf, toInteger } from './python.ts'
import { component, list, number, type Schema } from './schema.ts'

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
export const paginated = <S extends Schema>(name: string, of: S) => component(`Paginated${name}List`, { pagination: Pagination, results: list(of) })

/** A field to order by, and whether downwards. */
export type Ordering<Field extends string = string> = readonly (readonly [field: Field, down: boolean])[]

/**
 * What `?ordering=` asks for: a comma list, `-` for downwards. What is not a known field is dropped without a word,
 * and when nothing is left the default holds.
 */
export function parseOrdering<Field extends string>(query: URLSearchParams, fields: readonly Field[], byDefault: Ordering<Field>): Ordering<Field> {
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
 * @throws Problem 404 for a page that is not there
 */
export function toPage<Row, Shown>(rows: readonly Row[], query: URLSearchParams, show: (row: Row) => Shown) {
  const size = parseSize(lastOf(query, 'page_size'))
  const count = rows.length
  const total_pages = Math.max(1, Math.ceil(count / size))
  const current = parsePage(lastOf(query, 'page'), total_pages)
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
  }
}

const PAGE_SIZE = 100

/** Anything but a whole number from 1 is as if it was not said; there is no maximum. */
function parseSize(given: string | undefined): number {
  const size = given === undefined ? undefined : toInteger(given)
  return size !== undefined && size > 0n ? Number(size) : PAGE_SIZE
}

function parsePage(given: string | undefined, last: number): number {
  if (given === undefined) return 1
  if (given === 'last') return last
  const page = toInteger(given)
  if (page === undefined || page < 1n || page > BigInt(last)) throw new Problem(404, { detail: 'Invalid page.' })
  return Number(page)
}
