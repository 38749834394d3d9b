/** `authentik-mock serve` serves a mock on a socket, until it is told to stop. */
import { setFlagsFromString } from 'node:v8'
import type { ControlledMock } from '../control/control.ts'
import { isLoopback, readHostName, readOrigin, toName } from '../http/node/addresses.ts'
import { explainListening, neighbourOf } from '../http/node/listen-error.ts'
import { serve as listen, type Server } from '../http/node/server.ts'
import { mock, type Mock } from '../mock/mock.ts'
import type { Answering } from '../http/message.ts'
import { FIDELITIES, type MockOptions } from '../mock/options.ts'
import { MockError } from '../store/mock-error.ts'
import { extendsDefault } from '../store/world-file.ts'
import { command, type Terminal } from './command.ts'
import { choice, configOptions, flag, instant, path, pick, text, texts, UsageError, whole } from './options.ts'
import { withRequestLines } from './request-lines.ts'
import { toPlaces, toReport, toText } from './serve-places.ts'
import { toToken } from './token.ts'
import { readWorldFile } from './world-file.ts'

/** The options of a command that makes rows from a seed. */
export const seedOptions = {
  seed: {
    ...whole('what the rows depend on: the same seed gives the same rows', 'N', {
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
    }),
    fallback: '1',
  },
  codes: { ...whole('how many authorization codes', 'N', { min: 0, max: 1_000_000 }), fallback: '20' },
}

const MAX_PORT = 65_535

