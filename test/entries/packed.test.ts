/** The package as it is published: packed, installed without a network into an empty folder, and used there. */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, posix } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mock, type Mock } from '../../src/entries/index.ts'
import { inRoot, readJson, readText, root } from '../support/files.ts'

const run = promisify(execFile)
const MEBIBYTE = 2 ** 20

/** What `npm pack` reads. It runs in a copy, because it builds, and writes a README, where others read them. */
const SOURCES = ['src', 'tools', 'fixtures', 'pacts', 'docs', 'README.md', 'LICENSE', '.npmrc', 'tsdown.config.ts']

let folder: string
let app: string
let tarball: string
let installation: { stdout: string; stderr: string }
const inPackage = (path: string) => join(app, 'node_modules', 'authentik-mock', path)

/** Runs a module in the folder of the application. @returns what it prints, read as JSON */
async function evaluate(code: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: app })
  return JSON.parse(stdout)
}

/**
 * Changes rows in every way there is. It runs in this process and, as text, in that of the application.
 * @returns what the requests came to, and the world that there is in the end
 */
async function changeRows(authentik: Mock): Promise<{ results: unknown[]; world: unknown }> {
  const { world } = authentik
  await authentik.ready
  const request = async (method: string, path: string, body?: unknown) => {
    const headers = { Authorization: 'Bearer key', 'Content-Type': 'application/json' }
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    return (await authentik.fetch(`http://localhost/api/v3${path}`, init)).status
  }
  const results: unknown[] = []
  for (const { pk, attributes, groups } of world.users.values()) {
    await world.users.update(pk, { attributes: { ...attributes, nested: { bb: [pk, { a: [] }], a: null } } })
    await world.users.update(pk, { groups: groups.toReversed(), name: `User ${pk}` })
    await world.users.update(pk, { attributes: {}, is_active: pk < 3 })
  }
  for (const { slug, name } of world.applications.values()) {
    results.push(await request('PATCH', `/core/applications/${slug}/`, { meta_publisher: 'Acme', provider: null }))
    results.push(await request('PUT', `/core/applications/${slug}/`, { name: `${name}!`, slug }))
    results.push(await request('PATCH', `/core/applications/${slug}/`, { slug: 'not a slug' }))
  }
  for (const { pk } of [...world.groups.values()].slice(1)) results.push(await world.groups.delete(pk))
  await world.users.update(1, { groups: ['no group'] }).catch((error: Error) => results.push(error.message))
  results.push(await request('DELETE', '/oauth2/authorization_codes/1/'))
  return { results, world: JSON.parse(JSON.stringify(world)) }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
  const copy = join(folder, 'copy')
  const configs = globSync(['package*.json', 'tsconfig*.json'], { cwd: root })
  const withoutModules = { recursive: true, filter: (path: string) => !path.includes('node_modules') }
  for (const path of [...SOURCES, ...configs]) cpSync(inRoot(path), join(copy, path), withoutModules)
  symlinkSync(inRoot('node_modules'), join(copy, 'node_modules'))
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: copy })
  app = join(folder, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '')
  const { NODE_OPTIONS: _, npm_config_loglevel: __, ...env } = process.env
  installation = await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: app, env })
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true }))

