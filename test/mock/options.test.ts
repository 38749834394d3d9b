/** What plain JavaScript gives in the place of an option, or of a value: it is refused in a sentence, whatever it is. */
import { expect, it } from 'vitest'
import { serve } from '../../src/entries/node.ts'
import { readText } from '../support/files.ts'
import { mock, MockError, type MockOptions } from '../../src/entries/index.ts'
import { readyMock } from '../support/client.ts'

const cycle: { again?: unknown } = {}
cycle.again = cycle

/** What no text and no JSON is made of as usual. */
const STRANGE: readonly [title: string, value: unknown][] = [
  ['a BigInt', 10n],
  ['a symbol', Symbol('shop')],
  ['an object that holds itself', cycle],
  ['a list with a BigInt in it', [10n]],
  ['an object without a prototype', Object.create(null)],
  ['a function', () => {}],
]

it.each(
  ['release', 'fidelity', 'front', 'basePath', 'seed', 'codes', 'world', 'now', 'token', 'login']
    .flatMap((name) => STRANGE.map(([title, value]) => ({ name, title, value })))
    .filter(({ name, title }) => name !== 'world' || title !== 'an object without a prototype'),
)('the option $name that is $title is refused by its name', async ({ name, value }) => {
  const make = async () => {
    await mock({ [name]: value } as MockOptions).ready
  }
  await expect(make()).rejects.toThrow(MockError)
})

it.each(STRANGE)('a clock moves by no time, and nobody logs in, that is %s', async (_title, value) => {
  const authentik = await readyMock()
  expect(() => authentik.clock.move(value as never)).toThrow(MockError)
  await expect(authentik.logIn(value as never)).rejects.toThrow(MockError)
})

it('says which Node it takes where that is too old, as the command does', () => {
  const descriptor = Object.getOwnPropertyDescriptor(Map, 'groupBy')!
  // Node 20 has no such function.
  Reflect.deleteProperty(Map, 'groupBy')
  try {
    const { node } = process.versions
    expect(() => mock()).toThrow(`Failed to make a mock: Node ${node} is too old. Use Node 22.12 or newer.`)
  } finally {
    Object.defineProperty(Map, 'groupBy', descriptor)
  }
  expect(readText('src/entries/cli.ts')).toContain('is too old. Use Node 22.12 or newer.')
})

it('says what it was given', () => {
  const give = (login: unknown) => () => mock({ login } as MockOptions)
  expect(give(10n)).toThrow('login is 10n. Give')
  expect(give(Symbol('shop'))).toThrow('login is Symbol(shop). Give')
  expect(give(cycle)).toThrow('login is an object that is no JSON. Give')
})

it.each([['/tmp/socket'], [65_536], [-1], [1.5], [Number.NaN], [10n], [true], [null]])(
  'a server listens at no port %s',
  async (port) => {
    await expect(serve(mock(), { port: port as never })).rejects.toThrow(
      new MockError(
        'ERR_OPTION',
        'Failed to serve: port is no whole number from 0 to 65535. Give 0 for any that is free.',
      ),
    )
  },
)

it('a server listens at a port that is a text, as an environment has it', async () => {
  const server = await serve(mock(), { port: '0' as never })
  await server.close()
  await expect(serve(mock(), { port: 0, host: 127 as never })).rejects.toThrow('Failed to serve: host is no text.')
})
