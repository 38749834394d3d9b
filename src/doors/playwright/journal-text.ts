/** Writes a journal for a person who looks for why a test failed. */
import type { JournalEntry } from '../../control/types.ts'

/** How much of a query is shown. The list reporter shows about 300 signs of a whole attachment. */
const MAX_QUERY = 40

/**
 * A line for each request, with the reasons of its answer below it. The newest comes first, as reporters cut the end.
 * @param place what is said of where the mock is, when nobody asked it anything
 */
export function toJournalText(entries: readonly JournalEntry[], place: string): string {
  if (entries.length === 0) return `Nobody asked the mock anything in this test. ${place}\n`
  return `${entries.toReversed().flatMap(linesOf).join('\n')}\n`
}

function linesOf({
  id,
  time,
  request,
  response,
  user,
  outcome,
  scenario,
  reasons,
  operationId,
}: JournalEntry): string[] {
  const shownQuery = request.query.length > MAX_QUERY ? `${request.query.slice(0, MAX_QUERY)}…` : request.query
  const query = shownQuery && `?${shownQuery}`
  const status = response ? String(response.status) : 'reset'
  const facts = [
    ...(user === null ? [] : [`by ${user}`]),
    ...(operationId === null ? [] : [operationId]),
    ...(outcome === 'answered' ? [] : [outcome]),
    ...(scenario === null ? [] : [`scenario ${scenario}`]),
  ]
  const about = facts.length ? `  (${facts.join(', ')})` : ''
  const line = `${String(id).padStart(4)}  ${time}  ${status}  ${request.method} ${request.path}${query}${about}`
  return [line, ...reasons.map((reason) => `      ${reason}`)]
}
