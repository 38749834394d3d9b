/** What authentik answers, as types: of every release all keys, for an example to name. */
import type { GenericError } from '../../rest/operation.ts'
import type { Pagination } from '../../rest/pagination.ts'
import type { ApiToken } from '../../authentik/resources/api-tokens.ts'
import type { Application as ApplicationRow } from '../../authentik/resources/applications.ts'
import type { ExpiringBaseGrantModel } from '../../authentik/resources/authorization-codes.ts'
import type { Group as GroupRow, GroupMember, Role, UserGroup } from '../../authentik/resources/groups.ts'
import type { RowOf } from '../../authentik/resources/model.ts'
import type {
  OAuth2Provider as OAuth2ProviderAnswer,
  OAuth2Provider as OAuth2ProviderRow,
  Provider as ProviderAnswer,
} from '../../authentik/resources/oauth2-providers.ts'
import type { TokenModel } from '../../authentik/resources/tokens.ts'
import type { UsedBy } from '../../authentik/resources/used-by.ts'
import type {
  User as UserAnswer,
  User as UserRow,
  UserSelf as UserSelfAnswer,
} from '../../authentik/resources/users.ts'

/** Some of an answer: as much as its reader relies on. */
export type Example<T> = T extends readonly (infer Item)[]
  ? readonly Example<Item>[]
  : T extends object
    ? { [Key in keyof T]?: Example<T[Key]> }
    : T

/** The first type with the keys of the second in place of its own. */
type Over<One, Other> = Omit<One, keyof Other> & Other

interface Page<Item> {
  pagination: RowOf<typeof Pagination>
  results: Item[]
  /** From 2025.8. */
  autocomplete: Record<string, unknown>
}

type RoleAnswer = RowOf<typeof Role>

/** What may be null from some release on. */
type Assigned = `assigned_${'' | 'backchannel_'}application_${'name' | 'slug'}`
interface SinceProvider extends Record<Assigned, string | null> {
  authorization_flow: string | null
  invalidation_flow: string | null
}
type Provider = Over<RowOf<typeof ProviderAnswer>, SinceProvider>

type SinceOAuth2Provider = SinceProvider &
  Pick<
    OAuth2ProviderRow,
    | 'redirect_uris'
    | 'encryption_key'
    | 'jwt_federation_sources'
    | 'jwt_federation_providers'
    | 'refresh_token_threshold'
    | 'logout_uri'
    | 'backchannel_logout_uri'
    | 'logout_method'
    | 'grant_types'
  >
type OAuth2Provider = Over<RowOf<typeof OAuth2ProviderAnswer>, SinceOAuth2Provider>

type User = RowOf<typeof UserAnswer> &
  Pick<UserRow, 'date_joined' | 'last_updated' | 'password_change_date' | 'roles'> & { roles_obj: RoleAnswer[] | null }

interface RelatedGroup {
  pk: string
  name: string
  is_superuser: boolean
  attributes: Record<string, unknown>
  group_uuid: string
}

interface SinceGroup {
  num_pk: number
  parent_name: string | null
  parents_obj: RelatedGroup[] | null
  users: number[]
  users_obj: RowOf<typeof GroupMember>[] | null
  roles_obj: RoleAnswer[]
  inherited_roles_obj: RoleAnswer[] | null
  children: string[]
  children_obj: (RelatedGroup & RowOf<typeof UserGroup>)[] | null
}
type Group = Over<GroupRow, SinceGroup>

type SinceApplication = {
  pbm_uuid: string
  provider_obj: Provider | null
  backchannel_providers_obj: Provider[]
  launch_url: string | null
  meta_icon_themed_urls: { light: string | null; dark: string | null } | null
}
type Application = Over<ApplicationRow, SinceApplication>

/** The key of an API token is never answered. */
type Token = Omit<ApiToken, 'key'> & { user_obj: User }

interface Granted {
  provider: OAuth2Provider
  user: User
}
type AuthorizationCode = Over<RowOf<typeof ExpiringBaseGrantModel>, Granted>
type GrantedToken = Over<RowOf<typeof TokenModel>, Granted>

type UserSelf = RowOf<typeof UserSelfAnswer> & { is_current: boolean; roles: { name: string; pk: string }[] }

/** What stands in each answer, by what the answer is called here. */
export interface Answers {
  authorizationCode: AuthorizationCode
  authorizationCodes: Page<AuthorizationCode>
  accessToken: GrantedToken
  accessTokens: Page<GrantedToken>
  refreshToken: GrantedToken
  refreshTokens: Page<GrantedToken>
  user: User
  users: Page<User>
  sessionUser: { user: UserSelf; original: UserSelf; users: UserSelf[] }
  userPaths: { paths: string[] }
  group: Group
  groups: Page<Group>
  provider: Provider
  oauth2Provider: OAuth2Provider
  oauth2Providers: Page<OAuth2Provider>
  setupUrls: Record<'issuer' | 'authorize' | 'token' | 'user_info' | 'provider_info' | 'logout' | 'jwks', string> & {
    dcr_registration: string | null
  }
  preview: { preview: Record<string, unknown> }
  application: Application
  applications: Page<Application>
  token: Token
  tokens: Page<Token>
  usedBy: RowOf<typeof UsedBy>
  usedByList: RowOf<typeof UsedBy>[]
  config: {
    error_reporting: {
      enabled: boolean
      sentry_dsn: string
      environment: string
      send_pii: boolean
      traces_sample_rate: number
    }
    capabilities: string[]
  } & Record<`cache_timeout${'' | '_flows' | '_policies' | '_reputation'}`, number>
  version: Record<'version_current' | 'version_latest' | 'build_hash', string> &
    Record<'version_latest_valid' | 'outdated' | 'outpost_outdated', boolean>
  schema: Record<string, unknown>
  validationError: Record<string, unknown>
  genericError: RowOf<typeof GenericError>
}
