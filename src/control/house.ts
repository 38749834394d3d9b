/** What all namespaces of one mock share. */
import type { Access } from './access.ts'
import type { Namespaces } from './namespaces.ts'

/** The namespaces, and who may control them. */
export interface House {
  namespaces: Namespaces
  access: Access
}
