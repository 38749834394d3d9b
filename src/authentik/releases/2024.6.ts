/** Backwards from 2024.8: groups have short names, nobody asks for applications with a launch URL alone, tokens outlive their session, and until 2024.6.4 nobody guards what uses a row (CVE-2024-42490). */
import { text } from '../../schema/words.ts'
import { base } from './2024.8.ts'
import { changesSince, releaseLine } from './note.ts'

const shortName = { name: text({ maxLength: 80 }) }

/** 2024.6.0, as what was otherwise before 2024.8. */
export const first = changesSince(base, '2024.6.0', {
  components: { Version: { outpost_outdated: null }, Group: shortName, UserGroup: shortName },
  operations: { core_applications_list: { query: { only_with_launch_url: null } } },
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
