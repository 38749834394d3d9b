/** Keeps the certificate for this machine, and the CA that signs it, in the user's cache folder. */
import { X509Certificate } from 'node:crypto'
import { chmodSync, mkdirSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { faultOf } from '../http/node/tls.ts'
import { codeOf, makeFolder, readTextFile } from './files.ts'
import { UsageError } from './options.ts'
import type { KeyPair } from './x509.ts'

/** By what this machine calls itself. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']

/** How long what is made is valid, in days. Browsers take no server's certificate of more than 398, and 397 is advised. */
const VALID = { ca: 3650, leaf: 396 }
/** How many days what is in the folder must still be valid to be used: a leaf never outlives its CA. */
const REMAINING = { ca: VALID.leaf, leaf: 30 }
const DAY = 24 * 60 * 60 * 1000

/** After how long a lock is that of a program which was killed, and how long to wait before the next look, in milliseconds. */
const LOCK = { stale: 5000, pause: 20 }

/** A certificate for this machine, its key, and the path of the CA's certificate, which is to be trusted. */
export interface LocalhostCertificate extends KeyPair {
  ca: string
}

/** Where a program keeps what it can make again. @param env the environment; HOME and the like name the user's folder */
export function cacheFolder(
  env: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = env.HOME || homedir()
  const candidates = [
    env.XDG_CACHE_HOME,
    ...(platform === 'win32' ? [env.LOCALAPPDATA, join(home, 'AppData', 'Local')] : []),
    ...(platform === 'darwin' ? [join(home, 'Library', 'Caches')] : []),
    join(home, '.cache'),
  ]
  // The specification has a relative path be ignored.
  const cache = candidates.find((path) => path !== undefined && isAbsolute(path)) ?? join(home, '.cache')
  return join(cache, 'authentik-mock')
}

/**
 * Finds the certificate for this machine, or makes it: at the first use, when it expires soon, and when it is not for
 * one of the names. The CA stays as long as it is valid, because somebody trusts it.
 * @param names names and addresses beside those of the loopback
 * @throws UsageError when the folder cannot be used
 */
export async function localhostCertificate(
  names: readonly string[],
  env: Record<string, string | undefined>,
): Promise<LocalhostCertificate> {
  const folder = cacheFolder(env)
  const hosts = [...new Set([...LOOPBACK_NAMES, ...names])]
  try {
    makeFolder(folder, 0o700)
    chmodSync(folder, 0o700)
    return await inTurn(folder, () => findOrMake(folder, hosts))
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined || !('syscall' in (error as Error))) throw error
    throw new UsageError(
      `The certificate for localhost cannot be kept in ${folder} (${code}). Give another folder for it: XDG_CACHE_HOME=DIR. Or a certificate of your own: --cert FILE --key FILE`,
    )
  }
}

async function findOrMake(folder: string, names: readonly string[]): Promise<LocalhostCertificate> {
  const pathOf = (name: string) => join(folder, name)
  const ca = pathOf('ca.pem')
  let authority = readPair(pathOf('ca-key.pem'), ca, REMAINING.ca)
  if (!authority) {
    authority = (await import('./x509.ts')).createAuthority(VALID.ca)
    writePair(authority, pathOf('ca-key.pem'), ca)
  }
  const signedBy = new X509Certificate(authority.cert)
  let leaf = readPair(pathOf('localhost-key.pem'), pathOf('localhost.pem'), REMAINING.leaf)
  if (!leaf || !isSignedFor(leaf, signedBy, names)) {
    leaf = (await import('./x509.ts')).createLeaf(authority, names, VALID.leaf)
    writePair(leaf, pathOf('localhost-key.pem'), pathOf('localhost.pem'))
  }
  return { ...leaf, ca }
}

/** Reads a certificate and its key. @returns undefined for what is missing, broken, not yet valid or expires soon */
function readPair(keyPath: string, certPath: string, daysLeft: number): KeyPair | undefined {
  try {
    const pair = { key: readTextFile(keyPath), cert: readTextFile(certPath) }
    if (faultOf(pair)) return undefined
    const { validFromDate, validToDate } = new X509Certificate(pair.cert)
    const isValid = validFromDate.getTime() <= Date.now() && validToDate.getTime() > Date.now() + daysLeft * DAY
    return isValid ? pair : undefined
  } catch {
    return undefined
  }
}

function isSignedFor({ cert }: KeyPair, authority: X509Certificate, names: readonly string[]): boolean {
  const leaf = new X509Certificate(cert)
  return leaf.verify(authority.publicKey) && names.every((name) => isFor(leaf, name))
}

/** Tells whether a certificate is for a name or an address. */
export const isFor = (certificate: X509Certificate, name: string) =>
  (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined

/** Nobody reads half a file, because each is written aside and then takes its name. */
function writePair({ key, cert }: KeyPair, keyPath: string, certPath: string): void {
  for (const [path, content, mode] of [
    [keyPath, key, 0o600],
    [certPath, cert, 0o644],
  ] as const) {
    const aside = `${path}.${process.pid}`
    writeFileSync(aside, content, { mode })
    renameSync(aside, path)
  }
}

/** Has programs that start at once make one CA, and not each its own, of which somebody would trust another. */
async function inTurn<T>(folder: string, task: () => Promise<T>): Promise<T> {
  const lock = join(folder, 'lock')
  for (;;) {
    try {
      // No two programs can make the same folder.
      mkdirSync(lock)
      break
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      if (isStale(lock)) removeFolder(lock)
      else await wait(LOCK.pause)
    }
  }
  try {
    return await task()
  } finally {
    removeFolder(lock)
  }
}

function isStale(lock: string): boolean {
  try {
    // A lock of the future was made before the clock was set back.
    return Math.abs(Date.now() - statSync(lock).mtimeMs) > LOCK.stale
  } catch {
    // The other program has just removed it.
    return false
  }
}

function removeFolder(path: string): void {
  try {
    rmdirSync(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
