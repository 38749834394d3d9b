/** Keys that sign tokens, and what a client needs to check them (RFC 7517, RFC 7519). */
import type { JWK } from 'jose'
import { toHex } from '../../store/hex.ts'
import { md5 } from '../../store/md5.ts'
import type { World } from '../../store/world.ts'
import { certificates } from '../resources/certificates.ts'
import type { OAuth2Provider } from '../resources/oauth2-providers.ts'
import { algorithmOf, bodyOf, type Algorithm } from './algorithm.ts'
import { toPkcs8 } from './pkcs8.ts'

/** A key as a certificate has it. */
interface KeyPair {
  alg: Exclude<Algorithm, 'HS256'>
  key: CryptoKey
  /** The certificate, as DER in base64. */
  certificate: string | undefined
  /** The public half. */
  jwk: JWK
  /** What the key is called: MD5 of its PEM in hexadecimal digits, and SHA-512 in base64url from 2026.2 on. */
  names: { short: string; long: string }
}

// To import a module again takes a part of what a signature does.
let shipped: { key: string; certificate: string } | undefined
let Signature: typeof import('jose').CompactSign | undefined

/** The PEM of the key that a provider's certificate has; the shipped one where the world has none. */
async function pemOf({ signing_key }: OAuth2Provider, world: World): Promise<{ key: string; certificate?: string }> {
  const row = signing_key === null ? undefined : world.table(certificates).get(signing_key)
  const key = row?.key_data ?? row?.private_key
  if (key === undefined) {
    if (!shipped) {
      const { SHIPPED_KEY, SHIPPED_CERTIFICATE } = await import('./shipped-key.ts')
      shipped = { key: SHIPPED_KEY, certificate: SHIPPED_CERTIFICATE }
    }
    return shipped
  }
  return { key, ...(row?.certificate_data === undefined ? {} : { certificate: row.certificate_data }) }
}

/** Key pairs by their PEM: to read one takes longer than to sign with it. */
const pairs = new Map<string, Promise<KeyPair>>()
const MAX_PAIRS = 64
const secretKeys = new Map<string, CryptoKey>()

async function pairOf(provider: OAuth2Provider, world: World): Promise<KeyPair> {
  const { key, certificate } = await pemOf(provider, world)
  const name = `${certificate}\0${key}`
  let pair = pairs.get(name)
  if (!pair) {
    if (pairs.size >= MAX_PAIRS) pairs.clear()
    pair = readPair(key, certificate)
    pairs.set(name, pair)
  }
  return pair
}

async function readPair(pem: string, certificate: string | undefined): Promise<KeyPair> {
  const { importPKCS8, exportJWK } = await import('jose')
  const alg = algorithmOf(pem)
  const key = await importPKCS8(toPkcs8(pem), alg, { extractable: true })
  const { kty = '', n, e, x, y, crv } = await exportJWK(key)
  const jwk = kty === 'RSA' ? { kty, n, e } : { kty, x, y, crv }
  const bytes = new TextEncoder().encode(pem)
  const names = { short: toHex(md5(bytes)), long: toBase64Url(await digestOf('SHA-512', bytes)) }
  return { alg, key, jwk: jwk as JWK, names, certificate: certificate && bodyOf(certificate) }
}

const digestOf = async (algorithm: string, bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest(algorithm, bytes))

/** By what a JWKS shows the shipped key: its name in either form, and its modulus, which a server may name otherwise. */
export async function shippedKeyMarks(): Promise<ReadonlySet<string>> {
  const { SHIPPED_KEY } = await import('./shipped-key.ts')
  const pair = await readPair(SHIPPED_KEY, undefined)
  return new Set([kidOf(pair, false), kidOf(pair, true), String(pair.jwk.n)])
}

/** Signs what a provider's tokens say. @returns a JWT */
export async function sign(
  claims: object,
  provider: OAuth2Provider,
  world: World,
  hasLongKid: boolean,
): Promise<string> {
  if (!Signature) {
    // A bundler leaves out what is not named like this.
    const { CompactSign } = await import('jose')
    Signature = CompactSign
  }
  const token = new Signature(new TextEncoder().encode(JSON.stringify(claims)))
  if (provider.signing_key === null) {
    token.setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    return token.sign(await secretKeyOf(provider.client_secret))
  }
  const pair = await pairOf(provider, world)
  token.setProtectedHeader({ alg: pair.alg, kid: kidOf(pair, hasLongKid), typ: 'JWT' })
  return token.sign(pair.key)
}

/** What a JWT says that a provider signed, however old it is; undefined for anything else. */
export async function readSigned(token: string, provider: OAuth2Provider, world: World): Promise<unknown> {
  const { compactVerify, importJWK } = await import('jose')
  const pair = provider.signing_key === null ? undefined : await pairOf(provider, world)
  const alg = pair?.alg ?? 'HS256'
  const key = pair ? await importJWK(pair.jwk, alg) : await secretKeyOf(provider.client_secret)
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [alg] })
    return JSON.parse(new TextDecoder().decode(payload))
  } catch {
    return undefined
  }
}

/** The key that a client's secret is. HMAC fills a key up with zeros, so that one zero is an empty secret (RFC 2104). */
async function secretKeyOf(secret: string): Promise<CryptoKey> {
  let key = secretKeys.get(secret)
  if (!key) {
    if (secretKeys.size >= MAX_PAIRS) secretKeys.clear()
    const bytes = secret === '' ? new Uint8Array(1) : new TextEncoder().encode(secret)
    key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
    secretKeys.set(secret, key)
  }
  return key
}

/** By which algorithm a provider signs. */
export const algorithmFor = async (provider: OAuth2Provider, world: World): Promise<Algorithm> =>
  provider.signing_key === null ? 'HS256' : algorithmOf((await pemOf(provider, world)).key)

/** The name of a key (docs/authentik.md#jwks). */
const kidOf = ({ names }: KeyPair, isLong: boolean) => (isLong ? names.long : names.short)

/** Bytes in base64, as URLs and JWTs have it. */
export const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

/**
 * The keys by which a client checks a provider's tokens; none where they are signed with its secret.
 * @param form the order of the keys of each, and the length of its name, by release
 */
export async function publicKeysOf(
  provider: OAuth2Provider,
  world: World,
  { beginsWithAlgorithm, hasLongKid }: { beginsWithAlgorithm: boolean; hasLongKid: boolean },
): Promise<object[]> {
  if (provider.signing_key === null) return []
  const pair = await pairOf(provider, world)
  const { alg, certificate, jwk } = pair
  const { kty, ...numbers } = jwk
  const kid = kidOf(pair, hasLongKid)
  const order = beginsWithAlgorithm ? { alg, kid, kty, use: 'sig' } : { kid, kty, alg, use: 'sig' }
  return [{ ...order, ...numbers, ...(certificate === undefined ? {} : await thumbprintsOf(certificate)) }]
}

async function thumbprintsOf(certificate: string) {
  const der = Uint8Array.from(atob(certificate), (letter) => letter.charCodeAt(0))
  return {
    x5c: [certificate],
    x5t: toBase64Url(await digestOf('SHA-1', der)),
    'x5t#S256': toBase64Url(await digestOf('SHA-256', der)),
  }
}

/** SHA-256 of a text, in hexadecimal digits or as bytes. */
export const sha256 = (text: string): Promise<Uint8Array> => digestOf('SHA-256', new TextEncoder().encode(text))
