/** Compares two operations: how they are asked for, what they take, and what they answer. */
import { PARTIES, type Comparison, type Party, type RecordDifference } from './difference.ts'
import {
  follow,
  isObject,
  operationsAt,
  parametersOf,
  titleOf,
  toList,
  toObject,
  type Document,
  type DocumentedOperation,
  type Parameter,
} from './document.ts'
import { isProse } from './equal.ts'
import { compareContents, compareHeaders, compareRest, followBoth, positionOf } from './messages.ts'
import { pairOperations, withoutNames } from './pairs.ts'
import { compareRequired, compareSchemas } from './schemas.ts'
import type { Uses } from './uses.ts'

/** Who sends the request: the program that uses the API, or the server. */
type Sender = 'program' | 'server'

/** What is looked at in an operation; another member that differs is recorded as not compared. */
const COMPARED = 'operationId parameters requestBody responses callbacks deprecated security servers'

const isListOrAbsent = (value: unknown) => value === undefined || Array.isArray(value)
const isObjectOrAbsent = (value: unknown) => value === undefined || isObject(value)

/** Which form the members of an operation have: what has another one is not looked into. */
const FORMS: readonly [key: string, isRight: (value: unknown) => boolean][] = [
  ['parameters', isListOrAbsent],
  ['security', isListOrAbsent],
  ['requestBody', isObjectOrAbsent],
  ['responses', isObjectOrAbsent],
  ['callbacks', isObjectOrAbsent],
]

/** Compares two operations. */
export function compareOperations(
  oldOperation: DocumentedOperation,
  newOperation: DocumentedOperation,
  comparison: Comparison,
  sender: Sender = 'program',
): void {
  const { record } = comparison
  const [oldTitle, newTitle] = [titleOf(oldOperation), titleOf(newOperation)]
  if (oldTitle !== newTitle) {
    const isSameRequest = withoutNames(oldOperation) === withoutNames(newOperation)
    record('renamed', oldTitle, `is now ${newTitle}`, isSameRequest ? [] : PARTIES, '')
  }
  const [oldMembers, newMembers] = [oldOperation.operation, newOperation.operation]
  const [oldId, newId] = [oldMembers['operationId'], newMembers['operationId']]
  if (oldId !== newId) {
    const change = newId === undefined ? `is no longer called ${String(oldId)}` : `is now called ${String(newId)}`
    record('renamed', oldTitle, change, [], '')
  }
  if (Boolean(oldMembers['deprecated']) !== Boolean(newMembers['deprecated']))
    record('retyped', oldTitle, newMembers['deprecated'] ? 'is deprecated' : 'is no longer deprecated', [], '')
  compareParameters(oldOperation, newOperation, comparison)
  compareBodies(oldOperation, newOperation, comparison, sender)
  compareResponses(oldOperation, newOperation, comparison, sender)
  compareSecurity(oldOperation, newOperation, comparison)
  compareCallbacks(oldOperation, newOperation, comparison)
  const serversOf = ({ operation, pathItem }: DocumentedOperation) => operation['servers'] ?? pathItem['servers']
  compareServers(serversOf(oldOperation), serversOf(newOperation), comparison, `${oldTitle} servers`)
  for (const [key, isRight] of FORMS)
    if (!isRight(oldMembers[key]) || !isRight(newMembers[key]))
      if (!comparison.isEqual(oldMembers[key], newMembers[key]))
        record('uncompared', oldTitle, `differs in "${key}", which is not as OpenAPI has it`, [], '')
  compareRest(oldMembers, newMembers, COMPARED, positionOf(comparison, oldTitle, '', 'writer'))
}

