/** Consents: what users have allowed applications to learn. */
import { hidden } from '../../rest/field.ts'
import { resource } from '../../rest/resource.ts'
import { boolean, dateTime, integer, nullable, text, uuid } from '../../schema/words.ts'

const fields = {
  pk: hidden(integer()),
  expires: hidden(nullable(dateTime()), { default: null }),
  expiring: hidden(boolean(), { default: true }),
  user: hidden(integer(), { references: 'users' }),
  application: hidden(uuid(), { references: 'applications' }),
  permissions: hidden(text(), { default: '' }),
}
/** What users have allowed applications to learn; no operation shows them yet. */
export const userConsents = resource({
  name: 'user_consents',
  django: {
    app: 'authentik_stages_consent',
    className: 'UserConsent',
    label: ({ application, user }) => `User Consent ${application} by ${user}`,
  },
  fields,
})
