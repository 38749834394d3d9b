/** What the documents show is run, and prints what they say. */
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, matchesGlob } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { control, type JournalEntry } from '../src/entries/control.ts'
import { mock, MockError } from '../src/entries/index.ts'
import { DEFAULT_RELEASE, findRelease, lineOf, versions } from '../src/authentik/releases/index.ts'
import { readText, root } from './support/files.ts'

const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The programs that a document shows, which print something; the others are parts of tests. */
const programsOf = (file: string) =>
  [...readText(file).matchAll(/```ts\n(.*?)```/gs)]
    .map(([, text = '']) => text)
    .filter((text) => text.includes('console.log('))

const programs = globSync('docs/*.md', { cwd: root }).flatMap((file) =>
  programsOf(file).map((text, index) => ({ file, number: index + 1, text })),
)

it.each(programs)(
  '$file shows as its program $number what runs and prints what it says',
  async ({ file, number, text }) => {
    const path = join(folder, `${basename(file, '.md')}-${number}.ts`)
    writeFileSync(path, text)
    const printed: string[] = []
    const log = vi
      .spyOn(console, 'log')
      .mockImplementation((...values: unknown[]) => void printed.push(values.join(' ')))
    try {
      await import(/* @vite-ignore */ path)
    } finally {
      log.mockRestore()
    }
    const comments = [...text.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, comment = '']) => comment)
    expect(comments.length).toBeGreaterThan(0)
    expect(printed).toEqual(comments)
  },
)

describe('docs/control.md', () => {
  it('shows the entry of a request that was delayed as the journal has it', async () => {
    const [, json = ''] = /An entry, here of [^]*?```json\n(.*?)```/s.exec(readText('docs/control.md')) ?? []
    const authentik = control(mock({ token: 'my-token', now: '2024-09-27T14:26:18Z' }))
    authentik.scenario({ operationId: 'core_users_me_retrieve', latency: 300, once: true })
    await authentik.fetch('/api/v3/core/users/me/', { headers: { Authorization: 'Bearer my-token' } })
    const [entry] = authentik.journal.find({}, { brief: true })
    const { received, milliseconds, ...fields } = JSON.parse(json) as JournalEntry
    expect(entry).toEqual({ ...fields, received: expect.any(String), milliseconds: expect.any(Number) })
    expect([received.endsWith('Z'), milliseconds > 290, Number(entry?.milliseconds) > 290]).toEqual([true, true, true])
  })
})

describe('docs/errors.md', () => {
  it('explains each code of a MockError, and no other', () => {
    const [, union = ''] =
      /export type MockErrorCode =\n((?: +\| '\w+'\n)+)/.exec(readText('src/http/mock-error.ts')) ?? []
    const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code)
    const headings = [...readText('docs/errors.md').matchAll(/^## `(\w+)`$/gm)].map(([, code = '']) => code)
    expect(codes.length).toBeGreaterThan(5)
    expect(headings.toSorted()).toEqual(codes.toSorted())
    expect(() => mock({ release: '1999.1' })).toThrow(MockError)
  })

  it('says what a program may ask of a mock before its world is filled', () => {
    // Another seed than that of any mock before: what was seeded once is there at once.
    const authentik = mock({ seed: 4242 })
    for (const verb of ['tokens', 'snapshot', 'save'] as const)
      expect(() => authentik[verb]()).toThrow(expect.objectContaining({ code: 'ERR_WORLD' }))
    expect(() => control(authentik).namespace('a')).toThrow(expect.objectContaining({ code: 'ERR_WORLD' }))
    expect(authentik.world.providers.find('client_id', 'web')).toBeUndefined()
  })
})

describe('docs/answers.md', () => {
  it.each([versions[0], DEFAULT_RELEASE, versions.at(-1)])('names each path that a mock of %s answers', (release) => {
    const [, table = ''] = /\n\n(\| path.*?)\n\n/s.exec(readText('docs/answers.md')) ?? []
    // What begins without a slash stands beside the path before it.
    const paths = [...table.matchAll(/`([^`]+\/)`/g)].reduce<string[]>((list, [, path = '']) => {
      const previous = list.at(-1) ?? ''
      return [...list, path.startsWith('/') ? path : previous.replace(/[^/]+\/$/, path)]
    }, [])
    const answered = findRelease(release ?? '').operations.map(({ view }) => view.path)
    const absent = answered.filter((path) => !paths.some((start) => `${path}/`.startsWith(start)))
    expect(paths.length).toBeGreaterThan(30)
    expect([...new Set(absent)]).toEqual([])
  })
})

describe('llms.txt', () => {
  it('names every document, and nothing that is not there', () => {
    const targets = [...readText('llms.txt').matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)
    const documents = globSync(['docs/*.md', 'docs/doors/README.md'], { cwd: root })
    expect(targets).toEqual(expect.arrayContaining(documents))
    for (const target of targets) expect(() => readText(target)).not.toThrow()
  })
})

describe('the documents', () => {
  it('say to which release a mock can be, as the newest is: how to add one says where they stand', () => {
    const newest = versions.at(-1) ?? ''
    const start = String(versions[0]).replace(/\.0$/, '')
    const documents = ['README.md', 'llms.txt', ...globSync('docs/*.md', { cwd: root })]
    const ranges = documents.flatMap((file) =>
      [...readText(file).matchAll(/\b(20[\d.]*\d) to (20[\d.]*\d)/g)]
        .filter(([, first = '']) => first.replace(/\.0$/, '') === start)
        .map(([range, first, last]) => ({ file, range, first, last })),
    )
    expect(ranges.length).toBeGreaterThan(3)
    for (const { file, range, first = '', last = '' } of ranges)
      expect({ file, range, last }).toEqual({ file, range, last: first === start ? lineOf(newest) : newest })
  })
})

describe('AGENTS.md', () => {
  it('names each file and folder that npm run update writes', () => {
    const tests = globSync('test/**/*.test.ts', { cwd: root }).map(readText)
    const written = tests.flatMap((text) =>
      [...text.matchAll(/(?:toMatchFileSnapshot\(|UPDATE_SCREENSHOT \? )\s*inRoot\(['`](.*?)['`]\)/g)].map(
        ([, path = '']) => path.replace(/\$\{.*/, ''),
      ),
    )
    const list = readText('AGENTS.md').split('npm run update`: ')[1] ?? ''
    const names = [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    expect(written.length).toBeGreaterThan(10)
    const isNamed = (path: string) =>
      names.some((name) => (name.endsWith('/') ? path.startsWith(name) : matchesGlob(path, name)))
    expect(written.filter((path) => !isNamed(path))).toEqual([])
    for (const name of names) expect([name, globSync(name, { cwd: root }).length]).not.toEqual([name, 0])
  })
})
