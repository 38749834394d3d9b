/** What the README shows is what happens. */
import { readdirSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { compareDocuments, type Document } from '../src/contract/drift/compare.ts'
import { serve } from '../src/http/node/server.ts'
import { mock } from '../src/mock/mock.ts'
import { toText } from '../src/cli/drift.ts'
import { main } from '../src/cli/main.ts'
import { toDocument } from '../src/rest/document.ts'
import { findRelease } from '../src/authentik/releases/index.ts'
import { inRoot, readJson, readText } from './support/files.ts'

const readme = readText('README.md')
const documentOf = (release: string) => toDocument(findRelease(release)) as unknown as Document
const snippets = readdirSync(inRoot('examples/snippets')).map((file) => file.replace(/\.ts$/, ''))

describe('the README', () => {
  it.each(snippets)('shows examples/snippets/%s.ts as it is', (name) => {
    expect(readme).toContain(readText(`examples/snippets/${name}.ts`).trim())
  })

  it.each(snippets)('says in examples/snippets/%s.ts what it prints', async (name) => {
    const printed: string[] = []
    const log = vi
      .spyOn(console, 'log')
      .mockImplementation((...values: unknown[]) => void printed.push(values.join(' ')))
    await import(`../examples/snippets/${name}.ts`)
    log.mockRestore()
    const said = [...readText(`examples/snippets/${name}.ts`).matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(
      ([, text]) => text,
    )
    expect(printed).toEqual(said)
  })

  it('shows the answer that the default world gives', () => {
    const shown = /```json\n(.*?)```/s.exec(readme)![1]!
    const [first] = readJson('fixtures/authorization_codes.json')
    expect(first).toMatchObject(JSON.parse(shown.replace(/^\s*\.\.\.\n/gm, '').replace(/,(\s*})/g, '$1')))
  })

  it('shows the drift that the command finds', () => {
    const [, from, to, shown] = /drift ([\d.]+) ([\d.]+).*?```text\n(.*?)```/s.exec(readme)!
    const differences = compareDocuments(documentOf(from!), documentOf(to!))
    expect(shown).toBe(toText({ baseline: from!, candidate: to!, differences }, (text) => text))
  })

  it('shows what a verification prints', async () => {
    const [, shown] = /```text\n(authentik 2024.*?)```/s.exec(readme)!
    const own = mock()
    await own.ready
    const server = await serve(own, { port: 0 })
    let printed = ''
    await main(['verify', '--provider-url', server.url], {
      print: (text) => (printed += text),
      warn: () => {},
      bold: String,
      env: { AUTHENTIK_TOKEN: own.tokens().superuser! },
      stopped: () => Promise.resolve(),
    })
    await server.close()
    const lines = printed.replaceAll(server.url, 'https://authentik.company').split('\n')
    expect(shown!.split('\n').filter((line) => line !== '  ...' && !lines.includes(line))).toEqual([])
  })

  it('names no script that is not there', () => {
    const { scripts } = readJson('package.json')
    const named = [...readme.matchAll(/npm (?:run (?:-s )?([a-z:]+)|(start|test))/g)].map(
      ([, script, short]) => (script ?? short)!,
    )
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })
})
