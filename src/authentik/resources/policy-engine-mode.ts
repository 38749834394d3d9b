/** Whether all of several policies must pass, or any. */
import { choice } from '../../schema/words.ts'

/** Whether all of several policies must pass, or any. */
export const PolicyEngineMode = choice('PolicyEngineMode', ['all', 'any'])
