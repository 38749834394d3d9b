/** What docs/control.md says that the verbs of a program give is what they give. */
import { expect, it } from 'vitest'
import { control, type ControlledMock } from '../../src/entries/control.ts'
import { mock } from '../../src/entries/index.ts'
import { readText } from '../support/files.ts'

const code = { kind: 'authorization_codes', user: 'akadmin', provider: 'spa' } as const

/** Each verb of the document, by the words that stand there. */
const VERBS: Record<string, (authentik: ControlledMock) => unknown> = {
  'reset()': (authentik) => authentik.reset(),
  'reset({ seed, codes })': (authentik) => authentik.reset({ seed: 2, codes: 3 }),
  'snapshot()': (authentik) => authentik.snapshot(),
  'restore(snapshot)': (authentik) => authentik.restore(authentik.snapshot()),
  'world.toJSON()': ({ world }) => world.toJSON(),
  'world.users.get(2)': ({ world }) => world.users.get(2),
  'world.users.create({...})': ({ world }) => world.users.create({ username: 'ada' }),
  'world.users.update(2, {...})': ({ world }) => world.users.update(2, { name: 'Ada' }),
  'world.users.delete(2)': ({ world }) => world.users.delete(2),
  'clock.now()': ({ clock }) => clock.now(),
  'clock.move(3_600_000)': ({ clock }) => clock.move(3_600_000),
  'clock.freeze(instant)': ({ clock }) => clock.freeze('2100-01-01T00:00:00Z'),
  'clock.run()': ({ clock }) => clock.run(),
  'logIn(username)': (authentik) => authentik.logIn('akadmin'),
  'tokens({ user, intent })': (authentik) => authentik.tokens({ user: 2, intent: 'api' }),
  'tokens()': (authentik) => authentik.tokens(),
  'mint({...})': (authentik) => authentik.mint(code),
  'expire(kind, pk)': (authentik) => authentik.expire('authorization_codes', 1),
  'revoke(kind, pk)': (authentik) => authentik.revoke('authorization_codes', 1),
  'grants()': (authentik) => authentik.grants(),
  'scenario({...})': (authentik) => authentik.scenario({ name: 'slow' }),
  'scenarios.list()': ({ scenarios }) => scenarios.list(),
  'scenarios.remove(name)': ({ scenarios }) => scenarios.remove('slow'),
  'scenarios.clear()': ({ scenarios }) => scenarios.clear(),
  'journal.find({...})': ({ journal }) => journal.find({ status: 200 }),
  'journal.writes()': ({ journal }) => journal.writes(),
  'journal.count({...})': ({ journal }) => journal.count({ status: 200 }),
  'journal.waitFor({...})': ({ journal }) => journal.waitFor({ status: 200 }),
  'journal.clear()': ({ journal }) => journal.clear(),
  "on('journal', listener)": (authentik) => authentik.on('journal', () => {}),
  'namespace(name)': (authentik) => authentik.namespace('first'),
  'createNamespace(name, options)': (authentik) => authentik.createNamespace('second', { release: '2025.12' }),
  'namespaces()': (authentik) => authentik.namespaces(),
  'deleteNamespace(name)': (authentik) => authentik.deleteNamespace('first'),
}

/** What a value is, by the word of the document that stands for it; a promise is said beside. */
const isAs: [words: RegExp, holds: (value: unknown) => boolean][] = [
  [/^a promise$|^nothing$/, (value) => value === undefined],
  [/whether/, (value) => typeof value === 'boolean'],
  [/^a list$/, Array.isArray],
  [/^a number$|^milliseconds$/, (value) => typeof value === 'number'],
  [/^a function/, (value) => typeof value === 'function'],
  [/./, (value) => typeof value === 'object' && value !== null],
]

/** Verbs and what they give stand in the table in one order, with a semicolon where the next differs. */
const lines = readText('docs/control.md').matchAll(/^\|[^|]*\|[^|]*\| +([^|]*?) +\| ([^|]*?) +\|$/gm)
const documented = [...lines].flatMap(([, verbs = '', results = '']) => {
  const kinds = results.split('; ')
  const groups = verbs.split('; ').map((group) => [...group.matchAll(/`([^`]*)`/g)].map(([, verb = '']) => verb))
  return groups.flatMap((group, index) => group.map((verb) => [verb, kinds[index] ?? ''] as const))
})

it('has each verb of docs/control.md, and no other', () => {
  expect(documented.map(([verb]) => verb).toSorted()).toEqual(Object.keys(VERBS).toSorted())
})

it.each(documented)('%s gives %s', async (verb, words) => {
  const authentik = control(mock({ token: 'key' }))
  await authentik.ready
  await authentik.fetch('/api/v3/core/users/me/', { headers: { Authorization: 'Bearer key' } })
  const result = VERBS[verb]?.(authentik)
  expect(result instanceof Promise).toBe(words.startsWith('a promise'))
  const value: unknown = await result
  const [, holds] = isAs.find(([pattern]) => pattern.test(words)) ?? []
  expect(holds?.(value)).toBe(true)
  // Where the keys of a value are said, it has them.
  const [, keys = ''] = /`\{ ([^}]*) \}`/.exec(words) ?? []
  expect(Object.keys(value ?? {})).toEqual(
    expect.arrayContaining(keys === '' ? [] : keys.replaceAll("'", '').split(', ')),
  )
})
