/** Starts other mock servers and frameworks, on which this package does not depend: they are installed into a folder that is deleted afterwards. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { here, start, startAt, type Child } from './children.ts'

/** Another server. */
export interface Peer {
  name: string
  /** Undefined when it could not be installed or does not start. */
  child: Child | undefined
}

/** The packages that are measured, and which release of each. */
export const VERSIONS = {
  fastify: '5.12.8',
  hono: '4.13.19',
  '@hono/node-server': '2.1.9',
  'oauth2-mock-server': '9.3.0',
  'json-server': '0.17.4',
  emulate: '0.12.2',
  '@stoplight/prism-cli': '5.16.0',
  'oidc-provider': '9.13.3',
}
/** Those whose answers are measured under load. */
const LOADED: readonly (keyof typeof VERSIONS)[] = [
  'fastify',
  'hono',
  '@hono/node-server',
  'oauth2-mock-server',
  'json-server',
  'emulate',
  '@stoplight/prism-cli',
]
const USAGE = { tellsUsage: true }

/**
 * Starts each of the others.
 * @param folder where they are installed
 * @param answerFile the path of the JSON that those answer which can be told what to answer
 */
export async function startPeers(folder: string, answerFile: string): Promise<Peer[]> {
  const manifest = install(folder, LOADED)
  const peers: Peer[] = []
  const enter = async (name: string, launch: () => Promise<Child>) =>
    peers.push({ name, child: await launch().catch(warn) })
  const enterInstalled = (name: string, launch: (packages: string) => Promise<Child>) =>
    manifest === undefined ? peers.push({ name, child: undefined }) : enter(name, () => launch(manifest))

  for (const name of ['fastify', 'hono'] as const)
    await enterInstalled(`${name} ${VERSIONS[name]}`, (packages) =>
      start([here(`servers/${name}.ts`), answerFile, packages], USAGE),
    )
  await enter('MSW `getResponse` behind `node:http`, one handler', () =>
    start([here('servers/msw.ts'), answerFile], USAGE),
  )
  await enter('MSW `getResponse`, the handlers of authentik-mock', () => start([here('servers/msw.ts')], USAGE))
  await enterInstalled(nameOf('oauth2-mock-server', '`/jwks`'), (packages) =>
    startCli(packages, 'oauth2-mock-server', '/jwks', (port) => ['-a', '127.0.0.1', '-p', port]),
  )
  await enterInstalled(nameOf('json-server', 'the same row from a file'), (packages) => {
    const rows = join(folder, 'rows.json')
    writeFileSync(rows, JSON.stringify({ codes: [{ id: 1, ...readJson(answerFile) }] }))
    return startCli(packages, 'json-server', '/codes/1', (port) => [
      '--quiet',
      '--host',
      '127.0.0.1',
      '--port',
      port,
      rows,
    ])
  })
  await enterInstalled(nameOf('emulate', 'discovery of its Google'), (packages) =>
    startCli(packages, 'emulate', '/.well-known/openid-configuration', (port) => [
      '--service',
      'google',
      '--port',
      port,
    ]),
  )
  await enterInstalled(nameOf('@stoplight/prism-cli', 'the same row as an example'), (packages) => {
    const document = join(folder, 'openapi.json')
    writeFileSync(document, JSON.stringify(toDocument(readJson(answerFile))))
    return startCli(packages, '@stoplight/prism-cli', '/codes/1/', (port) => [
      'mock',
      '--host',
      '127.0.0.1',
      '--port',
      port,
      '--verboseLevel',
      'silent',
      document,
    ])
  })
  return peers
}

const nameOf = (name: keyof typeof VERSIONS, what: string) => `${name} ${VERSIONS[name]}, ${what}`

/** Installs some of them. @returns the path of the package.json beside them; undefined when the registry cannot be reached */
export function install(folder: string, names: readonly (keyof typeof VERSIONS)[]): string | undefined {
  const manifest = join(folder, 'package.json')
  writeFileSync(manifest, '{ "private": true }')
  const packages = names.map((name) => `${name}@${VERSIONS[name]}`)
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error']
  const { status } = spawnSync('npm', ['install', ...quiet, ...packages], {
    cwd: folder,
    stdio: 'ignore',
    timeout: 180_000,
    shell: process.platform === 'win32',
  })
  if (status === 0) return manifest
  process.stderr.write('Other servers are not measured, because npm could not install them.\n')
  return undefined
}

/** Starts the command of an installed package on a free port. */
export async function startCli(
  manifest: string,
  name: string,
  path: string,
  argsOf: (port: string) => readonly string[],
): Promise<Child> {
  const folder = join(manifest, '..', 'node_modules', name)
  const { bin } = readJson(join(folder, 'package.json')) as { bin: string | Record<string, string> }
  const [script = ''] = typeof bin === 'string' ? [bin] : Object.values(bin)
  const port = String(await findFreePort())
  return startAt(`http://127.0.0.1:${port}`, path, [join(folder, script), ...argsOf(port)], USAGE)
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Returns an OpenAPI document whose only answer is an example. */
function toDocument(example: unknown) {
  const content = { 'application/json': { schema: { type: 'object' }, example } }
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }
  const get = { parameters: [id], responses: { 200: { description: 'A code.', content } } }
  return { openapi: '3.0.3', info: { title: 'Codes', version: '1' }, paths: { '/codes/{id}/': { get } } }
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
}

function warn(error: unknown): undefined {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
}
