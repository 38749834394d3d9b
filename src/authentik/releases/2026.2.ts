/** Who may view API tokens is shown all of them; a list of groups says what a search can name, and a group may stand above itself; users are found by their last login; roles have long names; an ID token has an identifier; an application without a provider says so as documented from 2026.2.2 on, as @goauthentik/api knows it. */
import { filterBy, instants, isNull } from '../../rest/filters.ts'
import { choice, nullable, readOnly, text } from '../../schema/words.ts'
import { FRAMED_LAYOUTS, LAYOUTS } from '../resources/flows.ts'
import { Provider } from '../resources/oauth2-providers.ts'
import type { User } from '../resources/users.ts'
import { second as previous } from './2025.12.ts'
import { bareProviders } from './bare-providers.ts'
import { changesSince, releaseLine } from './note.ts'

const first = changesSince(previous, '2026.2.0', {
  components: { Role: { name: text() }, FlowLayoutEnum: choice('FlowLayoutEnum', [...LAYOUTS, ...FRAMED_LAYOUTS]) },
  operations: {
    crypto_certificatekeypairs_list: { query: { include_details: null } },
    core_users_list: {
      filters: {
        ...instants<User>('last_login', (row) => row.last_login),
        last_login__isnull: filterBy(isNull, (row: User) => row.last_login),
      },
    },
  },
  behaviour: {
    idTokenHasJti: true,
    groupsMayCircle: true,
    groupsOfferSearch: true,
    tokensAreListedByPermission: true,
  },
})

const second = changesSince(first, '2026.2.2', {
  components: { Application: { provider_obj: readOnly(nullable(Provider)) } },
})

/** 2026.2.3, in which a provider inside a code or token is bare (CVE-2026-40166); the next line follows it. */
export const third = changesSince(second, '2026.2.3', bareProviders)

/** 2026.2. */
export const line = releaseLine('2026.2', 3, first, second, third)
