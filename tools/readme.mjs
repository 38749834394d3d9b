/**
 * `pack` writes the documents that the package has, in which whatever is not in the package has no link; `restore` brings
 * the repository's own back. npm packs the files of those names and no others, so they stand in their place meanwhile.
 */
import { existsSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const originalOf = (path) => inRoot(posix.join(posix.dirname(path), `.${posix.basename(path)}`))
const { files } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
const packed = [...files, 'README.md', 'LICENSE']
// A folder is packed with all that it has but what begins with a dot, as the originals do (package.json).
const pages = globSync('docs/doors/*.md', { cwd: inRoot('') }).map((path) => path.replaceAll('\\', '/'))

for (const path of [...packed.filter((file) => file.endsWith('.md')), ...pages]) {
  const [document, original] = [inRoot(path), originalOf(path)]
  // One that is still there is of a run that broke off.
  if (existsSync(original)) renameSync(original, document)
  if (process.argv[2] !== 'pack') continue
  const text = readFileSync(document, 'utf8')
  writeFileSync(original, text)
  writeFileSync(document, toPacked(text, posix.dirname(path)))
}

/** Leaves out what only a clone has: its commands, the section on working in it, pictures and links to its files. */
function toPacked(text, folder) {
  const isPacked = (target) => {
    const path = posix.join(folder, target.replace(/#.*/, ''))
    return /^(https?:|#)/.test(target) || packed.some((file) => path === file || path.startsWith(`${file}/`))
  }
  return text
    .replace(/^## Working on it\n[^]*?(?=^## |$(?![^]))/m, '')
    .replace('```sh\nnpm ci && npm start\n```', '```sh\nnpx authentik-mock serve\n```')
    .replace(/^Written from \S+ by `npm run update`\. /m, '')
    .replace(/^In this clone .*\n\n/m, '')
    .replace(/ [^.]*is the page of the picture[^]*?`npm run example` opens it\./, '')
    .replace(/^!\[[^\]]*\]\(([^)]+)\)\n\n/gm, (picture, target) => (isPacked(target) ? picture : ''))
    .replace(/\[([^\]]*)\]\(([^)]+)\)/g, (link, label, target) => (isPacked(target) ? link : label))
    .trimEnd()
    .concat('\n')
}
