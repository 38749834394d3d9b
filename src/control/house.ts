/** What all namespaces of one mock share. */
import type { Access } from './access.ts'
import type { Namespace } from './namespace.ts'
import type { Namespaces } from './namespaces.ts'

/** The namespaces, and who may control them. */
export interface House {
  namespaces: Namespaces
  access: Access
}

/** Where something of the mock's own is asked. */
export interface Whereabouts {
  namespace: Namespace
  house: House
  /** What stands before authentik's paths for whoever asks, without its final slash. */
  base: string
}
