/** Backwards from 2024.8: groups have short names, nobody asks for applications with a launch URL alone, tokens outlive their session, and until 2024.6.4 nobody guards what uses a row (CVE-2024-42490). */
import { inEach, placedAfter } from '../../schema/amend.ts'
import { boolean, integer, readOnly, text, uuid } from '../../schema/words.ts'
import { base } from './2024.8.ts'
import { changesSince, releaseLine } from './note.ts'

const shortName = { name: text({ maxLength: 80 }) }

/** 2024.6.0, as what was otherwise before 2024.8. */
export const first = changesSince(base, '2024.6.0', {
  components: {
    Version: { outpost_outdated: null },
    Group: shortName,
    UserGroup: shortName,
    GroupRequest: { name: text({ minLength: 1, maxLength: 80 }) },
  },
  operations: { core_applications_list: { query: { only_with_launch_url: null } } },
  management: () => ({
    components: {
      ...inEach(['Brand', 'BrandRequest'], { default_application: null }),
      ...inEach(['ExtraRoleObjectPermission', 'ExtraUserObjectPermission'], { object_pk: readOnly(text()) }),
      LicenseSummary: {
        valid: placedAfter('external_users', boolean()),
        show_admin_warning: placedAfter('valid', boolean()),
        show_user_warning: placedAfter('show_admin_warning', boolean()),
        read_only: placedAfter('show_user_warning', boolean()),
        status: null,
        license_flags: null,
        has_license: boolean(),
      },
    },
    operations: {
      enterprise_license_summary_retrieve: { query: { cached: null } },
      rbac_permissions_roles_list: { query: { uuid: { schema: uuid(), isRequired: true } } },
      rbac_permissions_users_list: { query: { user_id: { schema: integer(), isRequired: true } } },
      propertymappings_all_list: { filters: { managed: null, name: null } },
      propertymappings_scope_list: { filters: { managed__isnull: null } },
    },
  }),
  behaviour: {
    jsonParser: 'python',
    acceptsJsonIndent: true,
    healthStatus: 204,
    usedByNeedsViewPermission: false,
    diesWithSession: [],
  },
})

/** What is mended by the fix of CVE-2024-42490. */
export const usedByIsGuarded = { behaviour: { usedByNeedsViewPermission: true } }

/** 2024.6. */
export const line = releaseLine('2024.6', 5, first, changesSince(first, '2024.6.4', usedByIsGuarded))
