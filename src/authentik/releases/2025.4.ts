/** A user says when they came; Django REST framework 3.16 names the model that has no such row. */
import { exactly, filterBy } from '../../rest/filters.ts'
import { placedAfter } from '../../schema/amend.ts'
import { dateTime, optional, readOnly, text, type Schema } from '../../schema/words.ts'
import type { AuthenticatedSession } from '../resources/authenticated-sessions.ts'
import type { Brand } from '../resources/brands.ts'
import { SYSTEM_PERMISSIONS } from './2024.8.ts'
import { first as previous } from './2025.2.ts'
import { changesSince, releaseLine } from './note.ts'

/** Permissions on authentik itself, with those of this release. */
export const WITH_INITIAL_PERMISSIONS = [
  ...SYSTEM_PERMISSIONS,
  'add_initialpermissions',
  'change_initialpermissions',
  'delete_initialpermissions',
  'view_initialpermissions',
]

const brand = (background: Schema) => ({
  branding_custom_css: placedAfter('branding_favicon', optional(text())),
  branding_default_flow_background: placedAfter('branding_custom_css', optional(background)),
})

/** 2025.4.0. */
export const first = changesSince(previous, '2025.4.0', {
  components: { User: { date_joined: placedAfter('last_login', readOnly(dateTime())) } },
  management: () => ({
    components: {
      Brand: brand(text()),
      BrandRequest: brand(text({ minLength: 1 })),
      CurrentBrand: { branding_custom_css: placedAfter('branding_favicon', text()) },
      AuthenticatedSession: {
        last_ip: readOnly(text()),
        last_user_agent: readOnly(text()),
        expires: readOnly(dateTime()),
      },
    },
    operations: {
      core_brands_list: {
        filters: {
          branding_default_flow_background: filterBy(exactly, (row: Brand) => row.branding_default_flow_background),
        },
      },
      core_authenticated_sessions_list: {
        filters: {
          last_ip: null,
          last_user_agent: null,
          session__last_ip: filterBy(exactly, (row: AuthenticatedSession) => row.last_ip),
          session__last_user_agent: filterBy(exactly, (row: AuthenticatedSession) => row.last_user_agent),
        },
      },
    },
  }),
  behaviour: {
    systemPermissions: WITH_INITIAL_PERMISSIONS,
    notFoundNamesModel: true,
    sessionsAreNamedByKey: true,
    emptyPageIsFirst: true,
    searchRefusesNul: true,
  },
})

/** 2025.4. */
export const line = releaseLine('2025.4', 4, first)
