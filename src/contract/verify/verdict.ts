/** What is made of Pact's mismatches: each explained by a deviation that is known, or new. */
import type { Operation } from '../../rest/operation.ts'
import { createRoutes, type Routes } from '../../http/router.ts'
import type { Schema } from '../../schema/words.ts'
import { deviationsOf } from '../../authentik/deviations.ts'
import { findRelease } from '../../authentik/releases/index.ts'
import { componentAt, stepsOf, unknownIn, wrongIn } from './documented.ts'
import { parseJson } from './exchange.ts'
import type { Passage } from './gate.ts'
import type { Interaction, PactFile } from './pact-file.ts'
import type { Mismatch, Result } from './pact.ts'
import type { Provider } from './preflight.ts'

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
  /** Whether the server gave no whole answer. */
  isUnreachable?: true
  /** Whether it fails nobody yet, as the broker says of a pact that has never been verified. */
  pending?: true
}

export interface Finding {
  /** Where: `$.provider.redirect_uris`; empty for what is not in the body. */
  path: string
  text: string
  /** The deviation that explains it. */
  deviation?: string
  /** Whether the answer has more than is documented, which breaks no contract. */
  isAddition?: true
}

interface Judging {
  pact: PactFile
  /** Whether it is the contract that is shipped, which says what the base release documents. */
  isShipped: boolean
  provider: Pick<Provider, 'release' | 'isExact'>
  /** What Pact made of an interaction. */
  resultOf(interaction: Interaction): Result | undefined
  /** What an interaction asked for, and was answered. */
  answerTo(interaction: Interaction): Pick<Passage, 'asked' | 'status' | 'text' | 'failure'> | undefined
  /** Why an interaction cannot be tried, in words. */
  lacking(interaction: Interaction): string[]
}

/** A verdict for each interaction of a Pact file. */
export function judge({ pact, isShipped, provider, resultOf, answerTo, lacking }: Judging): Judged[] {
  const { release } = provider
  const routes = createRoutes('/api/v3', findRelease(release).operations)
  return pact.interactions.map((interaction) => {
    const { description, request, response } = interaction
    const { status } = response
    const nothing = lacking(interaction)
    const operation = operationAt(routes, request)
    const common = { name: description, status, ...(operation && { operation: operation.id }) }
    if (nothing.length)
      return { ...common, verdict: 'inconclusive', findings: nothing.map((text) => ({ path: '', text })) }
    const schema = operation?.responses[status] ?? undefined
    const answer = answerTo(interaction)
    if (answer?.failure !== undefined)
      return { ...common, verdict: 'inconclusive', isUnreachable: true, findings: [{ path: '', text: answer.failure }] }
    const body = parseJson(answer?.text ?? '')
    const result = resultOf(interaction)
    const asked = (result?.mismatches ?? [{ path: undefined, text: 'Pact did not try it' }]).flatMap((one) =>
      explain(one, schema, release, request, body),
    )
    const isDocumented = isShipped && answer?.status === status && body !== undefined
    const findings = [
      ...(isDocumented && schema ? besideDocument(asked, schema, body, provider) : asked),
      ...(operation && status === 200 && answer ? otherRow(operation, answer.asked, body) : []),
    ]
    findings.sort((one, other) => IN_ORDER.compare(one.path, other.path))
    const verdict =
      findings.length === 0
        ? 'conforms'
        : findings.every(({ deviation }) => deviation)
          ? 'known deviation'
          : 'new drift'
    return { ...common, verdict, findings, ...(result?.pending && { pending: true }) }
  })
}

/** Pact has no order, and a report is compared with the one before. */
const IN_ORDER = new Intl.Collator('en', { numeric: true })

/** An answer with another pk than the one in the path: no matcher knows which row was asked for. */
function otherRow({ view }: Operation, asked: string, body: unknown): Finding[] {
  if (!view.path.endsWith('/{id}/')) return []
  const id = new URL(asked, 'http://gate').pathname.split('/').at(-2)!
  const pk = (body as { pk?: unknown } | null | undefined)?.pk
  return pk === undefined || String(pk) === id
    ? []
    : [{ path: '$.pk', text: `is ${JSON.stringify(pk)}, where ${id} was asked for` }]
}

