/** Matchers for what a release answers: by what it is called in OAuth 2.0 and in authentik, or by its component. */
import type { Operation } from '../../rest/operation.ts'
import type { Release } from '../../rest/operation.ts'
import { anyObject, list, meaning, type Schema } from '../../schema/words.ts'
import type { Answers, Example } from './answers.ts'
import { failure, toTemplate, type Template } from './template.ts'

/** Matchers by name. Each takes some of an example, and throws a TypeError for one that is not as documented. */
export type Like = { readonly [Name in keyof Answers]: (example?: Example<Answers[Name]>) => Template } & {
  /**
   * Whatever stands in an answer, by authentik's name for the component: `component('RedirectURI', { url: 'https://a' })`.
   * @throws TypeError for a component that no answer of the release has, or an example that is not as documented
   */
  component(name: string, example?: unknown): Template
}

/** The component that each is documented as. */
const COMPONENTS: Record<Exclude<keyof Answers, 'usedByList' | 'schema'>, string> = {
  authorizationCode: 'ExpiringBaseGrantModel',
  authorizationCodes: 'PaginatedExpiringBaseGrantModelList',
  accessToken: 'TokenModel',
  accessTokens: 'PaginatedTokenModelList',
  refreshToken: 'TokenModel',
  refreshTokens: 'PaginatedTokenModelList',
  user: 'User',
  users: 'PaginatedUserList',
  sessionUser: 'SessionUser',
  userPaths: 'UserPath',
  group: 'Group',
  groups: 'PaginatedGroupList',
  provider: 'Provider',
  oauth2Provider: 'OAuth2Provider',
  oauth2Providers: 'PaginatedOAuth2ProviderList',
  setupUrls: 'OAuth2ProviderSetupURLs',
  preview: 'PropertyMappingPreview',
  application: 'Application',
  applications: 'PaginatedApplicationList',
  token: 'Token',
  tokens: 'PaginatedTokenList',
  usedBy: 'UsedBy',
  config: 'Config',
  version: 'Version',
  validationError: 'ValidationError',
  genericError: 'GenericError',
}

export function likeOf({ version, operations }: Release): Like {
  const answered = componentsOf(operations)
  const find = (name: string): Schema => {
    const schema = answered.get(name)
    if (!schema)
      throw failure(
        `authentik ${version} answers with no "${name}"; known are ${[...answered.keys()].sort().join(', ')}`,
      )
    return schema
  }
  const named = Object.entries(COMPONENTS).map(([name, component]) => [
    name,
    (example?: unknown) => toTemplate(find(component), example),
  ])
  return {
    ...Object.fromEntries(named),
    usedByList: (example) => toTemplate(list(find('UsedBy')), example),
    schema: (example) => toTemplate(anyObject(), example),
    component: (name, example) => toTemplate(find(name), example),
  }
}

/** What the answers are made of, by authentik's names. */
export function componentsOf(operations: readonly Operation[]): Map<string, Schema> {
  const found = new Map<string, Schema>()
  const visit = (schema: Schema): void => {
    const { component, parts } = meaning(schema)
    if (component && found.has(component.name)) return
    if (component) found.set(component.name, schema)
    parts.forEach(visit)
  }
  for (const { responses } of operations) for (const schema of Object.values(responses)) if (schema) visit(schema)
  return found
}
