/** authentik-mock/node: a mock on a socket. */
export { serve, type ServeOptions, type Server } from '../http/node/server.ts'
export type { TlsOptions } from '../http/node/tls-options.ts'