/** The command `serve`. */
export const serve = command({
  name: 'serve',
  summary: 'answer on a socket as an authentik would',
  isConfigured: true,
  variables: { AUTHENTIK_BOOTSTRAP_TOKEN: "in the environment: the superuser's API token (from the seed)" },
  options: {
    port: {
      ...whole('where to listen; 0 picks a free port', 'N', { min: 0, max: MAX_PORT }),
      short: 'p',
      fallback: '9000',
      looksLike: /^\d+$/,
    },
    host: { ...text('the address to listen on', 'ADDRESS'), fallback: '127.0.0.1' },
    ...seedOptions,
    release: { ...text('which authentik to be', 'VERSION'), fallback: '2024.8.3' },
    fidelity: {
      ...choice('answer as the documentation says, or as servers were seen to', FIDELITIES),
      fallback: 'documented',
    },
    front: {
      ...choice('whether the outer layer of a running authentik stands before it', ['on', 'off']),
      fallback: 'on as documented, off as observed',
    },
    'base-path': {
      ...text('a path before everything, such as /auth/, as AUTHENTIK_WEB__PATH has it', 'PATH'),
      fallback: '/',
    },
    login: { ...text('who answers a login: page, a person; auto or auto:USERNAME, nobody', 'HOW'), fallback: 'page' },
    world: {
      ...path('start from a world in JSON or YAML instead of a seed; `authentik-mock seed` prints one'),
      isObject: true,
      looksLike: /\.(?:json|ya?ml)$/i,
    },
    watch: flag('take the world of --world anew when its file changes'),
    now: instant('stop the clock at this instant'),
    'allow-host': {
      ...texts('a name that requests may call the server by, beside localhost, several times; * for any', 'NAME'),
      read: (name) => [readHostName(name)],
    },
    cors: {
      ...texts(
        'an origin whose pages may read the answers, with their session, several times; * for any, without',
        'ORIGIN',
      ),
      read: (origin) => [readOrigin(origin)],
    },
    https: flag('speak HTTPS, with a certificate for localhost that is made once, or with --cert'),
    'https-port': whole('speak HTTP on --port, and HTTPS on this one; 0 picks a free port', 'N', {
      min: 0,
      max: MAX_PORT,
    }),
    cert: path('a certificate of your own for HTTPS, in PEM'),
    key: path('its key, in PEM, where it is in another file'),
    control: {
      ...choice('whether the mock can be controlled by HTTP, below /-/mock/api/', ['on', 'off']),
      fallback: 'on for this machine alone',
    },
    'control-token': {
      ...text('what controls it; AUTHENTIK_MOCK_CONTROL_TOKEN is another way', 'TOKEN'),
      fallback: 'a random one',
      isSecret: true,
    },
    scenario: texts('have something go wrong from the start, by its name, several times', 'NAME'),
    json: flag('print one JSON object instead of the text'),
    verbose: flag('print a line for each request, and what of the world has no table here'),
    ...configOptions,
  },
  async run(values, { print, warn: log, bold, env, stopped }) {
    const world = await findWorld(values)
    const watched = findWatched(values)
    const { port = 9000, host = '127.0.0.1', 'allow-host': allowHosts = [], 'https-port': httpsPort } = values
    if (httpsPort === port && port !== 0)
      throw new UsageError(
        `--https-port ${port} is the port of HTTP too. Give another: --https-port ${neighbourOf(port)}`,
      )
    const certificate = (['https', 'https-port', 'cert', 'key'] as const).some((name) => values.optionNames.has(name))
      ? await (await import('./serve-certificate.ts')).findCertificate(values, { host, allowHosts }, { env, warn: log })
      : undefined
    const token = toToken('AUTHENTIK_BOOTSTRAP_TOKEN', env.AUTHENTIK_BOOTSTRAP_TOKEN)
    const authentik = create({
      ...pick(values, ['release', 'fidelity', 'now']),
      ...world,
      ...(values.front ? { front: values.front === 'on' } : {}),
      ...(values.login === undefined ? {} : { login: values.login as MockOptions['login'] & string }),
      ...(values['base-path'] === undefined ? {} : { basePath: values['base-path'] }),
      ...(token ? { token } : {}),
      log,
    })
    const controlled = await putUnderControl(authentik, values, { host, env })
    const answering = controlled ?? authentik
    const served = values.verbose ? withRequestLines(answering, log) : answering
    const server = await open(served, {
      port,
      host,
      allowHosts,
      cors: values.cors ?? [],
      ...(certificate && { tls: certificate.tls }),
      ...(httpsPort !== undefined && { httpsPort }),
      log,
    })
    // Before it says that it is there: what changes then is a change.
    const stopWatching = watched === undefined ? undefined : await watch(authentik, watched, log)
    keepMemorySmall()
    const aside = Object.keys(authentik.world.aside)
    if (values.verbose && aside.length) log(`kept aside, because there is no table for it: ${aside.join(', ')}`)
    warnOfNetwork(server, log)
    const places = { ...toPlaces(server, certificate), controlToken: controlled?.control.token }
    if (values.json) print(`${JSON.stringify(toReport(authentik, places))}\n`)
    else {
      // A certificate of somebody's own may be for no such name.
      const isOwn = certificate?.hasOurCa === false
      const loginUrl = isOwn ? undefined : await findLoginUrl(places.httpsUrl ?? places.url, host, log)
      print(toText(authentik, { ...places, login: values.login, loginUrl }, bold))
    }
    await stopped()
    stopWatching?.()
    await server.close()
  },
})

/** Where a page of this machine logs in: by the name that it has itself, where that leads here. */
async function findLoginUrl(url: string, host: string, log: Terminal['warn']): Promise<string> {
  const { findLocalhost, toLocalhost } = await import('./localhost.ts')
  const meaning = await findLocalhost(url, host)
  if (meaning === 'another server')
    log(
      `another server listens on ${toLocalhost(url).replace('localhost', '[::1]')}, so that localhost may lead there. Ask this one by ${url}, or give another port`,
    )
  return meaning === 'this server' ? toLocalhost(url) : url
}

/**
 * Keeps V8 from growing its heap under load for a speed that cannot be measured: of a server with 1,000 codes by 150 MiB.
 * Young objects keep the room that they have, and old ones are collected when they have grown by a half.
 */
function keepMemorySmall() {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=50')
}

/**
 * The world of a file, or what a seed depends on.
 * @throws UsageError for a seed that comes from where the world comes from, and has no effect
 */
