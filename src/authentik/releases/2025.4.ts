/** A user says when they came; Django REST framework 3.16 names the model that has no such row. */
import { placedAfter } from '../../schema/amend.ts'
import { dateTime, readOnly } from '../../schema/words.ts'
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

/** 2025.4.0. */
export const first = changesSince(previous, '2025.4.0', {
  components: { User: { date_joined: placedAfter('last_login', readOnly(dateTime())) } },
  behaviour: {
    systemPermissions: WITH_INITIAL_PERMISSIONS,
    notFoundNamesModel: true,
    emptyPageIsFirst: true,
    searchRefusesNul: true,
  },
})

/** 2025.4. */
export const line = releaseLine('2025.4', 4, first)
