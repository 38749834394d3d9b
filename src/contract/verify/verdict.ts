/** Judges each interaction: a mismatch that Pact found is explained by a deviation that is known, or is new. */
import type { Operation } from '../../rest/operation.ts'
import { createViews, type Views } from '../../rest/views.ts'
import { componentAt, stepsOf } from '../../schema/walk.ts'
import type { Schema } from '../../schema/words.ts'
import { deviationsOf } from '../../authentik/deviations.ts'
import { findRelease } from '../../authentik/releases/index.ts'
import { findOmittedKeys, findUndocumentedKeys, findViolations } from './documented.ts'
import { isObject, parseJson, readKey, toText } from '../../schema/json.ts'
import { compareConnectionHeaders } from './connection-headers.ts'
import { isRefusal } from './credentials.ts'
import type { Interaction, PactFile } from './pact-file.ts'
import type { Mismatch, Result } from './pact.ts'
import type { Provider } from './preflight.ts'
import type { RecordedExchange } from './provider-proxy.ts'

/** Every verdict, in the order in which a report counts them. */
export const VERDICTS = ['conforms', 'warning', 'known deviation', 'new drift', 'inconclusive'] as const

/** What a verification concludes of an interaction or a check. */
export type Verdict = (typeof VERDICTS)[number]

/** An interaction or a check, with its verdict. */
export interface Judged {
  /** The description of the interaction, or the title of the check. */
  name: string
  verdict: Verdict
  findings: Finding[]
  /** Whose pact an interaction is in. */
  consumer?: string
  /** What a check looked at, in words. */
  extent?: string
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
  /** Whether the answer has less than every server of the release sends, though its document lets it. */
  isOmission?: true
}

interface Judging {
  pact: PactFile
  /** Whether it is the contract that is shipped, which says what the release of the server documents. */
  isShipped: boolean
  provider: Pick<Provider, 'release' | 'isExact' | 'isNewer' | 'caller'>
  /** The operations that an ordinary user is refused. */
  refused: ReadonlySet<string>
  /** Finds what Pact made of an interaction; it is called once for each that was tried. */
  findResult(interaction: Interaction): Result | undefined
  /** Finds what the server was asked for an interaction, and what it answered. */
  findExchange(interaction: Interaction): RecordedExchange | undefined
  /** Says why an interaction was not tried; nothing when it was. */
  explainSkip(interaction: Interaction): readonly string[]
  /** Why Pact could not read a part of a pact, which leaves the interactions in it without a result. */
  unreadable: readonly string[]
}

/** Judges each interaction of a Pact file. */
export function judge({ pact, ...judging }: Judging): Judged[] {
  const views = createViews('/api/v3', findRelease(judging.provider.release).operations)
  return pact.interactions.map((interaction) =>
    judgeInteraction(interaction, findOperation(views, interaction.request), {
      ...judging,
      consumer: pact.consumer.name,
    }),
  )
}

function judgeInteraction(
  interaction: Interaction,
  operation: Operation | undefined,
  judging: Omit<Judging, 'pact'> & { consumer: string },
): Judged {
  const { isShipped, provider, refused, findResult, findExchange, explainSkip, unreadable, consumer } = judging
  const { description, request, response } = interaction
  const { status } = response
  const common = { name: description, consumer, status, ...(operation && { operation: operation.id }) }
  const skip = (reasons: readonly string[]): Judged => ({
    ...common,
    verdict: 'inconclusive',
    findings: reasons.map((text) => ({ path: '', text })),
  })
  const reasons = explainSkip(interaction)
  if (reasons.length) return skip(reasons)
  const exchange = findExchange(interaction)
  if (exchange?.failure !== undefined)
    return { ...common, verdict: 'inconclusive', isUnreachable: true, findings: [{ path: '', text: exchange.failure }] }

  const { caller } = provider
  if (operation && status < 300 && exchange?.status === 403 && !caller.superuser && refused.has(operation.id))
    return skip([`${caller.username} may not, who is no superuser: 403`])
  const schema = operation?.responses[status] ?? undefined
  const body = parseJson(exchange?.text ?? '')
  const result = findResult(interaction)
  if (!result && unreadable.length) return skip(unreadable.map((text) => `Pact cannot read its pact: ${text}`))
  const mismatches = result?.mismatches ?? [{ path: undefined, text: 'Pact did not try it' }]
  const explained = mismatches.flatMap((mismatch) => explain(mismatch, schema, provider.release, request, body))
  const isDocumented = isShipped && exchange?.status === status && body !== undefined
  const findings = [
    ...(isDocumented && schema ? compareWithDocument(explained, schema, body, provider, status < 300) : explained),
    ...(operation && status === 200 && exchange ? checkRowId(operation, exchange.requestPath, body) : []),
    ...(mismatches.length ? explainIncomplete(interaction) : []),
    ...compareConnectionHeaders(interaction, exchange?.headers ?? {}).map((text) => ({ path: '', text })),
  ]
  findings.sort((a, b) => PATH_ORDER.compare(a.path, b.path))
  if (exchange?.hasOwnCredentials && isRefusal(exchange.status) && toVerdict(findings, false) === 'new drift')
    return skip(['it was asked with the credentials that the pact has, which this server refuses'])
  const verdict = toVerdict(findings, isShipped && provider.isNewer)
  return { ...common, verdict, findings, ...(result?.pending && { pending: true }) }
}