/** What Pact found, and what is wrong by the document of the answer's own release, which says better what and where. */
function besideDocument(
  asked: readonly Finding[],
  schema: Schema,
  body: unknown,
  { release, isExact }: Judging['provider'],
): Finding[] {
  const wrong = wrongIn(schema, body).map(({ path, text }): Finding => {
    const deviation = deviationAt(schema, path, body, release)
    return {
      path,
      text: text.endsWith('received undefined') ? 'is not there' : `is not as ${release} documents it: ${text}`,
      ...(deviation === undefined ? {} : { deviation }),
    }
  })
  // A release that is not known may have keys that nobody here has heard of.
  const unknown = isExact
    ? unknownIn(schema, body).map((path): Finding => ({
        path,
        text: `is not documented in ${release}`,
        isAddition: true,
      }))
    : []
  // A value that the contract asks for as it is depends on the state, not on the release.
  const isAsDocumented = ({ path, text, deviation }: Finding) =>
    deviation === undefined &&
    path !== '' &&
    !/ to be equal to /.test(text) &&
    !wrong.some((one) => isBelow(path, one.path))
  const kept = asked.filter(({ path }) => path === '' || !wrong.some((one) => isBelow(one.path, path)))
  return [
    ...kept.map((one) => (isAsDocumented(one) ? { ...one, deviation: `documented so in ${release}` } : one)),
    ...wrong,
    ...unknown,
  ]
}

/** Whether a path is another, or below it. */
function isBelow(path: string, above: string): boolean {
  const steps = stepsOf(path)
  return stepsOf(above).every((step, at) => step === steps[at])
}

/** The operation that a request asks, wherever the API stands. */
const operationAt = (routes: Routes, { method, path }: Interaction['request']): Operation | undefined =>
  routes.match(path.replace(/\/+/g, '/').replace(/^.*(?=\/api\/v3\/)/, ''))?.route.operations[method]

function explain(
  { path = '', text }: Mismatch,
  schema: Schema | undefined,
  release: string,
  request: Interaction['request'],
  body: unknown,
): Finding[] {
  const because = (at: string) => schema && deviationAt(schema, at, body, release)
  const finding = (at: string, deviation: string | undefined, said = text): Finding => ({
    path: at,
    text: said,
    ...(deviation === undefined ? {} : { deviation }),
  })
  const absent = /missing the following keys?: (.*)$/.exec(text)?.[1]
  if (absent !== undefined)
    return absent.split(', ').map((key) => finding(`${path}.${key}`, because(`${path}.${key}`), 'is not there'))
  if (path === '') {
    const isAnonymous =
      !Object.keys(request.headers ?? {}).some((name) => /^authorization$/i.test(name)) &&
      text === 'expected 403 but was 404'
    return [
      finding('', isAnonymous ? deviationsOf(release).find(({ id }) => id === 'anonymous-detail-404')?.id : undefined),
    ]
  }
  return [finding(path, because(path))]
}

/** The deviation that explains what stands at a path: that it is not there, or that it is empty. */
function deviationAt(schema: Schema, path: string, body: unknown, release: string): string | undefined {
  if (body === undefined) return undefined
  const steps = stepsOf(path)
  const key = steps.pop()
  const component = componentAt(schema, steps.join('.'))
  if (key === undefined || component === undefined) return undefined
  const value = [...steps, key].reduce<unknown>(
    (within, step) => (within as Record<string, unknown> | null | undefined)?.[step],
    body,
  )
  const given = value === undefined ? 'absent' : value === null ? 'null' : value === '' ? 'empty' : undefined
  if (given === undefined) return undefined
  return deviationsOf(release).find(
    (one) => one.given === given && one.components?.includes(component) && one.keys?.includes(key),
  )?.id
}
