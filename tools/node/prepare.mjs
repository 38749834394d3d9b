/** Runs after an install in this repository; whoever installs the package has neither this script nor its Node. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { npm_execpath: cli, _PACOTE_NO_PREPARE_: gitInstall } = process.env
const npm = (...args) => {
  const [command, ...first] = cli?.endsWith('.js') ? [process.execPath, cli] : ['npm']
  execFileSync(command, [...first, ...args], { cwd: root, stdio: 'inherit', shell: command === 'npm' })
}

// npm 10 installs the Node of the scripts and does not link it.
npm('rebuild', '--silent', '--ignore-scripts')

// Headers to compile addons with, a third of Node's package: nothing here is compiled.
const modules = `${root}/node_modules`
for (const name of existsSync(modules) ? readdirSync(modules) : [])
  if (name.startsWith('node-')) rmSync(`${modules}/${name}/include`, { recursive: true, force: true })

// npm installs a git dependency from a clone of its own, in which it sets this, and packs what it then finds there.
if (gitInstall !== undefined) npm('run', '--silent', 'build')