function compareResponses(
  oldOperation: DocumentedOperation,
  newOperation: DocumentedOperation,
  comparison: Comparison,
  sender: Sender,
): void {
  const { record } = comparison
  const party = sender === 'program' ? 'reader' : 'writer'
  const oldResponses = responsesOf(oldOperation)
  const newResponses = responsesOf(newOperation)
  const compare = (status: string, oldResponse: unknown, newResponse: unknown) => {
    const position = positionOf(comparison, `${titleOf(oldOperation)} ${status}`, `${status} $`, party)
    const [oldMessage, newMessage] = followBoth(oldResponse, newResponse, position)
    if (oldMessage === undefined || newMessage === undefined) return
    compareContents(oldMessage, newMessage, position)
    compareHeaders(oldMessage, newMessage, position)
    compareRest(toObject(oldMessage), toObject(newMessage), 'content headers', position)
  }
  for (const [status, response] of Object.entries(oldResponses)) {
    const statuses = statusesFor(status, newResponses)
    for (const newStatus of statuses) compare(status, response, newResponses[newStatus])
    if (statuses.length === 0) {
      const breaks: Party[] = status.startsWith('2') ? [party] : []
      record('removed', `${titleOf(oldOperation)} ${status}`, 'is no longer documented', breaks, '')
    } else if (!statuses.includes(status))
      record('retyped', `${titleOf(oldOperation)} ${status}`, `is documented as ${statuses.join(', ')}`, [], '')
  }
  const hadSuccess = Object.keys(oldResponses).some((status) => status.startsWith('2'))
  for (const status of Object.keys(newResponses)) {
    if (Object.hasOwn(oldResponses, status)) continue
    const [range] = statusesFor(status, oldResponses)
    // What stands in place of a range, or as one, was compared above.
    if (range !== undefined && range !== 'default') continue
    // A reader is not ready for another answer of success beside those that were documented.
    const breaks: Party[] = hadSuccess && status.startsWith('2') && range === undefined ? [party] : []
    record('added', `${titleOf(newOperation)} ${status}`, 'is documented now', breaks, `${status} $`, '')
    if (range !== undefined) compare(status, oldResponses[range], newResponses[status])
  }
}

const responsesOf = ({ operation }: DocumentedOperation) =>
  Object.fromEntries(Object.entries(toObject(operation['responses'])).filter(([status]) => !isProse(status)))

/** Finds where a status is documented: by itself, in its range such as `2XX`, by default, or as the statuses of a range. */
function statusesFor(status: string, responses: object): string[] {
  const range = `${status.charAt(0)}XX`
  const candidates = Object.keys(responses)
  const exact = [status, ...(/^\d\d\d$/.test(status) ? [range, range.toLowerCase(), 'default'] : [])]
  const match = exact.find((candidate) => candidates.includes(candidate))
  if (match !== undefined) return [match]
  return /^\dxx$/i.test(status) ? candidates.filter((candidate) => candidate.startsWith(status.charAt(0))) : []
}

function compareParameters(
  oldOperation: DocumentedOperation,
  newOperation: DocumentedOperation,
  comparison: Comparison,
): void {
  for (const [{ parameters }, document] of [
    [oldOperation, comparison.baseline],
    [newOperation, comparison.candidate],
  ] as const)
    for (const parameter of parameters) {
      const { failure } = follow(parameter, document)
      if (failure !== undefined) comparison.record('uncompared', titleOf(oldOperation), failure, [], '')
    }
  const oldParameters = parametersOf(oldOperation, comparison.baseline)
  const newParameters = parametersOf(newOperation, comparison.candidate)
  for (const [key, oldParameter] of oldParameters) {
    const label = labelOf(oldParameter)
    const position = positionOf(comparison, `${titleOf(oldOperation)} ${label}`, label, 'writer')
    // Whoever uses the operation has a path, and a pact is not searched for the headers that a consumer sends.
    const isLookedUp = oldParameter.location === 'query'
    const record: RecordDifference = (kind, subject, change, breaks, path, usedPath = isLookedUp ? path : '') =>
      comparison.record(kind, subject, change, breaks, path, usedPath)
    const newParameter = newParameters.get(key)
    if (newParameter) {
      compareRequired(oldParameter.isRequired, newParameter.isRequired, position, '')
      compareSchemas(oldParameter.schema, newParameter.schema, { ...position, record })
      compareWriting(oldParameter, newParameter, { ...position, record })
    } else record('removed', position.subject, 'has no effect any more', ['writer'], position.path)
  }
  for (const [key, newParameter] of newParameters) {
    if (oldParameters.has(key)) continue
    const label = labelOf(newParameter)
    const subject = `${titleOf(newOperation)} ${label}`
    if (newParameter.isRequired) comparison.record('added', subject, 'is new and required', ['writer'], label, '')
    else comparison.record('added', subject, 'is new', [], label)
  }
}

