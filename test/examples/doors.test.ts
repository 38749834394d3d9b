/** What docs/recipes.md shows is tried by the projects of examples/doors, which install from any registry. */
import { globSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readText, root } from '../support/files.ts'

const locks = globSync(['package-lock.json', '{examples,tools}/**/package-lock.json'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})

it.each(globSync('docs/doors/*.md', { cwd: root }))('each block of code in %s stands in a file that is run', (page) => {
  const pattern = /```(?:go|js|python|sh|ts|tsx)\n(.*?)```/gs
  const blocks = [...readText(page).matchAll(pattern)].map(([, block = '']) => block.trim())
  const sources = globSync('{examples,test}/**/*.{go,js,mjs,mts,py,sh,ts,tsx}', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  }).map(readText)
  expect(blocks.length).toBeGreaterThan(0)
  expect(blocks.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([])
})

it('each recipe stands in a project that npm run test:doors runs', () => {
  const blocks = [...readText('docs/recipes.md').matchAll(/```[jt]s\n(.*?)```/gs)].map(([, block = '']) => block.trim())
  const sources = globSync('examples/doors/**/*.{js,mts}', { cwd: root }).map(readText)
  expect(blocks.length).toBeGreaterThan(8)
  expect(blocks.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([])
})

it.each(locks)('%s names no registry', (file) => {
  expect(readText(file)).not.toMatch(/"resolved": "https?:/)
})
