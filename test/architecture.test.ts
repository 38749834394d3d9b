/** Who may import whom (ARCHITECTURE.md): values and types alike, however many lines an import has. */
import { globSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { expect, it } from 'vitest'
import { resources } from '../src/authentik/resources/index.ts'
import { readText, root } from './support/files.ts'

/** The folders of src/, from what knows least to what knows most. */
const LAYERS = [
  /^(http|schema)\//,
  /^store\//,
  /^rest\//,
  /^authentik\//,
  /^mock\//,
  /^control\//,
  /^contract\//,
  /^(cli|doors)\//,
  /^entries\//,
]
/** The page at /-/mock/, which is bundled by itself, and served as texts. */
const PAGE = 'control/page/'
const WITH_NODE =
  /^(http\/node\/|entries\/(node|cli|playwright)\.ts|cli\/|doors\/playwright\/|contract\/(client|verify)\/)/

const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).map((path) =>
  path.replaceAll('\\', '/').slice('src/'.length),
)

/** Every module that a file names: in imports, re-exports, and imports that are made when they are needed. */
function modulesOf(file: string): string[] {
  const source = readText(`src/${file}`)
  const { module } = parseSync(file, source)
  const reexports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
  )
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    source.slice(moduleRequest.start + 1, moduleRequest.end - 1),
  )
  return [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...reexports, ...dynamic]
}

const importsOf = new Map(
  files.map((file) => [
    file,
    modulesOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => posix.join(dirname(file), name))
      .filter((path) => !path.startsWith('..')),
  ]),
)
const layerOf = (file: string) => LAYERS.findIndex((layer) => layer.test(file))

it.each(files)('src/%s stands in a layer and imports only from its own and those below', (file) => {
  expect(layerOf(file)).not.toBe(-1)
  expect(importsOf.get(file)!.filter((imported) => layerOf(imported) > layerOf(file))).toEqual([])
})

it.each(files.filter((file) => file.startsWith(PAGE)))(
  'src/%s is in a page of its own: of the rest it has only types of what the control API takes and gives',
  (file) => {
    const foreign = importsOf.get(file)!.filter((imported) => !imported.startsWith(PAGE))
    expect(foreign.filter((imported) => imported !== 'control/types.ts')).toEqual([])
    expect(modulesOf(file).filter((name) => !name.startsWith('.') && !/^preact(\/hooks)?$/.test(name))).toEqual([])
    // What is imported only as a type is in no bundle.
    const { module } = parseSync(file, readText(`src/${file}`))
    const values = module.staticImports
      .filter(({ moduleRequest }) => moduleRequest.value.startsWith('../'))
      .flatMap(({ entries }) => entries.filter(({ isType }) => !isType))
    expect(values).toEqual([])
  },
)

it('nothing but the bundler of the page knows what is in it', () => {
  const importers = files.filter((file) => !file.startsWith(PAGE))
  expect(importers.filter((file) => importsOf.get(file)!.some((imported) => imported.startsWith(PAGE)))).toEqual([])
})

it.each(files.filter((file) => !WITH_NODE.test(file)))(
  'src/%s runs in a browser: it imports nothing of Node',
  (file) => {
    expect(modulesOf(file).filter((name) => name.startsWith('node:'))).toEqual([])
  },
)

it.each(files.filter((file) => /^(http|schema|store|rest)\//.test(file)))(
  'src/%s names no resource of authentik: those are handed to it',
  (file) => {
    const { program } = parseSync(file, readText(`src/${file}`))
    const names = new Set<string>(resources.map(({ name }) => name))
    const texts: unknown[] = []
    new Visitor({ Literal: ({ value }) => void texts.push(value) }).visit(program)
    // `open: 'users'` says whom a path is open to.
    expect(
      texts.filter((text) => names.has(String(text)) && !(file === 'rest/operation.ts' && text === 'users')),
    ).toEqual([])
  },
)

/** What is loaded with a file; what `import()` asks for in the answers and the seeds is loaded later. */
const loadedWith = (file: string) => {
  const isLate = (path: string) => LATE.some((folder) => path.startsWith(folder) && !file.startsWith(folder))
  return importsOf.get(file)!.filter((path) => !isLate(path))
}
const LATE = ['authentik/answers/', 'authentik/seeds.ts']

it('has no circle among what is loaded together', () => {
  const finished = new Set<string>()
  const circles = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' -> ')]
    if (finished.has(file)) return []
    const circlesBelow = loadedWith(file).flatMap((imported) => circles(imported, [...path, file]))
    finished.add(file)
    return circlesBelow
  }
  expect(files.flatMap((file) => circles(file, []))).toEqual([])
})
