/** Prepares what all tests share: the command line and the package, built once, because to load their sources takes a second each time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { build } from 'tsdown'
import type { TestProject } from 'vitest/node'
import { library } from '../../tsdown.config.ts'
import { inRoot } from './files.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the built command line. */
    command: string
    /** The folder of the built package, whose entries are files in it; and provider.js, which is test/contract/pact/provider.ts. */
    library: string
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  // Inside node_modules, so that it finds Pact as an installed one does.
  const cache = inRoot('node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'authentik-mock-'))
  const buildCommand = async () =>
    void (await build({
      ...library,
      entry: {
        cli: inRoot('src/entries/cli.ts'),
        index: inRoot('src/entries/index.ts'),
        msw: inRoot('src/entries/msw.ts'),
        node: inRoot('src/entries/node.ts'),
        vitest: inRoot('src/entries/vitest.ts'),
        provider: inRoot('test/contract/pact/provider.ts'),
      },
      dts: false,
      config: false,
      cwd: inRoot('.'),
      outDir: folder,
      minify: false,
      logLevel: 'error',
    }))
  await buildCommand()
  project.provide('command', join(folder, 'cli.js'))
  project.provide('library', folder)
  project.onTestsRerun(buildCommand)
  // For each of its requests Pact reads all the certificates that it trusts; none of the tests' servers needs any.
  const certificate = join(folder, 'certificate.pem')
  writeFileSync(certificate, rootCertificates[0] ?? '')
  process.env['SSL_CERT_FILE'] = certificate
  return () => rmSync(folder, { recursive: true })
}
