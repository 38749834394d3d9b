/** Checks what a schema cannot say: whether answers agree with each other and with the time, and who may see what. */
import type { Release } from '../../rest/operation.ts'
import { findRelease } from '../../authentik/releases/index.ts'
import { componentAt } from '../../schema/walk.ts'
import { VerifyFailure } from './failure.ts'
import { isObject, parseJson, readKey } from '../../schema/json.ts'
import { checkPatience, createAsk, type Ask, type Provider } from './preflight.ts'
import { NO_SUCH_TOKEN } from './states.ts'
import type { Finding, Judged } from './verdict.ts'

interface Check {
  id: string
  /** What holds when it passes. */
  title: string
  /** The advisory, and the first releases without the flaw. */
  advisory?: { id: string; fixed: string }
  /** Whether servers of a release are known to fail. */
  isKnownIn?(release: Release): boolean
  /** @returns what is wrong, nothing when it passes; a reason when it is inconclusive. @throws Unreadable */
  run(server: Server): Promise<CheckFindings | string>
}

/** What a check finds wrong; a text alone is not about a place in an answer. */
type CheckFindings = (Pick<Finding, 'path' | 'text'> | string)[]

/** The server that is checked. */
interface Server {
  ask: Ask
  /** The token of an ordinary user. */
  second: string | undefined
}

/** A row of a list of codes or tokens. */
interface Grant extends Record<string, unknown> {
  pk: number
  is_expired: boolean
  expires: string | null
  user: Record<string, unknown> & { pk: number }
  provider: Record<string, unknown> & { pk: number }
}

const FAMILIES = ['authorization_codes', 'access_tokens', 'refresh_tokens'] as const

/** An answer in which there is nothing to check: either the answer is wrong, or the check is inconclusive. */
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

