/**
 * Runs the projects of examples/doors with the package as it would be published: all, or those that are named. Each is
 * copied first, with what they share, so that it finds nothing of this repository, and installs what its lock file says
 * and then the tarball. Of its scripts it runs `test`; `build`, in which nothing of the mock may be; and `build:mock`,
 * whose page has to say in Chromium who is logged in, or whose `pages` of package.json have to say what stands there.
 * How Chromium is started stands in LAUNCH_OPTIONS, as JSON.
 */
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { delimiter, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium as playwright } from 'playwright'
import { chromium } from '../test/support/chromium.ts'

/** The folder of what several projects have. */
const SHARED = 'shared'
/** What only the mock and MSW have in their code. */
const OURS = /ERR_WORLD|authorization_codes|Mock Service Worker/
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
/** What a page says, by its path, where package.json says nothing else. */
const PAGES = { '/': 'akadmin' }

const root = fileURLToPath(new URL('..', import.meta.url))
const doors = join(root, 'examples/doors')
const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-doors-'))
// The commands of this repository would stand in for those that a project does not install.
const PATH = process.env.PATH.split(delimiter).filter((path) => !path.startsWith(join(root, 'node_modules', '.bin')))
const env = {
  ...process.env,
  PATH: [join(process.execPath, '..'), ...PATH].join(delimiter),
  NODE_OPTIONS: '',
  npm_config_loglevel: 'error',
}
const shell = process.platform === 'win32'
const npm = (cwd, ...args) => promisify(execFile)('npm', args, { cwd, env, shell, maxBuffer: 2 ** 28 })

try {
  const folders = readdirSync(doors, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const all = folders.filter(({ name }) => name !== SHARED)
  const names = process.argv.length > 2 ? process.argv.slice(2) : all.map(({ name }) => name)
  const tarball = await timed('npm pack', pack)
  if (tarball !== undefined) await openAll(names, tarball)
} finally {
  rmSync(folder, { recursive: true })
}

/** Two at a time, because most of a project's time is npm's, which waits for disk and network. */
async function openAll(names, tarball) {
  const launchOptions = await chromium()
  // For a project that starts a browser itself.
  env.LAUNCH_OPTIONS = JSON.stringify(launchOptions)
  const browser = await playwright.launch(launchOptions)
  const queue = names.values()
  const work = async () => {
    for (const name of queue) await timed(name, () => open(name, tarball, browser))
  }
  await Promise.all([work(), work()])
  await browser.close()
}

/** Prints how long something took, and why it failed. */
async function timed(name, action) {
  const start = performance.now()
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`
  try {
    const result = await action()
    console.log(`${seconds()}  ${name}`)
    return result
  } catch (error) {
    console.error(`${seconds()}  ${name} failed\n${error.stdout ?? ''}${error.message}`)
    process.exitCode = 1
  }
}

async function pack() {
  const { stdout } = await npm(root, 'pack', '--silent', '--pack-destination', folder)
  return join(folder, stdout.trim().split('\n').at(-1))
}

/** Installs a project, and runs what its package.json has. */
async function open(name, tarball, browser) {
  const project = join(folder, name)
  for (const source of [SHARED, name]) cpSync(join(doors, source), project, { recursive: true })
  const { scripts, pages = PAGES } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  await npm(project, 'ci', '--prefer-offline', '--no-audit', '--no-fund')
  await npm(project, 'install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund', tarball)
  for (const script of ['test', 'build', 'build:mock']) if (script in scripts) await npm(project, 'run', script)
  if ('build' in scripts && has(join(project, 'dist'), OURS)) throw new Error('The build for production has the mock.')
  if (!('build:mock' in scripts)) return
  // The search finds something where there is something.
  if (!has(join(project, 'dist-mock'), OURS)) throw new Error('The build with the mock does not have it.')
  await look(project, pages, browser)
}

/** Whether a file of a folder has a text. */
function has(path, text) {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  if (files.length === 0) throw new Error(`Nothing is in ${path}.`)
  return files.some((file) => text.test(readFileSync(join(file.parentPath, file.name), 'utf8')))
}

/** Opens the pages of a project, one after the other. @throws Error when one does not say in time what it should */
async function look(project, pages, browser) {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const path = pathname === '/' ? 'index.html' : pathname
    const file = [join(project, 'dist-mock', path), join(project, path)].find(existsSync)
    response.writeHead(file ? 200 : 404, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' })
    response.end(file && readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    for (const [path, text] of Object.entries(pages))
      await lookAt(`http://127.0.0.1:${server.address().port}${path}`, text, browser)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

async function lookAt(url, text, browser) {
  const page = await browser.newPage()
  const errors = []
  // Of an answer such as 403 Chromium says that the resource could not be loaded. MSW has its worker looked for anew when a
  // page is loaded again, and Chromium refuses that where the worker has not settled yet.
  const isError = (message) => !/^Failed to (?:load resource|update a ServiceWorker)/.test(message)
  const note = (message) => isError(message) && errors.push(message)
  page.on('pageerror', (error) => note(error.message))
  page.on('console', (message) => message.type() === 'error' && note(message.text()))
  try {
    await page.goto(url)
    await page.getByText(text).waitFor({ timeout: 20_000 })
    if (errors.length > 0) throw new Error('The page says what it should, and has errors.')
  } catch (error) {
    throw new Error(`${url}: ${error.message}\n${errors.join('\n')}`, { cause: error })
  } finally {
    await page.close()
  }
}
