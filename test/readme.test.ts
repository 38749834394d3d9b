/** What the README and the documents that it links show is what the code does. */
import { existsSync, globSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { compareDocuments } from '../src/contract/drift/compare.ts'
import { serve } from '../src/http/node/server.ts'
import { toText } from '../src/cli/drift.ts'
import { main } from '../src/cli/main.ts'
import { countOperations } from '../src/authentik/operations/documented.ts'
import { readyMock, tokenOf } from './support/client.ts'
import { documentOf } from './support/documents.ts'
import { inRoot, readJson, readText } from './support/files.ts'

const readme = readText('README.md')
const commandLine = readText('docs/command-line.md')
const pages = [readme, ...globSync('docs/**/*.md', { cwd: inRoot('') }).map(readText)].join('\n')
/** What the groups of a pattern match in a document. */
const excerpt = (document: string, pattern: RegExp): string[] => pattern.exec(document)?.slice(1) ?? []
/** The blocks of TypeScript in a document. */
const blocksOf = (document: string) => [...document.matchAll(/```ts\n(.*?)```/gs)].map(([, block = '']) => block.trim())
const snippets = readdirSync(inRoot('examples/snippets')).map((file) => file.replace(/\.ts$/, ''))

describe('the README', () => {
  it.each(snippets)('or a document shows examples/snippets/%s.ts as it is', (name) => {
    expect(pages).toContain(readText(`examples/snippets/${name}.ts`).trim())
  })

  it.each(snippets)('comments in examples/snippets/%s.ts on what that prints', async (name) => {
    const printed: string[] = []
    const log = vi
      .spyOn(console, 'log')
      .mockImplementation((...values: unknown[]) => void printed.push(values.join(' ')))
    await import(`../examples/snippets/${name}.ts`)
    log.mockRestore()
    const comments = [...readText(`examples/snippets/${name}.ts`).matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(
      ([, text]) => text,
    )
    expect(printed).toEqual(comments)
  })

  it('shows a whole test of Vitest, and part of a consumer contract', () => {
    const blocks = blocksOf(readme)
    expect(blocks).toContain(readText('examples/vitest/codes.test.ts').trim())
    const contract = blocks.filter((block) => block.includes('addTo(pact'))
    expect(contract).toHaveLength(1)
    expect(readText('examples/consumer-contract/codes.test.ts')).toContain(contract[0])
  })

  it.each(['2024.8.3', '2026.8.3'])('counts the operations of authentik %s that the mock has', async (release) => {
    const { supported, documented } = await countOperations(release)
    expect(readme).toMatch(new RegExp(`${supported} of ${documented}( operations)? of (authentik )?${release}`))
  })

  it('has doors of at most ten lines', () => {
    const lengths = blocksOf(readme).map((block) => block.split('\n').filter(Boolean).length)
    expect(lengths.length).toBeGreaterThanOrEqual(5)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(10)
  })

  it('shows the answer that the default world gives', () => {
    const [json = ''] = excerpt(readme, /```json\n(.*?)```/s)
    const [first] = readJson('fixtures/authorization_codes.json')
    expect(first).toMatchObject(JSON.parse(json.replace(/^\s*\.\.\.\n/gm, '').replace(/,(\s*})/g, '$1')))
  })

  it('shows the drift that the command finds', () => {
    const [older = '', newer = '', output] = excerpt(
      readText('docs/drift.md'),
      /drift ([\d.]+) ([\d.]+).*?```text\n(.*?)```/s,
    )
    const differences = compareDocuments(documentOf(older), documentOf(newer))
    expect(output).toBe(toText({ baseline: older, candidate: newer, differences }, (text) => text))
  })

  it('shows what a verification prints', async () => {
    const [output = ''] = excerpt(readText('docs/verify.md'), /```text\n(authentik 2024.*?)```/s)
    const authentik = await readyMock()
    const server = await serve(authentik, { port: 0 })
    let printed = ''
    await main(['verify', '--provider-url', server.url], {
      print: (text) => (printed += text),
      warn: () => {},
      bold: String,
      env: { AUTHENTIK_TOKEN: tokenOf(authentik, 'authentik-bootstrap-token') },
      stopped: () => Promise.resolve(),
    })
    await server.close()
    const lines = printed.replaceAll(server.url, 'https://authentik.company').split('\n')
    expect(output.split('\n').length).toBeGreaterThan(1)
    expect(output.split('\n').filter((line) => line !== '  ...' && !lines.includes(line))).toEqual([])
  })

  it('names only scripts that package.json has, and so do the guides', () => {
    const { scripts } = readJson('package.json')
    const guides = [readme, commandLine, readText('CONTRIBUTING.md'), readText('AGENTS.md')].join('\n')
    const mentions = [...guides.matchAll(/npm (?:run (?:-s )?([a-z:]+)|(start|test))/g)].map(
      ([, script, short]) => script ?? short ?? '',
    )
    expect(mentions.length).toBeGreaterThan(5)
    expect(mentions.filter((script) => !(script in scripts))).toEqual([])
  })
})

describe('a link', () => {
  const documents = globSync(['*.md', 'docs/**/*.md', 'examples/*/*.md'], { cwd: inRoot('') })
  const links = documents.flatMap((document) =>
    [...readText(document).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) =>
      /^(?:https?|mailto):/.test(target) ? [] : [{ document, target }],
    ),
  )

  it.each(links)('in $document leads somewhere: $target', ({ document, target }) => {
    const [file = '', anchor] = target.split('#')
    const path = file === '' ? document : join(dirname(document), file)
    expect(existsSync(inRoot(path))).toBe(true)
    const headings =
      anchor === undefined ? [] : [...readText(path).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text)
    const anchors = headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    )
    expect(anchor === undefined || anchors.includes(anchor)).toBe(true)
  })
})
