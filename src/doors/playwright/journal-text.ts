/** Writes a journal for a person who looks for why a test failed. */
import type { JournalEntry } from '../../control/types.ts'

/** A line for each request, with the reasons of its answer below it. */
export function toJournalText(entries: readonly JournalEntry[]): string {
  if (entries.length === 0) return 'Nobody asked the mock anything in this test.\n'
  return `${entries.flatMap(linesOf).join('\n')}\n`
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
  const query = request.query && `?${request.query}`
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
