/** What a check is, and how it reads the rows of a server. */
import type { Release } from '../../../rest/operation.ts'
import { isObject, parseJson } from '../../../schema/json.ts'
import type { Answer } from '../exchange.ts'
import type { Ask } from '../preflight.ts'
import type { Finding } from '../verdict.ts'

/** A check of what a schema cannot say. */
export interface Check {
  id: string
  /** What holds when it passes. */
  title: string
  /** The advisory, and the first releases without the flaw. */
  advisory?: { id: string; fixed: string }
  /** Whether servers of a release are known to fail. */
  isKnownIn?(release: Release): boolean
  /** Whether what it finds is no fault of a server, but of how it is set up: it is said, and fails nothing. */
  isAdvice?: true
  /** @throws Unreadable */
  run(server: Server): Promise<Conclusion>
}

/**
 * What a check came to: what is wrong, nothing when it passes; the reason why it is inconclusive; or the first with what
 * was looked at, in words.
 */
export type Conclusion = CheckFindings | string | { findings: CheckFindings; extent: string }

/** What a check finds wrong; a text alone is not about a place in an answer. */
export type CheckFindings = (Pick<Finding, 'path' | 'text'> | string)[]

/** The server that is checked. */
export interface Server {
  ask: Ask
  /** Asks without a token for a path beside `/api/v3`. */
  askPage(path: string): Promise<Answer>
  release: Release
  /** Whether the server is of that release, and not only near it. */
  isExact: boolean
  /** A second caller, where its token is given. */
  second: { token: string; pk: number; superuser: boolean } | undefined
}

/** A row of a list of codes or tokens. */
export interface Grant extends Record<string, unknown> {
  pk: number
  is_expired: boolean
  expires: string | null
  user: Record<string, unknown> & { pk: number }
  provider: Record<string, unknown> & { pk: number }
}

/** The lists of codes and tokens, with what a message calls a row. */
export const FAMILIES = [
  { family: 'authorization_codes', noun: 'code' },
  { family: 'access_tokens', noun: 'access token' },
  { family: 'refresh_tokens', noun: 'refresh token' },
] as const

/** An answer in which there is nothing to check: either the answer is wrong, or the check is inconclusive. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly path: string
  readonly isWrong: boolean

  constructor(path: string, text: string, isWrong = true) {
    super(text)
    this.path = path
    this.isWrong = isWrong
  }
}

/** Asks for an object. @throws Unreadable for anything else */
export async function askObject(ask: Ask, path: string, token?: string): Promise<Record<string, unknown>> {
  const { status, text } = await ask(path, token)
  if (status !== 200) throw new Unreadable('', `${path} is answered with ${status}`, false)
  return toObject(path, text)
}

/** Reads the answer to a path as an object. @throws Unreadable */
export function toObject(path: string, text: string): Record<string, unknown> {
  const body = parseJson(text)
  if (body === undefined) throw new Unreadable('', `${path} is answered with what is not JSON`)
  if (!isObject(body)) throw new Unreadable('$', `${path} is answered with what is no object`)
  return body
}

/** Reads the rows of a list, and makes sure that each can be identified. @throws Unreadable */
export function toRows({ results }: Record<string, unknown>, path: string): Grant[] {
  if (!Array.isArray(results)) throw new Unreadable('$.results', `${path} is answered without a list of rows`)
  const hasPk = (value: unknown) => isObject(value) && Number.isInteger(value['pk'])
  for (const [index, row] of results.entries()) {
    const rowPath = `$.results[${index}]`
    if (!hasPk(row)) throw new Unreadable(`${rowPath}.pk`, `${path} is answered with a row that has no pk`)
    for (const key of ['user', 'provider'])
      if (!hasPk(row[key]))
        throw new Unreadable(`${rowPath}.${key}.pk`, `${path} is answered with a row that has no pk there`)
  }
  return results
}

/** Asks for the rows of a list. @throws Unreadable */
export const askRows = async (ask: Ask, path: string, token?: string): Promise<Grant[]> =>
  toRows(await askObject(ask, path, token), path)

/** Asks for the newest codes or tokens. @throws Unreadable */
export const askNewest = (ask: Ask, family: string, token?: string): Promise<Grant[]> =>
  askRows(ask, `/oauth2/${family}/?page_size=20&ordering=-pk`, token)

/** Takes a list that the caller may not see for one without rows. */
export function toNoRows(error: unknown): Grant[] {
  if (error instanceof Unreadable && !error.isWrong) return []
  throw error
}

/** Asks for the newest codes and tokens of each kind; of what the caller may not see there are none. @throws Unreadable */
export const askEachNewest = (ask: Ask): Promise<{ family: string; rows: Grant[] }[]> =>
  Promise.all(FAMILIES.map(async ({ family }) => ({ family, rows: await askNewest(ask, family).catch(toNoRows) })))

/** Why a check without rows is inconclusive. */
export const NO_ROWS = 'there is no row to look at'
