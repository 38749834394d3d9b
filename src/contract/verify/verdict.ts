/** Judges each interaction: a mismatch that Pact found is explained by a deviation that is known, or is new. */
import type { Operation } from '../../rest/operation.ts'
import { createViews, type Views } from '../../rest/views.ts'
import { componentAt, stepsOf } from '../../schema/walk.ts'
import type { Schema } from '../../schema/words.ts'
import { deviationsOf } from '../../authentik/deviations.ts'
import { findRelease } from '../../authentik/releases/index.ts'
import { findUndocumentedKeys, findViolations } from './documented.ts'
import { parseJson, readKey } from '../../schema/json.ts'
import type { Interaction, PactFile } from './pact-file.ts'
import type { Mismatch, Result } from './pact.ts'
import type { Provider } from './preflight.ts'
import type { RecordedExchange } from './provider-proxy.ts'

/** Every verdict, in the order in which a report counts them. */
export const VERDICTS = ['conforms', 'known deviation', 'new drift', 'inconclusive'] as const

/** What a verification concludes of an interaction or a check. */
export type Verdict = (typeof VERDICTS)[number]

/** An interaction or a check, with its verdict. */
export interface Judged {
  /** The description of the interaction, or the title of the check. */
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

/** One thing that is wrong with an answer. */
export interface Finding {
  /** The path in the body, such as `$.provider.redirect_uris`; empty for what is not in the body. */
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
  /** Finds what Pact made of an interaction; it is called once for each that was tried. */
  findResult(interaction: Interaction): Result | undefined
  /** Finds what the server was asked for an interaction, and what it answered. */
  findExchange(interaction: Interaction): RecordedExchange | undefined
  /** Says why an interaction was not tried; nothing when it was. */
  explainSkip(interaction: Interaction): readonly string[]
}

/** Judges each interaction of a Pact file. */
export function judge({ pact, ...judging }: Judging): Judged[] {
  const views = createViews('/api/v3', findRelease(judging.provider.release).operations)
  return pact.interactions.map((interaction) =>
    judgeInteraction(interaction, findOperation(views, interaction.request), judging),
  )
}

function judgeInteraction(
  interaction: Interaction,
  operation: Operation | undefined,
  { isShipped, provider, findResult, findExchange, explainSkip }: Omit<Judging, 'pact'>,
): Judged {
  const { description, request, response } = interaction
  const { status } = response
  const common = { name: description, status, ...(operation && { operation: operation.id }) }
  const reasons = explainSkip(interaction)
  if (reasons.length)
    return { ...common, verdict: 'inconclusive', findings: reasons.map((text) => ({ path: '', text })) }
  const exchange = findExchange(interaction)
  if (exchange?.failure !== undefined)
    return { ...common, verdict: 'inconclusive', isUnreachable: true, findings: [{ path: '', text: exchange.failure }] }

  const schema = operation?.responses[status] ?? undefined
  const body = parseJson(exchange?.text ?? '')
  const result = findResult(interaction)
  const mismatches = result?.mismatches ?? [{ path: undefined, text: 'Pact did not try it' }]
  const explained = mismatches.flatMap((mismatch) => explain(mismatch, schema, provider.release, request, body))
  const isDocumented = isShipped && exchange?.status === status && body !== undefined
  const findings = [
    ...(isDocumented && schema ? compareWithDocument(explained, schema, body, provider) : explained),
    ...(operation && status === 200 && exchange ? checkRowId(operation, exchange.requestPath, body) : []),
  ]
  findings.sort((a, b) => PATH_ORDER.compare(a.path, b.path))
  return { ...common, verdict: toVerdict(findings), findings, ...(result?.pending && { pending: true }) }
}

function toVerdict(findings: readonly Finding[]): Verdict {
  if (findings.length === 0) return 'conforms'
  return findings.every(({ deviation }) => deviation) ? 'known deviation' : 'new drift'
}

/** Pact has no order of its own, and people compare a report with the one before it. */
const PATH_ORDER = new Intl.Collator('en', { numeric: true })

/** Finds an answer with another pk than the one in the path, because no matcher of Pact knows which row was asked for. */
function checkRowId({ view }: Operation, requestPath: string, body: unknown): Finding[] {
  if (!view.path.endsWith('/{id}/')) return []
  const id = new URL(requestPath, 'http://localhost').pathname.split('/').at(-2)
  const pk = readKey(body, 'pk')
  return pk === undefined || String(pk) === id
    ? []
    : [{ path: '$.pk', text: `is ${JSON.stringify(pk)}, where ${id} was asked for` }]
}

/**
 * Compares an answer with the document of the server's own release, which says better than Pact what is wrong and where.
 *
 * @param mismatches what Pact found in the same answer
 */
function compareWithDocument(
  mismatches: readonly Finding[],
  schema: Schema,
  body: unknown,
  { release, isExact }: Judging['provider'],
): Finding[] {
  const violations = findViolations(schema, body).map(({ path, text }): Finding => {
    const deviation = findDeviation(schema, path, body, release)
    return {
      path,
      text: text.endsWith('received undefined') ? 'is not there' : `is not as ${release} documents it: ${text}`,
      ...(deviation === undefined ? {} : { deviation }),
    }
  })
  // A release that is not known may have keys that its nearest neighbour does not document.
  const undocumentedKeys = isExact ? findUndocumentedKeys(schema, body) : []
  // A value that the contract asks for as it is depends on the state, not on the release.
  const isAsDocumented = ({ path, text, deviation }: Finding) =>
    deviation === undefined &&
    path !== '' &&
    !/ to be equal to /.test(text) &&
    !violations.some((violation) => isAtOrBelow(path, violation.path))
  const uncovered = mismatches.filter(
    ({ path }) => path === '' || !violations.some((violation) => isAtOrBelow(violation.path, path)),
  )
  return [
    ...uncovered.map((finding) =>
      isAsDocumented(finding) ? { ...finding, deviation: `documented so in ${release}` } : finding,
    ),
    ...violations,
    ...undocumentedKeys.map((path): Finding => ({
      path,
      text: `is not documented in ${release}`,
      isAddition: true,
    })),
  ]
}

/** Whether a path is the same as an ancestor, or below it. */
function isAtOrBelow(path: string, ancestor: string): boolean {
  const steps = stepsOf(path)
  return stepsOf(ancestor).every((step, index) => step === steps[index])
}

/** Finds the operation that a request asks, whatever stands before the API's prefix. */
const findOperation = (views: Views, { method, path }: Interaction['request']): Operation | undefined =>
  views.match(path.replace(/\/+/g, '/').replace(/^.*(?=\/api\/v3\/)/, ''))?.route.operations.get(method)

/** Turns a mismatch of Pact into findings, each with the deviation that explains it. */
function explain(
  { path = '', text }: Mismatch,
  schema: Schema | undefined,
  release: string,
  request: Interaction['request'],
  body: unknown,
): Finding[] {
  const toFinding = (findingPath: string, findingText: string): Finding => {
    const deviation = schema && findDeviation(schema, findingPath, body, release)
    return { path: findingPath, text: findingText, ...(deviation === undefined ? {} : { deviation }) }
  }
  const missingKeys = /missing the following keys?: (.*)$/.exec(text)?.[1]
  if (missingKeys !== undefined)
    return missingKeys.split(', ').map((key) => toFinding(`${path}.${key}`, 'is not there'))
  if (path !== '') return [toFinding(path, text)]
  const deviation = isAnonymous(request) && text === 'expected 403 but was 404' ? findAnonymous404(release) : undefined
  return [{ path, text, ...(deviation === undefined ? {} : { deviation }) }]
}

const isAnonymous = ({ headers }: Interaction['request']) =>
  !Object.keys(headers ?? {}).some((name) => /^authorization$/i.test(name))

const findAnonymous404 = (release: string) =>
  deviationsOf(findRelease(release)).find(({ id }) => id === 'anonymous-detail-404')?.id

/** Finds the deviation that explains why a value is not there, or is empty. */
function findDeviation(schema: Schema, path: string, body: unknown, release: string): string | undefined {
  if (body === undefined) return undefined
  const steps = stepsOf(path)
  const value = steps.reduce(readKey, body)
  const key = steps.pop()
  const component = componentAt(schema, steps.join('.'))
  if (key === undefined || component === undefined) return undefined
  const kind = value === undefined ? 'absent' : value === null ? 'null' : value === '' ? 'empty' : undefined
  if (kind === undefined) return undefined
  return deviationsOf(findRelease(release)).find(
    (deviation) =>
      deviation.actual === kind && deviation.components?.includes(component) && deviation.keys?.includes(key),
  )?.id
}
