/** Finds an OpenAPI document: that of a release of the mock, of a file, or of a live authentik. */
import { existsSync } from 'node:fs'
import type { Document } from '../contract/drift/compare.ts'
import { isObject, toObject } from '../contract/drift/document.ts'
import { toDocument } from '../rest/document.ts'
import { identifyByShape } from '../authentik/releases/identify.ts'
import { findRelease } from '../authentik/releases/index.ts'
import { readAuthentik } from './address.ts'
import { Failure } from './command.ts'
import { readTextFile, reasonOf } from './files.ts'
import { UsageError } from './options.ts'

/** An OpenAPI document, and which release it is of. */
export interface Source {
  /** The release, path or URL from the command line. */
  name: string
  document: Document
  /** The release, or the releases, that the document is of; "unknown" when it is like none. */
  version: string
  /** How sure the version is. */
  certainty: string
  /** Whether the document is the mock's own, which has only the mock's operations. */
  isRelease: boolean
}

/** Accepts any scheme, so that an address of no server is refused as such, and without the password that it may hold. */
const isUrl = (name: string) => /^(?:https?:|[a-z][\w+.-]*:\/\/)/i.test(name)

/**
 * Finds the document that the command line names.
 * @param name a release, the path of an OpenAPI file, or the URL of an authentik
 * @param token one that can be the value of a header
 * @throws UsageError for what is neither a release, a file nor a URL; Failure 3 for a server that does not answer, or not
 * with an OpenAPI document
 */
export async function findSource(name: string, token: string | undefined): Promise<Source> {
  if (isUrl(name)) return fromServer(name, readAuthentik(name), token)
  if (/\.(json|ya?ml)$/i.test(name) || existsSync(name)) return fromFile(name)
  try {
    const release = findRelease(name)
    return {
      name,
      document: toDocument(release),
      version: release.version,
      certainty: 'certain',
      isRelease: true,
    }
  } catch (error) {
    throw new UsageError(`${messageOf(error)} Give a release, an OpenAPI file or a URL.`)
  }
}

async function fromFile(path: string): Promise<Source> {
  let content: string
  try {
    content = readTextFile(path)
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${reasonOf(error)}). Give a release, an OpenAPI file or a URL.`)
  }
  const document = await parse(content).catch(() => undefined)
  if (!isDocument(document)) throw new UsageError(`${path} is no OpenAPI document. Give one in JSON or YAML.`)
  return { name: path, document, ...identify(document), isRelease: false }
}

async function fromServer(name: string, base: string, token: string | undefined): Promise<Source> {
  const schema = await get(base, '/api/v3/schema/?format=json', token)
  const document = await parse(schema.text).catch(() => undefined)
  if (schema.status !== 200 || !isDocument(document))
    throw new Failure(
      3,
      `${base}/api/v3/schema/ answers ${schema.status}, and not with an OpenAPI document. Is it an authentik, and is the address right?`,
    )
  if (token !== undefined) {
    const version = await get(base, '/api/v3/admin/version/', token)
    const answer = version.status === 200 ? await parse(version.text).catch(() => undefined) : undefined
    const current = toObject(answer)['version_current']
    if (typeof current === 'string' && current !== '')
      return { name, document, version: current, certainty: 'as the server itself says', isRelease: false }
  }
  return { name, document, ...identify(document), isRelease: false }
}

/** Asks a server. @throws Failure 3 when it does not answer */
async function get(base: string, path: string, token: string | undefined): Promise<{ status: number; text: string }> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  try {
    const response = await fetch(base + path, { headers, signal: AbortSignal.timeout(20_000) })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const reason = codeOf(toObject(error)['cause']) ?? messageOf(error)
    throw new Failure(3, `${base} does not answer: ${reason}. Is it up, and is the address right?`)
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** Returns the code that Node gives to an error of the system, such as `ENOENT`. */
const codeOf = (error: unknown) => toObject(error)['code']

function isDocument(value: unknown): value is Document {
  const { paths } = toObject(value)
  return isObject(paths) && !Array.isArray(paths)
}

async function parse(text: string): Promise<unknown> {
  if (text.trimStart().startsWith('{')) return JSON.parse(text)
  return (await import('yaml')).parse(text, { maxAliasCount: -1 })
}

function identify(document: Document): Pick<Source, 'version' | 'certainty'> {
  const version: unknown = document.info?.version
  // A bare 2024.10 is the number 2024.1 in YAML, from which the release cannot be told.
  if (typeof version === 'string' && /^\d{4}\.\d+/.test(version)) return { version, certainty: 'as its document says' }
  const releases = identifyByShape(document.components?.['schemas'] ?? {})
  const [first = 'unknown'] = releases
  return {
    version: releases.length > 1 ? `${first} to ${releases.at(-1)}` : first,
    certainty: 'by its shape',
  }
}
