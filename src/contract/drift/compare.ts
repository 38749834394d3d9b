/** Compares two OpenAPI documents: what a move from one to the other changes, and whom it breaks. */
import { PARTIES, type Comparison, type Difference, type Party, type RecordDifference } from './difference.ts'
import { isObject, operationsAt, operationsOf, titleOf, toObject, type Document } from './document.ts'
import { createIsEqual } from './equal.ts'
import { positionOf, compareRest } from './messages.ts'
import { compareOperations, comparePathItems, compareServers } from './operations.ts'
import { pairOperations } from './pairs.ts'
import { hasDifferences } from './schemas.ts'
import { isUsed, type Uses } from './uses.ts'

export type { Difference, Party, Place } from './difference.ts'
export { operationsOf, type Document } from './document.ts'
export { usesOf, type Uses } from './uses.ts'

/** How many schemas are compared. The largest documents that are known have a tenth of them. */
const MAX_COMPARISONS = 300_000

/**
 * Compares the operations that both documents have, and records which operations only one of them has.
 * @param uses what a consumer uses: all else is left out
 * @returns the differences, those that break the most parties first
 */
export function compareDocuments(baseline: Document, candidate: Document, uses?: Uses): Difference[] {
  const differences = new Map<string, Difference>()
  const shared = {
    baseline,
    candidate,
    isEqual: createIsEqual(baseline, candidate),
    reached: new Set<string>(),
    budget: { comparisons: MAX_COMPARISONS },
  }
  /** Compares within the operation, or the whole document, that is called by these names. */
  const compareIn = (ids: readonly string[], compare: (comparison: Comparison) => void, isWhole = false) => {
    const usedPaths = uses && !isWhole ? ids.map((id) => uses.get(id)).find(Boolean) : 'all'
    const [operation = ''] = ids
    if (!usedPaths) return
    const record: RecordDifference = (kind, subject, change, breaks, path, usedPath = path) => {
      if (usedPaths !== 'all' && !isUsed(usedPath, usedPaths)) return
      const key = `${kind} ${subject} ${change}`
      const place = { operation, path }
      const difference = differences.get(key)
      if (difference) {
        difference.breaks = inOrder([...difference.breaks, ...breaks])
        difference.places.push(place)
      } else differences.set(key, { kind, subject, change, breaks: inOrder(breaks), places: [place] })
    }
    compare({ ...shared, record, visits: new Map() })
  }
  for (const [oldOperation, newOperation] of pairOperations(operationsOf(baseline), operationsOf(candidate)))
    compareIn(
      [oldOperation?.id, newOperation?.id].filter((id) => id !== undefined),
      (comparison) => {
        if (oldOperation && newOperation) compareOperations(oldOperation, newOperation, comparison)
        else if (oldOperation) comparison.record('removed', titleOf(oldOperation), 'is gone', PARTIES, '')
        else if (newOperation) comparison.record('added', titleOf(newOperation), 'is new', [], '')
      },
    )
  compareIn(
    ['every operation'],
    (comparison) => {
      compareServers(baseline.servers, candidate.servers, comparison)
      comparePathItems(comparison, uses)
    },
    true,
  )
  if (!uses) {
    compareWebhooks(compareIn, baseline, candidate)
    compareIn(['no operation'], compareUnreached, true)
  }
  const sentenceOf = ({ subject, change }: Difference) => `${subject} ${change}`
  return [...differences.values()].sort(
    (a, b) => b.breaks.length - a.breaks.length || (sentenceOf(a) < sentenceOf(b) ? -1 : 1),
  )
}

type CompareIn = (ids: readonly string[], compare: (comparison: Comparison) => void, isWhole?: boolean) => void

/** Returns each of these parties once, in the order in which a report names them. */
const inOrder = (parties: readonly Party[]) => PARTIES.filter((party) => parties.includes(party))

/** Compares the requests that a server sends by itself: whoever gets them reads them, and writes the answer. */
function compareWebhooks(compareIn: CompareIn, baseline: Document, candidate: Document): void {
  const webhooksOf = (document: Document) => operationsAt(toObject(document.webhooks), document)
  for (const [oldWebhook, newWebhook] of pairOperations(webhooksOf(baseline), webhooksOf(candidate))) {
    const title = `webhook ${titleOf(oldWebhook ?? newWebhook ?? { method: '', path: '' })}`
    compareIn([title], (comparison) => {
      if (oldWebhook && newWebhook) compareOperations(oldWebhook, newWebhook, comparison, 'server')
      else if (oldWebhook) comparison.record('removed', title, 'is gone', ['reader'], '')
      else comparison.record('added', title, 'is new', [], '')
    })
  }
}

/** Says which components differ that no operation was seen to use, and what else of the documents is not the same. */
function compareUnreached(comparison: Comparison): void {
  const { baseline, candidate, reached, record } = comparison
  const schemasOf = (document: Document) => toObject(document.components?.['schemas'])
  const [oldSchemas, newSchemas] = [schemasOf(baseline), schemasOf(candidate)]
  for (const name of new Set([...Object.keys(oldSchemas), ...Object.keys(newSchemas)]))
    if (!reached.has(name) && isObject(oldSchemas[name]) && isObject(newSchemas[name]))
      if (hasDifferences(oldSchemas[name], newSchemas[name], positionOf(comparison, name, '', 'reader')))
        record('uncompared', name, 'differs, and no operation was seen to use it', [], '')
  const keys = 'openapi swagger info servers paths components security webhooks files jsonSchemaDialect $self'
  compareRest(baseline, candidate, keys, positionOf(comparison, 'the document', '', 'reader'))
}
