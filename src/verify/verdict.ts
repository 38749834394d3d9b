/** What is made of Pact's mismatches: each explained by a deviation that is known, or new. */
import type { Operation } from '../core/operation.ts'
import { meaning, type Schema } from '../core/schema.ts'
import { deviationsOf } from '../deviations.ts'
import { findRelease } from '../releases/index.ts'
import type { Mismatch } from './pact.ts'

export type Verdict = 'conforms' | 'known deviation' | 'new drift' | 'inconclusive'

export interface Judged {
  /** The interaction, or the check. */
  name: string
  verdict: Verdict
  findings: Finding[]
  /** The status that an interaction expects; undefined for a check. */
  status?: number
  /** The operationId that an interaction asks, where the release has one. */
  operation?: string
}

export interface Finding {
  /** Where: `$.provider.redirect_uris`; empty for what is not in the body. */
  path: string
  text: string
  /** The deviation that explains it. */
  deviation?: string
}

/** What of a Pact file is looked at. */
export interface PactFile {
  consumer: { name: string }
  interactions: {
    description: string
    providerStates?: { name: string; params?: Record<string, unknown> }[]
    request: { method: string; path: string; headers?: object; query?: object | string; generators?: { path?: { expression?: string } } }
    response: { status: number }
  }[]
}

export interface Judging {
  pact: PactFile
  /** Whether it is the contract that is shipped, which says what the base release documents. */
  isShipped: boolean
  mismatches: readonly Mismatch[]
  release: string
  /** What an interaction asked for, and was answered, as text. */
  answerTo(interaction: PactFile['interactions'][number]): { asked: string; text: string } | undefined
  /** Why an interaction cannot be tried, in words. */
  lacking(interaction: PactFile['interactions'][number]): string[]
}

/** A verdict for each interaction of a Pact file. */
export function judge({ pact, isShipped, mismatches, release, answerTo, lacking }: Judging): Judged[] {
  const { operations } = findRelease(release)
  return pact.interactions.map((interaction) => {
    const { description, providerStates = [], request, response } = interaction
    const { status } = response
    const nothing = lacking(interaction)
    const operation = operationAt(operations, request)
    const common = { name: description, status, ...(operation && { operation: operation.id }) }
    if (nothing.length) return { ...common, verdict: 'inconclusive', findings: nothing.map((text) => ({ path: '', text })) }
    const schema = operation?.responses[status] ?? undefined
    const answer = answerTo(interaction)
    const isDocumented = isShipped && schema ? documentedIn(schema, answer?.text, release) : () => false
    const title = `${providerStates.map(({ name }) => name).join(' And ')} - ${description}`
    const found = mismatches
      .filter((one) => one.interaction.endsWith(title))
      .flatMap((one) => explain(one, schema, release, request, parse(answer?.text ?? '')))
      // A value that the contract asks for as it is depends on the state, not on the release.
      .map((one) =>
        one.deviation === undefined && one.path !== '' && !/ to be equal to /.test(one.text) && isDocumented(one.path) ? { ...one, deviation: `documented so in ${release}` } : one,
      )
    const findings = [...found, ...(operation && status === 200 && answer ? otherRow(operation, answer) : [])]
    const verdict = findings.length === 0 ? 'conforms' : findings.every(({ deviation }) => deviation) ? 'known deviation' : 'new drift'
    return { ...common, verdict, findings }
  })
}

/** An answer with another pk than the one in the path: no matcher knows which row was asked for. */
function otherRow({ view }: Operation, { asked, text }: { asked: string; text: string }): Finding[] {
  if (!view.path.endsWith('/{id}/')) return []
  const id = new URL(asked, 'http://gate').pathname.split('/').at(-2)!
  const pk = (parse(text) as { pk?: unknown } | null | undefined)?.pk
  return pk === undefined || String(pk) === id ? [] : [{ path: '$.pk', text: `is ${JSON.stringify(pk)}, where ${id} was asked for` }]
}

