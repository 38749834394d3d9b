/** The grants of one world and what became of each: minted, exchanged, expired, revoked, deleted. */
import { quote } from '../schema/json.ts'
import { avatarOf } from '../authentik/avatar.ts'
import { accessTokens } from '../authentik/resources/access-tokens.ts'
import { authorizationCodes } from '../authentik/resources/authorization-codes.ts'
import { deviceTokens } from '../authentik/resources/device-tokens.ts'
import { isExpired, splitScope, type Expirable } from '../authentik/resources/grants.ts'
import { applicationOf, oauth2Providers } from '../authentik/resources/oauth2-providers.ts'
import { refreshTokens } from '../authentik/resources/refresh-tokens.ts'
import { users } from '../authentik/resources/users.ts'
import { toInstant } from '../store/clock.ts'
import type { Resource } from '../store/resource.ts'
import type { World } from '../store/world.ts'
import { controlError } from './control-error.ts'
import { lifeOf, type LifeSubject } from './grant-life.ts'
import type { GrantKind, GrantRecord, RowChange } from './types.ts'

/** A row of any kind of grant. */
export interface GrantRow extends Expirable {
  pk: number
  user: number | null
  provider: number
  scope: string
  revoked?: boolean
}

/** The resources of the kinds. */
export const GRANT_RESOURCES: Readonly<Record<GrantKind, Resource>> = {
  authorization_codes: authorizationCodes,
  access_tokens: accessTokens,
  refresh_tokens: refreshTokens,
  device_tokens: deviceTokens,
}

/** The kinds, by their names in a world. */
const GRANT_KINDS = Object.keys(GRANT_RESOURCES) as GrantKind[]

/** Whether a resource is a kind of grant. */
export const isGrantKind = (name: string): name is GrantKind => Object.hasOwn(GRANT_RESOURCES, name)

/** Reads a kind, which may be said in the singular: `access_token`. @throws MockError ERR_CONTROL */
export function readKind(kind: unknown): GrantKind {
  const name = GRANT_KINDS.find(
    (candidate) => candidate === kind || (typeof kind === 'string' && candidate === `${kind}s`),
  )
  if (name) return name
  throw controlError([`kind: there is no kind ${quote(kind)}; there are ${GRANT_KINDS.join(', ')}`])
}

/** How many grants that are gone are remembered. */
const MAX_GONE = 1000

/** What is remembered of a grant. */
interface Memory {
  row: GrantRow
  created: number | undefined
  /** What became of it, once its row is gone. */
  end?: 'exchanged' | 'revoked' | 'deleted'
}

/** Some of many grants. */
export interface GrantPage {
  /** At most so many. */
  limit?: number
  /** How many of the last are left out. */
  offset?: number
}

/** Remembers what becomes of grants. */
export class Ledger {
  readonly #world: World
  readonly #memories = new Map<string, Memory>()
  #isRevoking = false

  constructor(world: World) {
    this.#world = world
  }

  /** Notes a change of a row. @param path that of the request which changes it; undefined where none does */
  note(resource: Resource, action: RowChange['action'], row: object, path: string | undefined): void {
    const { name } = resource
    if (!isGrantKind(name)) return
    const grant = row as GrantRow
    const key = `${name}/${grant.pk}`
    const memory = this.#memories.get(key)
    const created = action === 'create' ? this.#world.clock.now() : memory?.created
    const end = action === 'delete' ? (this.#isRevoking ? 'revoked' : endOf(name, path)) : undefined
    this.#memories.delete(key)
    this.#memories.set(key, { row: grant, created, ...(end && { end }) })
    if (this.#memories.size > MAX_GONE) this.#memories.delete(this.#memories.keys().next().value ?? '')
  }

  /** Deletes in a turn, which revokes. */
  async revoking(task: () => Promise<unknown>): Promise<void> {
    this.#isRevoking = true
    try {
      await task()
    } finally {
      this.#isRevoking = false
    }
  }

  /** Forgets everything that was noted. */
  clear(): void {
    this.#memories.clear()
  }

  /**
   * The grants of a kind, or of all kinds: those that are there, and those that were noted and are gone. What nobody minted
   * here comes first, and then the oldest.
   * @param page which of them: the last so many, but for some at the end
   */
  list(kind: GrantKind | undefined, subject: LifeSubject, page: GrantPage = {}): GrantRecord[] {
    const { offset = 0, limit = Infinity } = page
    const rows = (kind ? [kind] : GRANT_KINDS).flatMap((name) => this.#rowsOf(name))
    const end = Math.max(rows.length - offset, 0)
    const life = lifeOf(subject)
    return rows
      .sort((a, b) => a.created - b.created)
      .slice(Math.max(end - limit, 0), end)
      .map(({ name, row, isPresent }) => this.#toRecord(name, row, isPresent, life(name, row)))
  }

  /** The rows of a kind, and those that were noted and are gone, each with when it was minted here. */
  #rowsOf(name: GrantKind) {
    const rows = [...this.#world.tableNamed<GrantRow>(name).values()]
    const present = new Set(rows.map(({ pk }) => pk))
    const gone = [...this.#memories].flatMap(([key, { row }]) =>
      key.startsWith(`${name}/`) && !present.has(row.pk) ? [row] : [],
    )
    return [...gone, ...rows].map((row) => {
      const created = this.#memories.get(`${name}/${row.pk}`)?.created ?? 0
      return { name, row, created, isPresent: present.has(row.pk) }
    })
  }

  /** The record of a change, without the life of the grant. */
  record(kind: GrantKind, row: GrantRow, isPresent: boolean): GrantRecord {
    return this.#toRecord(kind, row, isPresent, [])
  }

  #toRecord(kind: GrantKind, row: GrantRow, isPresent: boolean, life: GrantRecord['life']): GrantRecord {
    const world = this.#world
    const memory = this.#memories.get(`${kind}/${row.pk}`)
    const user = row.user === null ? undefined : world.table(users).get(row.user)
    const provider = world.table(oauth2Providers).get(row.provider)
    const application = provider && applicationOf(provider, world)
    return {
      kind,
      pk: row.pk,
      user: {
        pk: row.user ?? 0,
        username: user?.username ?? '',
        name: user?.name ?? '',
        avatar: user ? avatarOf(user) : '',
      },
      provider: { pk: row.provider, name: provider?.name ?? '', client_id: provider?.client_id ?? '' },
      application: application ? { slug: application.slug, name: application.name } : null,
      scope: splitScope(row.scope),
      created: memory?.created === undefined ? null : toInstant(memory.created),
      expires: row.expiring ? row.expires : null,
      state: this.#stateOf(row, isPresent, memory),
      life,
    }
  }

  #stateOf(row: GrantRow, isPresent: boolean, memory: Memory | undefined): GrantRecord['state'] {
    if (!isPresent) return memory?.end ?? 'deleted'
    if (row.revoked === true) return 'revoked'
    return isExpired(row, this.#world) ? 'expired' : 'active'
  }
}

/** What the end of a grant was, by the request that deleted it. */
function endOf(kind: GrantKind, path: string | undefined): 'exchanged' | 'revoked' | 'deleted' {
  if (path?.endsWith('/application/o/revoke/')) return 'revoked'
  const isExchanged = path?.endsWith('/application/o/token/') && kind !== 'access_tokens'
  return isExchanged ? 'exchanged' : 'deleted'
}
