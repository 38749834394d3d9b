/** API tokens: keys that stand for a user, each for one intent. */
import { computed, field, hidden, type RowOfFields } from '../../rest/field.ts'
import { choosing, exactly, filterBy, happening, widget } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { boolean, choice, dateTime, integer, nullable, optional, text, uuid } from '../../schema/words.ts'
import { createRandom } from '../../store/random.ts'
import type { RowSource } from '../../store/resource.ts'
import { behaviourOf } from '../behaviour.ts'
import { requireKnown, whereOwnedOr, whereUsedOr } from './owned.ts'
import { users } from './users.ts'

/** What a token is for. */
export const IntentEnum = choice('IntentEnum', ['verification', 'api', 'recovery', 'app_password'])

/** A world file need not say its pk: then it follows from the identifier. */
export const pkOf = ({ pk, identifier }: { pk?: string; identifier: string }) =>
  pk ?? createRandom('token', identifier).uuid()

const fields = {
  pk: field(uuid(), { stored: optional(uuid()), readOnly: true, getter: pkOf }),
  managed: field(nullable(text()), {
    default: null,
    description: 'Set when authentik looks after it itself.',
    filter: exactly,
    order: true,
  }),
  identifier: field(text({ maxLength: 255, pattern: '^[-a-zA-Z0-9_]+$' }), {
    stored: text({ maxLength: 255 }),
    filter: exactly,
    search: true,
    order: true,
  }),
  intent: field(IntentEnum, { default: 'verification', filter: choosing, search: true, order: true }),
  user: field(integer(), { isOptional: true, references: 'users', order: true }),
  user_obj: computed(users.component, ({ user }, { world }) => world.table(users).require(user)),
  description: field(text(), { default: '', filter: exactly, search: true, order: true }),
  expires: field(nullable(dateTime()), { default: null, filter: happening, order: true }),
  expiring: field(boolean(), { default: true, filter: widget, order: true }),
  key: hidden(text(), { unique: true, generate: (random) => random.key(60) }),
  /** Whether its user may view the key, as whoever makes a token for themselves may. */
  owner_views_key: hidden(boolean(), { default: false }),
}
/** A row of API tokens. */
export type ApiToken = RowOfFields<typeof fields>

/** Keys that stand for a user. */
export const apiTokens = resource({
  name: 'api_tokens',
  names: { singular: 'token', plural: 'tokens', state: 'token', noun: 'an API token', key: 'identifier' },
  component: 'Token',
  key: 'identifier',
  django: {
    app: 'authentik_core',
    className: 'Token',
    label: ({ identifier }) => `Token ${identifier}`,
    isNoUse: true,
  },
  fields,
  filters: { user__username: filterBy(exactly, usernameOf) },
  filterOrder: ['identifier', 'intent', 'user__username', 'description', 'expires', 'expiring', 'managed'],
  alsoSearched: (row, source) => [usernameOf(row, source)],
  orderings: { pk: pkOf },
  joins: ['api_tokens_full'],
  shorthand: { defaults: () => ({ intent: 'api' }) },
  count: 8,
  loadSeed: async () => (await import('../seeds.ts')).seedApiToken,
})

function usernameOf({ user }: { user: number }, source: RowSource): string {
  return source.table(users).require(user).username
}

const isShownByPermission = (context: Context) => behaviourOf(context).tokensAreListedByPermission

const write = async (values: Record<string, unknown>, context: Context, token?: ApiToken) =>
  (await import('../answers/tokens.ts')).writeToken(values, context, token)

/** What can be done with API tokens. */
export const tokensViewset = viewsetOperations(apiTokens, {
  path: '/core/tokens/',
  actions: ['list', 'create'],
  sees: whereOwnedOr(isShownByPermission),
  open: 'owners',
  mayCreate: requireKnown,
  write,
  // The permission to view its key is given to a role of the user's own, in releases in which that is how.
  async written({ user, owner_views_key }, context) {
    if (!owner_views_key || !behaviourOf(context).permissionsComeByRoles) return
    const { ensureRole } = await import('../answers/roles.ts')
    await ensureRole(context.world.table(users).require(user), context.world)
  },
  ordering: ['identifier', 'expires'],
})

/** How a path names a token. */
export const BY_IDENTIFIER = {
  parameter: 'identifier',
  schema: text(),
  read: (identifier: string) => identifier,
}

/** What can be done with one API token. */
export const tokenViewset = viewsetOperations(apiTokens, {
  path: '/core/tokens/',
  actions: ['retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
  sees: whereOwnedOr(isShownByPermission),
  usedBySees: whereUsedOr(isShownByPermission),
  owner: 'user',
  open: 'owners',
  write,
  ordering: ['identifier', 'expires'],
  lookup: BY_IDENTIFIER,
})
