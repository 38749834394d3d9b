/** The server of a worker: that of the whole run, or else one of its own. */
import { quote } from '../../schema/json.ts'

/** A server under control. */
export interface ControlServer {
  /** Its address, with its base path and without a final slash: `http://localhost:9000`. */
  url: string
  token: string
}

/** What is said of the server of a worker. */
export interface ServerOptions {
  url: string | undefined
  token: string | undefined
  /** The origins whose pages may read the answers of a server that is started here. */
  cors: readonly string[]
}

/** Gives a worker its server, which is started when it is first asked for. */
export interface ServerSource {
  open(): Promise<ControlServer>
  close(): Promise<void>
}

/**
 * Finds the server that the options, or the environment, name; where there is none, one is started in this process.
 * @throws Error for an address without a token, and for what is no address
 */
export function createServerSource({ url, token, cors }: ServerOptions): ServerSource {
  const address = url ?? process.env['AUTHENTIK_MOCK_URL']
  if (address === undefined || address === '') return createWorkerServer(cors)
  const controlToken = token ?? process.env['AUTHENTIK_MOCK_CONTROL_TOKEN']
  const open = async (): Promise<ControlServer> => {
    if (!URL.canParse(address) || !/^https?:/.test(address))
      throw serverError(`authentikUrl is ${quote(address)}. Give an address such as http://localhost:9000`)
    if (!controlToken)
      throw serverError(
        `${address} has no token. Give that of the server as authentikControlToken, or as AUTHENTIK_MOCK_CONTROL_TOKEN`,
      )
    return { url: address.replace(/\/$/, ''), token: controlToken }
  }
  return { open, close: async () => {} }
}

function createWorkerServer(cors: readonly string[]): ServerSource {
  let opening: ReturnType<typeof startServer> | undefined
  return {
    open: () => (opening ??= startServer(cors)),
    close: async () => (await opening)?.close(),
  }
}

/** Starts a server on a free port of this machine. What it needs is loaded only then. */
async function startServer(cors: readonly string[]): Promise<ControlServer & { close(): Promise<void> }> {
  const [{ mock }, { control }, { serve }] = await Promise.all([
    import('../../mock/mock.ts'),
    import('../../control/control.ts'),
    import('../../http/node/server.ts'),
  ])
  const authentik = control(mock())
  const server = await serve(authentik, { port: 0, cors })
  // By this name it is of one site with a page on localhost, whose hidden frames then have its cookies.
  const url = `http://localhost:${server.port}`
  return { url, token: authentik.control.token, close: () => server.close() }
}

const serverError = (reason: string) => new Error(`Failed to find the server of authentik-mock: ${reason}.`)
