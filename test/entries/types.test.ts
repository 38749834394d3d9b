/** The public types, as the compiler sees them: what is wrong here is an error of `npm run check:types`. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { ControlledMock } from '../../src/entries/control.ts'
import { mock, MockError, type Mock, type MockOptions, type MockWorld } from '../../src/entries/index.ts'
import { handlers } from '../../src/entries/msw.ts'
import { serve, type Server } from '../../src/entries/node.ts'
import { forRelease, interactions, like } from '../../src/entries/pact.ts'
import { authentikWebServer, test, type TestAuthentik } from '../../src/entries/playwright.ts'
import { setupAuthentikMock, type ComponentName, type OperationName } from '../../src/entries/vitest.ts'

const authentik = mock()

describe('the options of a mock', () => {
  it('are each named, and each may be left out', () => {
    expectTypeOf(mock).parameter(0).toEqualTypeOf<MockOptions | undefined>()
    expectTypeOf<{}>().toExtend<MockOptions>()
    // @ts-expect-error there is no such option
    expectTypeOf<{ relase: string }>().toExtend<MockOptions>()
    // @ts-expect-error there is no such fidelity
    expectTypeOf<{ fidelity: 'exact' }>().toExtend<MockOptions>()
  })
})

describe('a world', () => {
  it('has a table for each resource, with its key and its rows', () => {
    expectTypeOf(authentik.world).toEqualTypeOf<MockWorld>()
    expectTypeOf(authentik.world.users.get).parameter(0).toEqualTypeOf<number | string>()
    const user = authentik.world.users.get(1)
    expectTypeOf(user).exclude<undefined>().toHaveProperty('username').toEqualTypeOf<string>()
    expectTypeOf(user).exclude<undefined>().toHaveProperty('last_login').toEqualTypeOf<string | null>()
  })

  it('takes only what a row has', () => {
    const { users } = authentik.world
    type Changes = Parameters<typeof users.update>[1]
    expectTypeOf<{ name: string }>().toExtend<Changes>()
    // @ts-expect-error a name is a text
    expectTypeOf<{ name: number }>().toExtend<Changes>()
  })

  it('has no table that no resource has', () => {
    expectTypeOf(authentik.world).not.toHaveProperty('wizards')
  })
})

describe('what a mock does', () => {
  it('is what a fetch does, and a promise where it takes its turn', async () => {
    await authentik.ready
    expectTypeOf(authentik).toEqualTypeOf<Mock>()
    expectTypeOf(authentik.fetch).toExtend<typeof fetch>()
    expectTypeOf(authentik.reset).returns.toEqualTypeOf<Promise<void>>()
    expectTypeOf(authentik.tokens().superuser).toEqualTypeOf<string | undefined>()
  })

  it('goes through every door', () => {
    expectTypeOf(serve).parameter(0).toExtend<{ answer: Mock['answer'] }>()
    expectTypeOf(serve).returns.resolves.toEqualTypeOf<Server>()
    expectTypeOf(handlers).parameter(0).toEqualTypeOf<Mock>()
  })
})

describe('a mock for the tests of a file', () => {
  it('is a mock under control, made with the options of a mock and of its handlers', () => {
    expectTypeOf(setupAuthentikMock).returns.toEqualTypeOf<ControlledMock>()
    expectTypeOf<{ release: '2025.12'; origin: string; unhandled: '501' }>().toExtend<
      NonNullable<Parameters<typeof setupAuthentikMock>[0]>
    >()
    // @ts-expect-error there is no such option
    expectTypeOf<{ relase: string }>().toExtend<NonNullable<Parameters<typeof setupAuthentikMock>[0]>>()
  })

  it('has matchers that know the names of authentik', () => {
    expectTypeOf<'core_users_list'>().toExtend<OperationName>()
    expectTypeOf<'ExpiringBaseGrantModel'>().toExtend<ComponentName>()
    expectTypeOf(expect(authentik).toHaveBeenAsked).parameter(0).exclude<object>().toEqualTypeOf<OperationName>()
    expectTypeOf(expect({}).toMatchComponent).parameter(0).toEqualTypeOf<ComponentName>()
    expectTypeOf(expect.toMatchComponent).parameter(0).toEqualTypeOf<ComponentName>()
    expectTypeOf(expect(authentik).toHaveNoWrites).returns.toEqualTypeOf<void>()
    expectTypeOf(expect(Promise.resolve({})).resolves.toMatchComponent).returns.toEqualTypeOf<Promise<void>>()
  })
})

describe('an error', () => {
  it('has one of a few codes', () => {
    type Code =
      | 'ERR_RELEASE'
      | 'ERR_OPTION'
      | 'ERR_CLOCK'
      | 'ERR_WORLD'
      | 'ERR_USER'
      | 'ERR_EXAMPLE'
      | 'ERR_CONTROL'
      | 'ERR_JOURNAL'
    expectTypeOf<MockError['code']>().toEqualTypeOf<Code>()
    expectTypeOf<MockError>().toExtend<Error>()
  })
})

describe('a fixture of Playwright', () => {
  it('is typed as its rows and its options are', () => {
    type Fixtures = Parameters<Parameters<typeof test>[2]>[0]
    expectTypeOf<Fixtures['authentik']>().toEqualTypeOf<TestAuthentik>()
    expectTypeOf<Fixtures['authentikOptions']>().toEqualTypeOf<MockOptions>()
    expectTypeOf<Fixtures['loginAs']>().returns.toEqualTypeOf<Promise<void>>()
    type World = TestAuthentik['world']
    const readUser = (world: World) => world.get('users', 2)
    expectTypeOf(readUser).returns.resolves.toHaveProperty('username').toEqualTypeOf<string>()
    // @ts-expect-error there is no such resource
    expectTypeOf<(world: World) => ReturnType<typeof world.list<'wizards'>>>().toBeFunction()
    // @ts-expect-error there is no such mode
    expectTypeOf<'socket'>().toExtend<Fixtures['authentikMode']>()
  })

  it('is served by an entry of webServer, whose port has to be one', () => {
    // @ts-expect-error a port is a number
    expect(() => authentikWebServer({ port: '9000x' })).toThrow('port is 9000x. Give one from 1 to 65535.')
  })
})

describe('a matcher', () => {
  it('takes an example of the component that it matches', () => {
    expectTypeOf(like.user).parameter(0).toExtend<object | undefined>()
    expectTypeOf(forRelease('2025.12').like).toEqualTypeOf(like)
    expectTypeOf(interactions).toHaveProperty('core_users_retrieve')
    // @ts-expect-error a user has no such key
    expect(() => like.user({ nickname: 'Mary' })).toThrow(MockError)
  })
})
