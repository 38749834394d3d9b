/** What docs/doors shows is tried by the projects of examples/doors, which install from any registry. */
import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readText, root } from '../support/files.ts'

const exclude = ['**/node_modules/**']
const locks = globSync(['package-lock.json', '{examples,tools}/**/package-lock.json'], { cwd: root, exclude })
const pages = globSync('docs/doors/*.md', { cwd: root }).filter((page) => !page.endsWith('README.md'))
/** The pages that say of themselves that nothing has run what they show. */
const UNTRIED = new Set(['docs/doors/cypress.md'])

/** What something runs: the projects of npm run test:doors, the examples, and the tests. */
const sources = globSync(
  ['examples/**/{.storybook/,}*.{js,mjs,cjs,ts,mts,tsx,py,go,sh}', 'test/**/*.{ts,tsx,py,go,sh}'],
  { cwd: root, exclude },
).map(readText)

/** The blocks of code of a document, in the languages that something runs, beside how the package is installed. */
const blocksOf = (document: string) =>
  [...readText(document).matchAll(/```(?:[jt]sx?|python|go|sh)\n(.*?)```/gs)]
    .map(([, block = '']) => block.trim())
    .filter((block) => !block.startsWith('npm i -D ./authentik-mock-'))

/** Whether a source has a block as it is, or further to the right as a whole. */
const stands = (block: string) =>
  ['', '  ', '    ', '      '].some((margin) => {
    const moved = block.replace(/^(?=.)/gm, margin).trim()
    return sources.some((source) => source.includes(moved))
  })

describe.each(pages)('%s', (page) => {
  it('shows only what something runs, or says that it is untried', () => {
    const blocks = blocksOf(page)
    expect(blocks.length).toBeGreaterThan(0)
    const isUntried = readText(page).includes('**This page is untried**')
    expect(isUntried).toBe(UNTRIED.has(page))
    expect(blocks.filter((block) => !isUntried && !stands(block))).toEqual([])
  })

  it('begins with a door of at most ten lines', () => {
    const [door = ''] = blocksOf(page)
    expect(door.split('\n').filter(Boolean).length).toBeLessThanOrEqual(10)
  })

  it('ends with three things that cost people an hour', () => {
    const [, ending = ''] = readText(page).split('\n## What costs people an hour\n')
    expect(ending.match(/^(- |\d\. )/gm)).toHaveLength(3)
    expect(ending).not.toMatch(/^#/m)
  })

  it('is listed in docs/doors/README.md', () => {
    expect(readText('docs/doors/README.md')).toContain(`](${page.slice('docs/doors/'.length)})`)
  })
})

it.each(locks)('%s names no registry', (file) => {
  expect(readText(file)).not.toMatch(/"resolved": "https?:/)
})
