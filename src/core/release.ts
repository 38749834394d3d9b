/** What one release of authentik is: the operations it documents. */
import type { Operation } from './operation.ts'

export interface Release {
  /** Such as `2024.8.3`. */
  version: string
  /** Where its API stands, as its document says. */
  server: string
  operations: readonly Operation[]
}
