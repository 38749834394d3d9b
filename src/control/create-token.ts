/** Makes an API token for a request to the control API. */
import { copyOf, quote } from '../schema/json.ts'
import { apiTokens, IntentEnum } from '../authentik/resources/api-tokens.ts'
import { createRow } from '../rest/write-row.ts'
import { choicesOf } from '../schema/words.ts'
import { controlError } from './control-error.ts'
import { findUser, noUser } from './find-user.ts'
import type { Namespace } from './namespace.ts'

/** Makes an API token of a user. @throws MockError ERR_CONTROL for a user or an intent that is not there */
export async function createToken(
  request: { user: number | string; intent?: string },
  { core: { world } }: Namespace,
): Promise<{ identifier: string; key: string }> {
  const copy = copyOf(request)
  if (!copy) throw controlError([`${quote(request)} is no object; give one such as { user: 'akadmin' }`])
  const { user, intent = 'api' } = copy
  return world.queue.run(async () => {
    const row = findUser(user, world)
    const problems = row ? [] : [noUser(user, world)]
    if (!IntentEnum.safeParse(intent).success)
      problems.push(`intent: there is no intent ${quote(intent)}; there are ${choicesOf(IntentEnum).join(', ')}`)
    if (!row || problems.length) throw controlError(problems)
    const key = world.random.key(60)
    const identifier = `control-${row.username.replace(/[^-\w]/g, '_')}-${key.slice(0, 6)}`
    await createRow(apiTokens, { world }, { identifier, key, intent, user: row.pk, expiring: false })
    return { identifier, key }
  })
}
