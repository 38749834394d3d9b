/** What runs here, which namespaces there are, and what a release documents of an operation. */
import type { ControlRoute } from '../control-route.ts'
import { toRecord } from '../namespaces.ts'
import { notThere } from '../not-there.ts'
import { recordOfOperation } from '../operation-record.ts'
import type { MockOptions } from '../../mock/options.ts'
import { answers, bodies } from '../schemas.ts'
import { statusOf } from '../status.ts'

/** The routes. */
export const statusRoutes: readonly ControlRoute[] = [
  {
    path: '/-/mock/api/status/',
    methods: {
      GET: { summary: 'What runs here.', answer: answers.status, run: ({ namespace }) => statusOf(namespace) },
    },
  },
  {
    path: '/-/mock/api/namespaces/',
    methods: {
      GET: {
        summary: 'The namespaces that are in use.',
        answer: answers.namespaces,
        run: ({ house }) => house.namespaces.list(),
      },
      POST: {
        summary:
          'Makes a namespace, which begins as the mock began; or with options of its own, named as those of `mock()`.',
        body: bodies.namespace,
        answer: answers.namespace,
        status: 201,
        async run({ house: { namespaces }, body }) {
          const { name, options } = body as { name: string; options?: MockOptions }
          return toRecord(name, await namespaces.create(name, options))
        },
      },
    },
  },
  {
    path: '/-/mock/api/namespaces/{name}/',
    methods: {
      DELETE: {
        summary: 'Drops a namespace, with all that is in it.',
        run({ house, params: { name = '' } }) {
          if (!house.namespaces.delete(name)) throw notThere(`namespace "${name}"`, 'GET namespaces/')
        },
      },
    },
  },
  {
    path: '/-/mock/api/operations/{operationId}/',
    methods: {
      GET: {
        summary: 'What the release documents of an operation, and what other releases have otherwise.',
        answer: answers.operation,
        run: ({ namespace, params: { operationId = '' } }) => recordOfOperation(operationId, namespace.core.release),
      },
    },
  },
]
