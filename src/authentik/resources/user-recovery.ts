/** Links by which users who have forgotten their password give themselves a new one (docs/authentik.md#recovery). */
import { operation, type Context, type Operation } from '../../rest/operation.ts'
import { component, integer, optional, text, uuid } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { users } from './users.ts'

const Link = once(() => component('Link', { link: text() }))
const token_duration = once(() => optional(text({ minLength: 1 })))
const LinkRequest = once(() => component('UserRecoveryLinkRequest', { token_duration: token_duration() }))
const EmailRequest = once(() =>
  component('UserRecoveryEmailRequest', { token_duration: token_duration(), email_stage: uuid() }),
)

/** What the operations share. What they do is loaded when one is asked, with the login. */
const common = {
  tag: 'core',
  resource: users,
  parameters: { id: { schema: integer(), description: 'Which of the users.' } },
} as const

const view = (path: string, name: string) => ({
  path: `/core/users/{id}/${path}/`,
  name,
  description: 'Create a temporary link that a user can use to recover their accounts',
  model: 'user',
})

/** What differs between releases. */
type Documented = Pick<Operation, 'body' | 'query' | 'responses'>

/** What servers document of an operation, which is made when it is first asked for. */
const recovery = <Id extends string>(
  id: Id,
  method: 'GET' | 'POST',
  lines: string,
  documented: () => Documented,
  facts: Pick<Operation, 'view' | 'summary' | 'resolve'>,
) =>
  operation({
    ...common,
    ...facts,
    id,
    method,
    lines,
    get body() {
      return documented().body
    },
    get query() {
      return documented().query ?? {}
    },
    get responses() {
      return documented().responses
    },
  })

const toLink = <Id extends string>(
  id: Id,
  method: 'GET' | 'POST',
  lines: string,
  documented: () => Documented = () => ({ responses: { 200: Link() } }),
) =>
  recovery(id, method, lines, documented, {
    view: view('recovery', 'Recovery'),
    summary: 'Makes a link by which a user sets a new password, good once.',
    resolve: async (context: Context) => (await import('../oidc/endpoints.ts')).createLink(context),
  })

const toMail = <Id extends string>(id: Id, method: 'GET' | 'POST', lines: string, documented: () => Documented) =>
  recovery(id, method, lines, documented, {
    view: view('recovery_email', 'Recovery email'),
    summary: 'Makes such a link for a mail, which the mock does not send.',
    resolve: async (context: Context) => (await import('../oidc/endpoints.ts')).createMail(context),
  })

const query = once(() => ({ email_stage: { schema: text(), isRequired: true } }))

/** What can be done for users who have forgotten their password: asked by GET until 2024.2, with a body from 2026.2 on. */
export const operations = [
  toLink('core_users_recovery_retrieve', 'GET', '-2024.2', () => ({ responses: { 200: Link(), 404: Link() } })),
  toLink('core_users_recovery_create', 'POST', '2024.4-2025.12'),
  toLink('core_users_recovery_create', 'POST', '2026.2-', () => ({ body: LinkRequest(), responses: { 200: Link() } })),
  toMail('core_users_recovery_email_retrieve', 'GET', '-2024.2', () => ({
    query: query(),
    responses: { 204: null, 404: null },
  })),
  toMail('core_users_recovery_email_create', 'POST', '2024.4-2025.12', () => ({
    query: query(),
    responses: { 204: null },
  })),
  toMail('core_users_recovery_email_create', 'POST', '2026.2-', () => ({
    body: EmailRequest(),
    responses: { 204: null },
  })),
]
