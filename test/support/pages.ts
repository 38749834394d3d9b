/** Pages with the package in them, built and served as a project has them. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { build, type Plugin } from 'vite'
import { inject } from 'vitest'
import { inRoot } from './files.ts'
import { isWhole } from './tier.ts'

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

const folders: string[] = []
const servers: Server[] = []

/** Builds a page. @returns its folder */
export async function buildPage(root: string, plugins: Plugin[] = []): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
  folders.push(outDir)
  const library = (name: string, file: string) => ({ find: name, replacement: join(inject('library'), file) })
  await build({
    root: inRoot(root),
    configFile: false,
    mode: 'mock',
    logLevel: 'error',
    plugins,
    resolve: {
      alias: [
        // The package as it was built for all tests: a few modules, and not 400.
        library('authentik-mock/msw', 'msw.js'),
        library('authentik-mock', 'index.js'),
        { find: './tour.js', replacement: inRoot('examples/doors/shared/tour.js') },
      ],
    },
    // A page that is not minified is built in half the time.
    build: { outDir, emptyOutDir: true, target: 'esnext', minify: isWhole },
  })
  return outDir
}

/** How a page is served. */
export interface PageServing {
  tls?: { key: string; cert: string }
  /** Changes the worker of MSW. */
  changeWorker?(text: string): string
}

/** Serves a page as a dev server does: what is no file is its index.html. @returns its origin */
export async function servePage(path: string, { tls, changeWorker }: PageServing = {}): Promise<string> {
  const listener: RequestListener = ({ url = '/' }, response) => {
    const name = url.split('?')[0] ?? ''
    const files = [join(path, name), inRoot(`node_modules/msw/lib${name}`), join(path, 'index.html')]
    const file = files.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile()) ?? ''
    const content = readFileSync(file)
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' })
    response.end(changeWorker && file.endsWith('Worker.js') ? changeWorker(content.toString()) : content)
  }
  const server = tls ? createHttps(tls, listener) : createHttp(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Ends what was served, and removes what was built. */
export function closePages(): void {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
}
