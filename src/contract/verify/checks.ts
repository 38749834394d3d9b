/** What a schema cannot say: whether answers agree with each other and with the time, and who may see what (FACTS 11). */
import type { Release } from '../../rest/operation.ts'
import { findRelease } from '../../authentik/releases/index.ts'
import { parseJson } from './exchange.ts'
import { VerifyFailure } from './failure.ts'
import { askerOf, checkPatience, type Ask, type Provider } from './preflight.ts'
import { NO_SUCH_TOKEN } from './states.ts'
import { componentAt } from './documented.ts'
import type { Finding, Judged } from './verdict.ts'

interface Check {
  id: string
  /** What holds when it passes. */
  title: string
  /** The advisory, and the first releases without it. */
  advisory?: { id: string; fixed: string }
  /** Whether servers of a release are known to fail. */
  isKnownIn?(release: Release): boolean
  /** @returns what is wrong, nothing when it passes; a text when it cannot be told. @throws Unreadable */
  run(on: On): Promise<(Found | string)[] | string>
}

/** What is wrong, and where in an answer. */
type Found = Pick<Finding, 'path' | 'text'>

interface On {
  ask: Ask
  provider: Provider
  /** The token of an ordinary user. */
  second: string | undefined
}

interface Grant {
  pk: number
  is_expired: boolean
  expires: string | null
  user: Record<string, unknown> & { pk: number }
  provider: Record<string, unknown> & { pk: number }
}

const FAMILIES = ['authorization_codes', 'access_tokens', 'refresh_tokens'] as const

/** An answer in which there is nothing to look at, and whether that is wrong or only cannot be told. */
class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly path: string
  readonly isWrong: boolean

  constructor(path: string, text: string, isWrong = true) {
    super(text)
    this.path = path
    this.isWrong = isWrong
  }
}

async function json(ask: Ask, path: string, token?: string | null): Promise<Record<string, unknown>> {
  const { status, text } = await ask(path, token)
  if (status !== 200) throw new Unreadable('', `${path} is answered with ${status}`, false)
  return toObject(path, text)
}

