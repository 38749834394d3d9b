/** What can be done with the key of an API token: reading it, and setting another. */
import { credentialsMissing, permissionDenied, Problem } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { readBody } from '../../rest/write-row.ts'
import { component, readOnly, text } from '../../schema/words.ts'
import { once } from '../../store/lazily.ts'
import { behaviourOf } from '../behaviour.ts'
import { apiTokens, tokenViewset, type ApiToken } from './api-tokens.ts'

const SetKey = once(() => component('TokenSetKeyRequest', { key: text({ minLength: 1 }) }))
const View = once(() => component('TokenView', { key: readOnly(text()) }))

/** The token: releases that list all to who may view them ask for the permission on the key alone. */
const find = (context: Context): ApiToken =>
  behaviourOf(context).tokensAreListedByPermission ? tokenViewset.findAny(context) : tokenViewset.find(context)

/** @throws Problem 403 */
function require(isAllowed: boolean, { caller }: Context): void {
  if (isAllowed) return
  throw caller.user === undefined ? credentialsMissing() : permissionDenied()
}

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
    resolve(token: ApiToken, context) {
      const { caller } = context
      const isOwn = token.owner_views_key && token.user === caller.user
      require(isOwn || caller.may('view_token_key'), context)
      return { key: token.key }
    },
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
    async resolve(token: ApiToken, context) {
      require(context.caller.may('set_token_key'), context)
      const { key } = await readBody(context, undefined, { partial: !behaviourOf(context).actionsCheckBodies })
      if (typeof key !== 'string') throw new Problem(400, undefined)
      await context.world.table(apiTokens).update(token.identifier, (draft) => void (draft.key = key))
    },
  }),
]
