/** Asks the control API, as the page that it stands beside. */
import type { ControlFault } from '../types.ts'

/** Where the page stands. */
export interface Place {
  /** What stands before every path of this mock, that of the namespace too: `/auth/-/mock/ns/ci`. */
  base: string
  /** The same without the namespace. */
  root: string
  /** Null for the mock that has no namespace. */
  namespace: string | null
}

/**
 * Reads where the page stands from its own path.
 * @example readPlace('/-/mock/ns/ci/-/mock/') // { base: '/-/mock/ns/ci', root: '', namespace: 'ci' }
 */
export function readPlace(pathname: string): Place {
  const base = pathname.replace(/\/-\/mock\/?$/, '')
  const [, root, name] = /^(.*)\/-\/mock\/ns\/([^/]+)$/.exec(base) ?? []
  if (root === undefined || name === undefined) return { base, root: base, namespace: null }
  return { base, root, namespace: decode(name) }
}

/** A path's part in plain; as it is where it is not encoded right. */
export function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Where this page stands. */
export const place = readPlace(location.pathname)

/** Below this the control API answers. */
const API = `${place.base}/-/mock/api/`

/** The address of a path of the control API. */
export const addressOf = (path: string): string => API + path

/** The same of the mock that has no namespace. */
export const rootAddressOf = (path: string): string => `${place.root}/-/mock/api/${path}`

/** What the control API refused, with what is wrong. */
export class ControlError extends Error {
  readonly status: number
  readonly problems: readonly string[]

  constructor(status: number, { detail, problems }: ControlFault) {
    super(detail)
    this.status = status
    this.problems = problems
  }
}

/** Called when an answer says that the page has no leave any more. */
let forbid = (): void => {}

/** Sets what happens when the page has no leave any more. */
export function onForbidden(listener: () => void): void {
  forbid = listener
}

/**
 * Asks for JSON.
 * @param path below the API, or a whole path
 * @param body a text is sent as it is, anything else as JSON
 * @throws ControlError when the answer is no success
 */
export async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const isWrite = method !== 'GET'
  const response = await send(path.startsWith('/') ? path : addressOf(path), {
    method,
    // The JSON type is asked for on every write, with or without a body: no form of another page can send it.
    headers: { Accept: 'application/json', ...(isWrite && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  if (response.status === 401) forbid()
  if (!response.ok) throw new ControlError(response.status, toFault(response.status, text))
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch {
    throw new ControlError(0, { detail: 'The mock does not answer. Does it still run?', problems: [] })
  }
}

function toFault(status: number, text: string): ControlFault {
  try {
    const fault: Partial<ControlFault> = JSON.parse(text)
    const { detail, problems } = fault
    if (typeof detail === 'string') return { detail, problems: Array.isArray(problems) ? problems.map(String) : [] }
  } catch {
    // What is no JSON is shown as it is.
  }
  return { detail: `The mock answered ${status}. ${text.slice(0, 300)}`.trim(), problems: [] }
}

/** Writes the parameters of a query; those that are empty are left out. */
export function toQuery(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '' && value !== false)
  const query = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return query && `?${query}`
}
