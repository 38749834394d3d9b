/** What a run measured: a key for each section that it measured. */
import type { Bundle } from './bundle.ts'
import type { LoadReport } from './contest.ts'
import type { Login } from './login.ts'
import type { MemoryReport } from './memory.ts'
import type { Startup } from './startup.ts'

/** The results of a run. */
export interface Results {
  /** Cores, memory, Node and platform. */
  machine: string
  load?: LoadReport
  login?: Login[]
  start?: Startup[]
  memory?: MemoryReport
  /** What world.ts prints: lists of figures. */
  world?: object
  /** What verify.ts measures: lists of figures. */
  verify?: object
  bundle?: Bundle[]
}
