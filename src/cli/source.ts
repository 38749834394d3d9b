/** Finds an OpenAPI document: that of a release of the mock, of a file, or of a live authentik. */
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { findRelease } from '../authentik/releases/index.ts'
import { identifyByShape } from '../authentik/releases/identify.ts'
import type { Answer, Send } from '../contract/client/client.ts'
import { RequestFailure } from '../contract/client/failure.ts'
import type { Document } from '../contract/drift/compare.ts'
import { readDocument, TooMuch, type ReadFile } from '../contract/drift/read.ts'
import { toDocument } from '../rest/document.ts'
import { parseJson, readKey } from '../schema/json.ts'
import { readAuthentik } from './address.ts'
import { Failure } from './command.ts'
import { readDocumentFile } from './document-file.ts'
import { messageOf, UsageError } from './options.ts'

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

/** How a live authentik is asked. */
export interface Access {
  /** A token that can be the value of a header. */
  token: string | undefined
  send: Send
}

/** Accepts any scheme, so that an address of no server is refused as such, and without the password that it may hold. */
const isUrl = (name: string) => /^(?:https?:|[a-z][\w+.-]*:\/\/)/i.test(name)

/** How long a server may take to write its document, which it does anew for each request, in milliseconds. */
const DOCUMENT_TIMEOUT = 20_000

/**
 * Finds the document that the command line names. What is the name of a release is one, whatever files stand here.
 * @param name a release, the path of an OpenAPI file, or the URL of an authentik
 * @throws UsageError for what is neither a release, a file nor a URL; Failure 3 for a server that does not answer, or not
 * with an OpenAPI document
 */
export async function findSource(name: string, access: Access): Promise<Source> {
  if (isUrl(name)) return fromServer(name, readAuthentik(name), access)
  try {
    const release = findRelease(name)
    return { name, document: toDocument(release), version: release.version, certainty: 'certain', isRelease: true }
  } catch (error) {
    if (/\.(json|ya?ml)$/i.test(name) || existsSync(name)) return fromFile(name)
    throw new UsageError(`${messageOf(error)} Give a release, an OpenAPI file or a URL.`)
  }
}

async function fromFile(path: string): Promise<Source> {
  const text = readDocumentFile(path)
  const readFile: ReadFile = (file) => {
    // An address from the root is that of whoever wrote the document, and of nothing of this machine.
    const fullPath = isAbsolute(file) ? undefined : join(dirname(path), file)
    return fullPath !== undefined && existsSync(fullPath) ? readDocumentFile(fullPath) : undefined
  }
  const document = await readDocument(text, readFile).catch((error: unknown) => {
    if (error instanceof TooMuch) throw new UsageError(`${path} ${error.message}. Give another document.`)
    throw error
  })
  if (!document) throw new UsageError(`${path} is no OpenAPI document. Give one in JSON or YAML.`)
  return { name: path, document, ...identify(document), isRelease: false }
}

async function fromServer(name: string, base: string, access: Access): Promise<Source> {
  const answer = await get(base, '/api/v3/schema/?format=json', access)
  const document = answer.status === 200 ? await readAnswer(answer, base) : undefined
  if (!document) throw noDocument(base, answer)
  if (access.token !== undefined) {
    const version = await get(base, '/api/v3/admin/version/', access)
    const current = version.status === 200 ? readKey(parseJson(version.text), 'version_current') : undefined
    if (typeof current === 'string' && current !== '')
      return { name, document, version: current, certainty: 'as the server itself says', isRelease: false }
  }
  return { name, document, ...identify(document), isRelease: false }
}

const readAnswer = ({ text }: Answer, base: string): Promise<Document | undefined> =>
  readDocument(text).catch((error: unknown) => {
    if (error instanceof TooMuch) throw new Failure(3, `${base}: its document ${error.message}. Is it an authentik?`)
    throw error
  })

function noDocument(base: string, { status, headers: { location } }: Answer): Failure {
  const path = `${base}/api/v3/schema/`
  if (status >= 300 && status < 400 && location !== undefined)
    return new Failure(3, `${path} answers ${status}, and leads to ${location}. Give the address that it leads to.`)
  if (status === 401 || status === 403)
    return new Failure(3, `${path} answers ${status}, and not with an OpenAPI document. Is the token right?`)
  return new Failure(
    3,
    `${path} answers ${status}, and not with an OpenAPI document. Is it an authentik, and is the address right?`,
  )
}

/** Asks a server. @throws Failure 3 when it does not answer */
async function get(base: string, path: string, { token, send }: Access): Promise<Answer> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  try {
    return await send({ url: base + path, headers, timeout: DOCUMENT_TIMEOUT })
  } catch (error) {
    if (error instanceof RequestFailure) throw new Failure(3, error.message)
    throw error
  }
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
