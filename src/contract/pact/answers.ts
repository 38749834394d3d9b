/** What authentik answers, as types: of every release all keys, for an example to name. */
import type { AuthentikResource } from '../../authentik/resources/index.ts'
import type { Provider } from '../../authentik/resources/oauth2-providers.ts'
import type { UserSelf as UserSelfAnswer } from '../../authentik/resources/user-self.ts'
import type { AnswerOfFields } from '../../rest/field.ts'
import type { GenericError } from '../../rest/operation.ts'
import type { Pagination } from '../../rest/pagination.ts'
import type { ResourceNames } from '../../rest/resource.ts'
import type { UsedBy } from '../../rest/used-by.ts'
import type { Output } from '../../schema/words.ts'

/** Some of an answer: as much as its reader relies on. */
export type Example<T> = T extends readonly (infer Item)[]
  ? readonly Example<Item>[]
  : T extends object
    ? { [Key in keyof T]?: Example<T[Key]> }
    : T

/** A resource that operations show. */
export type ShownResource = Extract<AuthentikResource, { names: ResourceNames }>

interface Page<Item> {
  pagination: Output<typeof Pagination>
  results: Item[]
  /** From 2025.8. */
  autocomplete: Record<string, unknown>
}

type AnswerOf<Resource> = Resource extends { fields: infer F } ? AnswerOfFields<F> : never
type Singular = { [Each in ShownResource as Each['names']['singular']]: AnswerOf<Each> }
type Plural = { [Each in ShownResource as Each['names']['plural']]: Page<AnswerOf<Each>> }

type UserSelf = Output<typeof UserSelfAnswer> & { is_current: boolean; roles: { name: string; pk: string }[] }
type SetupUrl = 'issuer' | 'authorize' | 'token' | 'user_info' | 'provider_info' | 'logout' | 'jwks'

/** What stands in answers that are no rows, by what the answer is called here. */
interface OtherAnswers {
  sessionUser: { user: UserSelf; original: UserSelf; users: UserSelf[] }
  userPaths: { paths: string[] }
  provider: Output<typeof Provider>
  setupUrls: Record<SetupUrl, string> & { dcr_registration: string | null }
  preview: { preview: Record<string, unknown> }
  usedBy: Output<typeof UsedBy>
  usedByList: Output<typeof UsedBy>[]
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
  genericError: Output<typeof GenericError>
}

/** What stands in each answer, by what the answer is called here. */
export type Answers = Singular & Plural & OtherAnswers
