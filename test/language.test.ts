/** Names say something, and what a text refers to is there. */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readText, root } from './support/files.ts'
import { fillersIn, measure } from './support/measure.ts'

const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'benchmarks/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})
const SOURCES = globSync(['src/**/*.{ts,tsx}', 'test/**/*.ts', 'examples/**/*.ts', 'benchmarks/*.ts'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})

it.each(['src/**/*.{ts,tsx}', 'test/**/*.ts'])(
  'no name in %s is a pronoun, a preposition or another filler',
  (pattern) => {
    expect(fillersIn(measure(pattern).names)).toEqual([])
  },
)

/** The anchors that GitHub makes of a document's headings. */
const anchorsOf = (path: string) =>
  [...readText(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  )

describe.each([...DOCUMENTS, ...SOURCES])('%s', (file) => {
  it('refers only to documents and headings that are in the repository', () => {
    const references = [...readText(file).matchAll(/\bdocs\/([\w/-]+\.md)(?:#([\w-]+))?/g)]
    const dangling = references.filter(([, path = '', anchor]) => {
      const document = join('docs', path)
      if (!existsSync(join(root, document))) return true
      return anchor !== undefined && !anchorsOf(document).includes(anchor)
    })
    expect(dangling.map(([reference]) => reference)).toEqual([])
  })
})

describe.each(DOCUMENTS.filter((file) => file !== 'CHANGELOG.md'))('%s', (file) => {
  it('names only files that are there', () => {
    const paths = [...readText(file).matchAll(/`((?:src|test|fixtures|examples|benchmarks|tools)\/[\w./-]*\w)`/g)]
    expect(
      paths.map(([, path = '']) => path).filter((path) => !path.includes('NAME') && !existsSync(join(root, path))),
    ).toEqual([])
  })
})

describe('what ARCHITECTURE.md shows of a file', () => {
  const blocks = [...readText('ARCHITECTURE.md').matchAll(/^```diff\n(\+\+\+|---) (\S+)\n([^]*?)^```$/gm)].map(
    ([, mark = '', file = '', diff = '']) => ({ mark, file, diff }),
  )

  it('includes two whole resources', () => {
    expect(blocks.filter(({ mark }) => mark === '+++').map(({ file }) => file)).toEqual([
      'src/authentik/resources/flows.ts',
      'src/authentik/resources/certificates.ts',
    ])
  })

  it.each(blocks.filter(({ mark }) => mark === '+++'))('is the whole of $file', ({ file, diff }) => {
    expect(diff.replace(/^\+/gm, '')).toBe(readText(file))
  })

  it.each(blocks.filter(({ mark }) => mark === '---'))('stands in $file, with what is added', ({ file, diff }) => {
    const lines = diff.split('\n').filter((line) => !/^(\+\+\+ |@@|-|$)/.test(line))
    expect(lines.map((line) => line.slice(1)).filter((line) => !readText(file).includes(line))).toEqual([])
  })
})
