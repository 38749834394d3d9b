/** Provider states on a server that we do not own: looked for, never made. */
import type { StateChange } from './gate.ts'
import { askerOf, checkJson, type Provider } from './preflight.ts'

interface Code {
  pk: number
  is_expired: boolean
  /** Left out, or null, for a code that never expires. */
  expires?: string | null
  provider: { pk: number }
  user: { pk: number }
}

export interface States {
  /** Authorization codes that the caller sees, at most a thousand. */
  codes: readonly Code[]
  /** @returns what to put into the request; undefined when the server has nothing that fits */
  prepare(change: StateChange): Promise<{ values: object; token?: string } | undefined>
  /** Which of these states the server has nothing for, in words. */
  lacking(states?: readonly { name: string; params?: Record<string, unknown> }[]): string[]
}

/** States that need nothing to be there. */
const OTHERS = new Set(['the token is refused', 'no authorization code exists'])

/** A key that no token has. */
export const NO_SUCH_TOKEN = 'authentik-mock-no-such-token'

/** @param of the provider whose rows are looked at */
export async function findStates(of: Provider): Promise<States> {
  const codes = await allCodes(of)
  const find = (expiry: unknown) => codes.find((code) => expiry === undefined || expiryOf(code) === expiry)
  const prepare: States['prepare'] = async ({ state, params }) => {
    if (state === 'the token is refused') return { values: {}, token: NO_SUCH_TOKEN }
    if (state === 'no authorization code exists') return { values: { id: freeId(codes) } }
    const found = state === 'an authorization code exists' ? find(params['expiry']) : undefined
    return found && { values: { id: found.pk } }
  }
  return {
    codes,
    prepare,
    lacking: (states = []) =>
      states.flatMap(({ name, params = {} }) => {
        const isThere = OTHERS.has(name) || (name === 'an authorization code exists' && find(params['expiry']) !== undefined)
        return isThere ? [] : [`the server has nothing for "${name}"${Object.keys(params).length ? ` (${JSON.stringify(params)})` : ''}`]
      }),
  }
}

const expiryOf = ({ expires, is_expired }: Code) => (expires === null || expires === undefined ? 'none' : is_expired ? 'expired' : 'live')

/** An id far beyond those that there are. */
const freeId = (codes: readonly Code[]) => Math.max(0, ...codes.map(({ pk }) => pk)) + 1_000_000

async function allCodes(of: Provider): Promise<Code[]> {
  const ask = askerOf(of)
  const codes: Code[] = []
  for (let page = 1; page !== 0 && page <= 10;) {
    const answer = await ask(`/oauth2/authorization_codes/?ordering=-pk&page_size=100&page=${page}`)
    if (answer.status === 403 || answer.status === 404) break
    const { pagination, results } = (checkJson(answer, of.base) ?? {}) as { pagination?: { next?: number }; results?: unknown }
    if (Array.isArray(results)) codes.push(...results.filter((one): one is Code => Number.isInteger(one?.pk)))
    const next = Number(pagination?.next)
    page = next > page ? next : 0
  }
  return codes
}
