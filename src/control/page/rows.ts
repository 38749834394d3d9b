/** Rows of the world, to show and to suggest. */
import { useEffect, useState } from 'preact/hooks'
import type { MockStatus } from '../types.ts'
import { ask, toQuery } from './api.ts'

/** Rows of a resource, and how many there are in all. */
export interface RowPage {
  count: number
  rows: Record<string, unknown>[]
}

/** Asks for rows. */
export const loadRows = (
  resource: string,
  filter: { search?: string; limit: number; offset?: number },
): Promise<RowPage> => ask('GET', `world/${encodeURIComponent(resource)}/${toQuery(filter)}`)

/** How many rows are suggested. */
const LIMIT = 200

/** Rows of a resource to choose; none while they are not known, because any text can be entered. */
export function useSuggestions(resource: string, key: string, name: string): { value: string; label: string }[] {
  const [rows, setRows] = useState<RowPage['rows']>([])
  useEffect(() => {
    let isCurrent = true
    const take = (page: RowPage) => {
      if (isCurrent) setRows(page.rows)
    }
    loadRows(resource, { limit: LIMIT }).then(take, () => {})
    return () => {
      isCurrent = false
    }
  }, [resource])
  return rows.map((row) => ({ value: String(row[key] ?? ''), label: String(row[name] ?? '') }))
}

/** The field by which a row of a resource is addressed. */
export const keyFieldOf = (resource: string, status: MockStatus | null): string =>
  new Map(Object.entries(status?.keys ?? {})).get(resource) ?? 'pk'

/** Stands for the key of a row that is to be made; no row has it. */
export const NEW = '+'
