/** What a token says of its user: authentik's own scope mappings, and those of a world's own. */
import { describe, expect, it } from 'vitest'
import { readyMock } from '../../support/client.ts'
import { Browser } from '../../support/browser.ts'
import { cpuOf, leastOf } from '../../support/cost.ts'

const ORIGIN = 'http://authentik.test'
const CALLBACK = 'https://app.test/callback'
const GROUP = 'c1b00000-0000-4000-8000-000000000001'
const OPENID = 'd1b00000-0000-4000-8000-000000000001'
const SHOP = 'd1b00000-0000-4000-8000-000000000002'

const worldWith = (expression: string, more: object = {}) => ({
  groups: [{ pk: GROUP, name: 'developers', attributes: { floor: 2 } }],
  users: [
    {
      pk: 1,
      username: 'ann',
      name: 'Ann Example',
      email: 'ann@example.com',
      groups: [GROUP],
      attributes: { team: 'red' },
    },
  ],
  scope_mappings: [
    { pk: OPENID, name: 'openid', scope_name: 'openid' },
    { pk: SHOP, name: 'Shop roles', scope_name: 'shop', expression },
  ],
  providers: [{ pk: 1, name: 'Shop', client_id: 'shop', redirect_uris: CALLBACK, property_mappings: [OPENID, SHOP] }],
  applications: [{ pk: 'a1b00000-0000-4000-8000-000000000001', name: 'Shop', slug: 'shop', provider: 1 }],
  api_tokens: [
    {
      pk: 'e1b00000-0000-4000-8000-000000000001',
      identifier: 'ann',
      user: 1,
      intent: 'api',
      key: 'key',
      expiring: false,
    },
  ],
  permissions: { ann: ['view_oauth2provider'] },
  ...more,
})

/** The claims that every token has. */
const STANDARD = new Set('iss sub aud exp iat auth_time acr amr nonce sid jti'.split(' '))

/** The claims of the ID token, of userinfo and of the preview, without those that every token has. */
async function claimsWith(expression: string, more?: object, log?: (message: string) => void) {
  const world = worldWith(expression, more)
  const authentik = await readyMock({ world, login: 'auto:ann', release: '2026.2.2', ...(log && { log }) })
  const { client_secret } = authentik.world.providers.get(1)!
  const query = new URLSearchParams({
    client_id: 'shop',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid shop',
  })
  const { url } = await new Browser(authentik).open(`/application/o/authorize/?${query}`)
  const form = {
    grant_type: 'authorization_code',
    code: url.searchParams.get('code') ?? '',
    redirect_uri: CALLBACK,
    client_id: 'shop',
    client_secret,
  }
  const tokens = await authentik.fetch(`${ORIGIN}/application/o/token/`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  const { id_token, access_token } = await tokens.json()
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })
  const userinfo = await (await authentik.fetch(`${ORIGIN}/application/o/userinfo/`, bearer(access_token))).json()
  const preview = await (
    await authentik.fetch(`${ORIGIN}/api/v3/providers/oauth2/1/preview_user/`, bearer('key'))
  ).json()
  const mappedOf = (claims: object) =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !STANDARD.has(name)))
  const ofToken = mappedOf(JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url').toString()))
  expect([mappedOf(userinfo), mappedOf(preview.preview ?? {})]).toEqual([ofToken, ofToken])
  return ofToken
}

describe('a scope mapping of one’s own', () => {
  it.each([
    [
      'constants',
      'return {"a": 1, "b": [True, None, -2.5], \'c\': {"d": "x\\n"}, }',
      { a: 1, b: [true, null, -2.5], c: { d: 'x\n' } },
    ],
    ['comments', '# for the shop\nreturn {\n  "a": 1,  # one\n}\n# end\n', { a: 1 }],
    [
      'attributes of the user',
      'return {"who": request.user.username, "id": request.user.pk, "admin": request.user.is_superuser}',
      { who: 'ann', id: 1, admin: false },
    ],
    [
      'what an administrator wrote there',
      'return {"t": request.user.attributes["team"], "n": request.user.attributes.get("none"), "d": request.user.attributes.get("none", "x")}',
      { t: 'red', n: null, d: 'x' },
    ],
    ['groups', 'return {"roles": [group.name for group in request.user.ak_groups.all()]}', { roles: ['developers'] }],
  ])('gives %s', async (_what, expression, claims) => {
    expect(await claimsWith(expression)).toEqual(claims)
  })

  it.each([
    'return {"a": ak_user_by(username="ann").pk}',
    'x = 1\nreturn {"a": x}',
    'return {"a": request.user.password}',
    'return {"a": "\\x41"}',
    'return {"a": 007}',
    'return {"a": 12345678901234567890}',
    'return\n{"a": 1}',
    'return {"a": request.user.attributes.get("none").get("b")}',
    'return {[1]: 2}',
    'return {"a": [group.email for group in request.user.groups.all()]}',
    `return {"a": ${'['.repeat(5000)}`,
    'return [1]',
    'return {"a": 1} + {}',
    '',
  ])('that is more gives what the world says, or nothing, which is said once: %s', async (expression) => {
    const lines: string[] = []
    expect(await claimsWith(expression, {}, (line) => lines.push(line))).toEqual({})
    expect(lines.filter((line) => line.includes('"Shop roles"'))).toHaveLength(1)
    expect(await claimsWith(expression, { claims: { 'Shop roles': { roles: ['buyer'] } } })).toEqual({
      roles: ['buyer'],
    })
  })
})

it('a long list is evaluated in less than a second', async () => {
  const evaluate = async () => {
    const claims = await claimsWith(`return {"a": [${'[],'.repeat(20_000)}]}`)
    expect(claims['a']).toHaveLength(20_000)
  }
  expect(await leastOf(1000, () => cpuOf(evaluate))).toBeLessThan(1000)
})
