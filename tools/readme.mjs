/**
 * `pack` writes the README that the package has, in which whatever is not in the package has no link; `restore` brings
 * the repository's own back. npm packs the file of that name and no other, so it stands in its place in the meantime.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const readme = inRoot('README.md')
const original = inRoot('.README.md')

// One that is still there is of a run that broke off.
if (existsSync(original)) renameSync(original, readme)
if (process.argv[2] === 'pack') {
  const text = readFileSync(readme, 'utf8')
  const { files } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  writeFileSync(original, text)
  writeFileSync(readme, toPacked(text, [...files, 'LICENSE']))
}

/** Leaves out what only a clone has: its commands, the section on working in it, pictures and links to its files. */
function toPacked(text, files) {
  const isPacked = (target) =>
    /^(https?:|#)/.test(target) || files.some((file) => target === file || target.startsWith(`${file}/`))
  return text
    .replace(/^## Working on it\n[^]*?(?=^## |$(?![^]))/m, '')
    .replace('npm ci && npm start', 'npx authentik-mock serve')
    .replace(/^In this clone .*\n\n/m, '')
    .replaceAll('npm run -s cli --', 'npx authentik-mock')
    .replace(/^!\[[^\]]*\]\(([^)]+)\)\n\n/gm, (picture, target) => (isPacked(target) ? picture : ''))
    .replace(/\[([^\]]*)\]\(([^)]+)\)/g, (link, label, target) => (isPacked(target) ? link : label))
    .trimEnd()
    .concat('\n')
}
