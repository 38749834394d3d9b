/** The entry of playwright.config.ts that starts one server for a whole run. */
import type { PlaywrightTestConfig } from '@playwright/test'
import { copyOf, quote as print } from '../../schema/json.ts'

/** An entry of `webServer`. */
export type WebServer = Extract<NonNullable<PlaywrightTestConfig['webServer']>, { command: string }>

/** How the server of a run is started. */
export interface WebServerOptions {
  /** The port to listen on. @default 9000 */
  port?: number
  /** A path before everything, as `--base-path` has it. @example '/auth/' */
  basePath?: string
  /** Origins whose pages may read answers of the API, which a real authentik allows none. @example ['http://localhost:5173'] */
  cors?: readonly string[]
  /** More arguments of `authentik-mock serve`. @example ['--release', '2025.12'] */
  args?: readonly string[]
  /** The command that is run. @default 'npx authentik-mock' */
  command?: string
}

/**
 * The entry of `webServer` that starts `authentik-mock serve` for the run. It sets `AUTHENTIK_MOCK_URL` and
 * `AUTHENTIK_MOCK_CONTROL_TOKEN` for the tests, which the workers get from there; a token that is set already is kept.
 * @example export default defineConfig({ webServer: [authentikWebServer({ port: 9000 }), { command: 'npm run dev' }] })
 */
export function authentikWebServer(options: WebServerOptions = {}): WebServer {
  const copy: WebServerOptions | undefined = copyOf(options)
  if (!copy) throw webServerError(`the options are ${print(options)}. Give an object such as { port: 9000 }`)
  const { port = 9000, basePath = '/', cors = [], args = [], command = 'npx authentik-mock' } = copy
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw webServerError(`port is ${typeof port === 'string' ? port : print(port)}. Give one from 1 to 65535`)
  for (const [name, value] of Object.entries({ basePath, command }))
    if (typeof value !== 'string') throw webServerError(`${name} is ${print(value)}, and no text`)
  for (const [name, value] of Object.entries({ cors, args }))
    if (!Array.isArray(value) || !value.every((word) => typeof word === 'string'))
      throw webServerError(`${name} is ${print(value)}. Give a list of texts`)
  const url = new URL(basePath, `http://localhost:${port}`).href.replace(/\/$/, '')
  const token = (process.env['AUTHENTIK_MOCK_CONTROL_TOKEN'] ||= crypto.randomUUID())
  process.env['AUTHENTIK_MOCK_URL'] = url
  const place = ['--port', String(port), ...(basePath === '/' ? [] : ['--base-path', basePath])]
  const words = ['serve', ...place, ...cors.flatMap((origin) => ['--cors', origin]), ...args]
  return {
    command: [command, ...words.map(quote)].join(' '),
    url: `${url}/-/health/live/`,
    env: { AUTHENTIK_MOCK_CONTROL_TOKEN: token },
    // One that is there already has another token.
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 3000 },
  }
}

const webServerError = (reason: string) => new TypeError(`Failed to make a webServer: ${reason}.`)

/** Writes a word as the shells of every system read it. */
const quote = (word: string) => (/^[\w./:@%+,=-]+$/.test(word) ? word : `"${word.replaceAll('"', String.raw`\"`)}"`)
