/** Options by flags, the environment and a configuration, and worlds by JSON and YAML. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { serve as serveCommand } from '../../src/cli/serve.ts'
import { toCamelCase } from '../../src/cli/settings.ts'
import { defineConfig, mock, type Config } from '../../src/entries/index.ts'
import { readText } from '../support/files.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'authentik-mock-config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Writes a file below the folder. @returns its path */
function write(name: string, content: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

/** Starts a command in the folder. */
function start(args: readonly string[], env: Record<string, string> = {}, place = '.') {
  const output = { out: '', err: '' }
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  const ended = main(args, {
    print: (text) => (output.out += text),
    warn: (message) => (output.err += `${message}\n`),
    bold: String,
    env,
    folder: join(folder, place),
    stopped: () => stopped,
  })
  return { output, ended, stop }
}

async function run(args: readonly string[], env: Record<string, string> = {}, place = '.') {
  const { output, ended } = start(args, env, place)
  return { code: await ended, ...output }
}

/** The settings that a command prints, by name: their value, and where that comes from. */
async function settingsOf(args: readonly string[], env: Record<string, string> = {}, place = '.') {
  const { out, err, code } = await run(['serve', ...args, '--print-config'], env, place)
  expect([code, err]).toEqual([0, ''])
  return Object.fromEntries(
    out
      .trim()
      .split('\n')
      .map((line) => line.split(/\s{2,}/))
      .map(([name = '', ...rest]) => [name, rest]),
  )
}

describe('an option', () => {
  it('is what a flag says, else the environment, else the configuration, else the default', async () => {
    const path = write('authentik-mock.config.json', '{ "release": "2025.12", "seed": 3, "codes": 5 }')
    const settings = await settingsOf(['--seed', '9'], { AUTHENTIK_MOCK_SEED: '8', AUTHENTIK_MOCK_CODES: '4' })
    expect(settings['seed']).toEqual(['9', '--seed'])
    expect(settings['codes']).toEqual(['4', 'AUTHENTIK_MOCK_CODES'])
    expect(settings['release']).toEqual(['"2025.12"', path])
    expect(settings['port']).toEqual(['9000', 'default'])
  })

  it('is not what a variable says that is empty, and may be said with spaces and as a word', async () => {
    const path = write('authentik-mock.config.json', '{ "port": 9199 }')
    const env = {
      AUTHENTIK_MOCK_PORT: '',
      AUTHENTIK_MOCK_FRONT: 'false',
      AUTHENTIK_MOCK_CORS: 'http://a.test, ,http://b.test,',
    }
    const settings = await settingsOf([], { ...env, AUTHENTIK_MOCK_CODES: ' 7 ' })
    expect(settings['port']).toEqual(['9199', path])
    expect(settings['front']).toEqual(['"off"', 'AUTHENTIK_MOCK_FRONT'])
    expect(settings['cors']).toEqual(['["http://a.test","http://b.test"]', 'AUTHENTIK_MOCK_CORS'])
    expect(settings['codes']).toEqual(['7', 'AUTHENTIK_MOCK_CODES'])
  })

  it('is found in the nearest folder above that has a configuration', async () => {
    write('authentik-mock.config.json', '{ "port": 1 }')
    const path = write('app/authentik-mock.config.yaml', 'port: 2\nallowHost: [a, b]\ncontrol: false\nhttps: true\n')
    mkdirSync(join(folder, 'app/src'))
    const settings = await settingsOf([], {}, 'app/src')
    expect(settings['port']).toEqual(['2', path])
    expect(settings['allowHost']).toEqual(['["a","b"]', path])
    expect(settings['control']).toEqual(['"off"', path])
    expect(settings['https']).toEqual(['true', path])
  })

  it.each([
    ['mjs', 'export default { port: 7 }'],
    ['js', 'export default () => ({ port: 7 })'],
    ['mts', 'const port: number = 7\nexport default { port }'],
    ['cjs', 'module.exports = { port: 7 }'],
    ['yml', 'port: 7'],
  ])('may stand in a configuration that ends with .%s', async (ending, content) => {
    write('package.json', '{ "type": "module" }')
    const path = write(`authentik-mock.config.${ending}`, content)
    expect((await settingsOf([]))['port']).toEqual(['7', path])
    expect((await settingsOf(['--config', path], {}, '..'))['port']).toEqual(['7', path])
  })

  it('is shown to nobody where it is secret', async () => {
    const { out } = await run(['serve', '--print-config'], { AUTHENTIK_MOCK_CONTROL_TOKEN: 'hidden-from-all' })
    expect(out).toMatch(/controlToken +\*\*\* +AUTHENTIK_MOCK_CONTROL_TOKEN/)
    expect(out).not.toContain('hidden-from-all')
  })

  it('of one command is no fault for another, which has no use for it', async () => {
    write('authentik-mock.config.json', '{ "port": 9123, "codes": 2 }')
    const { out, code } = await run(['seed'])
    expect([code, JSON.parse(out).authorization_codes.length]).toEqual([0, 2])
  })

  it('in camelCase has a type of its own, and each option of the command line is there', () => {
    const names = Object.keys(serveCommand.options).filter((name) => !/config/.test(name))
    const config: Record<keyof Config, true> = {
      allowHost: true,
      basePath: true,
      cert: true,
      codes: true,
      control: true,
      controlToken: true,
      cors: true,
      fidelity: true,
      front: true,
      host: true,
      https: true,
      httpsPort: true,
      json: true,
      key: true,
      login: true,
      now: true,
      port: true,
      release: true,
      scenario: true,
      seed: true,
      verbose: true,
      watch: true,
      world: true,
    }
    expect(Object.keys(config).toSorted()).toEqual(names.map(toCamelCase).toSorted())
    expectTypeOf(defineConfig).parameter(0).toEqualTypeOf<Config>()
    expect(defineConfig({ port: 1 })).toEqual({ port: 1 })
  })
})

describe('HTTPS', () => {
  it.each([
    ['a configuration', '{ "https": true, "port": 0, "json": true }', {}],
    ['the environment', '{ "port": 0, "json": true }', { AUTHENTIK_MOCK_HTTPS: 'true' }],
  ])('is spoken where %s says so', async (_, content, env) => {
    write('authentik-mock.config.json', content)
    const { output, ended, stop } = start(['serve'], { ...env, XDG_CACHE_HOME: join(folder, 'cache') })
    await vi.waitUntil(() => output.out.includes('\n'), { timeout: 60_000 })
    expect(JSON.parse(output.out).url).toMatch(/^https:/)
    stop()
    expect(await ended).toBe(0)
  })

  it('is refused with a certificate that is not there, wherever that is named', async () => {
    write('authentik-mock.config.json', '{ "cert": "none.pem" }')
    const { code, err } = await run(['serve'])
    expect([code, err]).toEqual([2, expect.stringContaining('none.pem cannot be read (ENOENT)')])
  })
})

describe('what is wrong', () => {
  it.each([
    ['{ "prot": 1 }', 'prot is no option. Did you mean port?'],
    ['{ "port": "x" }', 'port: x: Give a whole number from 0 to 65535.'],
    ['{ "port": {} }', 'port is {}. Give what N stands for in the help.'],
    ['{ "https": "yes" }', 'https is "yes". Give true or false.'],
    ['[1]', 'gives no object. Give one with options'],
    ['{ "release": 2025.10 }', 'release is the number 2025.1. Write it in quotes.'],
    ['{', 'cannot be read'],
    ['{ "port": 1, "port": 2 }', 'the key "port" stands twice in one object, in line 1, column 14'],
  ])('in a configuration %s is said with its path', async (content, message) => {
    const path = write('authentik-mock.config.json', content)
    const { code, err } = await run(['serve'])
    expect(code).toBe(2)
    expect(err).toContain(path)
    expect(err).toContain(message)
  })

  it('in the environment is said with the variable', async () => {
    expect((await run(['serve'], { AUTHENTIK_MOCK_PORT: 'x' })).err).toBe(
      'AUTHENTIK_MOCK_PORT: x: Give a whole number from 0 to 65535.\n',
    )
    expect((await run(['serve'], { AUTHENTIK_MOCK_HTTPS: 'x' })).err).toBe(
      'AUTHENTIK_MOCK_HTTPS is "x". Give true or false.\n',
    )
  })

  it.each([
    ['export default () => { throw new Error("no luck") }', 'cannot be read: no luck'],
    ['export default Promise.reject(new Error("no luck"))', 'cannot be read: no luck'],
    ['import "not-installed"\nexport default {}', "cannot be read: Cannot find package 'not-installed'"],
    ['export default { port: 9100n }', 'port is a bigint. Give what N stands for'],
    ['export default { now: new Date(NaN) }', 'now is null. Give what ISO stands for'],
    ['export default { world: () => ({}) }', 'world is a function. Give what FILE stands for'],
  ])('in the module %s is said in one line', async (content, message) => {
    const { code, err } = await run(['serve', '--config', write('authentik-mock.config.mjs', content)])
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  it('is two configurations in one folder, and one that is not there', async () => {
    write('authentik-mock.config.json', '{}')
    write('authentik-mock.config.yaml', '{}')
    expect((await run(['serve'])).err).toContain(
      'has authentik-mock.config.json and authentik-mock.config.yaml. Leave one of them.',
    )
    for (const name of ['none.json', 'none', 'none.mjs'])
      expect((await run(['serve', '--config', join(folder, name)])).err).toContain(`${name} cannot be read: ENOENT`)
  })

  it('is a seed beside a world that it has no effect on; beside one that extends the default it has', async () => {
    const world = write('world.yaml', 'users: [{ username: ann }]')
    const { code, err } = await run(['serve', '--world', world, '--seed', '3'])
    expect([code, err]).toEqual([2, '--seed has no effect with --world. Leave one of them out.\n'])
    const extending = write('more.yaml', 'extends: default\nusers: [{ username: ann }]')
    const { out } = await run(['world', '--world', extending, '--codes', '3'])
    expect(JSON.parse(out).authorization_codes).toHaveLength(3)
  })
})

/** A file of a few lines whose aliases stand for nine to the power of ten values. */
const bomb = () => {
  const levels = Array.from(
    { length: 10 },
    (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`,
  )
  return ['a0: &a0 x', ...levels].join('\n')
}

/** A file whose aliases stand in one another, each some levels deeper. */
const ladder = () => {
  const rungs = Array.from(
    { length: 200 },
    (_, index) => `a${index + 1}: &a${index + 1} ${'['.repeat(90)}*a${index}${']'.repeat(90)}`,
  )
  return ['a0: &a0 [x]', ...rungs].join('\n')
}

describe('authentik-mock world', () => {
  const YAML = `# yaml-language-server: $schema=./world.schema.json
users:
  - &person { username: ann, superuser: true }
  - { <<: *person, username: bob }
applications: [{ slug: shop }]
authorization_codes:
  - { user: ann, application: shop, expires: +5m }
`

  it('prints a world in short as the whole that it stands for', async () => {
    const { out, code } = await run(['world', '--world', write('world.yaml', YAML), '--now', '2026-01-01T00:00:00Z'])
    const { users, authorization_codes: codes } = JSON.parse(out)
    expect(code).toBe(0)
    expect(users).toMatchObject([
      { pk: 1, username: 'ann', is_superuser: true },
      { pk: 2, username: 'bob', is_superuser: true },
    ])
    expect(codes).toMatchObject([{ user: 1, provider: 1, expires: '2026-01-01T00:05:00Z' }])
  })

  it('takes a list whose rows are commented out', async () => {
    const { code, out } = await run(['world', '--world', write('world.yaml', 'users:\n  # - username: ann\n')])
    expect([code, JSON.parse(out).users]).toEqual([0, []])
  })

  it.each([
    [
      'users: [{ username: ann }]\nauthorization_codes: [{ user: anm }]',
      'no row of users has the username "anm"; the nearest is "ann"',
    ],
    ['users: [', 'is no YAML'],
    [
      'users:\n  - username: ann\n   name: x\n',
      'is no YAML: bad indentation of a sequence entry, in line 3, column 4: name: x. Give a world in YAML.',
    ],
    ['', 'is empty'],
    [bomb(), 'its aliases stand for more than a million values'],
    ['users: &all\n  - name: *all\n', 'it has an alias for what it stands in'],
  ])('refuses %j with what is wrong', async (content, message) => {
    const { code, err } = await run(['world', '--world', write('world.yml', content)])
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('refuses what aliases nest in one another without end in sight', async () => {
    const { code, err } = await run(['world', '--world', write('world.yml', ladder())])
    expect([code, err]).toEqual([2, expect.stringContaining('its aliases nest it deeper than 1000 levels')])
  })

  it('prints a schema that takes a world in short, and the default world, and refuses a wrong name', async () => {
    const { out } = await run(['world', '--schema'])
    const schema = JSON.parse(out)
    const { Ajv2020 } = await import('ajv/dist/2020.js')
    const isWorld = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
    const seeded = mock()
    await seeded.ready
    for (const world of [
      JSON.parse(JSON.stringify(seeded.world)),
      {
        extends: 'default',
        users: [{ username: 'ann', superuser: true, groups: ['admins'] }],
        access_tokens: [{ user: 'ann', application: 'shop', expires: '+5m' }],
      },
    ])
      expect([isWorld(world), isWorld.errors]).toEqual([true, null])
    for (const world of [
      { usrs: [] },
      { users: [{ usrname: 'ann' }] },
      { users: [{ is_active: 'yes' }] },
      { extends: 'all' },
    ])
      expect([JSON.stringify(world), isWorld(world)]).toEqual([JSON.stringify(world), false])
  })
})

describe('a server whose world is watched', () => {
  it('takes a world that changes, keeps the old one when it is wrong, and says which', async () => {
    const path = write('world.yaml', 'users: [{ username: ann }]')
    const { output, ended, stop } = start(['serve', '--port', '0', '--world', path, '--watch', '--json'])
    await vi.waitUntil(() => output.out.includes('\n'), { timeout: 60_000 })
    const { url, control } = JSON.parse(output.out)
    const usernames = async () => {
      const answer = await fetch(`${control.url}world/users/`, {
        headers: { Authorization: `Bearer ${control.token}` },
      })
      const { rows } = (await answer.json()) as { rows: { username: string }[] }
      return rows.map(({ username }) => username)
    }
    expect(await usernames()).toEqual(['ann'])
    write('world.yaml', 'users: [{ username: ann }, { username: bob }]')
    await vi.waitUntil(() => output.err.includes('is served now'), { timeout: 60_000 })
    expect(await usernames()).toEqual(['ann', 'bob'])
    // An editor may put another file into its place.
    renameSync(write('draft.yaml', 'users: [{ usrname: eve }]'), path)
    await vi.waitUntil(() => output.err.includes('the world before it stays'), { timeout: 60_000 })
    expect(output.err).toContain('users[0].usrname: there is no such field; the nearest is username')
    expect(await usernames()).toEqual(['ann', 'bob'])
    await fetch(`${control.url}reset/`, { method: 'POST', headers: { Authorization: `Bearer ${control.token}` } })
    expect(await usernames()).toEqual(['ann', 'bob'])
    expect((await fetch(`${url}/-/health/live/`)).status).toBeLessThan(300)
    stop()
    expect(await ended).toBe(0)
  })

  it('takes what a link leads to, as a mounted configuration is changed', async () => {
    const [old, next] = [
      write('one/world.yaml', 'users: [{ username: ann }]'),
      write('two/world.yaml', 'users: [{ username: bob }]'),
    ]
    const link = join(folder, 'world.yaml')
    symlinkSync(old, link)
    const { output, ended, stop } = start(['serve', '--port', '0', '--world', link, '--watch', '--json'])
    await vi.waitUntil(() => output.out.includes('\n'), { timeout: 60_000 })
    rmSync(link)
    symlinkSync(next, link)
    await vi.waitUntil(() => output.err.includes('is served now'), { timeout: 60_000 })
    stop()
    expect(await ended).toBe(0)
  })

  it('needs a file of a world', async () => {
    const { out, err } = await run(['serve', '--watch', '--port', '0'])
    // Nothing listens by then.
    expect([out, err]).toEqual(['', '--watch has no effect without --world FILE. Add one.\n'])
  })
})

describe('what docs/worlds.md shows', () => {
  it('is a world, as it stands there', async () => {
    const blocks = [...readText('docs/worlds.md').matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block)
    expect(blocks.length).toBeGreaterThan(0)
    for (const block of blocks) expect((await run(['world', '--world', write('world.yaml', block)])).err).toBe('')
  })
})
