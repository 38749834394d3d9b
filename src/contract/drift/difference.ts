/** What a comparison finds: a difference, where it is met, and whom it breaks. */
import type { Document } from './document.ts'

/** The parties at the other end of an API, in the order in which a report names them. */
export const PARTIES = ['reader', 'writer'] as const

/** Who is at the other end of an API: a reader of its answers, or a writer of its requests. */
export type Party = (typeof PARTIES)[number]

/** A place in an operation, such as `200 $.user.groups_obj`; the path '' is the operation as a whole. */
export interface Place {
  operation: string
  path: string
}

/** A difference between two documents. Its subject and its change make a sentence: `Group.parent` `is gone`. */
export interface Difference {
  /** A part of the documents that could not be compared is `uncompared`: it may hold any difference. */
  kind: 'added' | 'removed' | 'renamed' | 'retyped' | 'uncompared'
  /** What differs: `OAuth2Provider.redirect_uris`, `GET /core/users/ ?type`. */
  subject: string
  change: string
  /** A reader breaks on what an answer could not be before, a writer on what a request can no longer be. */
  breaks: Party[]
  /** Every place where the difference is met. */
  places: [Place, ...Place[]]
}

/**
 * Records a difference.
 * @param usedPath the place that a consumer has to use to be told of the difference, which is `path` by default; '' tells
 * whoever uses the operation
 */
export type RecordDifference = (
  kind: Difference['kind'],
  subject: string,
  change: string,
  breaks: readonly Party[],
  path: string,
  usedPath?: string,
) => void

/** The two documents that are compared, and the function that records their differences. */
export interface Comparison {
  baseline: Document
  candidate: Document
  record: RecordDifference
  /** Tells whether two values say the same, with all that they refer to. */
  isEqual(oldValue: unknown, newValue: unknown): boolean
  /** The names of the components that were compared. */
  reached: Set<string>
  /** How often a pair of components was compared in this operation. */
  visits: Map<string, number>
  /** How many schemas may still be compared, which ends what refers to itself in every way. */
  budget: { comparisons: number }
}