async function findWorld(values: WorldValues): Promise<MockOptions> {
  const { world: file, sources } = values
  const seeding = pick(values, ['seed', 'codes'])
  if (file === undefined) return seeding
  const world = typeof file === 'string' ? await readWorldFile(sources?.get('world') ?? '--world', file) : file
  if (extendsDefault(world)) return { ...seeding, world }
  for (const name of Object.keys(seeding)) {
    const isBeside = sources?.get(name)?.replace(name, 'world') === sources?.get('world')
    if (isBeside)
      throw new UsageError(
        `${sources?.get(name)?.startsWith('--') ? `--${name}` : name} has no effect with --world. Leave one of them out.`,
      )
  }
  return { world }
}

/** What says which world is served. */
interface WorldValues {
  world?: string | object
  seed?: number
  codes?: number
  sources?: ReadonlyMap<string, string>
}

/** The file whose world is taken anew; undefined without `--watch`. @throws UsageError where there is no file */
function findWatched({ watch: isWatched, world: file }: { watch?: true; world?: string | object }): string | undefined {
  if (!isWatched) return undefined
  if (typeof file !== 'string') throw new UsageError('--watch has no effect without --world FILE. Add one.')
  return file
}

/** Takes the world anew when its file changes. @returns what stops that */
async function watch(authentik: Mock, file: string, log: Terminal['warn']): Promise<() => void> {
  const { watchWorld } = await import('./watch-world.ts')
  return watchWorld(authentik, file, log)
}

/** Puts a mock under control, unless it is told otherwise, or more than this machine reaches it. */
async function putUnderControl(
  authentik: Mock,
  values: { control?: string; 'control-token'?: string; scenario?: readonly string[] },
  { host, env }: { host: string; env: Terminal['env'] },
): Promise<ControlledMock | undefined> {
  const isOn = values.control === undefined ? isLoopback(toName(host)) : values.control === 'on'
  const { scenario: names = [] } = values
  const needed = values['control-token'] !== undefined ? '--control-token' : names.length > 0 ? '--scenario' : undefined
  if (!isOn && needed !== undefined)
    throw new UsageError(`${needed} has no effect without the control API. Add: --control on`)
  if (!isOn) return undefined
  const { control } = await import('../control/control.ts')
  const name = values['control-token'] === undefined ? 'AUTHENTIK_MOCK_CONTROL_TOKEN' : '--control-token'
  const token = toToken(name, values['control-token'] ?? env.AUTHENTIK_MOCK_CONTROL_TOKEN)
  const controlled = control(authentik, token ? { token } : {})
  for (const scenario of names) addScenario(scenario, controlled)
  return controlled
}

function addScenario(name: string, controlled: ControlledMock): void {
  try {
    controlled.scenario({ name })
  } catch (error) {
    if (error instanceof MockError) throw new UsageError(`--scenario: ${error.problems.join('; ')}.`)
    throw error
  }
}

function create(options: MockOptions): Mock {
  try {
    return mock(options)
  } catch (error) {
    if (error instanceof MockError) throw new UsageError(error.message)
    throw error
  }
}

async function open(
  served: Answering,
  options: Parameters<typeof listen>[1] & { port: number; host: string },
): Promise<Server> {
  try {
    return await listen(served, options)
  } catch (error) {
    const message = explainListening(
      error,
      options,
      (name, value) => `--${name === 'httpsPort' ? 'https-port' : name} ${value}`,
    )
    if (message !== undefined) throw new UsageError(message)
    if (error instanceof MockError) throw new UsageError(error.message)
    throw error
  }
}

/** Says so when more than this machine reaches the server. */
function warnOfNetwork({ networkUrls }: Server, warn: Terminal['warn']): void {
  if (!networkUrls) return
  const places = networkUrls.length > 0 ? `, on ${networkUrls.join(' and ')}` : ''
  warn(
    `the network can reach this server${places}. To be called by a name, such as a container's: --allow-host NAME. To be reached from this machine alone: --host 127.0.0.1`,
  )
}
