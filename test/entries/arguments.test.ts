/** A function of the package that is given what it cannot take says in its own words what it can. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { authentikWebServer } from '../../src/doors/playwright/web-server.ts'
import { control, type ControlledMock } from '../../src/entries/control.ts'
import { mock, MockError, type Mock } from '../../src/entries/index.ts'
import { handlers } from '../../src/entries/msw.ts'
import { serve } from '../../src/entries/node.ts'
import { addTo, completePact, forRelease, interactions, like, states } from '../../src/entries/pact.ts'

/** An object, or a function, that breaks whatever is asked of it. */
const breaking = (target: object) =>
  new Proxy(
    target,
    new Proxy(
      {},
      {
        get: () => () => {
          throw new RangeError('It breaks.')
        },
      },
    ),
  )

/** Values that a program in JavaScript may give, by what they are called. */
const VALUES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  'a number': () => 5,
  'no number': () => Number.NaN,
  'an integer': () => 5n,
  'an object': () => ({}),
  'an object without a prototype': () => Object.create(null),
  'a list': () => [],
  'a symbol': () => Symbol('s'),
  'an object that breaks': () => breaking({}),
  'a function that breaks': () => breaking(() => {}),
}

let authentik: Mock
let controlled: ControlledMock
beforeAll(async () => {
  authentik = mock()
  controlled = control(mock())
  await Promise.all([authentik.ready, controlled.ready])
  vi.stubEnv('AUTHENTIK_MOCK_URL', '')
})
afterAll(() => void vi.unstubAllEnvs())

const [NOTHING, OBJECTS, NUMBER] = [['undefined'], ['an object', 'an object without a prototype'], ['a number']]
const OPTIONAL = [...NOTHING, ...OBJECTS]
const LIST = ['a list']

/** A function with one of its arguments, and which of the values it takes. */
type Case = [name: string, call: (value: any) => unknown, taken?: readonly string[]]

/** An object of options, of which one has a value. */
const setting = (name: string, create: (options: any) => unknown, rest: object = {}) =>
  [name, (value: unknown) => create({ ...rest, [name]: value })] as const

const minted = { kind: 'authorization_codes', user: 'akadmin', provider: 1 }
const page = { port: 0 }

