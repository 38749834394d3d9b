/** Checks that the pages of a list add up. */
import { isObject, readKey } from '../../../schema/json.ts'
import type { Ask } from '../preflight.ts'
import { askObject, FAMILIES, toObject, toRows, type Check, type CheckFindings, type Grant } from './check.ts'

/** A page of a list, read. */
interface Page {
  number: number
  size: number
  pagination: unknown
  rows: readonly Grant[]
}

/** The pages of codes and tokens. */
export const pages: Check = {
  id: 'pages',
  title: 'pages add up',
  async run({ ask }) {
    const counts = new Map<string, number>()
    for (const { family } of FAMILIES) {
      const list = `/oauth2/${family}/`
      const { status, text } = await ask(list)
      if (status !== 200) continue
      const { pagination, results } = toObject(list, text)
      const count = Number(readKey(pagination, 'count'))
      if (Array.isArray(results) && results.length === 0 && count > 0)
        return [{ path: '$.results', text: `${list} has none of its ${count} rows on the first page` }]
      counts.set(family, count)
    }
    const first = await askPage(ask, 'authorization_codes', 1, 2)
    const findings = checkPage(first)
    if (findings.length) return findings
    const extent: string[] = []
    for (const [family, count] of counts) {
      if (count < 2) continue
      const differences = await comparePages(ask, family)
      if (differences.length) return differences
      extent.push(family)
    }
    if (extent.length) return { findings: [], extent: `2 pages and the last of ${extent.join(', ')}` }
    return 'there are no two rows of a kind, so that there is no second page to look at'
  },
}

async function askPage(ask: Ask, family: string, number: number, size: number): Promise<Page> {
  const path = `/oauth2/${family}/?page_size=${size}${number === 1 ? '' : `&page=${number}`}`
  const { pagination, ...body } = await askObject(ask, path)
  return { number, size, pagination, rows: toRows(body, path) }
}

/** Compares the first page of one row, the second and the last. */
async function comparePages(ask: Ask, family: string): Promise<CheckFindings> {
  const [first, second] = [await askPage(ask, family, 1, 1), await askPage(ask, family, 2, 1)]
  const findings = [first, second].flatMap(checkPage)
  if (findings.length) return findings
  if (first.rows[0]?.pk === second.rows[0]?.pk)
    return [{ path: '$.results[0].pk', text: `?page=2 of /oauth2/${family}/ has the row of the first page` }]
  return checkPage(await askPage(ask, family, Number(readKey(second.pagination, 'count')), 1))
}

const ORDINALS = ['', 'first', 'second']

/** Checks what a page of a list says of itself and of the others. */
function checkPage({ number, size, pagination, rows }: Page): CheckFindings {
  if (!isObject(pagination)) return [{ path: '$.pagination', text: 'is no object' }]
  const { count, total_pages, start_index, end_index, current, next, previous } = pagination
  if (typeof count !== 'number' || !Number.isInteger(count))
    return [{ path: '$.pagination.count', text: 'is no whole number' }]
  const last = Math.max(1, Math.ceil(count / size))
  const offset = (number - 1) * size
  const rowCount = Math.max(0, Math.min(size, count - offset))
  const page = ORDINALS[number] ?? 'last'
  const sums: [holds: boolean, key: string, text: string][] = [
    [total_pages === last, 'total_pages', `${count} rows are on ${total_pages} pages of ${size}`],
    [rows.length === rowCount, 'count', `a page of ${size} has ${rows.length} rows of ${count}`],
    [end_index === offset + rowCount, 'end_index', `the ${page} page ends with row ${end_index}`],
    [start_index === Math.min(offset + 1, count), 'start_index', `the ${page} page begins with row ${start_index}`],
    [current === number, 'current', `the ${page} page is page ${current}`],
    [next === (number < last ? number + 1 : 0), 'next', `behind the ${page} page comes ${next}`],
    [previous === number - 1, 'previous', `before the ${page} page comes ${previous}`],
  ]
  return sums.flatMap(([holds, key, text]) => (holds ? [] : [{ path: `$.pagination.${key}`, text }]))
}
