/** The title of a flow, in which it names the application and the user (docs/authentik.md#flow-executor). */
import { sessionOf } from '../auth/sessions.ts'
import type { OAuthContext } from '../oidc/endpoint.ts'
import type { Plan } from './plan.ts'
import { nameIn } from './stages/stage.ts'

/** A flow that somebody is in, or may not enter. */
export type Entered = Plan | Pick<Plan, 'flow' | 'user'>

/** The title of a flow. One that nobody is in names nobody. */
export function titleOf(context: OAuthContext, plan: Entered): string {
  const { title } = plan.flow
  if (!('stages' in plan)) return title
  const login = sessionOf(context.call, context.world)
  return fillTitle(title, {
    app: plan.application?.name ?? '',
    user: nameIn({ ...context, plan }) ?? nameIn({ ...context, plan: { user: login?.user } }) ?? 'AnonymousUser',
  }).trim()
}

/** A title as Python's `%` fills it in; as it is where Python fails, such as for `100 %` or a name that there is not. */
function fillTitle(title: string, names: { app: string; user: string }): string {
  let isFormat = true
  const text = title.replace(/%(?:(%)|\((app|user)\)s)?/g, (_, percent?: string, name?: 'app' | 'user') => {
    if (percent === undefined && name === undefined) isFormat = false
    return percent ?? (name ? names[name] : '')
  })
  return isFormat ? text : title
}