describe('the installed package', () => {
  it('is one package of at most 5.5 MiB, and its installation warns of nothing', () => {
    const lock = execFileSync('npm', ['ls', '--all', '--parseable'], { cwd: app, encoding: 'utf8' })
    expect(
      lock
        .trim()
        .split('\n')
        .slice(1)
        .map((path) => path.slice(app.length)),
    ).toEqual(['/node_modules/authentik-mock'])
    const files = globSync('node_modules/**', { cwd: app, withFileTypes: true }).filter((file) => file.isFile())
    const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0)
    expect(bytes).toBeLessThan(5.5 * MEBIBYTE)
    expect(installation.stderr).toBe('')
    expect(installation.stdout.trim()).toMatch(/^added 1 package in \S+$/)
  })

  it('has the licence of each package of which it has code', async () => {
    const text = await readFile(inPackage('dist/THIRD-PARTY-LICENSES'), 'utf8')
    expect(text.match(/^(@?[a-z\d/-]+)(?= \d+\.\d+\.\d+$)/gm)).toEqual([
      '@faker-js/faker',
      '@msw/data',
      '@peculiar/asn1-schema',
      '@peculiar/asn1-x509',
      '@peculiar/utils',
      '@scalar/helpers',
      '@scalar/openapi-upgrader',
      'asn1js',
      'es-toolkit',
      'fastest-levenshtein',
      'jose',
      'js-yaml',
      'preact',
      'pvtsutils',
      'pvutils',
      'tslib',
      'yaml',
      'zod',
    ])
  })

  const { files: packed }: { files: string[] } = readJson('package.json')
  const documents = [
    'README.md',
    ...globSync('docs/doors/*.md', { cwd: root }),
    ...packed.filter((file) => file.endsWith('.md')),
  ]

  it.each(documents)('has %s, in which every link leads somewhere, and every command can be run', async (document) => {
    const text = await readFile(inPackage(document), 'utf8')
    const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target)
    const isThere = (target: string) => existsSync(inPackage(posix.join(posix.dirname(document), target)))
    expect(targets.filter((target) => !target.startsWith('https:') && !isThere(target))).toEqual([])
    expect(text).not.toMatch(/npm start|npm run|npm test/)
    expect(readText('README.md')).toContain('npm ci && npm start')
  })

  it('is written in ASCII, so that Node keeps a module at one byte for each of its characters', async () => {
    const files = globSync('dist/**/*.{js,cjs}', { cwd: inPackage('.') })
    expect(files.length).toBeGreaterThan(50)
    const texts = await Promise.all(files.map((file) => readFile(inPackage(file), 'utf8')))
    expect(files.filter((_, index) => /[^\0-\x7F]/.test(texts[index] ?? ''))).toEqual([])
  })

  it('shows no file that it does not have where its types are hovered over', async () => {
    const files = globSync('dist/**/*.d.{ts,cts}', { cwd: inPackage('.') })
    const texts = await Promise.all(files.map((file) => readFile(inPackage(file), 'utf8')))
    expect(files.length).toBeGreaterThan(5)
    expect(
      texts.flatMap(
        (text) => text.match(/\{@link[^}]*\}|\b(docs|src|test)\/[\w./#-]*|from ["'](zod|@faker)[^"']*/g) ?? [],
      ),
    ).toEqual([])
  })
})

