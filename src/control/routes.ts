/** The verbs of the control API, by their paths. A new one is an entry of its file in routes/. */
import { createRouter } from '../http/router.ts'
import type { ControlRoute } from './control-route.ts'
import { clockRoutes } from './routes/clock.ts'
import { grantRoutes } from './routes/grants.ts'
import { journalRoutes } from './routes/journal.ts'
import { scenarioRoutes } from './routes/scenarios.ts'
import { statusRoutes } from './routes/status.ts'
import { worldRoutes } from './routes/world.ts'

/** All of them. */
export const routes: readonly ControlRoute[] = [
  ...statusRoutes,
  ...worldRoutes,
  ...clockRoutes,
  ...grantRoutes,
  ...scenarioRoutes,
  ...journalRoutes,
]

/** Finds the route of a path. */
export const router = createRouter(routes, true)
