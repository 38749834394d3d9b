/** Nothing that the mock has changed. */
import { first as previous } from './2025.4.ts'
import { changesSince, releaseLine } from './note.ts'

/** 2025.6.0. */
export const first = changesSince(previous, '2025.6.0', {})

/** 2025.6. */
export const line = releaseLine('2025.6', 4, first)
