/** Where authentik says no more than that credentials are no good, the log says why. */
import { expect, it } from 'vitest'
import { defineWorld } from '../../../src/entries/index.ts'
import { readyMock } from '../../support/client.ts'

const world = defineWorld({
  users: [{ username: 'ann', superuser: true }, { username: 'ben' }, { username: 'cy', is_active: false }],
  applications: [{ slug: 'shop' }],
  api_tokens: [
    { identifier: 'cli', user: 'ann', intent: 'api', key: 'ann-key' },
    { identifier: 'mail', user: 'ann', intent: 'app_password', key: 'mail-key' },
    { identifier: 'bens', user: 'ben', intent: 'api', key: 'ben-key' },
    { identifier: 'cys', user: 'cy', intent: 'api', key: 'cy-key' },
  ],
  access_tokens: [{ user: 'ann', application: 'shop', token: 'access', scope: 'openid' }],
})

async function setUp() {
  const log: string[] = []
  const authentik = await readyMock({ world, log: (message) => log.push(message) })
  const ask = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization }
    return (await authentik.fetch('/api/v3/core/users/?page=1', { headers })).status
  }
  return { log, ask }
}

it.each([
  [
    'Bearer anns-key',
    'no token has its key, or the token has expired. tokens() of the mock has the keys, and the option token gives one',
  ],
  ['Bearer mail-key', 'the key is that of the token mail, whose intent is app_password, where api is needed'],
  ['Bearer access', 'its access token lacks the scope goauthentik.io/api, for which the login has to ask'],
  ['Bearer cy-key', 'the user cy, whose key it has, is not active'],
  ['Token ann-key', 'its Authorization is of the scheme "Token", and the API takes no other than Bearer'],
  ['ann-key', 'its Authorization is one word, which authentik ignores. Send "Bearer KEY"'],
])('%s is refused, and the log says once why', async (authorization, reason) => {
  const { log, ask } = await setUp()
  expect([await ask(authorization), await ask(authorization)]).toEqual([403, 403])
  await expect.poll(() => log).toEqual([`GET /api/v3/core/users/ is refused with 403: ${reason}.`])
})

it('where the user may not, or nobody is said to ask, authentik itself says enough', async () => {
  const { log, ask } = await setUp()
  expect([await ask('Bearer ben-key'), await ask()]).toEqual([403, 403])
  expect(await ask('Bearer wrong')).toBe(403)
  await expect.poll(() => log.length).toBe(1)
  expect(log[0]).toContain('no token has its key')
})
