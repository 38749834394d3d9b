/** Where an OpenAPI document comes from: a release of the mock, a file, or a live authentik. */
import { existsSync, readFileSync } from 'node:fs'
import type { Document } from '../adapters/drift.ts'
import { toDocument } from '../core/openapi.ts'
import { identifyByShape } from '../releases/identify.ts'
import { findRelease } from '../releases/index.ts'
import { Failure } from './command.ts'
import { UsageError } from './options.ts'

export interface Source {
  /** As it was given. */
  name: string
  document: Document
  /** The release, or releases, that it is of. */
  version: string
  /** How sure that is. */
  certainty: string
  /** Whether it is the mock's own, which has only its own operations. */
  isRelease: boolean
}

export const isUrl = (given: string) => /^https?:\/\//i.test(given)

/**
 * @throws UsageError for what is neither a release, a file nor a URL; Failure 3 for a server that does not answer, or not
 * with an OpenAPI document
 */
export async function findSource(given: string, token: string | undefined): Promise<Source> {
  if (isUrl(given)) return fromServer(given, token)
  if (/\.(json|ya?ml)$/i.test(given) || existsSync(given)) return fromFile(given)
  try {
    const release = findRelease(given)
    return { name: given, document: toDocument(release) as unknown as Document, version: release.version, certainty: 'certain', isRelease: true }
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Give a release, an OpenAPI file or a URL.`)
  }
}

async function fromFile(path: string): Promise<Source> {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Give a release, an OpenAPI file or a URL.`)
  }
  const document = await parse(content).catch(() => undefined)
  if (!isDocument(document)) throw new UsageError(`${path} is no OpenAPI document. Give one in JSON or YAML.`)
  return { name: path, document, ...identify(document), isRelease: false }
}

async function fromServer(url: string, token: string | undefined): Promise<Source> {
  const base = url.replace(/\/(api\/v3\/?)?$/, '')
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const ask = async (path: string) => {
    const response = await fetch(base + path, { headers, signal: AbortSignal.timeout(20_000) }).catch((error: Error & { cause?: { code?: string } }) => {
      throw new Failure(3, `${base} does not answer: ${error.cause?.code ?? error.message}. Is it up, and is the address right?`)
    })
    return { status: response.status, text: await response.text() }
  }
  const schema = await ask('/api/v3/schema/?format=json')
  const document = await parse(schema.text).catch(() => undefined)
  if (schema.status !== 200 || !isDocument(document))
    throw new Failure(3, `${base}/api/v3/schema/ answers ${schema.status}, and not with an OpenAPI document. Is it an authentik, and is the address right?`)
  if (token !== undefined) {
    const version = await ask('/api/v3/admin/version/')
    const { version_current: current } = version.status === 200 ? (JSON.parse(version.text) as { version_current?: string }) : {}
    if (current !== undefined) return { name: url, document, version: current, certainty: 'as the server itself says', isRelease: false }
  }
  return { name: url, document, ...identify(document), isRelease: false }
}

const isDocument = (value: unknown): value is Document => typeof (value as Document | undefined)?.paths === 'object' && (value as Document).paths !== null

async function parse(content: string): Promise<unknown> {
  if (content.trimStart().startsWith('{')) return JSON.parse(content)
  return (await import('yaml')).parse(content, { maxAliasCount: -1 })
}

function identify(document: Document): Pick<Source, 'version' | 'certainty'> {
  const stated = document.info?.version
  if (stated !== undefined && /^\d{4}\.\d+/.test(stated)) return { version: stated, certainty: 'as its document says' }
  const alike = identifyByShape(document.components?.['schemas'] ?? {})
  return { version: alike.length > 1 ? `${alike[0]} to ${alike.at(-1)}` : alike[0]!, certainty: 'by its shape' }
}
