/** Scenarios: which hold, and which there are. */
import type { ControlRoute } from '../control-route.ts'
import { answers, bodies } from '../schemas.ts'
import { notThere } from '../not-there.ts'
import type { ScenarioDefinition } from '../types.ts'

/** The routes. */
export const scenarioRoutes: readonly ControlRoute[] = [
  {
    path: '/-/mock/api/scenarios/',
    methods: {
      GET: {
        summary: 'The scenarios that hold, and those that have a name.',
        answer: answers.scenarios,
        run: ({ namespace: { scenarios } }) => ({ active: scenarios.list(), named: scenarios.choices }),
      },
      POST: {
        summary: 'Has something go wrong: by name, or by operation, path, method, kind and user.',
        body: bodies.scenario,
        documentedBody: bodies.documentedScenario,
        answer: answers.scenario,
        status: 201,
        run: ({ namespace, body }) => namespace.scenarios.add(body as ScenarioDefinition),
      },
      DELETE: {
        summary: 'Has nothing go wrong any more; with a name, nothing of that name.',
        body: bodies.names,
        isBodyOptional: true,
        run({ namespace: { scenarios }, body }) {
          const { name } = (body ?? {}) as { name?: string }
          if (name === undefined) scenarios.clear()
          else if (!scenarios.remove(name)) throw notThere(`scenario "${name}"`, 'GET scenarios/')
        },
      },
    },
  },
  {
    path: '/-/mock/api/scenarios/{id}/',
    methods: {
      DELETE: {
        summary: 'Takes a scenario away, by its id or its name.',
        run({ namespace, params: { id = '' } }) {
          if (!namespace.scenarios.remove(id)) throw notThere(`scenario "${id}"`, 'GET scenarios/')
        },
      },
    },
  },
]
