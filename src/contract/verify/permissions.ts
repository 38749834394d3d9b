/** Knows what authentik refuses to an ordinary user: the mock of its release says so. */
import type { Operation, Release } from '../../rest/operation.ts'
import { anyObject, toOpenApi } from '../../schema/words.ts'
import { mock } from '../../mock/mock.ts'

/** Finds the operations that read, and that a user without any permission is refused. @returns their ids */
export async function findRefused({ version, operations }: Release): Promise<ReadonlySet<string>> {
  const reference = mock({ release: version, codes: 0 })
  await reference.ready
  const { user } = reference.tokens()
  const reading = operations.filter(({ method, manages }) => method === 'GET' && !manages)
  const answers = await Promise.all(
    reading.map(async (operation) => {
      const { status } = await reference.fetch(`http://localhost/api/v3${toPath(operation)}`, {
        headers: { Authorization: `Bearer ${user}` },
      })
      return status === 403 ? [operation.id] : []
    }),
  )
  return new Set(answers.flat())
}

/** The path of some row: who may not see any is refused before it is looked for. */
const toPath = ({ view, parameters }: Operation) =>
  view.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const { type, format } = toOpenApi(parameters[name]?.schema ?? anyObject())
    if (type === 'integer') return '1'
    return format === 'uuid' ? '00000000-0000-4000-8000-000000000000' : 'none'
  })
