/** Checks who may see what: secrets, the codes of others, and codes without credentials. */
import { componentAt } from '../../../schema/walk.ts'
import { NO_SUCH_TOKEN } from '../states.ts'
import type { Ask } from '../preflight.ts'
import {
  askEachNewest,
  askNewest,
  askRows,
  FAMILIES,
  NO_ROWS,
  toNoRows,
  type Check,
  type Grant,
  type Server,
} from './check.ts'

const NO_SECOND_TOKEN = 'it takes the token of an ordinary user: --second-token-file'

/** The second caller, who has to be an ordinary user. @returns the reason why there is none */
function ordinaryUserOf({ second }: Server): NonNullable<Server['second']> | string {
  if (second === undefined) return NO_SECOND_TOKEN
  return second.superuser ? 'the second token is not that of an ordinary user' : second
}

const secrets: Check = {
  id: 'S01',
  title: 'no client_secret in the body of a code or token',
  advisory: { id: 'CVE-2026-40166', fixed: '2025.12.5 and 2026.2.3' },
  isKnownIn: ({ operations }) => {
    const retrieve = operations.find(({ id }) => id === 'oauth2_authorization_codes_retrieve')
    const code = retrieve?.responses[200]
    return code ? componentAt(code, '$.provider') === 'OAuth2Provider' : false
  },
  async run({ ask }) {
    const lists = await askEachNewest(ask)
    if (lists.every(({ rows }) => rows.length === 0)) return NO_ROWS
    return lists.flatMap(({ family, rows }) =>
      rows.some(({ provider }) => 'client_secret' in provider)
        ? [`/oauth2/${family}/ shows the client_secret of the provider`]
        : [],
    )
  },
}

const ownCodes: Check = {
  id: 'S02',
  title: 'an ordinary user sees their own codes alone',
  async run(server) {
    const { ask } = server
    const user = ordinaryUserOf(server)
    if (typeof user === 'string') return user
    const isForeign = (code: Grant) => code.user.pk !== user.pk
    const foreignCode = (await askNewest(ask, 'authorization_codes')).find(isForeign)
    if (!foreignCode) return NO_ROWS
    const path = `/oauth2/authorization_codes/${foreignCode.pk}/`
    const { status } = await ask(path, user.token)
    if (status !== 200 && status !== 404) return `${path} is answered with ${status}`
    const visibleCodes = await askRows(ask, '/oauth2/authorization_codes/?page_size=100', user.token)
    const findings = [
      ...(status === 404 ? [] : [`the code ${foreignCode.pk} of somebody else is answered with ${status}, not 404`]),
      ...(visibleCodes.some(isForeign) ? ['the list has codes of others'] : []),
    ]
    // Whoever sees nothing at all does not show that they see what is theirs.
    return findings.length === 0 && visibleCodes.length === 0 ? 'that user has no code' : findings
  },
}

const credentials: Check = {
  id: 'S03',
  title: 'nobody gets a code or token without credentials',
  async run({ ask }) {
    const paths = (await askEachNewest(ask)).flatMap(({ family, rows: [row] }) => {
      const list = `/oauth2/${family}/`
      const instance = `${list}${row?.pk ?? 1}/`
      return [list, instance, `${instance}used_by/`]
    })
    const answers = await Promise.all(
      paths.flatMap((path) =>
        [null, NO_SUCH_TOKEN].map(async (token) => ({ path, status: (await ask(path, token)).status })),
      ),
    )
    const open = answers.flatMap(({ path, status }) => (status === 200 ? [path] : []))
    return [...new Set(open)].map((path) => `${path} is answered with 200 to nobody`)
  },
}

const uses: Check = {
  id: 'S04',
  title: 'used_by asks for the permission to view',
  advisory: { id: 'CVE-2024-42490', fixed: '2024.4.4, 2024.6.4 and 2024.8.0' },
  isKnownIn: ({ behaviour }) => !behaviour.usedByNeedsViewPermission,
  async run(server) {
    const { ask, release } = server
    const user = ordinaryUserOf(server)
    if (typeof user === 'string') return user
    const answers = await Promise.all(
      FAMILIES.map(async ({ family }) => {
        const [row] = await askRows(ask, `/oauth2/${family}/?page_size=1`, user.token).catch(toNoRows)
        const path = `/oauth2/${family}/${row?.pk}/used_by/`
        return row ? [{ path, status: (await ask(path, user.token)).status }] : []
      }),
    )
    const answered = answers.flat()
    if (answered.length === 0) return 'that user has no code'
    const open = answered.filter(({ status }) => status === 200)
    const [first] = open
    if (!first || uses.isKnownIn?.(release)) return open.map(({ path }) => `${path} is answered with 200`)
    // The permission is one for each kind: who has it for one kind alone is shown the uses of that.
    const isPartial = open.length === 1 || open.length < answered.length
    if (isPartial || (await mayHavePermission(ask, user)))
      return `${first.path} is answered with 200, as to a user with the permission to view`
    return open.map(({ path }) => `${path} is answered with 200`)
  },
}

/**
 * Whether a user who is shown the uses of every kind may have the permission for each: the uses of a user are kept from
 * them, so that the server does ask for it, or else they may see users.
 */
async function mayHavePermission(ask: Ask, { token, pk }: { token: string; pk: number }): Promise<boolean> {
  const { status } = await ask(`/core/users/${pk}/used_by/`, token)
  return status !== 200 || (await ask('/core/users/?page_size=1', token)).status === 200
}

/** Checks of who may see what. */
export const ACCESS_CHECKS: readonly Check[] = [secrets, ownCodes, credentials, uses]
