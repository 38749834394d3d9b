/**
 * What dist/ has in place of mutative, with which @msw/data changes a row: it hands over a copy that it has made itself,
 * so that a draft would be a second one, and nobody listens to its patches.
 */

/** Changes a copy. @returns it, and the patches that nobody listens to */
export function create<Row>(copy: Row, change: (draft: Row) => void): [Row, [], []] {
  change(copy)
  return [copy, [], []]
}

/** Undoes patches, of which there are none. */
export const apply = <Row>(row: Row): Row => row
