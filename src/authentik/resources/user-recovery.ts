/** Links by which users who have forgotten their password give themselves a new one (docs/authentik.md#recovery). */
import { operation, type Context, type Operation } from '../../rest/operation.ts'
import { component, integer, optional, text, uuid } from '../../schema/words.ts'
import { users } from './users.ts'

const Link = component('Link', { link: text() })
const token_duration = optional(text({ minLength: 1 }))
const LinkRequest = component('UserRecoveryLinkRequest', { token_duration })
const EmailRequest = component('UserRecoveryEmailRequest', { token_duration, email_stage: uuid() })

/** What the operations share. What they do is loaded when one is asked, with the login. */
const common = {
  tag: 'core',
  manages: true,
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
type Documented = Partial<Pick<Operation, 'body' | 'query' | 'responses'>>

const toLink = <Id extends string>(id: Id, method: 'GET' | 'POST', lines: string, more: Documented = {}) =>
  operation({
    ...common,
    id,
    method,
    lines,
    view: view('recovery', 'Recovery'),
    summary: 'Makes a link by which a user sets a new password, good once.',
    responses: { 200: Link },
    resolve: async (context: Context) => (await import('../oidc/endpoints.ts')).createLink(context),
    ...more,
  })

const toMail = <Id extends string>(id: Id, method: 'GET' | 'POST', lines: string, more: Documented) =>
  operation({
    ...common,
    id,
    method,
    lines,
    view: view('recovery_email', 'Recovery email'),
    summary: 'Makes such a link for a mail, which the mock does not send.',
    responses: { 204: null },
    resolve: async (context: Context) => (await import('../oidc/endpoints.ts')).createMail(context),
    ...more,
  })

const query = { email_stage: { schema: text(), isRequired: true } }

/** What can be done for users who have forgotten their password: asked by GET until 2024.2, with a body from 2026.2 on. */
export const operations = [
  toLink('core_users_recovery_retrieve', 'GET', '-2024.2', { responses: { 200: Link, 404: Link } }),
  toLink('core_users_recovery_create', 'POST', '2024.4-2025.12'),
  toLink('core_users_recovery_create', 'POST', '2026.2-', { body: LinkRequest }),
  toMail('core_users_recovery_email_retrieve', 'GET', '-2024.2', { query, responses: { 204: null, 404: null } }),
  toMail('core_users_recovery_email_create', 'POST', '2024.4-2025.12', { query }),
  toMail('core_users_recovery_email_create', 'POST', '2026.2-', { body: EmailRequest }),
]
