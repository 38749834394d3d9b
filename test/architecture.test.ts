/** Who may import whom (ARCHITECTURE.md). */
import { globSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { expect, it } from 'vitest'
import { readText, root } from './support/files.ts'

const LAYERS = [/^core\//, /^resources\//, /^(oidc|releases)\/|^deviations/, /^(web|authentik)\.ts/, /^(adapters\/|fixtures|index)/, /^verify\//, /^cli/]
const WITH_NODE = /^(adapters\/(node|guard|incoming)\.ts|cli(\/|\.ts)|verify\/)/

const files = globSync('src/**/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/').slice('src/'.length))
const importsOf = (file: string) => [...readText(`src/${file}`).matchAll(/^(?:import|export)(?! type)[^'\n]* from '([^']+)'/gm)].map(([, from]) => from!)
const within = (file: string) =>
  importsOf(file)
    .filter((from) => from.startsWith('.'))
    .map((from) => posix.join(dirname(file), from))
    .filter((path) => !path.startsWith('..'))
const layerOf = (file: string) => LAYERS.findIndex((layer) => layer.test(file))

it.each(files)('src/%s stands in a layer and imports only from its own and those below', (file) => {
  expect(layerOf(file)).not.toBe(-1)
  expect(within(file).filter((imported) => layerOf(imported) > layerOf(file))).toEqual([])
})

it.each(files.filter((file) => !WITH_NODE.test(file)))('src/%s runs in a browser: it imports nothing of Node', (file) => {
  expect(importsOf(file).filter((from) => from.startsWith('node:'))).toEqual([])
})

it('has no circle', () => {
  const done = new Set<string>()
  const visit = (file: string, above: readonly string[]): string[] => {
    if (above.includes(file)) return [[...above, file].join(' -> ')]
    if (done.has(file)) return []
    done.add(file)
    return within(file).flatMap((next) => visit(next, [...above, file]))
  }
  expect(files.flatMap((file) => visit(file, []))).toEqual([])
})
