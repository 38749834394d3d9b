/** Says what to do where an address cannot be had. */

/** What a server was told to listen on. */
interface Address {
  host: string
  port: number
  httpsPort?: number | undefined
}

/** Writes an option with its value, for who gives it: `--port 9001`, or `{ port: 9001 }`. */
type WriteOption = (name: 'host' | 'httpsPort' | 'port', value: number | string) => string

const MAX_PORT = 65_535

/** A port to give instead of another. */
export const neighbourOf = (port: number): number => (port < MAX_PORT ? port + 1 : port - 1)

/** The codes of Node's errors for what is no address of this machine. */
const NO_ADDRESS: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'ENOTFOUND', 'EAI_AGAIN'])

/** Says why nothing listens, and what to give instead. @returns undefined for an error that is about something else */
export function explainListening(
  error: unknown,
  { host, httpsPort, ...address }: Address,
  write: WriteOption,
): string | undefined {
  const { code, port = address.port } = error as { code?: unknown; port?: number }
  // Of two ports Node's error has that which cannot be had.
  const option = port === httpsPort ? 'httpsPort' : 'port'
  if (code === 'EADDRINUSE') {
    const [neighbour, free] = [write(option, neighbourOf(port)), write(option, 0)]
    return `Port ${port} of ${host} is in use. Give another: ${neighbour} (or ${free} for any that is free).`
  }
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user. Give one from 1024: ${write(option, option === 'port' ? 9000 : 9443)}`
  if (NO_ADDRESS.has(code))
    return `${host} is no address of this machine. Give one that is: ${write('host', '127.0.0.1')}`
  return undefined
}

/** Node's error in words for who called `serve`, with its `code`, `port` and `address`; one about something else as it is. */
export function toListenError(error: unknown, address: Address): unknown {
  const message = explainListening(
    error,
    address,
    (name, value) => `{ ${name}: ${JSON.stringify(value).replaceAll('"', "'")} }`,
  )
  if (message === undefined || !(error instanceof Error)) return error
  return Object.assign(new Error(`Failed to serve: ${message}`, { cause: error }), { ...error })
}
