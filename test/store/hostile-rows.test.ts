/** Whatever a program writes into a world, it is refused with a MockError, or every answer after it is as good as before. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ASIDE, resources } from '../../src/authentik/resources/index.ts'
import { findRelease } from '../../src/authentik/releases/index.ts'
import { rulesOf } from '../../src/mock/rules.ts'
import { checkWorld } from '../../src/store/world-file.ts'
import { MockError, type Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, rowsOf, worldOf, type Row } from '../support/client.ts'
import { isWhole, runsOf } from '../support/tier.ts'

const NAMES = resources.map(({ name }) => name)
const fieldsOf = (name: string) => Object.keys(resources.find((resource) => resource.name === name)?.model.shape ?? {})

/** What no row can hold, or only some field of it. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  10n,
  Symbol('hostile'),
  () => 'hostile',
  new Date(0),
  new Map([['a', 1]]),
  /a/,
  new Proxy({ a: 1 }, {}),
  Object.create({ inherited: true }),
  '',
  ' ',
  '\0',
  '\ud800',
  'x'.repeat(300),
  '😀'.repeat(150),
  '1',
  '12345',
  '2024-02-31T00:00:00Z',
  '2024-09-27T14:26:18',
  '2024-09-27T14:26:18.5Z',
  '2024-09-27T16:26:18.123456+02:00',
  '9999-12-31T23:59:59Z',
  '0001-01-01T00:00:00+14:00',
  'F8358F6E-0048-4B1C-8E32-AB93FAF0C44B',
  '{urn:uuid:f8358f6e00484b1c8e32ab93faf0c44b}',
  'root@localhost',
  'no address',
  '%(username)s %(nope)s %',
  'hours=1e999',
  '__proto__',
  [],
  [null],
  [[]],
  [1, 1],
  Array.from({ length: 3 }),
  {},
  { toString: 1, valueOf: null },
  JSON.parse('{"__proto__": {"is_superuser": true}, "constructor": {"prototype": 1}}'),
  { settings: 5, upn: { toString: 1 } },
  { settings: { toString: null }, upn: [] },
  { pk: 1 },
  { pk: { pk: 1 } },
]

/** A value that holds itself, or is nested deep; made anew each time, so that no copy of one is taken for another. */
const ENDLESS: Record<string, () => unknown> = {
  'what holds itself': () => {
    const value: Row = { list: [] }
    value['self'] = value
    value['list'].push(value, value)
    return value
  },
  '10,000 objects in one another': () => Array.from({ length: 10_000 }).reduce((inner) => ({ inner }), 1),
}

/** What gives the value of a field, and the name that a counterexample tells it by: no writer gets to the end of some. */
type Content = ((authentik: Mock) => unknown) & fc.WithToStringMethod
const withName = (write: () => string, read: (authentik: Mock) => unknown): Content =>
  Object.assign(read, { [fc.toStringMethod]: write })
const constantly = (value: unknown) =>
  withName(
    () => fc.stringify(value),
    () => value,
  )

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE).map(constantly) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...Object.keys(ENDLESS)).map((name) =>
      withName(
        () => name,
        () => ENDLESS[name]!(),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }).map(constantly),
  },
)

/** A write into some row, of a value or of what another row has in some field. */
const write = fc.constantFrom(...NAMES).chain((name) =>
  fc.record({
    name: fc.constant(name),
    kind: fc.constantFrom('create', 'create', 'update', 'update', 'delete'),
    row: fc.nat(40),
    changes: fc.dictionary(
      fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(...fieldsOf(name)) },
        { weight: 1, arbitrary: fc.constantFrom('nickname', '__proto__', 'toString', 'usrname') },
      ),
      fc.oneof(
        value,
        fc
          .tuple(fc.constantFrom(...NAMES), fc.nat(40), fc.nat(40), fc.boolean())
          .map(([source, row, place, isList]) => {
            const field = fieldsOf(source)[place] ?? 'pk'
            const cell = `${source}[${row}].${field}`
            return withName(
              () => (isList ? `[${cell}]` : cell),
              (authentik) => {
                const rows = rowsOf(authentik, source).list()
                const copied = rows.length && rows[row % rows.length]?.[field]
                return isList ? [copied] : copied
              },
            )
          }),
      ),
      { minKeys: 1, maxKeys: 3 },
    ),
  }),
)
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never

