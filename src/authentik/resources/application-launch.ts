/** What an application shows that no field of it holds: its providers, where a click on it leads, its picture. */
import { isAllowed, type Target } from '../auth/policies.ts'
import { isNullableIn } from '../../rest/deviation.ts'
import { invalid, Problem } from '../../rest/errors.ts'
import type { Context, Documented } from '../../rest/operation.ts'
import type { Page } from '../../rest/pagination.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import { boolean, integer } from '../../schema/words.ts'
import type { RowSource } from '../../store/resource.ts'
import { asBaseProvider, oauth2Providers, urisOf } from './oauth2-providers.ts'
import { users, type User } from './users.ts'

/** The fields of an application that are read here. */
interface Launched {
  provider: number | null
  backchannel_providers: readonly number[]
  meta_launch_url: string
  meta_icon: string | null
  meta_icon_url: string | null
}

/** The provider that an application stands before. */
export const providerOf = ({ provider }: Launched, { world }: Context) =>
  provider === null ? null : world.table(oauth2Providers).require(provider)

/** The providers that it is the back channel of, as authentik shows a provider whose kind it does not look up. */
export const backchannelProvidersOf = ({ backchannel_providers }: Launched, { world }: Context) =>
  backchannel_providers.map((pk) => asBaseProvider(world.table(oauth2Providers).require(pk)))

/**
 * Where a click leads.
 * @param user for whom `%(username)s` and its like are filled in; where something else stands behind a `%`, nothing is
 */
export function launchUrlOf(row: Launched, source: RowSource, user?: number): string | null {
  const provider = row.provider === null ? undefined : source.table(oauth2Providers).get(row.provider)
  const url = row.meta_launch_url || (provider && originOfUri(urisOf(provider)[0] ?? '')) || null
  const reader = user === undefined ? undefined : source.table(users).get(user)
  return url !== null && reader && canFill(url) ? fill(url, reader) : url
}

/** Whether nothing stands behind a `%` but what is filled in. */
const canFill = (url: string) =>
  !/%(?!%|\((?:username|name|email|path|uuid|id|type|is_active)\)s)/.test(url.replaceAll('%%', ''))

function fill(url: string, user: User): string {
  const values: Record<string, unknown> = { ...user, id: user.pk, is_active: user.is_active ? 'True' : 'False' }
  return url.replace(/%%|%\((\w+)\)s/g, (_, field?: string) => (field === undefined ? '%' : String(values[field])))
}

/** A URI without its path. */
const originOfUri = (uri: string) => uri.replace(/^([^:/?#]+:\/\/[^/?#]*)[^?#]*/, '$1')

/** Its picture: a text, in releases that know no null there. */
export const iconOf = ({ meta_icon }: Launched, { release }: Context) =>
  isNullableIn(release, 'Application', 'meta_icon') ? meta_icon : (meta_icon ?? '')

/** The address of its picture, which follows from the picture where that is an address itself. */
export const iconUrlOf = ({ meta_icon, meta_icon_url }: Launched) =>
  /^(fa|https?):\/\//.test(meta_icon ?? '') ? meta_icon : meta_icon_url

// ---- lists

/** What a list of applications can be asked for. */
export const LIST_QUERY: Record<string, Documented> = {
  for_user: { schema: integer() },
  only_with_launch_url: { schema: boolean() },
  superuser_full_list: { schema: boolean() },
}

/**
 * What of a page somebody may start: it is cut by then, so that it can be shorter than it says. Applications that lead
 * nowhere are left out where only the others are asked for.
 */
export function onlyAllowed<Row extends Launched & Target>(page: Page<Row>, context: Context): Page<Row> {
  const { query, world, caller } = context
  const isTrue = (name: string) => lastOf(query, name)?.toLowerCase() === 'true'
  if (isTrue('superuser_full_list') && caller.superuser) return page
  const subject = readSubject(context)
  const user = subject ?? world.table(users).get(caller.user ?? 0)
  const isLaunched = (row: Row) => subject || !isTrue('only_with_launch_url') || launchUrlOf(row, world) !== null
  return { ...page, results: page.results.filter((row) => isAllowed(user, row, world) && isLaunched(row)) }
}

/**
 * The user on whose behalf the list is asked for; undefined for the caller.
 * @throws Problem 400 for one who is not there, or whom the caller may not ask for
 */
function readSubject({ query, world, caller }: Context): User | undefined {
  const user = lastOf(query, 'for_user')
  if (user === undefined) return undefined
  const key = toInteger(user)
  if (key === undefined) throw new Problem(400, ['Invalid input.'])
  const row = caller.may('view_user_applications') ? world.table(users).get(Number(key)) : undefined
  if (!row) throw invalid({ for_user: 'User not found' })
  return row
}