describe('in Node', () => {
  it('every entry is imported, and they share what they are made of', async () => {
    symlinkSync(inRoot('node_modules/msw'), join(app, 'node_modules', 'msw'))
    const printed = await evaluate(`
      import { mock, MockError } from 'authentik-mock'
      import { world } from 'authentik-mock/fixtures'
      import { handlers } from 'authentik-mock/msw'
      import { serve } from 'authentik-mock/node'
      import { forRelease, like } from 'authentik-mock/pact'
      import fixture from 'authentik-mock/fixtures/world.json' with { type: 'json' }
      const authentik = mock({ world, token: 'key' })
      const server = await serve(authentik, { port: 0 })
      const response = await fetch(server.url + '/api/v3/oauth2/authorization_codes/1/', { headers: { Authorization: 'Bearer key' } })
      const body = await response.json()
      await server.close()
      let error
      try { forRelease('1.0') } catch (caught) { error = caught }
      console.log(JSON.stringify([response.status, body.pk, handlers(authentik).length, error instanceof MockError, error.code, fixture.users.length === world.users.length, typeof like.user]))
    `)
    expect(printed).toEqual([200, 1, 1, true, 'ERR_RELEASE', true, 'function'])
  })

  it('every entry is required, and is what an import brings: no program has the package twice', async () => {
    mkdirSync(join(app, 'node_modules/@playwright'))
    symlinkSync(inRoot('node_modules/@playwright/test'), join(app, 'node_modules/@playwright/test'))
    const names = ['fixtures', 'msw', 'node', 'pact', 'playwright']
    const entries = ['authentik-mock', ...names.map((name) => `authentik-mock/${name}`)]
    const printed = await evaluate(`
      import { createRequire } from 'node:module'
      const require = createRequire(import.meta.url)
      const isShared = async (entry) => require(entry) === (await import(entry))
      console.log(JSON.stringify(await Promise.all(${JSON.stringify(entries)}.map(isShared))))
    `)
    expect(printed).toEqual(entries.map(() => true))
  })

  it('the CommonJS that Jest loads answers as the modules do, with a seeded world and in YAML', async () => {
    const printed = await evaluate(`
      import { createRequire } from 'node:module'
      import { mock } from 'authentik-mock'
      const require = createRequire(import.meta.url)
      const commonJs = require(${JSON.stringify(inPackage('dist/index.cjs'))})
      const options = { token: 'key', now: '2024-09-27T14:26:18.306Z' }
      const paths = ['core/users/me/', 'oauth2/authorization_codes/', 'schema/', 'core/users/99/', 'managed/blueprints/']
      const ask = async (authentik) => {
        const answers = []
        for (const path of paths) {
          const response = await authentik.fetch('http://localhost/api/v3/' + path, { headers: { Authorization: 'Bearer key' } })
          answers.push([response.status, await response.text()])
        }
        return answers
      }
      const [answers, others] = [await ask(commonJs.mock(options)), await ask(mock(options))]
      const isLoaded = Object.keys(require.cache).some((path) => path.endsWith('dist/index.cjs'))
      console.log(JSON.stringify([isLoaded, answers.map(([status]) => status), JSON.stringify(answers) === JSON.stringify(others)]))
    `)
    expect(printed).toEqual([true, [200, 200, 200, 404, 501], true])
  })

  it('seeds the worlds that the source seeds: no list of names is missing, and none is another', async () => {
    const seeds = Array.from({ length: 30 }, (_, index) => index * 7)
    const options = { codes: 400, now: '2024-09-27T14:26:18.306Z' }
    const worlds = await evaluate(`
      import { mock } from 'authentik-mock'
      const worlds = []
      for (const seed of ${JSON.stringify(seeds)}) {
        const authentik = mock({ ...${JSON.stringify(options)}, seed })
        await authentik.ready
        worlds.push(JSON.stringify(authentik.world).length, JSON.stringify(authentik.world.users), JSON.stringify(authentik.world.applications))
      }
      console.log(JSON.stringify(worlds))
    `)
    const expected = []
    for (const seed of seeds) {
      const authentik = mock({ ...options, seed })
      await authentik.ready
      expected.push(
        JSON.stringify(authentik.world).length,
        JSON.stringify(authentik.world.users),
        JSON.stringify(authentik.world.applications),
      )
    }
    expect(worlds).toEqual(expected)
  })

  it('a row that does not fit is refused, and one that fits is created, changed and deleted', async () => {
    const printed = await evaluate(`
      import { mock } from 'authentik-mock'
      const { world, ready } = mock()
      await ready
      const code = await world.authorization_codes.create({ user: 2, provider: 1, scope: 'openid' })
      await world.users.update(2, { is_active: false, attributes: { color: 'blue' } })
      await world.authorization_codes.delete(code.pk)
      const refused = await world.users.update(2, { email: 5 }).catch((error) => error)
      console.log(JSON.stringify([world.users.get(2).attributes, world.authorization_codes.has(code.pk), refused.code, refused.problems]))
    `)
    expect(printed).toEqual([
      { color: 'blue' },
      false,
      'ERR_WORLD',
      ['users.email: Invalid input: expected string, received number'],
    ])
  })

  it('rows that programs and requests change become what the source makes of them', async () => {
    const options = { token: 'key', now: '2024-09-27T14:26:18.306Z' }
    const fromPackage = await evaluate(`
      import { mock } from 'authentik-mock'
      console.log(JSON.stringify(await (${changeRows})(mock(${JSON.stringify(options)}))))
    `)
    const fromSource = await changeRows(mock(options))
    expect(fromPackage).toEqual(fromSource)
    expect([...new Set(fromSource.results)]).toEqual([200, 400, true, expect.stringContaining('is no UUID'), 204])
  })

  it('the command serves, in YAML too, prints a world and compares releases', async () => {
    const bin = join(app, 'node_modules', '.bin', 'authentik-mock')
    const server = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(server.stdout, 'data')
    const { url, token } = JSON.parse(String(line))
    const headers = { Authorization: `Bearer ${token}` }
    const code = await fetch(`${url}/api/v3/oauth2/authorization_codes/1/`, { headers })
    const schema = await fetch(`${url}/api/v3/schema/`, { headers })
    expect([code.status, (await schema.text()).slice(0, 13)]).toEqual([200, 'openapi: 3.0.'])
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    const { stdout: seeded } = await run(process.execPath, [bin, 'seed', '--codes', '3'])
    expect(JSON.parse(seeded).authorization_codes).toHaveLength(3)
    const { stdout: drift } = await run(process.execPath, [bin, 'drift', '2024.8.3', '2024.8.5'])
    expect(drift).toContain('2024.8.3 -> 2024.8.5: 6 differences')
    const verify = run(process.execPath, [bin, 'verify', '--provider-url', 'http://127.0.0.1:1'], {
      env: { AUTHENTIK_TOKEN: 'key' },
    })
    await expect(verify).rejects.toMatchObject({ code: 3 })
  })

  it.skipIf(process.platform === 'win32')(
    'examples/control/control.sh controls it from a project',
    async () => {
      cpSync(inRoot('examples/control/control.sh'), join(app, 'control.sh'))
      const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter)
      const env = { ...process.env, PATH, AUTHENTIK_MOCK: 'npx --no authentik-mock' }
      const { stdout } = await run('bash', ['control.sh'], { cwd: app, env })
      expect(stdout.trim().split('\n').at(-1)).toBe('every verb answered')
    },
    60_000,
  )

  it.skipIf(process.platform === 'win32')(
    'examples/languages/ci.sh starts it for a job, and stops it',
    async () => {
      for (const name of ['ci.sh', 'codes.sh']) cpSync(inRoot(`examples/languages/${name}`), join(app, name))
      const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter)
      const { stdout } = await run('sh', ['ci.sh'], { cwd: app, env: { ...process.env, PATH } })
      expect(stdout.trim()).toBe('linnie.nitzsche2')
    },
    60_000,
  )
})

