/** What docs/recipes.md shows is tried by the projects of examples/doors, which install from any registry. */
import { globSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readText, root } from '../support/files.ts'

const locks = globSync(['package-lock.json', '{examples,tools}/**/package-lock.json'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})

it('each recipe stands in a project that npm run test:doors runs', () => {
  const blocks = [...readText('docs/recipes.md').matchAll(/```[jt]s\n(.*?)```/gs)].map(([, block = '']) => block.trim())
  const sources = globSync('examples/doors/**/*.{js,mts}', { cwd: root }).map(readText)
  expect(blocks.length).toBeGreaterThan(8)
  expect(blocks.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([])
})

/** The files that are run; a block of a page may stand further to the left than there. */
const CODE = '{examples,test}/**/*.{js,cjs,mjs,ts,cts,mts,tsx,jsx,py,go,sh}'

const withoutMargins = (text: string) => text.replace(/^ +/gm, '').trim()

it.each(globSync('docs/doors/*.md', { cwd: root }))('each block of code in %s stands in a file that is run', (page) => {
  const blocks = [...readText(page).matchAll(/```(?:js|jsx|ts|tsx|python|go|sh)\n(.*?)```/gs)]
  const sources = globSync(CODE, { cwd: root, exclude: ['**/node_modules/**'] }).map((file) =>
    withoutMargins(readText(file)),
  )
  const texts = blocks.map(([, block = '']) => withoutMargins(block))
  expect(texts.length).toBeGreaterThan(0)
  expect(texts.filter((text) => !sources.some((source) => source.includes(text)))).toEqual([])
})

it.each(globSync('docs/doors/*.md', { cwd: root }))('%s ends with three points that cost people an hour', (page) => {
  const [, end = ''] = readText(page).split('## What costs people an hour\n')
  expect(end.match(/^- /gm)).toHaveLength(3)
  expect(end).not.toMatch(/^#/m)
})

it.each(locks)('%s names no registry', (file) => {
  expect(readText(file)).not.toMatch(/"resolved": "https?:/)
})
