/** Installs other mock servers, on which this package does not depend, into a folder that is deleted afterwards. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { toDocument } from '../src/rest/document.ts'
import { findRelease } from '../src/authentik/releases/index.ts'
import { startAt, type Child } from './children.ts'

const RIVALS = ['fastify@5.12.8', '@stoplight/prism-cli@5.16.0']

/** Installs the rivals. @returns the path of the package.json beside them; undefined when the registry cannot be reached */
export function installRivals(folder: string): string | undefined {
  const manifest = join(folder, 'package.json')
  writeFileSync(manifest, '{ "private": true }')
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error']
  const { status } = spawnSync('npm', ['install', ...quiet, ...RIVALS], {
    cwd: folder,
    stdio: 'ignore',
    timeout: 100_000,
    shell: process.platform === 'win32',
  })
  return status === 0 ? manifest : undefined
}

/** Starts Prism with the document of the mock. @returns undefined when Prism does not answer */
export async function startPrism(folder: string): Promise<Child | undefined> {
  const document = join(folder, 'openapi.json')
  writeFileSync(document, JSON.stringify(toDocument(findRelease('2024.8.3'))))
  const port = await freePort()
  const cli = createRequire(join(folder, 'package.json')).resolve('@stoplight/prism-cli')
  const args = [cli, 'mock', '--host', '127.0.0.1', '--port', String(port), '--verboseLevel', 'silent', document]
  // Prism leaves out the path of the document's server.
  return startAt(`http://127.0.0.1:${port}`, '/oauth2/authorization_codes/1/', args).catch(() => undefined)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
