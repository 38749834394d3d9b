/** What is wrong in what a mock was given is a MockError: its code says what it is about, its message what to do. */
import { describe, expect, it } from 'vitest'
import { control } from '../../src/entries/control.ts'
import { mock, MockError, type MockErrorCode, type MockOptions } from '../../src/entries/index.ts'
import { forRelease, like } from '../../src/entries/pact.ts'
import { clientOf } from '../support/client.ts'
import { recordedWorld } from '../support/recordings.ts'

/** Every code, with ways in which a user gets it, and what the message says to do. */
const INACTIVE = { users: [{ username: 'ann', is_active: false }] }
const MISTAKES: Record<MockErrorCode, readonly (readonly [mistake: string, make: () => unknown, remedy: string])[]> = {
  ERR_RELEASE: [
    ['a release that is not known', () => mock({ release: '2024.9' }), 'The nearest is 2024.8.6; known are the lines'],
    ['matchers for such a release', () => forRelease('2019.1'), 'The nearest is 2024.2.0; known are the lines'],
  ],
  ERR_OPTION: [
    ['a release that is a number', () => mock({ release: 2025.1 as never }), 'Write it in quotes.'],
    ['options that are a list', () => mock([] as never), 'the options are a list. Give an object, or nothing.'],
    ['an event of which nobody tells', () => mock().on('grant' as never, () => {}), 'There is change.'],
    [
      'an event of which control tells nobody',
      () => control(mock()).on('jurnal' as never, () => {}),
      'There is change, clock, grant, journal, scenario.',
    ],
    ['a listener that is none', () => mock().on('change', undefined as never), 'the listener is no function.'],
    ['half a code', () => mock({ codes: 0.5 }), 'Give a whole number from 0.'],
    [
      'an option that there is not',
      () => mock({ releese: '2025.12' } as never),
      'there is no option "releese". The nearest is release.',
    ],
    [
      'an option that is like no other',
      () => mock({ zzz: 'http://localhost' } as never),
      'There are release, fidelity, front, basePath, seed, codes, world, now, token, login, log.',
    ],
    ['options that are null', () => mock(null as never), 'Give an object, or nothing.'],
    ['an empty token', () => mock({ token: '' }), 'Give the key of an API token, or leave it out.'],
    [
      'a token with a space',
      () => mock({ token: 'my key' }),
      'Give a key of visible ASCII characters, without spaces.',
    ],
    ['a front that is a text', () => mock({ front: 'on' as never }), 'Give true or false.'],
    ['a fidelity that there is not', () => mock({ fidelity: 'honest' as never }), 'Give documented or observed.'],
  ],
  ERR_CLOCK: [
    ['a start that is no instant', () => mock({ now: 'yesterday' }), 'Write one like 2024-09-27T14:26:18Z.'],
    ['a date that is none', () => mock({ now: new Date(Number.NaN) }), 'Write one like 2024-09-27T14:26:18Z.'],
    ['a number that no date has', () => mock({ now: 8.64e15 + 1 }), 'Write one like 2024-09-27T14:26:18Z.'],
    ['a clock stopped at no instant', () => mock().clock.freeze('soon'), 'Write one like 2024-09-27T14:26:18Z.'],
  ],
  ERR_WORLD: [
    ['a world that is a list', () => mock({ world: [] }), 'Mend it, or print a whole one with: authentik-mock seed'],
    ['a world that is a date', () => mock({ world: new Date() }), 'no object with a list of rows for each resource'],
    ['a snapshot before the world is filled', () => mock().snapshot(), 'Await ready.'],
    ['tokens before the world is filled', () => mock().tokens(), 'Await ready.'],
    ['what is no snapshot', () => mock().restore({} as never), 'Give what its own snapshot() gave.'],
    [
      'a snapshot of another mock',
      async () => {
        const [authentik, neighbour] = [mock(), mock()]
        await Promise.all([authentik.ready, neighbour.ready])
        await authentik.restore(neighbour.snapshot())
      },
      'Give what its own snapshot() gave.',
    ],
    [
      'a token where nobody may have it',
      () => mock({ world: {}, token: 'key' }),
      'Give an active user superuser: true, or a group with is_superuser, or give no token (AUTHENTIK_BOOTSTRAP_TOKEN).',
    ],
    ['a row that is not there', () => mock().world.users.update(99, {}), 'See which there are: world.users.values().'],
    ['a row that does not fit', () => mock().world.groups.create({}), 'groups.name: is missing; give a string'],
  ],
  ERR_USER: [
    ['a user who is not there', () => mock().logIn('nobody'), 'there is no user "nobody". Known: akadmin, '],
    ['a user who is inactive', () => mock({ world: INACTIVE }).logIn('ann'), 'ann is inactive'],
    ['a user of an empty world', () => mock({ world: {} }).logIn('akadmin'), 'there is no user "akadmin".'],
  ],
  ERR_EXAMPLE: [
    ['a key that is not documented', () => like.user({ nickname: 'al' } as never), 'known are pk, username, name'],
    ['a value that is not documented', () => like.user({ email: 'al' }), 'email: Invalid email address.'],
    ['a component that there is not', () => like.component('Robot'), 'known are Application, '],
  ],
  ERR_CONTROL: [
    [
      'a scenario that there is not',
      () => control(mock()).scenario({ name: 'slwo' }),
      'name: there is no scenario "slwo"; the nearest is slow',
    ],
    [
      'a grant of nobody',
      () => control(mock()).mint({ kind: 'access_tokens', user: 'nobody', provider: 'spa' }),
      'user: there is no user "nobody"; there are akadmin',
    ],
    ['a namespace that no path can name', () => control(mock()).namespace('a b'), 'a name has 1 to 64 letters'],
  ],
  ERR_JOURNAL: [
    [
      'a request that does not come',
      () => control(mock()).journal.waitFor({ path: '/x/' }, { timeout: 0 }),
      'See what came: journal.find().',
    ],
  ],
}
const mistakes = Object.entries(MISTAKES).flatMap(([code, ways]) => ways.map((way) => [code, ...way] as const))

