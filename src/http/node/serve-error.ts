/** A mistake in what a server is told. */
import { MockError } from '../mock-error.ts'

/** Says what is wrong, and what to give instead. */
export const serveError = (reason: string): MockError => new MockError('ERR_OPTION', `Failed to serve: ${reason}`)
