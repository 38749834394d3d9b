/** What can be done with the key of an API token: reading it, and setting another. */
import type { Context } from '../../rest/operation.ts'
import { rowAction, viewsetOperations } from '../../rest/viewset-operations.ts'
import { whereOwn } from '../../rest/viewset.ts'
import { component, readOnly, text } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { behaviourOf } from '../behaviour.ts'
import { apiTokens, BY_IDENTIFIER, tokenViewset, type ApiToken } from './api-tokens.ts'

const SetKey = once(() => component('TokenSetKeyRequest', { key: text({ minLength: 1 }) }))
const View = once(() => component('TokenView', { key: readOnly(text()) }))

/** Tokens among those of whoever asks. */
const { find: findOwn } = viewsetOperations(apiTokens, {
  path: '/core/tokens/',
  actions: [],
  sees: whereOwn,
  ordering: [],
  lookup: BY_IDENTIFIER,
})

/** The token: releases that list all to who may view them ask for the permission on the key alone. */
function find(context: Context): ApiToken {
  const { tokensAreListedByPermission, ownersNeedNoPermission } = behaviourOf(context)
  if (tokensAreListedByPermission) return tokenViewset.findAny(context)
  // Who nobody knows has none, which is not asked of a permission and fails over nothing.
  return ownersNeedNoPermission ? findOwn(context) : tokenViewset.find(context)
}

const load = () => import('../answers/tokens.ts')

/** What can be done with the key of a token. */
export const operations = [
  rowAction(tokenViewset, {
    id: 'core_tokens_view_key_retrieve',
    method: 'GET',
    name: 'view_key',
    summary: 'Shows the key of a token.',
    description: 'Return token key and log access',
    responses: () => ({ 200: View(), 404: null }),
    find,
    resolve: async (token: ApiToken, context) => (await load()).viewKey(token, context),
  }),
  rowAction(tokenViewset, {
    id: 'core_tokens_set_key_create',
    method: 'POST',
    name: 'set_key',
    summary: 'Gives a token another key.',
    description: 'Set token key. Action is logged as event. `authentik_core.set_token_key` permission is required.',
    body: SetKey,
    responses: () => ({ 204: null, 400: null, 404: null }),
    find,
    resolve: async (token: ApiToken, context) => (await load()).setKey(token, context),
  }),
]