/** @param mayBeNewer whether a newer release may document otherwise what is documented here */
function toVerdict(findings: readonly Finding[], mayBeNewer: boolean): Verdict {
  if (findings.length === 0) return 'conforms'
  const unexplained = findings.filter(({ deviation }) => !deviation)
  if (unexplained.length === 0) return 'known deviation'
  return mayBeNewer && unexplained.every(isAboutForm) ? 'inconclusive' : 'new drift'
}

/** Whether a finding is about the form of an answer, which a document settles, and not about what it says. */
const isAboutForm = ({ path, text }: Finding) => path !== '' && !/ to be equal to | was asked for$/.test(text)

/** Says of a pact that pact-js wrote with our matchers, and that nobody completed, why it fits nothing. */
function explainIncomplete({ response }: Interaction): Finding[] {
  const rules = readKey(response.matchingRules, 'body')
  const isIncomplete = Object.values(isObject(rules) ? rules : {}).some((rule) => {
    const matchers = readKey(rule, 'matchers')
    if (!Array.isArray(matchers) || matchers.length < 2 || readKey(rule, 'combine') === 'OR') return false
    return matchers.some((matcher) => readKey(matcher, 'match') === 'null')
  })
  const text =
    'the pact asks for null and for something else at once: complete it with completePact (authentik-mock/pact)'
  return isIncomplete ? [{ path: '', text }] : []
}

/** Pact has no order of its own, and people compare a report with the one before it. */
const PATH_ORDER = new Intl.Collator('en', { numeric: true })

/** Finds an answer with another pk than the one in the path, because no matcher of Pact knows which row was asked for. */
function checkRowId({ view }: Operation, requestPath: string, body: unknown): Finding[] {
  if (!view.path.endsWith('/{id}/')) return []
  const id = new URL(requestPath, 'http://localhost').pathname.split('/').at(-2)
  const pk = readKey(body, 'pk')
  return pk === undefined || toText(pk) === id
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
  isSuccess: boolean,
): Finding[] {
  const violations = findViolations(schema, body).map(({ path, text }): Finding => {
    const deviation = findDeviation(schema, path, body, release)
    return {
      path,
      text: text.endsWith('received undefined') ? 'is not there' : `is not as ${release} documents it: ${text}`,
      ...(deviation === undefined ? {} : { deviation }),
    }
  })
  // A release that is not known may have keys that its nearest neighbour does not document, and lack others.
  const undocumentedKeys = isExact ? findUndocumentedKeys(schema, body) : []
  const omittedKeys = isExact && isSuccess ? findOmittedKeys(schema, body) : []
  const uncovered = mismatches.filter(
    ({ path }) => path === '' || !violations.some((violation) => isAtOrBelow(violation.path, path)),
  )
  return [
    ...uncovered,
    ...violations,
    ...undocumentedKeys.map((path): Finding => ({
      path,
      text: `is not documented in ${release}`,
      isAddition: true,
    })),
    ...omittedKeys.flatMap((path): Finding[] =>
      deviationsAt(schema, path, release).length === 0
        ? [{ path, text: `is not there, though every server of ${release} sends it`, isOmission: true }]
        : [],
    ),
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
  const kind = value === undefined ? 'absent' : value === null ? 'null' : value === '' ? 'empty' : undefined
  return kind && deviationsAt(schema, path, release).find(({ actual }) => actual === kind)?.id
}

/** The deviations of a release about the key at a path. */
function deviationsAt(schema: Schema, path: string, release: string) {
  const steps = stepsOf(path)
  const key = steps.pop()
  const component = componentAt(schema, steps.join('.'))
  if (key === undefined || component === undefined) return []
  return deviationsOf(findRelease(release)).filter(
    ({ components, keys }) => components?.includes(component) && keys?.includes(key),
  )
}