async function askObject(ask: Ask, path: string, token?: string): Promise<Record<string, unknown>> {
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

/** Reads the rows of a list, and makes sure that each can be identified. */
function toRows({ results }: Record<string, unknown>, path: string): Grant[] {
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

const askRows = async (ask: Ask, path: string, token?: string) => toRows(await askObject(ask, path, token), path)
const askNewest = (ask: Ask, family: string) => askRows(ask, `/oauth2/${family}/?page_size=20&ordering=-pk`)

/** Takes a list that the caller may not see for one without rows. */
function toNoRows(error: unknown): Grant[] {
  if (error instanceof Unreadable && !error.isWrong) return []
  throw error
}

const NO_ROWS = 'there is no row to look at'
const NO_SECOND_TOKEN = 'it takes the token of an ordinary user: --second-token-file'

const CHECKS: readonly Check[] = [
  {
    id: 'S01',
    title: 'no client_secret in the body of a code or token',
    advisory: { id: 'CVE-2026-40166', fixed: '2025.12.5 and 2026.2.3' },
    isKnownIn: ({ operations }) => {
      const retrieve = operations.find(({ id }) => id === 'oauth2_authorization_codes_retrieve')
      const code = retrieve?.responses[200]
      return code ? componentAt(code, '$.provider') === 'OAuth2Provider' : false
    },
    async run({ ask }) {
      const lists = await Promise.all(
        FAMILIES.map(async (family) => ({ family, rows: await askNewest(ask, family).catch(toNoRows) })),
      )
      if (lists.every(({ rows }) => rows.length === 0)) return NO_ROWS
      return lists.flatMap(({ family, rows }) =>
        rows.some(({ provider }) => 'client_secret' in provider)
          ? [`/oauth2/${family}/ shows the client_secret of the provider`]
          : [],
      )
    },
  },
  {
    id: 'S02',
    title: 'an ordinary user sees their own codes alone',
    async run({ ask, second }) {
      if (second === undefined) return NO_SECOND_TOKEN
      const { user } = await askObject(ask, '/core/users/me/', second)
      if (!isObject(user) || user['is_superuser'] !== false) return 'the second token is not that of an ordinary user'
      const isForeign = (code: Grant) => code.user.pk !== user['pk']
      const foreignCode = (await askNewest(ask, 'authorization_codes')).find(isForeign)
      if (!foreignCode) return NO_ROWS
      const path = `/oauth2/authorization_codes/${foreignCode.pk}/`
      const { status } = await ask(path, second)
      if (status !== 200 && status !== 404) return `${path} is answered with ${status}`
      const visibleCodes = await askRows(ask, '/oauth2/authorization_codes/?page_size=100', second)
      return [
        ...(status === 404 ? [] : [`the code ${foreignCode.pk} of somebody else is answered with ${status}, not 404`]),
        ...(visibleCodes.some(isForeign) ? ['the list has codes of others'] : []),
      ]
    },
  },
  {
    id: 'S03',
    title: 'nobody gets a code without credentials',
    async run({ ask }) {
      const [code] = await askNewest(ask, 'authorization_codes')
      const paths = [`/oauth2/authorization_codes/${code?.pk ?? 1}/`, '/oauth2/authorization_codes/']
      const answers = await Promise.all(
        paths.flatMap((path) =>
          [null, NO_SUCH_TOKEN].map(async (token) => ({ path, status: (await ask(path, token)).status })),
        ),
      )
      return answers.flatMap(({ path, status }) => (status === 200 ? [`${path} is answered with 200 to nobody`] : []))
    },
  },
  {
    id: 'S04',
    title: 'used_by asks for the permission to view',
    advisory: { id: 'CVE-2024-42490', fixed: '2024.4.4, 2024.6.4 and 2024.8.0' },
    isKnownIn: ({ behaviour }) => !behaviour.usedByNeedsViewPermission,
    async run({ ask, second }) {
      if (second === undefined) return NO_SECOND_TOKEN
      const [code] = await askRows(ask, '/oauth2/authorization_codes/?page_size=1', second)
      if (!code) return 'that user has no code'
      const path = `/oauth2/authorization_codes/${code.pk}/used_by/`
      const { status } = await ask(path, second)
      return status === 200 ? [`${path} is answered with 200`] : []
    },
  },
  {
    id: 'expiry',
    title: 'is_expired agrees with expires and the server’s time',
    async run({ ask }) {
      const path = '/oauth2/authorization_codes/?page_size=20&ordering=-pk'
      const { status, headers, text } = await ask(path)
      const rows = status === 200 ? toRows(toObject(path, text), path) : []
      if (rows.length === 0) return NO_ROWS
      const now = Date.parse(headers.date ?? '')
      if (Number.isNaN(now)) return 'the server does not say what time it is'
      // The Date header has whole seconds, and the answer took its time.
      const MARGIN = 5000
      const describe = ({ pk, expires, is_expired }: Grant) =>
        `code ${pk} expires ${expires ?? 'never'}, and is_expired is ${is_expired}`
      const contradictions = rows.flatMap((row, index) =>
        row.is_expired && !(row.expires && Date.parse(row.expires) < now + MARGIN)
          ? [{ path: `$.results[${index}].is_expired`, text: describe(row) }]
          : [],
      )
      // The API does not show which rows are kept for ever: such a row never says that it has expired, whatever its time.
      const lastingRow = rows.find(
        ({ is_expired, expires }) => !is_expired && expires && Date.parse(expires) < now - MARGIN,
      )
      return contradictions.length === 0 && lastingRow
        ? `${describe(lastingRow)}, as for one that is kept for ever`
        : contradictions
    },
  },
  {
    id: 'nested',
    title: 'the user and provider in a code are those of their own endpoints, and the list has what retrieve gives',
    async run({ ask }) {
      const [row] = await askNewest(ask, 'authorization_codes')
      if (!row) return NO_ROWS
      const codePath = `/oauth2/authorization_codes/${row.pk}/`
      const code = await askObject(ask, codePath)
      if (code['pk'] !== row.pk)
        return [{ path: '$.pk', text: `${codePath} answers with the pk ${JSON.stringify(code['pk'])}` }]
      const differences = compareRowWithCode(row, code, codePath)
      if (differences.length) return differences
      const userPath = `/core/users/${row.user.pk}/`
      const providerPath = `/providers/oauth2/${row.provider.pk}/`
      const [user, provider] = await Promise.all([askObject(ask, userPath), askObject(ask, providerPath)])
      return [
        ...findDifferences('$.user', row.user, user, userPath),
        ...findDifferences('$.provider', row.provider, provider, providerPath),
      ]
    },
  },
  {
    id: 'pages',
    title: 'pages add up',
    async run({ ask }) {
      for (const family of FAMILIES) {
        const list = `/oauth2/${family}/`
        const { status, text } = await ask(list)
        if (status !== 200) continue
        const { pagination, results } = toObject(list, text)
        const count = Number(readKey(pagination, 'count'))
        if (Array.isArray(results) && results.length === 0 && count > 0)
          return [{ path: '$.results', text: `${list} has none of its ${count} rows on the first page` }]
      }
      const path = '/oauth2/authorization_codes/?page_size=2'
      const page = await askObject(ask, path)
      return checkPagination(page['pagination'], toRows(page, path).length)
    },
  },
]

/** Compares a row of a list with the answer for the same row alone. */
function compareRowWithCode(row: Grant, code: Record<string, unknown>, codePath: string): CheckFindings {
  const { user: _user, provider: _provider, ...plainRow } = row
  return [
    ...findMissingKeys('$', row, code),
    ...findDifferences('$', plainRow, code, codePath),
    ...(['user', 'provider'] as const).flatMap((key) => {
      const nested = code[key]
      if (!isObject(nested)) return []
      return [
        ...findMissingKeys(`$.${key}`, row[key], nested),
        ...findDifferences(`$.${key}`, nested, row[key], 'the list'),
      ]
    }),
  ]
}

/** Checks what the first page of a list says of its pages, of which each has two rows. */
function checkPagination(pagination: unknown, rowCount: number): CheckFindings {
  if (!isObject(pagination)) return [{ path: '$.pagination', text: 'is no object' }]
  const { count, total_pages, start_index, end_index, current, next, previous } = pagination
  if (typeof count !== 'number' || !Number.isInteger(count))
    return [{ path: '$.pagination.count', text: 'is no whole number' }]
  const sums: [holds: boolean, key: string, text: string][] = [
    [
      total_pages === Math.max(1, Math.ceil(count / 2)),
      'total_pages',
      `${count} rows are on ${total_pages} pages of 2`,
    ],
    [rowCount === Math.min(2, count), 'count', `a page of 2 has ${rowCount} rows of ${count}`],
    [end_index === rowCount, 'end_index', `the first page ends with row ${end_index}`],
    [start_index === Math.min(1, count), 'start_index', `the first page begins with row ${start_index}`],
    [current === 1, 'current', `the first page is page ${current}`],
    [next === (count > 2 ? 2 : 0), 'next', `behind the first page comes ${next}`],
    [previous === 0, 'previous', `before the first page comes ${previous}`],
  ]
  return sums.flatMap(([holds, key, text]) => (holds ? [] : [{ path: `$.pagination.${key}`, text }]))
}

/** Finds keys that only the answer for one row has. */
const findMissingKeys = (path: string, row: object, code: object): CheckFindings =>
  Object.keys(code).flatMap((key) =>
    key in row ? [] : [{ path: `${path}.${key}`, text: 'is not in the list, though in the answer for one row' }],
  )

/**
 * Finds keys that two answers have, and whose values differ. The elements of a list may stand in any order.
 *
 * @param source what the value is compared with, in words
 */
function findDifferences(
  path: string,
  value: Record<string, unknown>,
  reference: Record<string, unknown>,
  source: string,
): CheckFindings {
  const toComparable = (part: unknown): string =>
    JSON.stringify(Array.isArray(part) ? part.map((element) => JSON.stringify(element)).sort() : part)
  return Object.keys(value).flatMap((key) =>
    key in reference && toComparable(value[key]) !== toComparable(reference[key])
      ? [{ path: `${path}.${key}`, text: `is not what ${source} says` }]
      : [],
  )
}

/** Runs every check. @param second the token of an ordinary user, for the checks that take two tokens */
export async function runChecks(provider: Provider, second: string | undefined): Promise<Judged[]> {
  const server = { ask: rememberAnswers(createAsk(provider), provider.base), second }
  const release = findRelease(provider.release)
  const judged: Judged[] = []
  for (const check of CHECKS) {
    const outcome = await check.run(server).then((findings): Outcome => ({ findings }), toOutcome)
    judged.push(judgeOutcome(check, release, outcome))
  }
  return judged
}

/** What a check came to, and whether there was an answer to look at. */
interface Outcome {
  findings: CheckFindings | string
  isReadable?: boolean
  isUnreachable?: true
}

function toOutcome(error: unknown): Outcome {
  if (error instanceof VerifyFailure) return { findings: error.message, isReadable: false, isUnreachable: true }
  if (!(error instanceof Unreadable)) throw error
  return { findings: error.isWrong ? [{ path: error.path, text: error.message }] : error.message, isReadable: false }
}

function judgeOutcome(
  { id, title, advisory, isKnownIn }: Check,
  release: Release,
  { findings, isReadable = true, isUnreachable }: Outcome,
): Judged {
  const name = `${id}: ${title}${advisory ? ` (${advisory.id}, first fixed in ${advisory.fixed})` : ''}`
  if (typeof findings === 'string')
    return {
      name,
      verdict: 'inconclusive',
      findings: [{ path: '', text: findings }],
      ...(isUnreachable && { isUnreachable }),
    }
  const isKnown = isReadable && isKnownIn?.(release) === true
  const deviation = advisory && isKnown ? { deviation: advisory.id } : {}
  return {
    name,
    verdict: findings.length === 0 ? 'conforms' : isKnown ? 'known deviation' : 'new drift',
    findings: findings.map((finding) =>
      typeof finding === 'string'
        ? { path: '', text: finding, ...deviation }
        : { path: finding.path, text: finding.text, ...deviation },
    ),
  }
}

/** Sends each request once, so that all checks look at the same moment. */
function rememberAnswers(ask: Ask, base: string): Ask {
  const answers = new Map<string, ReturnType<Ask>>()
  return (path, token) => {
    const key = `${path} ${token}`
    const answer = answers.get(key) ?? ask(path, token).then((received) => checkPatience(received, base))
    answers.set(key, answer)
    return answer
  }
}
