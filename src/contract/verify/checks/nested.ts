/** Checks that rows inside rows are those of their own endpoints. */
import { isObject, readKey } from '../../../schema/json.ts'
import type { Ask } from '../preflight.ts'
import { askEachNewest, askObject, NO_ROWS, type Check, type CheckFindings, type Grant } from './check.ts'

/** Users and providers in codes and tokens. */
export const nested: Check = {
  id: 'nested',
  title:
    'the user and provider in a code or token are those of their own endpoints, and lists have what retrieve gives',
  async run({ ask }) {
    const lists = await askEachNewest(ask)
    const strangers = lists.flatMap(({ rows }) =>
      rows.flatMap(({ user }, index) => compareGroups(`$.results[${index}].user`, user)),
    )
    if (strangers.length) return strangers
    const samples = lists.flatMap(({ family, rows }) => samplesOf(rows).map((row) => ({ family, row })))
    if (samples.length === 0) return NO_ROWS
    for (const { family, row } of samples) {
      const differences = await compareWithRetrieve(ask, family, row)
      if (differences.length) return differences
    }
    const findings: CheckFindings = []
    for (const { row } of samples) findings.push(...(await compareWithEndpoints(ask, row)))
    return findings.length ? findings : lists.flatMap(({ rows }) => rows).flatMap(compareWithFirst)
  },
}

/** The newest row, and the newest that has an end and a user with groups: what is there can be wrong. */
function samplesOf(rows: readonly Grant[]): Grant[] {
  const hasGroups = ({ user: { groups } }: Grant) => Array.isArray(groups) && groups.length > 0
  const fullest = rows.find((row) => row.expires !== null && hasGroups(row)) ?? rows.find(hasGroups)
  return [...new Set([...rows.slice(0, 1), ...(fullest ? [fullest] : [])])]
}

/** Compares a row's user with the same user in the first row that has it. */
function compareWithFirst({ user }: Grant, _index: number, rows: readonly Grant[]): CheckFindings {
  const first = rows.find((row) => row.user.pk === user.pk)
  return first ? findDifferences('$.results[].user', user, first.user, `another row of user ${user.pk}`) : []
}

async function compareWithRetrieve(ask: Ask, family: string, row: Grant): Promise<CheckFindings> {
  const path = `/oauth2/${family}/${row.pk}/`
  const answer = await askObject(ask, path)
  if (answer['pk'] !== row.pk)
    return [{ path: '$.pk', text: `${path} answers with the pk ${JSON.stringify(answer['pk'])}` }]
  return [...compareRow(row, answer, path), ...compareGroups('$.user', answer['user'])]
}

async function compareWithEndpoints(ask: Ask, { user, provider }: Grant): Promise<CheckFindings> {
  const userPath = `/core/users/${user.pk}/`
  const providerPath = `/providers/oauth2/${provider.pk}/`
  const answers = await Promise.all([askObject(ask, userPath), askObject(ask, providerPath)])
  return [
    ...findDifferences('$.user', user, answers[0], userPath),
    ...findDifferences('$.provider', provider, answers[1], providerPath),
  ]
}

/** Compares the groups of a user, which are there by their keys and whole. */
function compareGroups(path: string, user: unknown): CheckFindings {
  const [keys, groups] = [readKey(user, 'groups'), readKey(user, 'groups_obj')]
  if (!Array.isArray(keys)) return []
  if (groups === null && keys.length)
    return [{ path: `${path}.groups_obj`, text: `is null, and groups has ${keys.length}` }]
  if (!Array.isArray(groups)) return []
  const sorted = (list: unknown[]) => JSON.stringify(list.map(String).sort())
  if (sorted(keys) === sorted(groups.map((group) => readKey(group, 'pk')))) return []
  return [
    { path: `${path}.groups_obj`, text: `has ${groups.length} groups, and groups has ${keys.length}: they differ` },
  ]
}

/** Compares a row of a list with the answer for the same row alone. */
function compareRow(row: Grant, answer: Record<string, unknown>, path: string): CheckFindings {
  const { user: _user, provider: _provider, ...plainRow } = row
  return [
    ...findMissingKeys('$', row, answer),
    ...findDifferences('$', plainRow, answer, path),
    ...(['user', 'provider'] as const).flatMap((key) => {
      const part = answer[key]
      if (!isObject(part)) return []
      return [
        ...findMissingKeys(`$.${key}`, row[key], part),
        ...findDifferences(`$.${key}`, part, row[key], 'the list'),
      ]
    }),
  ]
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
