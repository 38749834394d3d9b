/** `authentik-mock serve`: a mock on a socket, until it is told to stop. */
import { readFileSync } from 'node:fs'
import { serve as listen, type Server } from '../http/node/server.ts'
import { mock, type Mock, type MockOptions } from '../mock/mock.ts'
import { WorldError } from '../store/world-file.ts'
import { command, type Terminal } from './command.ts'
import { choice, flag, instant, text, texts, UsageError, whole, type Option } from './options.ts'

/** A JSON file, read. */
const jsonFile = (help: string): Option<object> => ({
  help,
  value: 'FILE',
  read(path) {
    let content: string
    try {
      content = readFileSync(path, 'utf8')
    } catch (error) {
      throw new Error(`cannot be read (${(error as NodeJS.ErrnoException).code}). Give the path of a world in JSON.`, {
        cause: error,
      })
    }
    try {
      return JSON.parse(content) as object
    } catch (error) {
      throw new Error(`is no JSON: ${(error as Error).message}. Give a world in JSON.`, { cause: error })
    }
  },
})

export const seedOptions = {
  seed: whole('what the rows depend on: the same seed gives the same rows (1)', 'N', {
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
  }),
  codes: whole('how many authorization codes (20)', 'N', { from: 0, to: 1_000_000 }),
}

export const serve = command({
  name: 'serve',
  summary: 'answer on a socket as an authentik would',
  options: {
    port: whole('where to listen; 0 picks a free port (9000)', 'N', { from: 0, to: 65_535 }),
    host: text('the address to listen on (127.0.0.1)', 'ADDRESS'),
    ...seedOptions,
    release: text('which authentik to be (2024.8.3)', 'VERSION'),
    fidelity: choice('answer as the documentation says, or as servers were seen to (documented)', [
      'documented',
      'observed',
    ]),
    front: choice(
      'whether the outer layer of a running authentik stands before it (on as documented, off as observed)',
      ['on', 'off'],
    ),
    world: jsonFile('start from a world in JSON instead of a seed; `authentik-mock seed` prints one'),
    now: instant('stop the clock at this instant'),
    'allow-host': texts('a name that requests may call the server by, beside localhost; * for any', 'NAME'),
    cors: texts('an origin whose pages may read the answers; * for any', 'ORIGIN'),
    json: flag('print one JSON object instead of the text'),
  },
  async run(values, { print, warn: log, bold, env, stopped }) {
    if (values.world)
      for (const name of ['seed', 'codes'] as const)
        if (values.given.has(name)) throw new UsageError(`--${name} has no effect with --world. Leave one of them out.`)
    const { port = 9000, host = '127.0.0.1' } = values
    const token = env.AUTHENTIK_BOOTSTRAP_TOKEN
    const own = create({
      ...pick(values, ['release', 'fidelity', 'seed', 'codes', 'world', 'now']),
      ...(values.front ? { front: values.front === 'on' } : {}),
      ...(token ? { token } : {}),
      log,
    })
    const server = await open(own, { port, host, allowHosts: values['allow-host'] ?? [], cors: values.cors ?? [], log })
    print(values.json ? `${JSON.stringify(toReport(own, server))}\n` : toText(own, server, bold))
    await stopped()
    await server.close()
  },
})

function create(options: MockOptions): Mock {
  try {
    return mock(options)
  } catch (error) {
    if (error instanceof WorldError || error instanceof RangeError) throw new UsageError(error.message)
    throw error
  }
}

async function open(
  own: Mock,
  options: Parameters<typeof listen>[1] & { port: number; host: string },
): Promise<Server> {
  try {
    return await listen(own, options)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const { port, host } = options
    if (code === 'EADDRINUSE')
      throw new UsageError(
        `Port ${port} of ${host} is in use. Give another: --port ${port + 1} (or --port 0 for any that is free).`,
      )
    if (code === 'EACCES')
      throw new UsageError(`Port ${port} may not be opened by this user. Give one from 1024: --port 9000`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
      throw new UsageError(`${host} is no address of this machine. Give one that is: --host 127.0.0.1`)
    if (error instanceof RangeError) throw new UsageError(error.message)
    throw error
  }
}

const toReport = (own: Mock, { url }: Server) => ({
  url,
  release: own.release,
  fidelity: own.fidelity,
  token: own.tokens().superuser ?? null,
  pid: process.pid,
})

function toText(own: Mock, { url }: Server, bold: Terminal['bold']): string {
  const { superuser, user } = own.tokens()
  const from = own.seed === undefined ? 'your world' : `seed ${own.seed}`
  const token = superuser ?? user
  return [
    `authentik ${own.release} (mock, ${own.fidelity}, ${from}) listens on ${bold(url)}`,
    `  superuser's token   ${superuser ?? 'none: the world has no API token of an active superuser'}`,
    `  ordinary user's     ${user ?? 'none: the world has no API token of an active ordinary user'}`,
    ...(token
      ? [
          '',
          `curl -L -X GET '${url}/api/v3//oauth2/authorization_codes/1/' -H 'Accept: application/json' -H 'Authorization: Bearer ${token}'`,
        ]
      : []),
    '',
    '',
  ].join('\n')
}

/** The values that were given, without the rest. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): { [Key in K]?: NonNullable<T[Key]> } {
  return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]]))) as never
}
