/** A difference between what authentik documents and what its servers were seen to answer. */
export interface Deviation {
  id: string
  /** What differs, in one sentence. */
  sentence: string
  /** The releases it holds in. */
  holds(release: string): boolean
  /** The components that a server sends otherwise than documented. */
  components?: readonly string[]
  /** Keys of those components that are concerned. */
  keys?: readonly string[]
  /** What a server has there: nothing, not even the key; null; or an empty text. */
  given?: 'absent' | 'null' | 'empty'
}
