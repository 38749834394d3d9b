/** What a run measured: a key for each section that it measured. */
import type { LoadReport } from './load.ts'

/** The results of a run. */
export interface Results {
  /** Cores, memory, Node and platform. */
  machine: string
  load?: LoadReport
}