const CASES: readonly Case[] = [
  ['mock', mock, OPTIONAL],
  ...['release', 'fidelity', 'front', 'basePath', 'token', 'login', 'log'].map((name): Case => {
    return [...setting(name, mock), [...NOTHING, ...(name === 'log' ? ['a function that breaks'] : [])]]
  }),
  ...['seed', 'codes', 'now'].map((name): Case => [...setting(name, mock), [...NOTHING, ...NUMBER]]),
  [...setting('world', mock), OPTIONAL],
  ...(['emulates', 'handles', 'claims', 'answer', 'refuse', 'restore', 'logIn'] as const).flatMap((verb): Case[] => [
    [`mock().${verb}`, (value) => authentik[verb](value)],
    [`control().${verb}`, (value) => controlled[verb](value)],
  ]),
  ['mock().load', (value) => authentik.load(value), NOTHING],
  ['mock().on', (value) => authentik.on(value, () => {})],
  ['a listener', (value) => authentik.on('change', value), ['a function that breaks']],
  ['clock.freeze', (value) => authentik.clock.freeze(value), [...NOTHING, ...NUMBER]],
  ['clock.move', (value) => authentik.clock.move(value), NUMBER],
  ['world.users.find', (value) => authentik.world.users.find(value, 'x' as never)],
  ['world.users.create', (value) => authentik.world.users.create(value)],
  ['world.users.update', (value) => authentik.world.users.update(2, value), OBJECTS],
  ['control', (value) => control(value)],
  ['the options of control', (value) => control(authentik, value), OPTIONAL],
  ['the token of control', (value) => control(authentik, { token: value }), NOTHING],
  ['scenario', (value) => controlled.scenario(value)],
  ['reset', (value) => controlled.reset(value), OPTIONAL],
  ['tokens', (value) => controlled.tokens(value) as unknown, NOTHING],
  ['mint', (value) => controlled.mint(value)],
  ...['kind', 'user', 'provider'].map((name): Case => {
    return [...setting(name, (request) => controlled.mint(request), minted), name === 'kind' ? [] : NUMBER]
  }),
  [...setting('scope', (request) => controlled.mint(request), minted), ['undefined', 'null', 'a list']],
  ['expire', (value) => controlled.expire(value, 1)],
  ['revoke', (value) => controlled.revoke(value, 1)],
  ['grants', (value) => controlled.grants(value), NOTHING],
  ['namespace', (value) => controlled.namespace(value)],
  ['createNamespace', (value) => controlled.createNamespace(value)],
  ['the options of createNamespace', (value) => controlled.createNamespace(`n${Math.random()}`, value), OPTIONAL],
  ...(['find', 'count', 'writes'] as const).map((verb): Case => {
    return [`journal.${verb}`, (value) => controlled.journal[verb](value), OPTIONAL]
  }),
  ['journal.waitFor', (value) => controlled.journal.waitFor(value, { timeout: 0 }), []],
  ['the options of journal.find', (value) => controlled.journal.find({}, value), OPTIONAL],
  ['handlers', (value) => handlers(value)],
  ['the options of handlers', (value) => handlers(authentik, value), OPTIONAL],
  ...['origin', 'unhandled', 'keep'].map((name): Case => {
    return [...setting(name, (options) => handlers(authentik, options)), NOTHING]
  }),
  ['serve', (value) => serve(value, page)],
  ['the options of serve', (value) => serve(authentik, value), OPTIONAL],
  ...['host', 'tls', 'httpsPort'].map((name): Case => {
    return [...setting(name, (options) => serve(authentik, options), page), NOTHING]
  }),
  ...['allowHosts', 'cors'].map((name): Case => {
    return [...setting(name, (options) => serve(authentik, options), page), [...NOTHING, ...LIST]]
  }),
  ['forRelease', (value) => forRelease(value)],
  ['completePact', (value) => completePact(value), OBJECTS],
  ['like.user', (value) => like.user(value), OPTIONAL],
  ['like.component', (value) => like.component(value)],
  ['an example', (value) => like.user({ email: value }), NOTHING],
  ['states.userExists', (value) => states.userExists(value)],
  ['addTo', (value) => addTo(value, interactions.core_users_retrieve)],
  ['an interaction', (value) => addTo({ addInteraction: () => ({}) as never }, value)],
  ['authentikWebServer', (value) => authentikWebServer(value), OPTIONAL],
  ...['basePath', 'command'].map((name): Case => [...setting(name, authentikWebServer), NOTHING]),
  ...['cors', 'args'].map((name): Case => [...setting(name, authentikWebServer), [...NOTHING, ...LIST]]),
  [...setting('port', authentikWebServer), [...NOTHING, ...NUMBER]],
]

/** What a function throws, or rejects with; undefined for nothing. */
async function faultOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
    return undefined
  } catch (error) {
    return error
  }
}

describe('a function', () => {
  it.each(CASES)('says what it takes: %s', async (_name, call, taken = []) => {
    for (const [kind, create] of Object.entries(VALUES)) {
      if (taken.includes(kind)) continue
      const fault = await faultOf(() => call(create()))
      // What an object itself throws stays what it is.
      if (fault instanceof RangeError && fault.message === 'It breaks.') continue
      const isOurs = fault instanceof MockError || fault instanceof TypeError
      expect([kind, isOurs, String(fault)]).toEqual([kind, true, expect.stringMatching(/^\w+Error: Failed to \w+.+/s)])
    }
  })
})

describe('fetch', () => {
  it.each(['a symbol', 'an object without a prototype'])(
    'rejects %s as the web does, and says what it takes',
    async (kind) => {
      await expect(authentik.fetch(VALUES[kind]?.() as string)).rejects.toThrow(
        /^Failed to fetch: .+\. Give what the fetch of a browser takes/,
      )
    },
  )
})
