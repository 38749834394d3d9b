/** Where an OpenAPI document comes from: a release of the mock, a file, or a live authentik. */
import { existsSync, readFileSync } from 'node:fs'
import type { Document } from '../contract/drift/compare.ts'
import { toDocument } from '../rest/document.ts'
import { identifyByShape } from '../authentik/releases/identify.ts'
import { findRelease } from '../authentik/releases/index.ts'
import { readAuthentik } from './address.ts'
import { Failure } from './command.ts'
import { UsageError } from './options.ts'

export interface Source {
  /** As it was given. */
  name: string
  document: Document
  /** The release, or releases, that it is of; "unknown" when it is like none. */
  version: string
  /** How sure that is. */
  certainty: string
  /** Whether it is the mock's own, which has only its own operations. */
  isRelease: boolean
}

/** Any scheme, so that what is no address of a server is refused as such, and without the password that it may hold. */
const isUrl = (given: string) => /^(?:https?:|[a-z][\w+.-]*:\/\/)/i.test(given)

/**
 * @param token one that can be the value of a header
 * @throws UsageError for what is neither a release, a file nor a URL; Failure 3 for a server that does not answer, or not
 * with an OpenAPI document
 */
export async function findSource(given: string, token: string | undefined): Promise<Source> {
  if (isUrl(given)) return fromServer(given, readAuthentik(given), token)
  if (/\.(json|ya?ml)$/i.test(given) || existsSync(given)) return fromFile(given)
  try {
    const release = findRelease(given)
    return {
      name: given,
      document: toDocument(release) as unknown as Document,
      version: release.version,
      certainty: 'certain',
      isRelease: true,
    }
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Give a release, an OpenAPI file or a URL.`)
  }
}

async function fromFile(path: string): Promise<Source> {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Give a release, an OpenAPI file or a URL.`,
    )
  }
  const document = await parse(content).catch(() => undefined)
  if (!isDocument(document)) throw new UsageError(`${path} is no OpenAPI document. Give one in JSON or YAML.`)
  return { name: path, document, ...identify(document), isRelease: false }
}

async function fromServer(name: string, base: string, token: string | undefined): Promise<Source> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const ask = async (path: string) => {
    try {
      const response = await fetch(base + path, { headers, signal: AbortSignal.timeout(20_000) })
      return { status: response.status, text: await response.text() }
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { code?: string } }
      throw new Failure(3, `${base} does not answer: ${cause?.code ?? message}. Is it up, and is the address right?`)
    }
  }
  const schema = await ask('/api/v3/schema/?format=json')
  const document = await parse(schema.text).catch(() => undefined)
  if (schema.status !== 200 || !isDocument(document))
    throw new Failure(
      3,
      `${base}/api/v3/schema/ answers ${schema.status}, and not with an OpenAPI document. Is it an authentik, and is the address right?`,
    )
  if (token !== undefined) {
    const version = await ask('/api/v3/admin/version/')
    const answer = version.status === 200 ? await parse(version.text).catch(() => undefined) : undefined
    const current = (answer as { version_current?: unknown } | null | undefined)?.version_current
    if (typeof current === 'string' && current !== '')
      return { name, document, version: current, certainty: 'as the server itself says', isRelease: false }
  }
  return { name, document, ...identify(document), isRelease: false }
}

function isDocument(value: unknown): value is Document {
  const paths = (value as Document | null | undefined)?.paths
  return typeof paths === 'object' && paths !== null && !Array.isArray(paths)
}

async function parse(text: string): Promise<unknown> {
  const content = withoutMark(text)
  if (content.trimStart().startsWith('{')) return JSON.parse(content)
  return (await import('yaml')).parse(content, { maxAliasCount: -1 })
}

/** A text without the byte order mark that some editors put in front of it. */
export const withoutMark = (content: string) => content.replace(/^\uFEFF/, '')

function identify(document: Document): Pick<Source, 'version' | 'certainty'> {
  const stated: unknown = document.info?.version
  // In YAML a bare 2024.10 is the number 2024.1, which tells nothing.
  if (typeof stated === 'string' && /^\d{4}\.\d+/.test(stated))
    return { version: stated, certainty: 'as its document says' }
  const alike = identifyByShape(document.components?.['schemas'] ?? {})
  return {
    version: alike.length > 1 ? `${alike[0]} to ${alike.at(-1)}` : (alike[0] ?? 'unknown'),
    certainty: 'by its shape',
  }
}
