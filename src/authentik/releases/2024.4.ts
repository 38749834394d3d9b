/** Backwards from 2024.6: a single group always comes with its users. */
import { first as following, usedByIsGuarded } from './2024.6.ts'
import { filterBy, selectBox } from '../../rest/filters.ts'
import { readOnly, text } from '../../schema/words.ts'
import { changesSince, releaseLine } from './note.ts'

/** 2024.4.0, as what was otherwise before 2024.6. */
export const first = changesSince(following, '2024.4.0', {
  management: () => ({
    operations: {
      providers_all_list: { filters: { backchannel: null, backchannel_only: filterBy(selectBox, () => false) } },
    },
    components: { FooterLink: { href: readOnly(text()) }, TypeCreate: { icon_url: null } },
  }),
  operations: { core_groups_retrieve: { query: { include_users: null } } },
})

/** 2024.4. */
export const line = releaseLine('2024.4', 4, first, changesSince(first, '2024.4.4', usedByIsGuarded))
