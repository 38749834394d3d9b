/** Device tokens: what a device waits with until somebody lets it in (RFC 8628, section 3.2). */
import { hidden, type RowOfFields } from '../../rest/field.ts'
import { resource } from '../../rest/resource.ts'
import { boolean, dateTime, integer, nullable, text } from '../../schema/words.ts'
import { createRandom } from '../../store/random.ts'
import { GRANT_SHORTHAND } from './grants.ts'

const fields = {
  pk: hidden(integer()),
  expires: hidden(nullable(dateTime()), { default: null }),
  expiring: hidden(boolean(), { default: true }),
  /** Null until somebody has agreed. */
  user: hidden(nullable(integer()), { references: 'users', default: null }),
  provider: hidden(integer(), { references: 'providers' }),
  scope: hidden(text(), { default: '' }),
  /** What the device shows to the server. */
  device_code: hidden(text(), { unique: true }),
  /** What it shows to a person. */
  user_code: hidden(text()),
}
/** A row of device tokens. */
export type DeviceToken = RowOfFields<typeof fields>

/** What devices wait with; authentik has no operation that shows them. */
export const deviceTokens = resource({
  name: 'device_tokens',
  django: {
    app: 'authentik_providers_oauth2',
    className: 'DeviceToken',
    label: ({ provider }) => `Device Token for ${provider}`,
  },
  fields,
  shorthand: {
    words: GRANT_SHORTHAND.words,
    defaults: ({ pk }) => ({
      device_code: createRandom('device', String(pk)).key(60),
      user_code: String(pk).padStart(9, '0'),
    }),
  },
})
