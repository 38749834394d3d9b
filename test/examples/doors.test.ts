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

const doors = globSync('docs/doors/*.md', { cwd: root })

it.each(doors)('each block of %s stands in a file that a test or an example runs', (file) => {
  const blocks = [...readText(file).matchAll(/```(?:jsx?|tsx?|python|go|sh)\n(.*?)```/gs)].map(([, block = '']) =>
    block.trim(),
  )
  const pattern = '{examples,test,tools}/**/*.{js,jsx,mjs,mts,ts,tsx,py,go,sh}'
  const sources = globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] }).map(readText)
  const code = blocks.filter((block) => !block.startsWith('npm i -D ./authentik-mock-'))
  expect(code.length).toBeGreaterThan(0)
  expect(code.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([])
})

it.each(locks)('%s names no registry', (file) => {
  expect(readText(file)).not.toMatch(/"resolved": "https?:/)
})
