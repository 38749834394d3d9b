/** authentik-mock/pact: Pact matchers that ask for what authentik documents, no more and no less; provider states; ready interactions. */
import { DEFAULT_RELEASE, findRelease } from '../authentik/releases/index.ts'
import { interactionsOf, type Interactions } from '../contract/pact/interactions.ts'
import { likeOf, type Like } from '../contract/pact/like.ts'

export { completePact } from '../contract/pact/complete.ts'
export { addTo, type Interaction, type Interactions, type Matched } from '../contract/pact/interactions.ts'
export {
  states,
  type Expiry,
  type ProviderState,
  type StateHandlers,
  type StateParameters,
} from '../contract/pact/states.ts'
export type { Answers, Example } from '../contract/pact/answers.ts'
export type { Like } from '../contract/pact/like.ts'
export type { Template } from '../contract/pact/template.ts'

/**
 * Matchers and interactions for another release than 2024.8.3.
 * @param release such as `2025.10.4`, or a line of releases such as `2025.10`
 * @example const { like } = forRelease('2025.12')
 * @throws MockError ERR_RELEASE for a release that is not known
 */
export function forRelease(release: string): { like: Like; interactions: Interactions } {
  const notes = findRelease(release)
  return { like: likeOf(notes), interactions: interactionsOf(notes) }
}

const base = forRelease(DEFAULT_RELEASE)

/**
 * Matchers for what authentik answers. Required keys are always asked for, an optional one when the example names it;
 * what the example leaves open is made up. The values only ever serve as examples: any documented value matches. In a
 * list the first item stands for all, and there may be none.
 * A pact that pact-js wrote with them needs `completePact`.
 * @example response.jsonBody(like.authorizationCode({ expires: null, user: { type: 'internal' } }))
 */
export const like: Like = base.like

/**
 * A ready interaction for each operation that reads, by authentik's operationId. Its answer has the required keys; a
 * consumer that relies on more says so in an answer of its own.
 * @example addTo(pact, { ...interactions.core_users_retrieve, response: { status: 200, body: like.user({ email: 'mary@example.com' }) } })
 */
export const interactions: Interactions = base.interactions
