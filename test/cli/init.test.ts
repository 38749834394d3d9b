/** What `authentik-mock init` shows and writes for each kind of project, and that what it writes works. */
import { execFile } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import tsconfig from '../../tsconfig.json' with { type: 'json' }
import { inRoot } from '../support/files.ts'
import { isWhole } from '../support/tier.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Makes a project of some files; an object is written as JSON. */
function makeProject(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-init-'))
  folders.push(folder)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    const isWritten = typeof content === 'string' || content instanceof Uint8Array
    writeFileSync(join(folder, path), isWritten ? content : JSON.stringify(content))
  }
  return folder
}

/** A package.json with packages for development, each in any version. */
const withPackages = (names: readonly string[], rest: object = {}) => ({
  'package.json': { ...rest, devDependencies: Object.fromEntries(names.map((name) => [name, '*'])) },
})

/** Runs the command in this process. */
async function init(folder: string, ...args: string[]) {
  let [out, err] = ['', '']
  const code = await main(['init', '--folder', folder, ...args], {
    print: (text) => (out += text),
    warn: (message) => (err += message),
    bold: (text) => text,
    env: {},
    stopped: () => Promise.resolve(),
  })
  return { out, err, code }
}

/** The files of a folder, with what is in them. */
const readFiles = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  )

const modules = { type: 'module' }
const TYPESCRIPT = { 'tsconfig.json': '{}' }

/** Kinds of projects, with what is written for them beside authentik-mock.config.json. */
const KINDS: readonly (readonly [kind: string, files: Record<string, unknown>, written: readonly string[]])[] = [
  ['Vitest and TypeScript', { ...withPackages(['vitest']), ...TYPESCRIPT, 'src/a.ts': '' }, ['src/authentik.test.ts']],
  ['Vitest and JavaScript', withPackages(['vitest'], modules), ['authentik.test.js']],
  [
    'Vitest with a folder of tests',
    { ...withPackages(['vitest']), 'src/a.js': '', 'test/a.js': '' },
    ['test/authentik.test.js'],
  ],
  [
    'Vitest in the script of a workspace’s package',
    { 'package.json': { scripts: { test: 'vitest run' } } },
    ['authentik.test.js'],
  ],
  ['Jest in CommonJS', withPackages(['jest']), ['authentik.test.js']],
  ['Jest with modules', withPackages(['jest'], modules), ['authentik.test.js']],
  ['Jest that reads TypeScript', { ...withPackages(['jest', 'ts-jest']), ...TYPESCRIPT }, ['authentik.test.ts']],
  ['Jest that reads none', { ...withPackages(['jest']), ...TYPESCRIPT }, ['authentik.test.js']],
  [
    'Playwright, as configured',
    { ...withPackages(['@playwright/test']), 'playwright.config.ts': `export default { testDir: './specs/' }` },
    ['specs/authentik.spec.js'],
  ],
  [
    'Playwright and Vitest',
    { ...withPackages(['@playwright/test', 'vitest']), 'tests/a.js': '' },
    ['authentik.test.js', 'tests/authentik.spec.js'],
  ],
  ['Vite', withPackages(['vite'], modules), ['src/mocks/authentik.js']],
  ['Next and TypeScript', { ...withPackages(['next']), ...TYPESCRIPT }, ['instrumentation.ts', 'mocks/authentik.ts']],
  [
    'Next below src',
    { ...withPackages(['next']), 'src/app/page.js': '' },
    ['src/instrumentation.js', 'src/mocks/authentik.js'],
  ],
  ['Storybook and Vite', withPackages(['storybook', 'vite']), ['.storybook/authentik.js', 'src/mocks/authentik.js']],
  ['the runner of Node', { 'package.json': { scripts: { test: 'node --test' } } }, ['authentik.test.js']],
  [
    'Jest beside the runner of Node',
    { 'package.json': { scripts: { test: 'jest && node --test' } } },
    ['authentik.test.js'],
  ],
  ['no tool at all', { 'package.json': {} }, ['authentik.test.js']],
  [
    'Angular',
    { ...withPackages(['@angular/core', 'vitest']), ...TYPESCRIPT, 'src/main.ts': '' },
    ['src/authentik.test.ts', 'src/mocks/authentik.ts'],
  ],
  ['no package.json', { 'main.py': '' }, []],
]

describe('a project with', () => {
  it.each(KINDS)('%s is shown its files, with --yes gets them, and then keeps them', async (_kind, files, written) => {
    const folder = makeProject(files)
    const present = readFiles(folder)
    const paths = [...written, 'authentik-mock.config.json']
    const preview = await init(folder)
    expect([preview.code, preview.err]).toEqual([0, ''])
    expect([...preview.out.matchAll(/^ {2}\+ (\S+)/gm)].map(([, path]) => path).sort()).toEqual([...paths].sort())
    expect(readFiles(folder)).toEqual(present)

    expect((await init(folder, '--yes')).code).toBe(0)
    const results = readFiles(folder)
    expect(results).toMatchObject(present)
    expect(Object.keys(results).sort()).toEqual([...Object.keys(present), ...paths].sort())
    for (const path of paths) expect(preview.out).toContain((results[path] ?? 'nothing').replace(/^(?=.)/gm, '    '))

    const again = await init(folder, '--yes')
    expect([again.code, again.out.match(/is there, and stays as it is/g)?.length]).toEqual([0, paths.length])
    expect(readFiles(folder)).toEqual(results)
  })
})

