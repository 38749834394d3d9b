/** Consents: what users have allowed applications to learn. */
import { field } from '../../rest/field.ts'
import { pointing } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { boolean, dateTime, integer, nullable, text, uuid, withDefault } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { applications } from './applications.ts'
import { isShownByPermission, whereOwnedOr, whereUsedOr } from './owned.ts'
import { users } from './users.ts'

const fields = once(() => ({
  pk: field(integer(), { readOnly: true, order: true }),
  expires: field(nullable(dateTime()), { default: null, order: true }),
  expiring: field(boolean(), { default: true, order: true }),
  user: field(integer(), {
    references: 'users',
    response: users.component,
    getter: ({ user }: { user: number }, { world }: Context) => world.table(users).require(user),
    filter: pointing,
    order: true,
  }),
  application: field(uuid(), {
    references: 'applications',
    response: applications.component,
    getter: ({ application }: { application: string }, { world }: Context) =>
      world.table(applications).require(application),
    filter: pointing,
    order: true,
  }),
  permissions: field(withDefault(text(), ''), { default: '', order: true }),
}))
/** What users have allowed applications to learn. */
export const userConsents = resource({
  name: 'user_consents',
  noun: 'a consent',
  component: 'UserConsent',
  django: {
    app: 'authentik_stages_consent',
    className: 'UserConsent',
    label: ({ application, user }) => `User Consent ${application} by ${user}`,
  },
  fields,
})

/** What can be done with consents. */
export const { operations } = viewsetOperations(userConsents, {
  path: '/core/user_consent/',
  actions: ['list', 'retrieve', 'destroy', 'used_by'],
  sees: whereOwnedOr(isShownByPermission),
  usedBySees: whereUsedOr(isShownByPermission),
  owner: 'user',
  open: 'owners',
  ordering: ['application', 'expires'],
})
