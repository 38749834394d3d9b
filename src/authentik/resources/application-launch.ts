/** What an application shows that no field of it holds: its providers, where a click on it leads, its picture. */
import { isNullableIn } from '../../rest/deviation.ts'
import type { Context, Documented } from '../../rest/operation.ts'
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
