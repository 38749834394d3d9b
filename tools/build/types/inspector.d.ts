/** What `#inspector` exports: the texts that the page at `/-/mock/` loads. */

/** A module that imports nothing. */
export const script: string
export const style: string
