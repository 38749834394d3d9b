/** Requests as bytes, for what no client sends. */

/** Writes a GET without a body. @param lines further lines of its head */
export const get = (path: string, ...lines: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n')

/** The statuses of the answers in what came back, in order. */
export const statusesIn = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
