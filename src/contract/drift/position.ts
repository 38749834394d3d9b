/** Where in two documents a comparison of schemas is. */
import type { Comparison, Party } from './difference.ts'

/** Where in the two documents a comparison is, and whom a difference breaks there. */
export interface Position extends Comparison {
  /** The component and its key where the schema is in one, otherwise the operation and the place in it. */
  subject: string
  path: string
  /** Who meets the schema: the reader of an answer, or the writer of a request. */
  party: Party
  /** Whom a schema breaks that allows more than before. */
  brokenByMore: readonly Party[]
  /** Whom a schema breaks that allows less than before. */
  brokenByLess: readonly Party[]
  /** The components around this position: one that holds itself is not compared again. */
  components: ReadonlySet<string>
  /** How many schemas are around this position. */
  depth: number
}