/** A write of the name of a group. */
const renaming = (content: unknown): Write => ({
  name: 'groups',
  kind: 'update',
  row: 0,
  changes: { name: constantly(content) },
})

/** The user whose token asks, and the token, stay: what is answered to nobody says little. */
const isCaller = (name: string, { pk, identifier }: Row) =>
  (name === 'users' && pk === 1) || identifier === 'authentik-bootstrap-token'

async function perform(authentik: Mock, { name, kind, row, changes }: Write): Promise<unknown> {
  const rows = rowsOf(authentik, name)
  const list = rows.list()
  const { key = 'pk', unique = [] } = resources.find((resource) => resource.name === name) ?? {}
  const current = list[row % Math.max(list.length, 1)] ?? {}
  const fields = Object.fromEntries(Object.entries(changes).map(([field, read]) => [field, read(authentik)]))
  if (kind === 'create') {
    const identifiers = new Set<string>([key, ...unique])
    const copy = Object.fromEntries(Object.entries(current).filter(([field]) => !identifiers.has(field)))
    const names = Object.fromEntries(
      ['name', 'username', 'slug', 'identifier'].flatMap((field) =>
        identifiers.has(field) ? [[field, `new-${list.length}`]] : [],
      ),
    )
    return rows.create({ ...copy, ...names, ...fields })
  }
  if (current[key] === undefined || isCaller(name, current)) return undefined
  return kind === 'update' ? rows.update(current[key], fields) : rows.delete(current[key])
}

/** The paths of everything that can be read, with the rows that there are. */
function pathsOf(authentik: Mock): string[] {
  return authentik.operations
    .filter(({ method }) => method === 'GET')
    .flatMap(({ view: { path }, resource }) => {
      const [, parameter] = /\{(\w+)\}/.exec(path) ?? []
      // In YAML the document takes as long to write as all other answers do.
      if (path === '/schema/') return [`${path}?format=json`]
      if (parameter === undefined || !resource) return [path]
      // What no table has, a program cannot write either.
      if (!NAMES.includes(resource.name as (typeof NAMES)[number])) return []
      const field = parameter === 'slug' ? 'slug' : resource.key
      return rowsOf(authentik, resource.name)
        .list()
        .slice(-3)
        .map((row) => path.replace(`{${parameter}}`, encodeURIComponent(row[field])))
    })
}

describe.each(['2024.8.3', '2026.8.3'])('a program that writes what it likes into a world of %s', (release) => {
  it('is refused with a MockError and no change, or every answer after it is below 500', async () => {
    const outcomes = { taken: 0, refused: 0 }
    const { authenticated_sessions, user_consents } = SMALL
    const seeded = worldOf(await readyMock({ release, codes: 3 }))
    const consents = user_consents.map((row) => ({ ...row, application: seeded.applications[0]?.['pk'] }))
    const world = { ...seeded, authenticated_sessions, user_consents: consents }
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 5 }), async (writes) => {
        const authentik = await readyMock({ release, world, token: 'key', now: '2024-09-27T14:26:18Z' })
        for (const step of writes) {
          const start = JSON.stringify(authentik.world)
          const error = await errorOf(perform(authentik, step))
          outcomes[error === undefined ? 'taken' : 'refused']++
          const outcome = error === undefined ? start : JSON.stringify(authentik.world)
          expect([error instanceof MockError ? error.code : error, outcome]).toEqual([error && 'ERR_WORLD', start])
        }
        const client = clientOf(authentik, { token: 'key' })
        for (const path of pathsOf(authentik))
          expect([path, (await client.get(path)).status < 500]).toEqual([path, true])
        const file = worldOf(authentik)
        expect(worldOf(await readyMock({ world: file, release }))).toEqual(file)
      }),
      // Of a few runs all writes may be refused: one in three is taken.
      { numRuns: runsOf(200) + 1, examples: [[[renaming('a name'), renaming(null)]]] },
    )
    expect(outcomes.taken).toBeGreaterThan(0)
    expect(outcomes.refused).toBeGreaterThan(0)
  }, 300_000)
})

