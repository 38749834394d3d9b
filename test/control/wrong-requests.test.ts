/** What is wrong with a request to the control API is said with the path of the value, and changes nothing. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ControlledMock } from '../../src/entries/control.ts'
import { MockError } from '../../src/entries/index.ts'
import { worldOf } from '../support/client.ts'
import { askerIn, controlledMock, sendIn, type Ask } from '../support/control.ts'
import { documentedAsker } from '../support/control-document.ts'

let authentik: ControlledMock
let ask: Ask
beforeAll(async () => {
  authentik = await controlledMock({ now: '2024-09-27T14:26:18Z' })
  ask = await documentedAsker(askerIn(authentik))
  authentik.on('change', () => changes++)
})

/** How often the world was changed. */
let changes = 0

/** Everything that a request could have changed. */
const stateOf = () => ({
  changes,
  clock: [authentik.clock.now(), authentik.clock.isFrozen()],
  scenarios: authentik.scenarios.list(),
  seed: authentik.seed,
})

const GRANT = { kind: 'access_tokens', user: 'akadmin', provider: 1 }

describe('400 names the value', () => {
  it.each<[method: string, path: string, body: unknown, problem: RegExp]>([
    ['PATCH', 'clock/', { now: 'tomorrow' }, /^now: .*"tomorrow" is no instant/],
    ['PATCH', 'clock/', { now: '2030-01-01T00:00:00Z', moveBy: 1e20 }, /^moveBy: .*years 1 to 9999/],
    ['PATCH', 'clock/', { moveBy: 'a while' }, /^moveBy: "a while" is no duration/],
    ['PATCH', 'clock/', { frozen: 'yes' }, /^frozen: /],
    ['PATCH', 'clock/', { frosen: true }, /^frosen: there is no such field; the nearest is frozen$/],
    ['PATCH', 'clock/', [], /^the body: is no object/],
    ['POST', 'seed/', { seed: -1 }, /^seed: /],
    ['POST', 'seed/', { codes: 1_000_001 }, /^codes: /],
    ['POST', 'seed/', { code: 1 }, /^code: there is no such field; the nearest is codes$/],
    ['POST', 'reset/', { seed: 1 }, /^the body: none is taken here$/],
    ['POST', 'sessions/', { user: 'nobody' }, /^user: there is no user "nobody"; there are .*akadmin/],
    ['POST', 'sessions/', { user: 'akadmn' }, /; the nearest is akadmin$/],
    ['POST', 'sessions/', {}, /^user: /],
    ['POST', 'tokens/', { user: 9999 }, /^user: there is no user 9999/],
    ['POST', 'tokens/', { user: 2, intent: 'apy' }, /^intent: there is no intent "apy"; there are .*api/],
    ['POST', 'grants/', { ...GRANT, kind: 'code' }, /^kind: there is no kind "code"; there are authorization_codes/],
    ['POST', 'grants/', { ...GRANT, user: 'nobody', provider: 'none' }, /^user: there is no user "nobody"/],
    ['POST', 'grants/', { ...GRANT, provider: 'none' }, /^provider: there is none "none"; there are /],
    ['POST', 'grants/', { ...GRANT, expires: 'soon' }, /^expires: "soon" is neither an instant nor a duration/],
    ['POST', 'grants/', { ...GRANT, expires: 5 }, /^expires: /],
    ['POST', 'grants/', { ...GRANT, scopes: 'openid' }, /^scopes: there is no such field; the nearest is scope$/],
    ['POST', 'grants/code/1/expire/', undefined, /^kind: there is no kind "code"/],
    ['POST', 'grants/access_tokens/0x1/expire/', undefined, /^pk: "0x1" is no number/],
    [
      'GET',
      'journal/?operationId=core_user_list',
      undefined,
      /^operationId: 2024.8.3 has no operation "core_user_list" here; the nearest is core_users_list$/,
    ],
    ['POST', 'grants/access_tokens/99999/revoke/', undefined, /^pk: access_tokens has none with the pk 99999/],
    ['GET', 'grants/?kind=code', undefined, /^kind: there is no kind "code"/],
    ['GET', 'grants/?knd=code', undefined, /^knd: there is no such parameter; the nearest is kind$/],
    ['GET', 'grants/?kind=access_tokens&kind=code', undefined, /^kind: is there more than once$/],
    ['GET', 'clock/?now=1', undefined, /^now: there is no such parameter; there is none here$/],
    ['POST', 'scenarios/', {}, /^scenario: does nothing; give one of name, status/],
    ['POST', 'scenarios/', { reset: false }, /^scenario: does nothing/],
    [
      'POST',
      'scenarios/',
      { name: 'slwo' },
      /^name: there is no scenario "slwo"; the nearest is slow, of starting, token-expired, /,
    ],
    ['POST', 'scenarios/', { nth: 3 }, /^nth: there is no such field; there are .*\bskip\b/],
    ['POST', 'scenarios/', { statu: 500 }, /^statu: there is no such field; the nearest is status$/],
    ['POST', 'scenarios/', { status: 99 }, /^status: 99 is not a status from 200 to 599$/],
    ['POST', 'scenarios/', { status: 204, body: 'x' }, /^body: an answer of 204 has no body$/],
    ['POST', 'scenarios/', { status: 304, damage: 'broken' }, /^damage: an answer of 304 has no body$/],
    ['POST', 'scenarios/', { status: 500, path: ['/x'] }, /^path: \["\/x"\] is not a path that begins with a slash$/],
    ['POST', 'scenarios/', { status: 500, path: 'api' }, /^path: "api" is not a path/],
    ['POST', 'scenarios/', { status: 500, kind: ['api'] }, /^kind: \["api"\] is not "api" or "oauth"/],
    ['POST', 'scenarios/', { status: 500, damage: 'split' }, /^damage: "split" is not "truncated" or "broken"$/],
    ['POST', 'scenarios/', { latency: [3, 1] }, /^latency: \[3,1\] is not milliseconds/],
    ['POST', 'scenarios/', { status: 500, headers: { 'a b': 'c' } }, /^headers: /],
    ['POST', 'scenarios/', { status: 500, headers: { a: 'b\nc: d' } }, /^headers: /],
    ['POST', 'scenarios/', { status: 500, count: 0 }, /^count: 0 is not a whole number from 1$/],
    ['POST', 'scenarios/', { status: 500, probability: 2 }, /^probability: 2 is not a number from 0 to 1$/],
    [
      'POST',
      'scenarios/',
      { status: 500, operationId: 'core_user_list' },
      /^operationId: .*nearest is core_users_list$/,
    ],
    ['POST', 'scenarios/', [], /^the body: is no object/],
    ['POST', 'scenarios/', null, /^the body: is no object/],
    ['GET', 'journal/?status=ok', undefined, /^status: "ok" is no whole number$/],
    ['GET', 'journal/?kind=soap', undefined, /^kind: "soap" is not "api" or /],
    ['GET', 'journal/?outcome=won', undefined, /^outcome: "won" is not "answered" or /],
    ['GET', 'journal/?writes=maybe', undefined, /^writes: "maybe" is neither true nor false$/],
    ['GET', 'journal/?clear=1', undefined, /^clear: "1" is neither true nor false$/],
    [
      'GET',
      'journal/?operationid=x',
      undefined,
      /^operationid: there is no such parameter; the nearest is operationId$/,
    ],
    ['GET', 'journal/wait/?operationId=core_user_list', undefined, /^operationId: .*the nearest is core_users_list$/],
    ['GET', 'journal/har/?limit=5', undefined, /^limit: there is no such parameter/],
    ['GET', 'journal/?path=api', undefined, /^path: "api" is not a path that begins with a slash$/],
    ['GET', 'world/users/?limit=-1', undefined, /^limit: "-1" is no whole number$/],
    ['GET', 'world/users/?serch=x', undefined, /^serch: there is no such parameter; the nearest is search$/],
    ['PUT', 'world/', { users: [{ pk: 1, username: 5 }] }, /^users\[0\]\.username: /],
    ['PUT', 'world/', { user: [] }, /^user: there is no such key; the nearest is users$/],
    [
      'PATCH',
      'world/',
      {
        users: [
          { pk: 2, name: 'Lost' },
          { pk: 7, is_active: 'yes' },
        ],
      },
      /^users\[1\]\.is_active: /,
    ],
    ['PATCH', 'world/', { users: [{ pk: 900, username: 5 }] }, /^users\[0\]\.username: /],
    ['PATCH', 'world/', { users: null }, /^users: /],
    ['PATCH', 'world/', { providers: [], user: [] }, /^user: there is no such key/],
    ['POST', 'world/users/', { username: 'akadmin', name: '' }, /^users\.username: /],
    ['POST', 'world/users/abc/', { username: 'x', name: '' }, /^pk: "abc" is no whole number$/],
    ['POST', 'world/users/900/', { pk: 901, username: 'x', name: '' }, /^pk: 901 is not the key of the path, "900"$/],
    ['PATCH', 'world/users/2/', { is_active: 'yes' }, /^users\.is_active: /],
    ['PATCH', 'world/users/2/', { pk: 3 }, /^users\.pk: a key cannot be changed/],
    ['PATCH', 'world/users/2/', { nickname: 'x' }, /^users\.nickname: /],
  ])('of %s %s %j', async (method, path, body, problem) => {
    const state = stateOf()
    const { status, json } = await ask(method, path, body)
    expect([status, json['problems'][0]]).toEqual([400, expect.stringMatching(problem)])
    expect(json['detail']).toContain(json['problems'][0])
    expect(stateOf()).toEqual(state)
  })
})

