/** Gives back, after each file, what its tests put in the place of globals: where files are not isolated the next has them too. */
import { afterAll, vi } from 'vitest'

afterAll(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})