/** Of the values, a part where only a part is tried: another for each field. */
const valuesAt = (place: number) => HOSTILE.filter((_, index) => isWhole || index % 12 === place % 12)

describe('each field of each resource', () => {
  it.each(NAMES)('of %s is refused with each value that it cannot hold, by a program as in a file', async (name) => {
    const authentik = await readyMock({ world: SMALL })
    const resource = resources.find((candidate) => candidate.name === name)
    const [row = {}] = rowsOf(authentik, name).list()
    // A resource that is new stands in SMALL, too.
    expect({ [name]: Object.keys(row) }).not.toEqual({ [name]: [] })
    const key = resource?.key ?? 'pk'
    for (const [place, field] of fieldsOf(name).entries())
      for (const content of field === key ? [] : valuesAt(place)) {
        const isTaken = await isDone(rowsOf(authentik, name).update(row[key], { [field]: content }))
        if (isTaken) await authentik.reset()
        const file = { ...SMALL, [name]: [{ ...row, [field]: content }] }
        expect([field, content, await isDone(Promise.resolve(file).then(loads))]).toEqual([field, content, isTaken])
      }
  })
})

const rules = rulesOf(findRelease('2024.8.3'))
const loads = (world: object) => checkWorld(world, { resources, aside: ASIDE, rules, clock: Date })
/** Whether something is done, and not refused. @throws Error for any other error than one that says what is wrong */
const isDone = async (outcome: unknown): Promise<boolean> => {
  const error = await errorOf(outcome)
  if (error !== undefined && !(error instanceof MockError)) throw error
  return error === undefined
}

/** What is thrown, at once or later; undefined for nothing. */
const errorOf = (outcome: unknown): Promise<unknown> =>
  Promise.resolve(outcome).then(
    () => undefined,
    (error: unknown) => error,
  )

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const GRANT = { pk: 1, user: 1, provider: 1, scope: 'openid', expires: '2099-01-01T00:00:00Z' }

/** A row of each resource. */
const SMALL = {
  groups: [{ pk: uuid(1), name: 'staff', is_superuser: true }],
  users: [{ pk: 1, username: 'akadmin', groups: [uuid(1)] }],
  flows: [{ pk: uuid(2), name: 'Authorize', slug: 'authorize', title: 'Authorize', designation: 'authorization' }],
  certificates: [{ pk: uuid(3), name: 'self-signed' }],
  scope_mappings: [{ pk: uuid(4), name: 'openid', scope_name: 'openid' }],
  providers: [{ pk: 1, name: 'web', authorization_flow: uuid(2), property_mappings: [uuid(4)], signing_key: uuid(3) }],
  applications: [{ pk: uuid(5), name: 'Web', slug: 'web', provider: 1 }],
  authorization_codes: [GRANT],
  access_tokens: [GRANT],
  refresh_tokens: [GRANT],
  api_tokens: [{ identifier: 'token', user: 1, intent: 'api' }],
  authenticated_sessions: [{ uuid: uuid(6), user: 1 }],
  device_tokens: [{ pk: 1, provider: 1, device_code: 'code', user_code: '123456789' }],
  user_consents: [{ pk: 1, user: 1, application: uuid(5) }],
  policy_bindings: [{ pk: uuid(7), target: uuid(5), user: 1 }],
  events: [
    { pk: uuid(8), action: 'login', app: 'a', created: '2024-09-27T14:26:18Z', expires: '2025-09-27T14:26:18Z' },
  ],
  notifications: [{ pk: uuid(10), user: 1, event: uuid(8), created: '2024-09-27T14:26:18Z' }],
  brands: [{ brand_uuid: uuid(9), domain: 'authentik-default' }],
  roles: [{ pk: uuid(0), name: 'role' }],
  assigned_permissions: [{ id: 1, role: uuid(0), codename: 'view_user', app_label: 'authentik_core', model: 'user' }],
}