describe('404 says where to see what there is', () => {
  it.each([
    ['GET', 'nothing/'],
    ['GET', 'world/user/'],
    ['GET', 'world/users/99999/'],
    ['GET', 'world/users/0x2/'],
    ['GET', 'world/users/2e0/'],
    ['PATCH', 'world/users/99999/'],
    ['DELETE', 'world/users/99999/'],
    ['DELETE', 'snapshots/99/'],
    ['POST', 'snapshots/99/restore/'],
    ['DELETE', 'scenarios/none/'],
    ['GET', 'journal/1e9/'],
    ['GET', 'operations/core_user_list/'],
    ['DELETE', 'namespaces/none/'],
  ])('of %s %s', async (method, path) => {
    const state = stateOf()
    const { status, json } = await ask(method, path, method === 'PATCH' ? {} : undefined)
    expect([status, json['detail']]).toEqual([404, expect.stringMatching(/See which|See what/)])
    expect(stateOf()).toEqual(state)
  })
})

it('405 names the methods that there are', async () => {
  const { status, headers, json } = await ask('DELETE', 'clock/')
  expect([status, headers.get('Allow')]).toEqual([405, 'GET, PATCH, OPTIONS'])
  expect(json['detail']).toBe('DELETE is not taken here. There are GET, PATCH.')
  expect((await ask('POST', 'schema/')).headers.get('Allow')).toBe('GET, OPTIONS')
})

