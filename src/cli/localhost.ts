/** Whether browsers of this machine reach a server by the name localhost, by which they know the pages of a developer. */
import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'

/** How long another server may take to be there, in milliseconds: on the loopback a connection is there at once. */
const PATIENCE = 250

/** What the name localhost stands for: the server, another one, or nothing that is reached. */
export type LocalhostMeaning = 'this server' | 'another server' | 'nothing'

/**
 * Finds out what a server's address with the name localhost in it leads to. A browser and Node ask the addresses of a
 * name in turn, so that one which is bound to 127.0.0.1 alone is reached where nobody is at ::1.
 * @param url the server's own address
 * @param host what it listens on
 * @param addressesOf the addresses of a name; those that the system has for it
 */
export async function findLocalhost(
  url: string,
  host: string,
  addressesOf: (name: string) => Promise<readonly { address: string }[]> = (name) => lookup(name, { all: true }),
): Promise<LocalhostMeaning> {
  const { hostname, port, protocol } = new URL(url)
  if (hostname !== '127.0.0.1') return 'nothing'
  const addresses = await addressesOf('localhost').catch(() => [])
  const has = (sought: string) => addresses.some(({ address }) => address === sought)
  if (!has('127.0.0.1')) return 'nothing'
  const isEverywhere = /^\[?::\]?$/.test(host)
  const isTaken = has('::1') && !isEverywhere && (await isAnswered('::1', Number(port || DEFAULT_PORTS[protocol])))
  return isTaken ? 'another server' : 'this server'
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** Whether somebody takes connections at an address. */
const isAnswered = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE })
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => end(true))
    for (const event of ['error', 'timeout']) socket.once(event, () => end(false))
  })

/** The same address with the name in it. */
export const toLocalhost = (url: string): string => url.replace('//127.0.0.1', '//localhost')