/** Whether what stands at a path of an answer is as the release documents it, though not as the base does. */
function documentedIn(schema: Schema, answer: string | undefined, release: string): (path: string) => boolean {
  if (answer === undefined) return () => false
  const body = parse(answer)
  const { error } = schema.safeParse(body)
  const wrong = (error?.issues ?? [])
    .map(({ path }) => `$.${path.join('.')}`)
    .filter((path) => !deviationAt(schema, path, body, release))
    .map((path) => `${path}.`)
  return (path) => {
    const at = `${path.replace(/\[(\d+)\]/g, '.$1').replace(/\['([^']+)'\]/g, '.$1')}.`
    return wrong.every((one) => !one.startsWith(at) && !at.startsWith(one))
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The operation that a request asks; `/users/me/` is one of its own, and no user called "me". */
function operationAt(operations: readonly Operation[], { method, path }: { method: string; path: string }): Operation | undefined {
  const all = operations.filter((one) => one.method === method && patternOf(one.view.path).test(path.replace(/\/+/g, '/')))
  return all.find(({ parameters }) => Object.keys(parameters).length === 0) ?? all[0]
}

const patternOf = (path: Operation['view']['path']) => new RegExp(`/api/v3${path.replace(/\{[^}]+\}/g, '[^/]+')}$`)

function explain({ path = '', text }: Mismatch, schema: Schema | undefined, release: string, request: { headers?: object }, body: unknown): Finding[] {
  const because = (at: string) => schema && deviationAt(schema, at, body, release)
  const finding = (at: string, deviation: string | undefined, said = text): Finding => ({ path: at, text: said, ...(deviation === undefined ? {} : { deviation }) })
  const absent = /missing the following keys?: (.*)$/.exec(text)?.[1]
  if (absent !== undefined) return absent.split(', ').map((key) => finding(`${path}.${key}`, because(`${path}.${key}`), 'is not there'))
  if (path === '') {
    const isAnonymous = !('Authorization' in (request.headers ?? {})) && /status.*404/i.test(text)
    return [finding('', isAnonymous ? deviationsOf(release).find(({ id }) => id === 'anonymous-detail-404')?.id : undefined)]
  }
  return [finding(path, because(path))]
}

/** The deviation that explains what stands at a path: that it is not there, or that it is empty. */
function deviationAt(schema: Schema, path: string, body: unknown, release: string): string | undefined {
  const steps = stepsOf(path)
  const key = steps.pop()
  const component = componentAt(schema, steps.join('.'))
  if (key === undefined || component === undefined) return undefined
  const value = [...steps, key].reduce<unknown>((within, step) => (within as Record<string, unknown> | null | undefined)?.[step], body)
  const isSo = (absent: boolean | undefined) => (absent ? value === undefined : value === null || value === '')
  return deviationsOf(release).find(({ components = [], keys = [], absent }) => components.includes(component) && keys.includes(key) && isSo(absent))?.id
}

/** The names and indices of a path such as `$.user.groups_obj[0]`. */
const stepsOf = (path: string): string[] => path.replace(/^\$/, '').match(/[^.[\]']+/g) ?? []

/** The component that stands at a path of names and indices. */
export function componentAt(schema: Schema, path: string): string | undefined {
  let at: Schema | undefined = schema
  for (const step of stepsOf(path)) {
    const own: Schema | undefined = at && toInner(at)
    at = own && (/^(\d+|\*)$/.test(step) ? meaning(own).parts[0] : meaning(own).component?.shape?.[step])
  }
  const inner = at && toInner(at)
  return inner && meaning(inner).component?.name
}

/** What is wrapped in nullable, optional and the like. */
function toInner(schema: Schema): Schema {
  const { component, parts, isList } = meaning(schema)
  return component || isList || parts.length === 0 ? schema : toInner(parts[0]!)
}
