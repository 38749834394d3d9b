/** Reports are written whole into a folder that can have them, and it is said at once where none can be. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UsageError } from '../../src/cli/options.ts'
import { openFolder, writeWhole } from '../../src/cli/output-folder.ts'
import { cpuOf, leastOf } from '../support/cost.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'authentik-mock-output-'))
})
afterEach(() => rmSync(root, { recursive: true }))

describe('the folder of --output', () => {
  it('is made, with those above it', () => {
    openFolder(join(root, 'reports', 'of', 'today'))
    expect(readdirSync(join(root, 'reports', 'of'))).toEqual(['today'])
  })

  it('may be there already, behind a link too', () => {
    mkdirSync(join(root, 'there'))
    symlinkSync(join(root, 'there'), join(root, 'link'))
    openFolder(join(root, 'link'))
    openFolder(join(root, 'link', 'below'))
    expect(readdirSync(join(root, 'there'))).toEqual(['below'])
  })

  it.each([
    ['a file', 'file', 'ENOTDIR'],
    ['below a file', 'file/below', 'ENOTDIR'],
    ['a link to nothing', 'dangling', 'ENOENT'],
    ['below a link to nothing', 'dangling/below/deep', 'ENOENT'],
    ['a link to itself', 'circle', 'ELOOP'],
    ['below a link to itself', 'circle/below', 'ELOOP'],
    ['a name that is too long', 'x'.repeat(300), 'ENAMETOOLONG'],
  ])('cannot be %s, which is refused at once', async (_, name, code) => {
    writeFileSync(join(root, 'file'), '')
    symlinkSync(join(root, 'nothing'), join(root, 'dangling'))
    symlinkSync('circle', join(root, 'circle'))
    const path = join(root, name)
    const refuse = () =>
      expect(() => openFolder(path)).toThrow(
        new UsageError(`--output ${path} cannot be made (${code}). Give a folder.`),
      )
    expect(await leastOf(1000, () => cpuOf(refuse))).toBeLessThan(1000)
  })

  it('cannot be one that the system keeps to itself', () => {
    expect(() => openFolder('/proc/reports')).toThrow(UsageError)
  })
})

describe('a report', () => {
  it('takes the place of the last, and nothing else is left', () => {
    writeWhole(join(root, 'verify.json'), 'old')
    writeWhole(join(root, 'verify.json'), 'new')
    expect([readdirSync(root), readFileSync(join(root, 'verify.json'), 'utf8')]).toEqual([['verify.json'], 'new'])
  })

  it('takes the place of a link, and what the link pointed at stays', () => {
    const target = join(root, 'elsewhere')
    writeFileSync(target, 'precious')
    symlinkSync(target, join(root, 'verify.json'))
    writeWhole(join(root, 'verify.json'), 'report')
    expect([readFileSync(target, 'utf8'), readFileSync(join(root, 'verify.json'), 'utf8')]).toEqual([
      'precious',
      'report',
    ])
  })

  it('that cannot be written is a line that says so, and leaves nothing', () => {
    mkdirSync(join(root, 'verify.json'))
    writeFileSync(join(root, 'verify.json', 'inside'), '')
    expect(() => writeWhole(join(root, 'verify.json'), 'report')).toThrow(/cannot be written \(E\w+\)\. Give a folder/)
    expect(readdirSync(root)).toEqual(['verify.json'])
  })

  it('for which there is no room leaves the last one whole', () => {
    const path = join(root, 'verify.json')
    writeFileSync(path, 'old')
    const folder = new URL('../../src/cli/output-folder.ts', import.meta.url).href
    const script = `import { writeWhole } from '${folder}'
      try { writeWhole('${path}', 'x'.repeat(1_000_000)) } catch (error) { console.log(error.message) }`
    // The shell allows no file over a few blocks, which the write meets as it meets a full disk.
    const run = `trap '' XFSZ; ulimit -f 8; exec "$0" --experimental-strip-types --no-warnings --input-type=module --eval "$1"`
    const message = execFileSync('bash', ['-c', run, process.execPath, script], { encoding: 'utf8' })
    expect(message).toContain(`--output: ${path} cannot be written (EFBIG).`)
    expect([readdirSync(root), readFileSync(path, 'utf8')]).toEqual([['verify.json'], 'old'])
  })
})