describe('in TypeScript', () => {
  const CONSUMER = `
    import { mock, type Mock, type WorldFile } from 'authentik-mock'
    import { authorizationCodes, world } from 'authentik-mock/fixtures'
    import { serve } from 'authentik-mock/node'
    import { interactions, like, type Answers } from 'authentik-mock/pact'

    type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
    const authentik: Mock = mock({ world, release: '2025.12' })
    const user = authentik.world.users.get(1)!
    export const name: string = user.username
    export const server = serve(authentik, { port: 0 })
    export const file: WorldFile = world
    export const matcher = like.authorizationCode({ expires: null })
    export const id: string = interactions.core_users_retrieve.description
    export const expired: boolean = authorizationCodes[0]!.is_expired
    export const equal: [
      Equal<Answers['genericError'], { detail: string; code?: string | undefined }>,
      Equal<Answers['usedBy']['pk'], string>,
      Equal<Answers['users']['pagination']['count'], number>,
    ] = [true, true, true]
    // @ts-expect-error The world has no such table.
    authentik.world.sheep
    // @ts-expect-error A user has no such field.
    user.sheep
  `

  it.each([
    ['nodenext', 'consumer.ts'],
    ['bundler', 'consumer.ts'],
    ['node16', 'consumer.cts'],
  ])('a consumer compiles, libraries checked, with the resolution %s as %s', async (resolution, file) => {
    writeFileSync(join(app, file), CONSUMER)
    const module = resolution === 'bundler' ? 'esnext' : resolution
    const options = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noEmit',
      '--skipLibCheck',
      'false',
      '--target',
      'es2024',
      '--lib',
      'es2024,dom,dom.iterable',
      '--types',
      '',
    ]
    const args = [...options, '--module', module, '--moduleResolution', resolution, file]
    const { stdout } = await run(process.execPath, [inRoot('node_modules/typescript/bin/tsc'), ...args], {
      cwd: app,
    }).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })

  it('attw finds no fault, where `npm run extra` has installed it', async () => {
    const attw = inRoot('tools/extra/node_modules/@arethetypeswrong/cli/dist/index.js')
    const isInstalled = existsSync(attw)
    if (!isInstalled) console.warn('attw is not tried. Install it: npm run extra')
    // Vitest is made of modules alone, and so is the entry for it.
    const options = ['--profile', 'node16', '--quiet', '--exclude-entrypoints', './vitest']
    const check = () => run(process.execPath, [attw, tarball, ...options])
    const faults = isInstalled ? await check().catch((error: { stdout: string }) => error) : { stdout: '' }
    expect(faults.stdout).toBe('')
  })
})

