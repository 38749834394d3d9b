/** Bindings of users and groups to an application say who may log in to it. */
import { describe, expect, it } from 'vitest'
import { Browser } from '../../support/browser.ts'
import { readyMock } from '../../support/client.ts'

const CALLBACK = 'https://app.test/callback'
const GROUP = 'c1b00000-0000-4000-8000-000000000001'
const PARENT = 'c1b00000-0000-4000-8000-000000000002'
const APPLICATION = 'a1b00000-0000-4000-8000-000000000001'

/** A world in which ann is in a group, which is below another. */
const worldWith = (bindings: object[], mode: 'any' | 'all' = 'any') => ({
  groups: [
    { pk: PARENT, name: 'staff' },
    { pk: GROUP, name: 'developers', parent: PARENT },
  ],
  users: [
    { pk: 1, username: 'ann', groups: [GROUP] },
    { pk: 2, username: 'bob' },
  ],
  providers: [{ pk: 1, name: 'Shop', client_id: 'shop', redirect_uris: CALLBACK }],
  applications: [{ pk: APPLICATION, name: 'Shop', slug: 'shop', provider: 1, policy_engine_mode: mode }],
  policy_bindings: bindings.map((binding, index) => ({
    pk: `b1b00000-0000-4000-8000-00000000000${index}`,
    target: APPLICATION,
    ...binding,
  })),
})

async function logIn(username: string, bindings: object[], mode?: 'any' | 'all') {
  const authentik = await readyMock({
    world: worldWith(bindings, mode),
    release: '2026.2.2',
    login: `auto:${username}`,
  })
  const query = new URLSearchParams({ client_id: 'shop', redirect_uri: CALLBACK, response_type: 'code' })
  const { url, text } = await new Browser(authentik).open(`/application/o/authorize/?${query}`)
  return url.searchParams.has('code') ? 'code' : text.includes('Request has been denied.') ? 'denied' : text
}

describe('an application', () => {
  it.each([
    ['without bindings lets everybody in', [], 'any', 'code', 'code'],
    ['bound to a user lets that one in', [{ user: 1 }], 'any', 'code', 'denied'],
    ['bound to a group lets its members in', [{ group: GROUP }], 'any', 'code', 'denied'],
    ['bound to a group lets members of those below it in', [{ group: PARENT }], 'any', 'code', 'denied'],
    ['whose binding is negated lets the others in', [{ user: 1, negate: true }], 'any', 'denied', 'code'],
    ['whose binding is not enabled lets everybody in', [{ user: 1, enabled: false }], 'any', 'code', 'code'],
    ['of which any binding is enough', [{ user: 1 }, { user: 2 }], 'any', 'code', 'code'],
    ['of which all have to let somebody in', [{ user: 1 }, { user: 2 }], 'all', 'denied', 'denied'],
    ['bound to an expression alone lets everybody in', [{ policy: GROUP }], 'any', 'code', 'code'],
  ] as const)('%s', async (_title, bindings, mode, ann, bob) => {
    expect([await logIn('ann', [...bindings], mode), await logIn('bob', [...bindings], mode)]).toEqual([ann, bob])
  })
})
