/** Which entries of the journal are shown. */
import type { JournalEntry, JournalFilter } from '../types.ts'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Whether an entry is among what a filter asks for, as the control API decides it. */
export function matchesFilter(entry: JournalEntry, filter: JournalFilter): boolean {
  const { request, response, kind, outcome, operationId, user, scenario, id } = entry
  const pairs: [unknown, unknown][] = [
    [filter.kind, kind],
    [filter.outcome, outcome],
    [filter.operationId, operationId],
    [filter.user, user],
    [filter.scenario, scenario],
    [filter.method?.toUpperCase(), request.method],
    [filter.status, response?.status],
  ]
  if (pairs.some(([expected, actual]) => expected !== undefined && expected !== actual)) return false
  if (filter.after !== undefined && id <= filter.after) return false
  if (filter.writes === true && SAFE.has(request.method)) return false
  return filter.path === undefined || matchesPath(request.path, filter.path)
}

const matchesPath = (path: string, pattern: string) =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