it('a page that gives a world loads at most 90 kB, and one that has it seeded 159 kB; the login and @msw/data come later', async () => {
  const page = `export { mock } from 'authentik-mock'; export { handlers } from 'authentik-mock/msw'`
  writeFileSync(join(app, 'page.js'), page)
  const input = join(app, 'page.js')
  const output = await build({
    root: app,
    configFile: false,
    logLevel: 'error',
    build: { write: false, rolldownOptions: { input, external: [/^msw/], preserveEntrySignatures: 'strict' } },
  })
  const chunks = 'output' in output ? output.output.filter((file) => file.type === 'chunk') : []
  // What only Node has is left empty in a browser: no chunk, be it loaded late, may ask for it.
  expect(chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.includes('browser-external'))).toEqual([])
  const sizeOf = (code: string) => gzipSync(code, { level: 9 }).length
  const find = (matches: (chunk: (typeof chunks)[number]) => boolean) => {
    const chunk = chunks.find(matches)
    if (!chunk) throw new Error('Failed to measure the page: a chunk is missing.')
    return chunk
  }
  const start = find(({ name }) => name === 'page')
  const shared = start.imports.filter((file) => !file.startsWith('msw'))
  const loaded = [start, ...shared.map((file) => find(({ fileName }) => fileName === file))]
  // What those import is among them.
  expect(
    loaded.flatMap(({ imports }) => imports).filter((file) => !file.startsWith('msw') && !shared.includes(file)),
  ).toEqual([])
  const entry = loaded.reduce((sum, { code }) => sum + sizeOf(code), 0)
  // The resources that only manage authentik are 13 kB of it, and what leads to the login 7.
  expect(entry).toBeLessThan(90_000)
  const seeding = ['faker', 'seeds'].map((file) => find(({ name }) => name.startsWith(file)))
  const fetched = new Set(seeding.flatMap((chunk) => [chunk.fileName, ...chunk.imports]))
  const late = chunks.filter((chunk) => fetched.has(chunk.fileName) && !loaded.includes(chunk))
  expect(entry + late.reduce((sum, { code }) => sum + sizeOf(code), 0)).toBeLessThan(159_000)
  expect(loaded.filter(({ code }) => code.includes('ak-stage-identification'))).toEqual([])
  // By it a row is written that is created or changed.
  const hasLibrary = (chunk: (typeof chunks)[number]) => /Symbol\(["'`]kPrimaryKey/.test(chunk.code)
  expect([loaded.some(hasLibrary), chunks.some(hasLibrary)]).toEqual([false, true])
})
