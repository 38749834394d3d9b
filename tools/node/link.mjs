/** Runs after an install in this repository; whoever installs the package has neither this script nor its Node. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const modules = `${root}node_modules`
const [name] = existsSync(modules) ? readdirSync(modules).filter((folder) => /^node-(linux|win)-/.test(folder)) : []
if (name !== undefined) {
  // npm 10 installs the Node of the scripts and does not link it; and a script that asks it to would wait for itself.
  const link = `${modules}/.bin/node`
  mkdirSync(`${modules}/.bin`, { recursive: true })
  if (!existsSync(link) && process.platform !== 'win32') symlinkSync(`../${name}/bin/node`, link)

  // Headers to compile addons with, a third of Node's package: nothing here is compiled.
  rmSync(`${modules}/${name}/include`, { recursive: true, force: true })
}

// npm installs a git dependency from a clone of its own, in which it sets this, and packs what it then finds there.
if (process.env['_PACOTE_NO_PREPARE_'] !== undefined)
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