/** Compares how two parameters are written into a request. */
function compareWriting(
  oldParameter: Parameter,
  newParameter: Parameter,
  position: ReturnType<typeof positionOf>,
): void {
  const { record, subject, path } = position
  const [oldDefinition, newDefinition] = [oldParameter.definition, newParameter.definition]
  const describe = ({ location, definition }: Parameter) => {
    const style = definition['style'] ?? (location === 'query' || location === 'cookie' ? 'form' : 'simple')
    const [type] = Object.keys(toObject(definition['content']))
    return type ?? `${String(style)}${(definition['explode'] ?? style === 'form') ? ', exploded' : ''}`
  }
  const [oldWords, newWords] = [describe(oldParameter), describe(newParameter)]
  if (oldWords !== newWords)
    record('retyped', subject, `is written in the style ${newWords}, not ${oldWords}`, ['writer'], path)
  if (Boolean(oldDefinition['deprecated']) !== Boolean(newDefinition['deprecated']))
    record('retyped', subject, newDefinition['deprecated'] ? 'is deprecated' : 'is no longer deprecated', [], path)
  const keys = 'in name required schema content style explode deprecated'
  compareRest(withoutFalse(oldDefinition), withoutFalse(newDefinition), keys, position)
}

/** Leaves out what is false, which is what a parameter is where it does not say. */
const withoutFalse = (definition: object) =>
  Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== false))

function labelOf({ location, name }: Parameter): string {
  if (location === 'query') return `?${name}`
  return location === 'path' ? `{${name}}` : `${location} ${name}`
}

function compareBodies(
  oldOperation: DocumentedOperation,
  newOperation: DocumentedOperation,
  comparison: Comparison,
  sender: Sender,
): void {
  const { record } = comparison
  const party = sender === 'program' ? 'writer' : 'reader'
  const position = positionOf(comparison, `${titleOf(oldOperation)} body`, 'body $', party)
  const { subject } = position
  const [oldValue, newValue] = [oldOperation.operation['requestBody'], newOperation.operation['requestBody']]
  const [oldBody, newBody] = followBoth(oldValue, newValue, position)
  if ((oldValue && !oldBody) || (newValue && !newBody)) return
  if (oldBody && newBody) {
    compareRequired(isRequired(oldBody), isRequired(newBody), position, '')
    compareContents(oldBody, newBody, position)
    compareRest(toObject(oldBody), toObject(newBody), 'content required', position)
  } else if (oldBody) record('removed', subject, 'is no longer read', [party], '')
  else if (newBody && isRequired(newBody)) record('added', subject, 'is asked for', ['writer'], '')
  else if (newBody) record('added', subject, 'can be sent', [], '')
}

const isRequired = (body: unknown) => Boolean(toObject(body)['required'])

/** Whether credentials of the one way are those that the other way asks for, or more: every scheme, with every scope. */
function isEnough(credentials: string, required: string): boolean {
  const schemesOf = (way: string) => way.split(' and ').map((scheme) => scheme.split(' '))
  const owned = schemesOf(credentials)
  return (
    required === 'nothing' ||
    schemesOf(required).every((words) => owned.some((scheme) => words.every((word) => scheme.includes(word))))
  )
}