function toObject(path: string, text: string): Record<string, unknown> {
  const body = parseJson(text)
  if (body === undefined) throw new Unreadable('', `${path} is answered with what is not JSON`)
  if (!isObject(body)) throw new Unreadable('$', `${path} is answered with what is no object`)
  return body
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The rows of a list, as far as they have what they are known by. */
function rowsIn({ results }: Record<string, unknown>, path: string): Grant[] {
  if (!Array.isArray(results)) throw new Unreadable('$.results', `${path} is answered without a list of rows`)
  const hasPk = (value: unknown) => isObject(value) && Number.isInteger(value['pk'])
  for (const [index, row] of results.entries()) {
    const at = `$.results[${index}]`
    if (!hasPk(row)) throw new Unreadable(`${at}.pk`, `${path} is answered with a row that has no pk`)
    for (const key of ['user', 'provider'])
      if (!hasPk(row[key]))
        throw new Unreadable(`${at}.${key}.pk`, `${path} is answered with a row that has no pk there`)
  }
  return results as Grant[]
}

const list = async (ask: Ask, path: string, token?: string) => rowsIn(await json(ask, path, token), path)
const rows = (ask: Ask, family: string) => list(ask, `/oauth2/${family}/?page_size=20&ordering=-pk`)
/** For a list that the caller may not see. */
function noRows(error: unknown): Grant[] {
  if (error instanceof Unreadable && !error.isWrong) return []
  throw error
}
const NO_ROWS = 'there is no row to look at'

const CHECKS: readonly Check[] = [
  {
    id: 'S01',
    title: 'no client_secret in the body of a code or token',
    advisory: { id: 'CVE-2026-40166', fixed: '2025.12.5 and 2026.2.3' },
    isKnownIn: ({ operations }) => {
      const schema = operations.find(({ id }) => id === 'oauth2_authorization_codes_retrieve')!.responses[200]!
      return componentAt(schema, '$.provider') === 'OAuth2Provider'
    },
    async run({ ask }) {
      const all = await Promise.all(
        FAMILIES.map(async (family) => [family, await rows(ask, family).catch(noRows)] as const),
      )
      if (all.every(([, grants]) => grants.length === 0)) return NO_ROWS
      return all.flatMap(([family, grants]) =>
        grants.some(({ provider }) => 'client_secret' in provider)
          ? [`/oauth2/${family}/ shows the client_secret of the provider`]
          : [],
      )
    },
  },
  {
    id: 'S02',
    title: 'an ordinary user sees their own codes alone',
    async run({ ask, second }) {
      if (second === undefined) return 'it takes the token of an ordinary user: --second-token-file'
      const { user } = await json(ask, '/core/users/me/', second)
      if (!isObject(user) || user['is_superuser'] !== false) return 'the second token is not that of an ordinary user'
      const foreign = (await rows(ask, 'authorization_codes')).find((code) => code.user.pk !== user['pk'])
      if (!foreign) return NO_ROWS
      const path = `/oauth2/authorization_codes/${foreign.pk}/`
      const { status } = await ask(path, second)
      if (status !== 200 && status !== 404) return `${path} is answered with ${status}`
      const listed = await list(ask, '/oauth2/authorization_codes/?page_size=100', second)
      return [
        ...(status === 404 ? [] : [`the code ${foreign.pk} of somebody else is answered with ${status}, not 404`]),
        ...(listed.some((code) => code.user.pk !== user['pk']) ? ['the list has codes of others'] : []),
      ]
    },
  },
  {
    id: 'S03',
    title: 'nobody gets a code without credentials',
    async run({ ask }) {
      const [code] = await rows(ask, 'authorization_codes')
      const asked = [`/oauth2/authorization_codes/${code?.pk ?? 1}/`, '/oauth2/authorization_codes/']
      const statuses = await Promise.all(
        asked.flatMap((path) =>
          [null, NO_SUCH_TOKEN].map(async (token) => [path, (await ask(path, token)).status] as const),
        ),
      )
      return statuses.flatMap(([path, status]) => (status === 200 ? [`${path} is answered with 200 to nobody`] : []))
    },
  },
  {
    id: 'S04',
    title: 'used_by asks for the permission to view',
    advisory: { id: 'CVE-2024-42490', fixed: '2024.4.4, 2024.6.4 and 2024.8.0' },
    isKnownIn: ({ behaviour }) => !behaviour.guardsUsedBy,
    async run({ ask, second }) {
      if (second === undefined) return 'it takes the token of an ordinary user: --second-token-file'
      const [own] = await list(ask, '/oauth2/authorization_codes/?page_size=1', second)
      if (!own) return 'that user has no code'
      const { status } = await ask(`/oauth2/authorization_codes/${own.pk}/used_by/`, second)
      return status === 200 ? [`/oauth2/authorization_codes/${own.pk}/used_by/ is answered with 200`] : []
    },
  },
  {
    id: 'expiry',
    title: 'is_expired agrees with expires and the server’s time',
    async run({ ask }) {
      const path = '/oauth2/authorization_codes/?page_size=20&ordering=-pk'
      const { status, headers, text } = await ask(path)
      const results = status === 200 ? rowsIn(toObject(path, text), path) : []
      if (results.length === 0) return NO_ROWS
      const now = Date.parse(headers.date ?? '')
      if (Number.isNaN(now)) return 'the server does not say what time it is'
      // The Date header has whole seconds, and the answer took its time.
      const MARGIN = 5000
      const said = ({ pk, expires, is_expired }: Grant) =>
        `code ${pk} expires ${expires ?? 'never'}, and is_expired is ${is_expired}`
      const wrong = results.flatMap((row, index) =>
        row.is_expired && !(row.expires && Date.parse(row.expires) < now + MARGIN)
          ? [{ path: `$.results[${index}].is_expired`, text: said(row) }]
          : [],
      )
      // A row that is kept says so, whatever its time: the API does not show which are.
      const kept = results.find(
        ({ is_expired, expires }) => !is_expired && expires && Date.parse(expires) < now - MARGIN,
      )
      return wrong.length === 0 && kept ? `${said(kept)}, as for one that is kept for ever` : wrong
    },
  },
  {
    id: 'nested',
    title: 'the user and provider in a code are those of their own endpoints, and the list has what retrieve gives',
    async run({ ask }) {
      const [code] = await rows(ask, 'authorization_codes')
      if (!code) return NO_ROWS
      const paths = [
        `/oauth2/authorization_codes/${code.pk}/`,
        `/core/users/${code.user.pk}/`,
        `/providers/oauth2/${code.provider.pk}/`,
      ] as const
      const alone = await json(ask, paths[0])
      if (alone['pk'] !== code.pk)
        return [{ path: '$.pk', text: `${paths[0]} answers with the pk ${JSON.stringify(alone['pk'])}` }]
      const row = code as unknown as Record<string, unknown>
      const inner = ['user', 'provider'].flatMap((key) => {
        const [listed, own] = [row[key], alone[key]]
        return isObject(listed) && isObject(own)
          ? [...absent(`$.${key}`, listed, own), ...unlike(`$.${key}`, own, listed, 'the list')]
          : []
      })
      const { user: _user, provider: _provider, ...plain } = row
      const found = [...absent('$', row, alone), ...unlike('$', plain, alone, paths[0]), ...inner]
      if (found.length) return found
      const [user, provider] = await Promise.all([json(ask, paths[1]), json(ask, paths[2])])
      return [
        ...unlike('$.user', code.user, user, paths[1]),
        ...unlike('$.provider', code.provider, provider, paths[2]),
      ]
    },
  },
  {
    id: 'pages',
    title: 'pages add up',
    async run({ ask }) {
      for (const family of FAMILIES) {
        const whole = `/oauth2/${family}/`
        const { status, text } = await ask(whole)
        if (status !== 200) continue
        const { pagination, results } = toObject(whole, text) as {
          pagination?: { count?: unknown } | null
          results?: unknown
        }
        if (Array.isArray(results) && results.length === 0 && Number(pagination?.count) > 0)
          return [
            { path: '$.results', text: `${whole} has none of its ${Number(pagination?.count)} rows on the first page` },
          ]
      }
      const path = '/oauth2/authorization_codes/?page_size=2'
      const body = await json(ask, path)
      const results = rowsIn(body, path)
      if (!isObject(body['pagination'])) return [{ path: '$.pagination', text: 'is no object' }]
      const { count, total_pages, start_index, end_index, current, next, previous } = body['pagination'] as Record<
        string,
        number | undefined
      >
      if (!Number.isInteger(count)) return [{ path: '$.pagination.count', text: 'is no whole number' }]
      const all = count!
      const sums: [boolean, string, string][] = [
        [
          total_pages === Math.max(1, Math.ceil(all / 2)),
          'total_pages',
          `${all} rows are on ${total_pages} pages of 2`,
        ],
        [results.length === Math.min(2, all), 'count', `a page of 2 has ${results.length} rows of ${all}`],
        [end_index === results.length, 'end_index', `the first page ends with row ${end_index}`],
        [start_index === Math.min(1, all), 'start_index', `the first page begins with row ${start_index}`],
        [current === 1, 'current', `the first page is page ${current}`],
        [next === (all > 2 ? 2 : 0), 'next', `behind the first page comes ${next}`],
        [previous === 0, 'previous', `before the first page comes ${previous}`],
      ]
      return sums.flatMap(([holds, key, text]) => (holds ? [] : [{ path: `$.pagination.${key}`, text }]))
    },
  },
]

/** Keys that only the answer for one row has. */
const absent = (at: string, listed: object, alone: object): Found[] =>
  Object.keys(alone).flatMap((key) =>
    key in listed ? [] : [{ path: `${at}.${key}`, text: 'is not in the list, though in the answer for one row' }],
  )

/** Keys that both have, and that are not the same; what has no order may come in any. */
function unlike(at: string, one: Record<string, unknown>, other: Record<string, unknown>, where: string): Found[] {
  const plain = (value: unknown): string =>
    JSON.stringify(Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value)
  return Object.keys(one).flatMap((key) =>
    key in other && plain(one[key]) !== plain(other[key])
      ? [{ path: `${at}.${key}`, text: `is not what ${where} says` }]
      : [],
  )
}

/** @param second the token of an ordinary user, for the checks that take two */
export async function runChecks(provider: Provider, second: string | undefined): Promise<Judged[]> {
  const ask = remembering(askerOf(provider), provider.base)
  const judged: Judged[] = []
  for (const { id, title, advisory, isKnownIn, run } of CHECKS) {
    const {
      found,
      isReadable = true,
      isUnreachable,
    } = await run({ ask, provider, second }).then((all): Outcome => ({ found: all }), toOutcome)
    const name = `${id}: ${title}${advisory ? ` (${advisory.id}, first fixed in ${advisory.fixed})` : ''}`
    if (typeof found === 'string') {
      judged.push({
        name,
        verdict: 'inconclusive',
        findings: [{ path: '', text: found }],
        ...(isUnreachable && { isUnreachable }),
      })
      continue
    }
    const isKnown = isReadable && isKnownIn?.(findRelease(provider.release)) === true
    judged.push({
      name,
      verdict: found.length === 0 ? 'conforms' : isKnown ? 'known deviation' : 'new drift',
      findings: found.map((one) => {
        const { path, text } = typeof one === 'string' ? { path: '', text: one } : one
        return { path, text, ...(advisory && isKnown ? { deviation: advisory.id } : {}) }
      }),
    })
  }
  return judged
}

/** Asks for the same thing once: the checks then speak of the same moment. */
function remembering(ask: Ask, base: string): Ask {
  const answers = new Map<string, ReturnType<Ask>>()
  return (path, token) => {
    const key = `${path} ${token}`
    return (
      answers.get(key) ??
      answers
        .set(
          key,
          ask(path, token).then((answer) => checkPatience(answer, base)),
        )
        .get(key)!
    )
  }
}

/** What a check came to, and whether there was an answer to look at. */
interface Outcome {
  found: (Found | string)[] | string
  isReadable?: false
  isUnreachable?: true
}

function toOutcome(error: unknown): Outcome {
  if (error instanceof VerifyFailure) return { found: error.message, isReadable: false, isUnreachable: true }
  if (!(error instanceof Unreadable)) throw error
  return { found: error.isWrong ? [{ path: error.path, text: error.message }] : error.message, isReadable: false }
}