/** What a mistake throws, at once or later. */
const errorOf = (make: () => unknown): Promise<unknown> =>
  Promise.resolve()
    .then(make)
    .then(
      () => undefined,
      (error: unknown) => error,
    )

describe('a MockError', () => {
  it.each(mistakes)('with the code %s is thrown for %s', async (code, _, make, remedy) => {
    const error = await errorOf(make)
    expect(error).toBeInstanceOf(MockError)
    expect(error).toMatchObject({ name: 'MockError', code, message: expect.stringMatching(/^Failed to /) })
    expect((error as MockError).message).toContain(remedy)
  })

  it('lists every problem with its path, of which the message has the first five', async () => {
    const users = Array.from({ length: 7 }, (_, index) => ({ pk: index + 1, username: index }))
    const error = (await errorOf(() => mock({ world: { users } }))) as MockError
    expect(error.problems).toEqual(
      users.map(({ username: index }) => `users[${index}].username: Invalid input: expected string, received number`),
    )
    expect(error.message).toContain(`${error.problems.slice(0, 5).join('; ')}; and 2 more. `)
  })

  it('has no problems where there is one mistake, which is the message', async () => {
    expect(await errorOf(() => mock({ codes: -1 }))).toMatchObject({ problems: [] })
  })
})

describe('an error of a user’s own', () => {
  const broken = (): never => {
    throw new RangeError('Mine')
  }

  it.each<[string, () => unknown]>([
    ['in a getter of the options', () => mock(Object.defineProperty<MockOptions>({}, 'release', { get: broken }))],
    [
      'in a getter of the world',
      () => mock({ world: Object.defineProperty({}, 'users', { get: broken, enumerable: true }) }),
    ],
    [
      'in a getter of a row',
      () => mock().world.users.create(Object.defineProperty({}, 'username', { get: broken, enumerable: true })),
    ],
  ])('stays what it is: %s', async (_, make) => {
    expect(await errorOf(make)).toEqual(new RangeError('Mine'))
  })

  it('in a log does not hold up the next request', async () => {
    const client = clientOf(mock({ world: recordedWorld, log: broken }), { as: 'seed-akadmin' })
    await errorOf(() => client.get('/nope/'))
    expect((await client.get('/core/users/7/')).status).toBe(200)
  })
})
