/** The licences of what is in the bundle. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rolldown } from 'tsdown'

/** Writes `THIRD-PARTY-LICENSES`, with the licence of each package of which dist/ has code. */
export const licences: Rolldown.Plugin = {
  name: 'licences',
  generateBundle(_options, bundle) {
    const bundled = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []))
    // A module that is itself a bundle, such as the page, says of what it was made.
    const modules = bundled.flatMap((id) => [id, ...((this.getModuleInfo(id)?.meta['modules'] as string[]) ?? [])])
    const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []))
    const texts = [...folders].sort().map(licenceIn)
    const source = `authentik-mock has code of these packages in its files.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
    if (texts.length > 0) this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES', source })
  },
}

/** @throws Error for a package that brings no licence along */
function licenceIn(folder: string): string {
  const manifest: { name: string; version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
  if (file === undefined)
    throw new Error(`Failed to build: ${manifest.name} has no licence that the bundle could bring along.`)
  return `${manifest.name} ${manifest.version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}`
}
