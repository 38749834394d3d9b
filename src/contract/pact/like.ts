/** Matchers for what a release answers: by what it is called in OAuth 2.0 and in authentik, or by its component. */
import { resources } from '../../authentik/resources/index.ts'
import { componentsOf } from '../../rest/deviation.ts'
import type { Release } from '../../rest/operation.ts'
import { quote } from '../../schema/json.ts'
import { anyObject, componentOf, list, type Schema } from '../../schema/words.ts'
import type { Answers, Example } from './answers.ts'
import { exampleError, toKnown, toTemplate, type Template } from './template.ts'

/**
 * Matchers by name. Each takes some of an example, and throws a MockError ERR_EXAMPLE for one that is not as
 * documented.
 */
export type Like = { readonly [Name in keyof Answers]: (example?: Example<Answers[Name]>) => Template } & {
  /**
   * Whatever stands in an answer, by authentik's name for the component.
   * @throws MockError ERR_EXAMPLE for a component that no answer of the release has, or an example that is not as documented
   * @example like.component('RedirectURI', { url: 'https://a' })
   */
  component(name: string, example?: unknown): Template
}

/** The components of answers that are no rows. */
const COMPONENTS_WITHOUT_ROWS = {
  sessionUser: 'SessionUser',
  userPaths: 'UserPath',
  provider: 'Provider',
  setupUrls: 'OAuth2ProviderSetupURLs',
  preview: 'PropertyMappingPreview',
  usedBy: 'UsedBy',
  config: 'Config',
  version: 'Version',
  validationError: 'ValidationError',
  genericError: 'GenericError',
} satisfies Partial<Record<keyof Answers, string>>

/** The component that each is documented as, by its name here. */
const COMPONENTS: Record<string, string> = {
  ...Object.fromEntries(
    resources.flatMap(({ names, component }) => {
      const { name } = componentOf(component)
      return names
        ? [
            [names.singular, name],
            [names.plural, `Paginated${name}List`],
          ]
        : []
    }),
  ),
  ...COMPONENTS_WITHOUT_ROWS,
}

/** The matchers of a release. */
export function likeOf(release: Release): Like {
  const components = componentsOf(release)
  const find = (name: string): Schema => {
    if (typeof name !== 'string') throw exampleError(`the name of the component is ${quote(name)}, and no text`)
    const schema = components.get(name)
    if (schema) return schema
    const names = [...components.keys()].sort()
    throw exampleError(`authentik ${release.version} answers with no ${quote(name)}; ${toKnown(name, names)}`)
  }
  const matchers = Object.entries(COMPONENTS).map(([name, component]) => {
    return [name, (example?: unknown) => toTemplate(find(component), example)]
  })
  return {
    ...Object.fromEntries(matchers),
    usedByList: (example) => toTemplate(list(find('UsedBy')), example),
    schema: (example) => toTemplate(anyObject(), example),
    component: (name, example) => toTemplate(find(name), example),
  }
}
