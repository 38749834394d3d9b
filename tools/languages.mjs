/**
 * Has programs in other languages ask the mock: the examples of Python and Go with their tests, the documented line of
 * examples/languages in each language that this machine has, and authentik's own clients for Python and Go, of which the
 * releases of tools/languages/requirements and tools/languages/go are installed into folders that are removed again.
 */
import { execFile, spawn } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Parts of names; without any, everything runs. */
const names = process.argv.slice(2)
const root = fileURLToPath(new URL('..', import.meta.url))
const requirements = join(root, 'tools/languages/requirements')
const modules = join(root, 'tools/languages/go')
/** The command that serves, without npm, which passes no signal on. */
const CLI = [
  process.execPath,
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
  join(root, 'src/entries/cli.ts'),
]
/** How each language runs the file that has the documented line; Java alone does not trust SSL_CERT_FILE. */
const SNIPPETS = [
  { command: 'sh', args: ['codes.sh'] },
  { command: 'python3', args: ['codes.py'] },
  { command: 'go', args: ['run', 'codes.go'] },
  { command: 'php', args: ['codes.php'] },
  { command: 'ruby', args: ['codes.rb'] },
  { command: 'java', args: ['Codes.java'], trustsFile: false },
]

const env = {
  ...process.env,
  AUTHENTIK_MOCK: CLI.join(' '),
  // A proxy of this machine is not for the mock, and Python would ask it.
  NO_PROXY: '127.0.0.1,localhost',
  no_proxy: '127.0.0.1,localhost',
  PYTHONDONTWRITEBYTECODE: '1',
  // The examples need nothing but Go itself.
  GOFLAGS: '',
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
}
const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-languages-'))
const servers = new Set()
/** The environment that installs authentik's clients, once it is asked for. */
let environment
process.on('exit', () => {
  for (const server of servers) server.kill()
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

for (const command of ['python3', 'go'])
  if (!has(command)) {
    console.error(
      `Failed to test other languages: there is no ${command} on the PATH. Install Python 3.11 and Go 1.22.`,
    )
    process.exit(1)
  }
const absent = SNIPPETS.filter(({ command }) => !has(command)).map(({ command }) => command)
if (absent.length > 0) console.log(`Not on this machine, and not run: ${absent.join(', ')}`)

/** Two at a time, because pip waits for disk and network. */
const queue = [
  ['examples/python', () => run('python3', ['-m', 'unittest'], 'examples/python')],
  ['examples/go', () => run('go', ['test', '-count=1', './...'], 'examples/go')],
  ...readdirSync(requirements).map((file) => [`authentik-client ${file.replace('.txt', '')}`, () => tryClient(file)]),
  ...readdirSync(modules)
    .filter((name) => name !== 'client.go')
    .map((release) => [`goauthentik.io/api ${release}`, () => tryGoClient(release)]),
  ['examples/languages', trySnippets],
]
  .filter(([name]) => names.length === 0 || names.some((part) => name.includes(part)))
  .values()
const work = async () => {
  for (const [name, action] of queue) await timed(name, action)
}
await Promise.all([work(), work()])

/** Whether the PATH has a command. */
function has(command) {
  return process.env.PATH.split(delimiter).some((path) => {
    try {
      return readdirSync(path).includes(command)
    } catch {
      return false
    }
  })
}

/** Prints how long something took and what it says, or why it failed. */
async function timed(name, action) {
  const start = performance.now()
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`
  try {
    const report = await action()
    console.log(`${seconds()}  ${name}${report ? `: ${report}` : ''}`)
  } catch (error) {
    console.error(`${seconds()}  ${name} failed\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`)
    process.exitCode = 1
  }
}

/**
 * Runs a command in a folder of the repository.
 * @returns what it prints
 * @throws Error with its outputs, when it fails
 */
async function run(command, args, cwd, variables = {}) {
  const { stdout } = await promisify(execFile)(command, args, {
    cwd: join(root, cwd),
    env: { ...env, ...variables },
    maxBuffer: 2 ** 26,
  })
  return stdout.trim()
}

/** Serves while an action runs. The action is given what `serve --json` prints. */
async function serving(args, action) {
  const [command, ...rest] = CLI
  const server = spawn(command, [...rest, 'serve', '--port', '0', '--json', ...args], {
    // The certificate for localhost is made in the cache folder of the user.
    env: { ...env, XDG_CACHE_HOME: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  servers.add(server)
  const closed = new Promise((resolve) => server.once('close', resolve))
  try {
    const [line] = await Promise.race([createInterface(server.stdout)[Symbol.asyncIterator]().next(), closed]).then(
      (result) => [result?.value],
    )
    if (line === undefined) throw new Error(`Failed to serve with ${args.join(' ')}: see what it says above.`)
    return await action(JSON.parse(line))
  } finally {
    server.kill()
    await closed
    servers.delete(server)
  }
}

/** Has the documented line asked in each language, over HTTP and over HTTPS. */
function trySnippets() {
  return serving(['--https-port', '0'], async ({ url, https, ca, token }) => {
    const address = `${url}/api/v3/oauth2/authorization_codes/1/`
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${token}` } })
    const { user } = await answer.json()
    const present = SNIPPETS.filter(({ command }) => has(command))
    for (const { command, args, trustsFile = true } of present)
      for (const server of trustsFile ? [url, https] : [url]) {
        const variables = { AUTHENTIK_URL: server, AUTHENTIK_TOKEN: token, SSL_CERT_FILE: ca, CURL_CA_BUNDLE: ca }
        const printed = await run(command, args, 'examples/languages', variables)
        if (printed !== user.username)
          throw new Error(`${command} ${args.join(' ')} printed "${printed}" of ${server}, not ${user.username}.`)
      }
    return present.map(({ command }) => command).join(', ')
  })
}

/** Installs a release of authentik's client into a folder of its own, and has it ask the mock of that release. */
async function tryClient(file) {
  const python = join(folder, 'python/bin/python')
  environment ??= run('python3', ['-m', 'venv', join(folder, 'python')], '.')
  await environment
  const target = join(folder, file)
  const args = ['install', '--quiet', '--no-compile', '--target', target, '--requirement', join(requirements, file)]
  await run(python, ['-m', 'pip', ...args], '.').catch((error) => {
    error.message = `Failed to install authentik's client. Let pip reach its index.\n${error.message}`
    throw error
  })
  const release = file.replace('.txt', '')
  return serving(['--release', release], async ({ url, token }) => {
    const variables = { AUTHENTIK_URL: url, AUTHENTIK_TOKEN: token, PYTHONPATH: target }
    return run(python, ['tools/languages/clients.py', release], '.', variables)
  })
}

/** Builds authentik's client for Go of a release, by the sums of its go.sum, and has it ask the mock of that release. */
async function tryGoClient(release) {
  const target = join(folder, `go-${release}`)
  cpSync(join(modules, release), target, { recursive: true })
  copyFileSync(join(modules, 'client.go'), join(target, 'client.go'))
  const { GOPROXY = '' } = process.env
  // A folder of modules of its own, which Go would protect from being removed.
  const variables = { GOPROXY, GOMODCACHE: join(folder, `modules-${release}`), GOFLAGS: '-modcacherw' }
  await run('go', ['build', '-C', target, '-o', 'client', '.'], '.', variables).catch((error) => {
    error.message = `Failed to build authentik's client. Let go reach its proxy.\n${error.message}`
    throw error
  })
  return serving(['--release', release], ({ url, token }) =>
    run(join(target, 'client'), [], '.', { AUTHENTIK_URL: url, AUTHENTIK_TOKEN: token }),
  )
}
