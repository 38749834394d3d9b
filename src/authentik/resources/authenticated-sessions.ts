/** Sessions of logged-in users, which a browser shows by cookie. */
import { hidden, type RowOfFields } from '../../rest/field.ts'
import { resource } from '../../rest/resource.ts'
import type { Random } from '../../store/random.ts'
import { anyObject, boolean, dateTime, integer, nullable, text, uuid } from '../../schema/words.ts'

/** A key that no session has. */
export const newSessionKey = (random: Random): string => random.key(32).toLowerCase()

const fields = {
  uuid: hidden(uuid()),
  session_key: hidden(text({ maxLength: 40 }), {
    unique: true,
    generate: newSessionKey,
  }),
  user: hidden(integer(), { references: 'users' }),
  expires: hidden(nullable(dateTime()), { default: null }),
  /** When its user logged in. */
  auth_time: hidden(nullable(dateTime()), { default: null }),
  /** Whether its cookie outlives the browser. */
  remembered: hidden(boolean(), { default: false }),
  current: hidden(boolean(), { default: false }),
  user_agent: hidden(nullable(anyObject()), { default: null }),
  geo_ip: hidden(nullable(anyObject()), { default: null }),
  asn: hidden(nullable(anyObject()), { default: null }),
  last_ip: hidden(text(), { default: '127.0.0.1' }),
  last_user_agent: hidden(text(), { default: '' }),
  last_used: hidden(nullable(dateTime()), { default: null }),
}
/** A row of sessions. */
export type AuthenticatedSession = RowOfFields<typeof fields>

/** Sessions of logged-in users; no operation shows them yet. */
export const authenticatedSessions = resource({
  name: 'authenticated_sessions',
  key: 'uuid',
  django: {
    app: 'authentik_core',
    className: 'AuthenticatedSession',
    label: ({ session_key }) => `Authenticated Session ${session_key.slice(0, 10)}`,
  },
  fields,
  joins: ['session_keys'],
})
