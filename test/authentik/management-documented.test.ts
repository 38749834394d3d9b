/** With the fidelity `documented`, what manages authentik answers as it documents, in its life from the first to the last. */
import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/entries/index.ts'
import { clientOf, readyMock } from '../support/client.ts'
import { bodyFor, createRows, queryFor } from '../support/management.ts'

const NOW = '2024-09-27T14:26:18.306Z'

/** Policies, and stages that send mails, are those of a world file. */
const OF_A_FILE = /^(policies_all_(retrieve|destroy|used_by_list)|core_users_recovery_email_\w+)$/
/** A policy that is bound to nobody shows null where an object is documented. */
const EXCEPT = /^policies_(all_retrieve|bindings)/

describe.each(['2024.2.4', '2024.8.3', '2025.8.6', '2025.12.4', '2026.8.3'])('what manages authentik %s', (release) => {
  it('answers each operation in the form that it documents', async () => {
    const authentik = await readyMock({ release, now: NOW, token: 'key' })
    const rows = await createRows(authentik)
    const client = clientOf(authentik, { token: 'key' })
    const rank = ({ method }: Operation) => ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'].indexOf(method)
    const managing = authentik.operations.filter(({ manages, id }) => manages && !OF_A_FILE.test(id))
    const sorted = managing.toSorted((a, b) => rank(a) - rank(b))
    const deletions = sorted.filter(({ method }) => method === 'DELETE')
    // A resource stands behind those that it points at, and goes before them.
    const ordered = [...sorted.slice(0, -deletions.length), ...deletions.toReversed()]
    const answers: unknown[] = []
    const documented: unknown[] = []
    for (const operation of ordered) {
      const { id, method, view, responses, status } = operation
      const start = Object.keys(rows).find((path) => view.path.startsWith(path))
      const path = start ? view.path.replace(start, start.replace(/\{\w+\}/, rows[start] ?? '')) : view.path
      const query = new URLSearchParams(queryFor(operation, rows)).toString()
      const address = query ? `${path}?${query}` : path
      const answer = await client.send(method, address, bodyFor(operation, authentik))
      if (id.endsWith('tokens_update')) rows['/core/tokens/{identifier}/'] = 'token-PUT'
      if (id.endsWith('tokens_partial_update')) rows['/core/tokens/{identifier}/'] = 'token-PATCH'
      const schema = responses[status]
      answers.push([id, answer.status, schema && !EXCEPT.test(id) ? answer.json : undefined])
      documented.push([
        id,
        status,
        schema && !EXCEPT.test(id)
          ? (schema.safeParse(answer.json).data ?? schema.safeParse(answer.json).error?.issues)
          : undefined,
      ])
    }
    expect(answers.length).toBeGreaterThan(80)
    // One after the other, so that a difference names its operation.
    for (const [index, answer] of answers.entries()) expect(answer).toEqual(documented[index])
  })
})
