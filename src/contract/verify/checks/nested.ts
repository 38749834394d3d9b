/** Checks that rows inside rows are those of their own endpoints. */
import { isObject, readKey } from '../../../schema/json.ts'
import { askNewest, askObject, NO_ROWS, type Check, type CheckFindings, type Grant } from './check.ts'

/** Users and providers in codes. */
export const nested: Check = {
  id: 'nested',
  title: 'the user and provider in a code are those of their own endpoints, and the list has what retrieve gives',
  async run({ ask }) {
    const rows = await askNewest(ask, 'authorization_codes')
    const [row] = rows
    if (!row) return NO_ROWS
    const strangers = rows.flatMap(({ user }, index) => compareGroups(`$.results[${index}].user`, user))
    if (strangers.length) return strangers
    const codePath = `/oauth2/authorization_codes/${row.pk}/`
    const code = await askObject(ask, codePath)
    if (code['pk'] !== row.pk)
      return [{ path: '$.pk', text: `${codePath} answers with the pk ${JSON.stringify(code['pk'])}` }]
    const differences = [...compareRowWithCode(row, code, codePath), ...compareGroups('$.user', code['user'])]
    if (differences.length) return differences
    const userPath = `/core/users/${row.user.pk}/`
    const providerPath = `/providers/oauth2/${row.provider.pk}/`
    const [user, provider] = await Promise.all([askObject(ask, userPath), askObject(ask, providerPath)])
    return [
      ...findDifferences('$.user', row.user, user, userPath),
      ...findDifferences('$.provider', row.provider, provider, providerPath),
    ]
  },
}

/** Compares the groups of a user, which are there by their keys and whole. */
function compareGroups(path: string, user: unknown): CheckFindings {
  const [keys, groups] = [readKey(user, 'groups'), readKey(user, 'groups_obj')]
  // Who asks for none gets null.
  if (!Array.isArray(keys) || !Array.isArray(groups)) return []
  const sorted = (list: unknown[]) => JSON.stringify(list.map(String).sort())
  if (sorted(keys) === sorted(groups.map((group) => readKey(group, 'pk')))) return []
  return [
    { path: `${path}.groups_obj`, text: `has ${groups.length} groups, and groups has ${keys.length}: they differ` },
  ]
}

/** Compares a row of a list with the answer for the same row alone. */
function compareRowWithCode(row: Grant, code: Record<string, unknown>, codePath: string): CheckFindings {
  const { user: _user, provider: _provider, ...plainRow } = row
  return [
    ...findMissingKeys('$', row, code),
    ...findDifferences('$', plainRow, code, codePath),
    ...(['user', 'provider'] as const).flatMap((key) => {
      const part = code[key]
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
