/** Compares two OpenAPI documents: what a move from one to the other changes, and whom it breaks. */
import { PARTIES, type Comparison, type Difference, type Party, type RecordDifference } from './difference.ts'
import {
  deref,
  operationsOf,
  parametersOf,
  toObject,
  type Document,
  type DocumentedOperation,
  type Parameter,
} from './document.ts'
import { compareRequired, compareSchemas, type Position } from './schemas.ts'
import { isUsed, type Uses } from './uses.ts'

export type { Difference, Party } from './difference.ts'
export { operationsOf, type Document } from './document.ts'
export { usesOf, type Uses } from './uses.ts'

/**
 * Compares the operations that both documents have, and records which operations only one of them has.
 * @param uses what a consumer uses: all else is left out
 * @returns the differences, those that break the most parties first
 */
export function compareDocuments(baseline: Document, candidate: Document, uses?: Uses): Difference[] {
  const differences = new Map<string, Difference>()
  const [oldOperations, newOperations] = [operationsOf(baseline), operationsOf(candidate)]
  for (const id of new Set([...oldOperations.keys(), ...newOperations.keys()])) {
    const usedPaths = uses ? uses.get(id) : 'all'
    if (!usedPaths) continue
    const record: RecordDifference = (kind, subject, change, breaks, path, usedPath = path) => {
      if (usedPaths !== 'all' && !isUsed(usedPath, usedPaths)) return
      const key = `${kind} ${subject} ${change}`
      const place = { operation: id, path }
      const difference = differences.get(key)
      if (difference) {
        difference.breaks = inOrder([...difference.breaks, ...breaks])
        difference.places.push(place)
      } else differences.set(key, { kind, subject, change, breaks: inOrder(breaks), places: [place] })
    }
    const [oldOperation, newOperation] = [oldOperations.get(id), newOperations.get(id)]
    if (oldOperation && newOperation) compareOperations(oldOperation, newOperation, { baseline, candidate, record })
    else if (oldOperation) record('removed', titleOf(oldOperation), 'is gone', PARTIES, '')
    else if (newOperation) record('added', titleOf(newOperation), 'is new', [], '')
  }
  const sentenceOf = ({ subject, change }: Difference) => `${subject} ${change}`
  return [...differences.values()].sort(
    (a, b) => b.breaks.length - a.breaks.length || (sentenceOf(a) < sentenceOf(b) ? -1 : 1),
  )
}

/** Returns each of these parties once, in the order in which a report names them. */
const inOrder = (parties: readonly Party[]) => PARTIES.filter((party) => parties.includes(party))

const titleOf = ({ path, method }: DocumentedOperation) => `${method.toUpperCase()} ${path}`

function compareOperations(
  oldOperation: DocumentedOperation,
  newOperation: DocumentedOperation,
  comparison: Comparison,
): void {
  const [oldTitle, newTitle] = [titleOf(oldOperation), titleOf(newOperation)]
  const withoutNames = (title: string) => title.replace(/\{[^}]+\}/g, '{}')
  const isSameRequest = withoutNames(oldTitle) === withoutNames(newTitle)
  if (oldTitle !== newTitle)
    comparison.record('renamed', oldTitle, `is now ${newTitle}`, isSameRequest ? [] : PARTIES, '')
  compareParameters(oldOperation, newOperation, comparison)
  compareBodies(oldOperation, newOperation, comparison)
  compareResponses(oldOperation, newOperation, comparison)
}

function compareResponses(
  oldOperation: DocumentedOperation,
  newOperation: DocumentedOperation,
  comparison: Comparison,
): void {
  const { baseline, candidate, record } = comparison
  const oldResponses = toObject(oldOperation.operation['responses'])
  const newResponses = toObject(newOperation.operation['responses'])
  for (const [status, response] of Object.entries(oldResponses)) {
    const position = positionOf(comparison, `${titleOf(oldOperation)} ${status}`, `${status} $`, 'reader')
    if (Object.hasOwn(newResponses, status))
      compareContents(deref(response, baseline), deref(newResponses[status], candidate), position)
    else record('removed', position.subject, 'is no longer documented', status.startsWith('2') ? ['reader'] : [], '')
  }
  for (const status of Object.keys(newResponses))
    if (!Object.hasOwn(oldResponses, status))
      record('added', `${titleOf(newOperation)} ${status}`, 'is documented now', [], `${status} $`)
}

const positionOf = (comparison: Comparison, subject: string, path: string, party: Party): Position => ({
  ...comparison,
  subject,
  path,
  party,
  brokenByMore: party === 'reader' ? [party] : [],
  brokenByLess: party === 'writer' ? [party] : [],
  components: new Set(),
})

/** Compares what two responses, or two request bodies, are in JSON. */
function compareContents(oldMessage: unknown, newMessage: unknown, position: Position): void {
  const { record, subject, path, party } = position
  const [oldSchema, newSchema] = [jsonSchemaOf(oldMessage), jsonSchemaOf(newMessage)]
  if (oldSchema && !newSchema) record('removed', subject, 'is no longer JSON', [party], path)
  if (!oldSchema && newSchema) record('added', subject, 'is JSON now', [], path)
  compareSchemas(oldSchema, newSchema, position)
}

/** Returns the schema of a response or a request body, {} for JSON without a schema; undefined when it is not JSON. */
function jsonSchemaOf(message: unknown): unknown {
  const content = toObject(toObject(message)['content'])['application/json']
  return content ? (toObject(content)['schema'] ?? {}) : undefined
}

function compareParameters(
  oldOperation: DocumentedOperation,
  newOperation: DocumentedOperation,
  comparison: Comparison,
): void {
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

function labelOf({ location, name }: Parameter): string {
  if (location === 'query') return `?${name}`
  return location === 'path' ? `{${name}}` : `${location} ${name}`
}

function compareBodies(
  oldOperation: DocumentedOperation,
  newOperation: DocumentedOperation,
  comparison: Comparison,
): void {
  const { baseline, candidate, record } = comparison
  const oldBody = deref(oldOperation.operation['requestBody'], baseline)
  const newBody = deref(newOperation.operation['requestBody'], candidate)
  const position = positionOf(comparison, `${titleOf(oldOperation)} body`, 'body $', 'writer')
  const { subject } = position
  if (oldBody && newBody) {
    compareRequired(isRequired(oldBody), isRequired(newBody), position, '')
    compareContents(oldBody, newBody, position)
  } else if (oldBody) record('removed', subject, 'is no longer read', ['writer'], '')
  else if (newBody && isRequired(newBody)) record('added', subject, 'is asked for', ['writer'], '')
  else if (newBody) record('added', subject, 'can be sent', [], '')
}

const isRequired = (body: unknown) => Boolean(toObject(body)['required'])