it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
  '415 is the answer to a body of the type "%s"',
  async (type) => {
    const headers = { 'Content-Type': type }
    const { status, json } = await ask('PATCH', 'clock/', '{"frozen":true}', headers)
    expect([status, json['detail']]).toEqual([415, expect.stringMatching(/Send JSON, with Content-Type/)])
  },
)

it.each(['{"frozen":', '', 'frozen=true', '\u0000'])('400 is the answer to %j as JSON', async (body) => {
  const { status, json } = await ask('PATCH', 'clock/', body, { 'Content-Type': 'application/json' })
  expect([status, json['detail']]).toEqual([400, expect.stringMatching(/^The body is no JSON/)])
})

it('400 is the answer to a body with a key twice, of which one would be lost', async () => {
  const { status, json } = await ask('PATCH', 'world/', '{"users":[],"users":[]}')
  expect(status).toBe(400)
  expect(json['detail']).toBe(
    'The body cannot be taken: the key "users" stands twice in one object, in line 1, column 13.',
  )
})

it('a world that was given is replaced, not seeded', async () => {
  const recorded = await controlledMock({ world: worldOf(authentik) })
  const { status, json } = await askerIn(recorded)('POST', 'seed/', { seed: 2 })
  expect([status, json['detail']]).toEqual([400, expect.stringContaining('Replace that instead')])
  expect(worldOf(recorded)).toEqual(worldOf(authentik))
})

it('a program hears the same, as an error with a code', async () => {
  const codeOf = (error: unknown) => (error instanceof MockError ? [error.code, ...error.problems] : error)
  const attempts: [task: () => unknown, problem: RegExp][] = [
    [() => authentik.scenario({ statu: 1 } as never), /^statu: .*nearest is status$/],
    [() => authentik.scenario({ status: 500, body: () => 1 }), /^body: /],
    [() => authentik.scenario({ name: 'slow', count: 0 }), /^count: /],
    [() => authentik.journal.find({ operationID: 'x' } as never), /^operationID: .*nearest is operationId$/],
    [() => authentik.journal.count({ status: '200' as never }), /^status: "200" is not a whole number$/],
    [() => authentik.journal.waitFor({ kind: 'soap' as never }), /^kind: /],
    [() => authentik.reset({ seed: 1.5 }), /^seed: 1\.5 is not a whole number from 0 to/],
    [() => authentik.reset({ sed: 1 } as never), /^sed: .*nearest is seed$/],
    [() => authentik.mint({ kind: 'codes' as never, user: 1, provider: 1 }), /^kind: /],
    [() => authentik.expire('access_tokens', 99_999), /^pk: /],
    [() => authentik.tokens({ user: 'nobody' }), /^user: /],
    [() => authentik.namespace('a b'), /^namespace: "a b" is no name$/],
  ]
  for (const [task, problem] of attempts) {
    const error = await Promise.resolve()
      .then(task)
      .then(() => 'nothing', codeOf)
    expect(error).toEqual(['ERR_CONTROL', expect.stringMatching(problem)])
  }
})

it('a body that is too long, or a path that is too strange, is told of and not failed at', async () => {
  const send = sendIn(authentik)
  const headers = { Authorization: `Bearer ${authentik.control.token}` }
  for (const path of [
    '%FF',
    'world/%00/',
    'world/users/%2F/',
    'journal/%/',
    'scenarios/%F0%9F%92%A9/',
    'world/__proto__/',
  ])
    expect((await send(`/-/mock/api/${path}`, { headers })).status).toBeOneOf([404, 405])
})

it('404 gives the path that is there, where only the final slash is left out', async () => {
  const send = askerIn(authentik)
  expect((await send('GET', 'clock')).json['detail']).toBe(
    'Nothing stands on /-/mock/api/clock. Add the final slash: /-/mock/api/clock/',
  )
  expect((await send('GET', 'clocks/')).json['detail']).toMatch(/^Nothing stands on .*\. See what does: GET /)
})
