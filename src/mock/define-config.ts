/** The options of a project, in its `authentik-mock.config.mjs` or the like. */
import type { MockOptions } from './options.ts'

/** What the command line takes, in camelCase; flags and variables of the environment (`AUTHENTIK_MOCK_...`) come first. */
export interface Config extends Pick<
  MockOptions,
  'basePath' | 'codes' | 'fidelity' | 'front' | 'login' | 'release' | 'seed'
> {
  /** Where to listen; 0 picks a free port. @default 9000 */
  port?: number
  /** The address to listen on. @default '127.0.0.1' */
  host?: string
  /** A world, or the path of one in JSON or YAML, relative to this file. */
  world?: string | object
  /** Whether the world of `world` is taken anew when its file changes. @default false */
  watch?: boolean
  /** The clock stands still at this instant. @default real time */
  now?: Date | string
  /** Names that requests may call the server by, beside localhost; `*` for any. */
  allowHost?: string | readonly string[]
  /** Origins whose pages may read the answers, with their session; `*` for any, without. */
  cors?: string | readonly string[]
  /** Whether to speak HTTPS, with a certificate for localhost that is made once, or with `cert`. @default false */
  https?: boolean
  /** Speaks HTTP on `port`, and HTTPS on this one; 0 picks a free port. */
  httpsPort?: number
  /** The path of a certificate of your own for HTTPS, in PEM, relative to this file. */
  cert?: string
  /** The path of its key, in PEM, relative to this file. */
  key?: string
  /** Whether the mock can be controlled by HTTP. @default for this machine alone */
  control?: boolean
  /** What controls it. @default a random one */
  controlToken?: string
  /** What goes wrong from the start, by the names of scenarios. */
  scenario?: string | readonly string[]
  /** Whether to print one JSON object instead of the text. @default false */
  json?: boolean
  /** Whether to print a line for each request. @default false */
  verbose?: boolean
}

/**
 * States the options of a project, so that a compiler checks them and an editor completes them.
 * @example
 * // authentik-mock.config.mjs
 * import { defineConfig, defineWorld } from 'authentik-mock'
 *
 * export default defineConfig({
 *   release: '2025.12',
 *   world: defineWorld({ extends: 'default', users: [{ username: 'ann', superuser: true }] }),
 * })
 */
export const defineConfig = (config: Config): Config => config
