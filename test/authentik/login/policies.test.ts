/** Bindings of users and groups to an application say who may log in to it. */
import { describe, expect, it } from 'vitest'
import { defineWorld } from '../../../src/entries/index.ts'
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

/** The table of docs/login.md, by its columns. */
describe('who may open an application, and who may view it', () => {
  const PAYROLL = '/api/v3/core/applications/payroll/'
  const world = defineWorld({
    users: [{ username: 'ann', superuser: true }, { username: 'bob' }, { username: 'cid' }, { username: 'eve' }],
    applications: [{ slug: 'payroll' }],
    policy_bindings: [{ application: 'payroll', user: 'bob' }],
    permissions: { eve: ['view_application'] },
    api_tokens: [{ identifier: 'app', user: 'cid', intent: 'app_password', key: 'app-password' }],
  })
  const query = new URLSearchParams({
    client_id: 'payroll',
    redirect_uri: 'http://localhost:5173/callback',
    response_type: 'code',
  })
  const authorize = `/application/o/authorize/?${query}`
  const isListed = ({ results }: { results: { slug: string }[] }) => results.some(({ slug }) => slug === 'payroll')

  it.each<[username: string, opening: [number, boolean], viewing: [boolean, boolean, number]]>([
    ['bob', [302, true], [true, true, 403]],
    ['cid', [200, false], [false, false, 403]],
    ['eve', [200, false], [false, false, 200]],
    ['ann', [200, false], [false, true, 200]],
  ])('%s', async (username, opening, viewing) => {
    for (const release of ['2024.8.3', '2026.8.3']) {
      const authentik = await readyMock({ world, release })
      const headers = await authentik.logIn(username)
      const get = (path: string) => authentik.fetch(path, { headers, redirect: 'manual' })
      const page = await get(authorize)
      expect((await page.text()).includes('Permission denied')).toBe(!opening[1])
      const access = await (await get(`${PAYROLL}check_access/`)).json()
      expect([page.status, access.passing]).toEqual(opening)
      const list = await (await get('/api/v3/core/applications/')).json()
      const full = await (await get('/api/v3/core/applications/?superuser_full_list=true')).json()
      expect([isListed(list), isListed(full), (await get(PAYROLL)).status]).toEqual(viewing)
    }
  })

  it('a superuser asks check_access of another user', async () => {
    const authentik = await readyMock({ world })
    const { pk } = authentik.world.users.find('username', 'bob')!
    const headers = await authentik.logIn('ann')
    const answer = await authentik.fetch(`${PAYROLL}check_access/?for_user=${pk}`, { headers })
    expect(await answer.json()).toMatchObject({ passing: true })
  })

  it.each([
    ['documented', [302, 403, 403, 403]],
    ['observed', [302, 200, 403, 403]],
  ] as const)('nobody, as %s', async (fidelity, statuses) => {
    const authentik = await readyMock({ world, fidelity })
    const paths = [authorize, `${PAYROLL}check_access/`, '/api/v3/core/applications/', PAYROLL]
    const answers = await Promise.all(paths.map((path) => authentik.fetch(path, { redirect: 'manual' })))
    expect(answers.map(({ status }) => status)).toEqual(statuses)
  })

  it('a client gets no token as its service account, or as a user, who is not bound', async () => {
    const authentik = await readyMock({ world })
    const { pk } = authentik.world.providers.find('client_id', 'payroll')!
    await authentik.world.providers.update(pk, { client_type: 'confidential', client_secret: 'secret' })
    for (const credentials of [{ client_secret: 'secret' }, { username: 'cid', password: 'app-password' }]) {
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'payroll', ...credentials })
      const answer = await authentik.fetch('/application/o/token/', { method: 'POST', body })
      expect([answer.status, (await answer.json()).error]).toEqual([400, 'invalid_grant'])
    }
  })
})