/** Compares which credentials a request needs. Each entry of a list is enough by itself. */
function compareSecurity(
  { operation: oldMembers, ...oldOperation }: DocumentedOperation,
  { operation: newMembers }: DocumentedOperation,
  { baseline, candidate, record }: Comparison,
): void {
  const waysOf = (value: unknown, document: Document) => {
    const ways = toList(value ?? document.security).map((way) => {
      const schemes = Object.entries(toObject(way)).map(([name, scopes]) => {
        const { value: scheme } = follow(document.components?.['securitySchemes']?.[name], document)
        const { type, scheme: method, in: location, name: key } = toObject(scheme)
        const words = isObject(scheme) ? [type, method ?? location, key] : [name]
        return [...words.filter(Boolean), ...toList(scopes).toSorted()].map(String).join(' ')
      })
      return schemes.toSorted().join(' and ') || 'nothing'
    })
    return new Set(ways.length ? ways : ['nothing'])
  }
  const oldWays = waysOf(oldMembers['security'], baseline)
  const newWays = waysOf(newMembers['security'], candidate)
  const list = (ways: ReadonlySet<string>) => [...ways].join(', or ')
  const isLess = [...oldWays].some((oldWay) => ![...newWays].some((newWay) => isEnough(oldWay, newWay)))
  if (isWithin(newWays, oldWays) && isWithin(oldWays, newWays)) return
  const change = `takes ${list(newWays)} for credentials, not ${list(oldWays)}`
  record(
    'retyped',
    titleOf({ path: oldOperation.path, method: oldOperation.method }),
    change,
    isLess ? ['writer'] : [],
    '',
  )
}

/** Whether a set has every member of another. */
const isWithin = (inner: ReadonlySet<string>, outer: ReadonlySet<string>) =>
  [...inner].every((member) => outer.has(member))

/** Compares the requests that the server sends in the course of an operation. */
function compareCallbacks(
  { operation: oldMembers, path, method }: DocumentedOperation,
  { operation: newMembers }: DocumentedOperation,
  comparison: Comparison,
): void {
  const { baseline, candidate, record } = comparison
  const callbacksOf = (members: object, document: Document) =>
    Object.entries(toObject(Reflect.get(members, 'callbacks'))).flatMap(([name, value]) => {
      const { value: pathItems, failure } = follow(value, document)
      if (failure !== undefined) record('uncompared', `${titleOf({ path, method })} callback ${name}`, failure, [], '')
      return operationsAt(toObject(pathItems), document).map((operation) => ({
        ...operation,
        path: `callback ${name} ${operation.path}`,
      }))
    })
  const pairs = pairOperations(callbacksOf(oldMembers, baseline), callbacksOf(newMembers, candidate))
  for (const [oldCallback, newCallback] of pairs)
    if (oldCallback && newCallback) compareOperations(oldCallback, newCallback, comparison, 'server')
    else if (oldCallback) record('removed', titleOf(oldCallback), 'is gone', ['reader'], '')
    else if (newCallback) record('added', titleOf(newCallback), 'is new', [], '')
}

/** Compares below which paths the servers answer. On which machine they are is no matter of the API. */
export function compareServers(
  oldServers: unknown,
  newServers: unknown,
  comparison: Comparison,
  subject = 'the API',
): void {
  const pathsOf = (servers: unknown) => {
    const urls = toList(servers).map((server) => String(toObject(server)['url'] ?? ''))
    return new Set((urls.length ? urls : ['']).map(toPath))
  }
  const [oldPaths, newPaths] = [pathsOf(oldServers), pathsOf(newServers)]
  if (isWithin(oldPaths, newPaths) && isWithin(newPaths, oldPaths)) return
  const list = (paths: ReadonlySet<string>) => [...paths].join(' and ')
  comparison.record(
    'renamed',
    subject,
    `is now below ${list(newPaths)}, not ${list(oldPaths)}`,
    isWithin(oldPaths, newPaths) ? [] : PARTIES,
    '',
  )
}

/** Returns the path of a server's URL, which may have variables in it, without the slash at its end. */
export const toPath = (url: string) =>
  url
    .replace(/^(?:[^/?#]+:)?\/\/[^/]*/, '')
    .replace(/[?#].*/s, '')
    .replace(/\/+$/, '') || '/'

/** Says which path items refer to something in vain, and which of their members were not compared. */
export function comparePathItems(comparison: Comparison, uses: Uses | undefined): void {
  const { baseline, candidate, record } = comparison
  for (const document of [baseline, candidate])
    for (const [path, value] of Object.entries({ ...document.paths, ...toObject(document.webhooks) })) {
      const { failure, value: pathItem } = follow(value, document)
      if (failure !== undefined) record('uncompared', path, failure, [], '')
      const further = toObject(toObject(pathItem)['additionalOperations'])
      if (!uses && Object.keys(further).length)
        record('uncompared', path, `has the further methods ${Object.keys(further).join(', ')}`, [], '')
    }
}