describe('authentik-mock init', () => {
  it('never overwrites a file, nor what a link leads to, and goes on with the others', async () => {
    const folder = makeProject({ ...withPackages(['vitest', 'vite']), 'authentik.test.js': 'mine', 'src/a.js': '' })
    mkdirSync(join(folder, 'src/mocks'))
    symlinkSync('/nowhere/at/all.js', join(folder, 'src/mocks/authentik.js'))
    writeFileSync(join(folder, 'src/authentik.test.js'), 'mine')
    const { out, code } = await init(folder, '--yes')
    expect(code).toBe(0)
    expect(out).toMatch(/= src\/authentik\.test\.js +is there/)
    expect(out).toMatch(/= src\/mocks\/authentik\.js +is there/)
    expect(readFileSync(join(folder, 'src/authentik.test.js'), 'utf8')).toBe('mine')
    expect(lstatSync(join(folder, 'src/mocks/authentik.js')).isSymbolicLink()).toBe(true)
    expect(existsSync(join(folder, 'authentik-mock.config.json'))).toBe(true)
  })

  it('says which file cannot be written, writes the others, and ends with 2', async () => {
    const folder = makeProject({ ...withPackages(['vite']), src: 'a file' })
    const { out, err, code } = await init(folder, '--yes')
    expect([code, err]).toEqual([2, '1 of 2 files could not be written. Mend that, and run init again.'])
    expect(out).toMatch(/! src\/mocks\/authentik\.js +cannot be written \(ENOTDIR\)/)
    expect(existsSync(join(folder, 'authentik-mock.config.json'))).toBe(true)
  })

  it.each([
    ['^2024.8.3-1729836831', '2024.8.3', 'goes with'],
    ['2025.12.6', '2025.12.6', 'goes with'],
    ['~2024.12.99', '2024.12.5', 'the last of its line'],
    ['2031.2.0', '2026.8.3', 'The nearest is'],
    ['2022.1.1', '2024.2.0', 'The nearest is'],
    ['latest', '2024.8.3', 'No @goauthentik/api is here'],
  ])('chooses for a client %s the release %s', async (range, release, reason) => {
    const folder = makeProject({ 'package.json': { dependencies: { '@goauthentik/api': range } } })
    const { out } = await init(folder, '--yes')
    expect(out).toContain(reason)
    expect(JSON.parse(readFiles(folder)['authentik-mock.config.json'] ?? '')).toEqual({ release, port: 9000 })
    expect(readFiles(folder)['authentik.test.js']).toContain(`mock({ release: '${release}', token`)
  })

  it('in a package of a workspace finds the client, MSW and the lock file above it', async () => {
    const root = makeProject({
      'package.json': { workspaces: ['packages/*'] },
      'pnpm-lock.yaml': '',
      'node_modules/@goauthentik/api/package.json': { version: '2025.4.1-1748622869' },
      'node_modules/msw/package.json': { version: '2.15.0' },
      'packages/web/package.json': { devDependencies: { vite: '8', msw: 'catalog:', '@goauthentik/api': 'catalog:' } },
    })
    const { out } = await init(join(root, 'packages/web'), '--yes')
    expect(out).toContain('2025.4.1-1748622869 goes with the release 2025.4.1')
    expect(out).toContain('\n  pnpm add -D ./authentik-mock-0.1.0.tgz\n  pnpm exec msw init public --no-save\n')
    expect(readFiles(root)['packages/web/src/mocks/authentik.js']).toContain(`start({ onUnhandledRequest: 'bypass' })`)
  })

  it.each([
    ['npm', { 'package.json': { workspaces: ['apps/*', 'libs/*'] } }],
    ['Yarn', { 'package.json': { workspaces: { packages: ['apps/*', 'libs/*'] } } }],
    [
      'pnpm',
      {
        'package.json': {},
        'pnpm-workspace.yaml': `packages:\n  - 'apps/*'\n  # more\n  - libs/*\ncatalog:\n  a: 1\n`,
      },
    ],
  ])('at the root of a workspace of %s says how to do one package', async (_manager, files) => {
    const { out } = await init(makeProject(files))
    expect(out).toContain('the root of a workspace (apps/*, libs/*). For one of its packages: init --folder FOLDER.')
  })

  it.each([
    ['npm i -D', {}],
    ['pnpm add -D', { packageManager: 'pnpm@11.0.0' }],
    ['yarn add -D', { packageManager: 'yarn@4.1.0' }],
    ['bun add -d', { packageManager: 'bun@1.4.5' }],
  ])('installs what is missing with %s', async (add, rest) => {
    const { out } = await init(makeProject(withPackages(['vite'], rest)))
    expect(out).toContain(`\n  ${add} ./authentik-mock-0.1.0.tgz msw@3\n`)
    const complete = await init(makeProject(withPackages(['vite', 'msw', 'authentik-mock'], rest)))
    expect(complete.out).not.toContain(add)
  })

  it('says without a package.json what to do', async () => {
    const { out, code } = await init(makeProject({}))
    expect(code).toBe(0)
    expect(out).toContain('npm init -y && npm pkg set type=module, and run init again.')
  })

  it.each([
    ['{ "type": ', 'is no JSON: '],
    ['[]', 'holds no object. Write one with npm init, and run init again.'],
    [Buffer.from([0xff, 0xfe, 0x00, 0xd8]), 'cannot be read (it is neither UTF-8 nor UTF-16)'],
  ])('refuses the package.json %o', async (content, message) => {
    const folder = makeProject({ 'package.json': content })
    const { out, err, code } = await init(folder, '--yes')
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
    expect(Object.keys(readFiles(folder))).toEqual(['package.json'])
  })

  it('refuses what is no folder, and two options that deny each other', async () => {
    const folder = makeProject({ 'package.json': {} })
    const absent = await init(join(folder, 'absent'))
    expect([absent.code, absent.err]).toEqual([2, expect.stringMatching(/cannot be read \(ENOENT\)\. Give the folder/)])
    const denied = await init(folder, '--yes', '--dry-run')
    expect([denied.code, denied.err]).toEqual([2, '--dry-run has no effect with --yes. Leave one of them out.'])
    expect(Object.keys(readFiles(folder))).toEqual(['package.json'])
  })
})

const run = promisify(execFile)
const { paths } = tsconfig.compilerOptions
/** Whether this package has the entry that a file imports. */
const isThere = (content: string) =>
  [...content.matchAll(/from '(authentik-mock[\w/]*)'/g)].every(([, name = '']) => name in paths)

/** What the files that are written import, beside this package. */
const INSTALLED = ['@playwright', '@types', 'msw', 'vitest']

/** Has the files of a project find this package as it was built for all tests, and what is installed for it. */
function linkPackages(folder: string): void {
  mkdirSync(join(folder, 'node_modules'))
  for (const name of INSTALLED.filter((path) => existsSync(inRoot(`node_modules/${path}`))))
    symlinkSync(inRoot(`node_modules/${name}`), join(folder, 'node_modules', name))
  const built = {
    'authentik-mock/node': join(inject('library'), 'node.js'),
    'authentik-mock/vitest': join(inject('library'), 'vitest.js'),
    'authentik-mock': join(inject('library'), 'index.js'),
  }
  writeFileSync(
    join(folder, 'vitest.config.mjs'),
    `export default {
      cacheDir: '.cache',
      resolve: { alias: ${JSON.stringify({ ...built, '@jest/globals': 'vitest' })} },
      test: { include: ['authentik.test.*'] },
    }`,
  )
}

describe('what init writes', () => {
  // The tests of Jest run in Vitest, which has the same functions; test:doors runs them in Jest.
  const runners = [
    ['Vitest', withPackages(['vitest'], modules)],
    ['Jest', withPackages(['jest'], modules)],
    ['Jest in TypeScript', { ...withPackages(['jest', 'ts-jest']), ...TYPESCRIPT }],
  ] as const

  it.each(isWhole ? runners : runners.slice(0, 1))('for %s is a test that passes', async (_runner, files) => {
    const folder = makeProject(files)
    await init(folder, '--yes')
    linkPackages(folder)
    const command = inRoot('node_modules/vitest/vitest.mjs')
    const { stdout } = await run(process.execPath, [command, 'run', '--root', folder], { cwd: folder })
    expect(stdout).toMatch(/Tests .*1 passed/)
  })

  // The compiler reads all that the mock is made of.
  it.each(isWhole ? ['TypeScript'] : [])('has the right types in %s', async () => {
    const folder = makeProject({
      'vitest/package.json': { devDependencies: { vitest: '*', '@playwright/test': '*', vite: '*', storybook: '*' } },
      'vitest/tsconfig.json': '{}',
      'jest/package.json': { devDependencies: { next: '*', jest: '*' } },
      'jest/tsconfig.json': '{}',
    })
    for (const name of ['vitest', 'jest']) await init(join(folder, name), '--yes')
    const files = Object.entries(readFiles(folder)).filter(
      ([path, content]) => path.endsWith('.ts') && isThere(content),
    )
    const sources = Object.entries(paths).map(([name, [path]]) => [name, [inRoot(path!)]] as const)
    const configuration = {
      extends: inRoot('tsconfig.json'),
      compilerOptions: {
        types: ['node'],
        paths: { ...Object.fromEntries(sources), '@jest/globals': [inRoot('node_modules/vitest')] },
      },
      files: files.map(([path]) => path),
      include: [],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration))
    linkPackages(folder)
    expect(files.length).toBeGreaterThan(4)
    const compiler = inRoot('node_modules/typescript/bin/tsc')
    const output = await run(process.execPath, [compiler, '-p', folder]).catch((error: { stdout: string }) => error)
    expect(output.stdout).toBe('')
  })
})
