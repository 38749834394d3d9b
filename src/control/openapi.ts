/** The OpenAPI document of the control API, made of its routes. */
import * as z from 'zod/mini'
import manifest from '../../package.json' with { type: 'json' }
import type { ControlRoute, Verb } from './control-route.ts'
import { answers } from './schemas.ts'

/** The document itself, which answers beside the routes. */
const SCHEMA_PATH = {
  get: {
    operationId: 'get_schema',
    summary: 'This document.',
    responses: {
      200: { description: 'This document.', content: { 'application/json': { schema: { type: 'object' } } } },
    },
  },
}

/** The document. @param base what stands before every path, without its final slash */
export function toControlDocument(routes: readonly ControlRoute[], base: string): object {
  return {
    openapi: '3.1.0',
    info: { title: 'authentik-mock, control API', version: manifest.version },
    servers: [{ url: base === '' ? '/' : base }],
    security: [{ token: [] }],
    paths: {
      '/-/mock/api/schema/': SCHEMA_PATH,
      ...Object.fromEntries(routes.map((route) => [route.path, toPathItem(route)])),
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function toPathItem({ path, methods }: ControlRoute): object {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const operations = Object.entries(methods).map(([method, verb]) => [
    method.toLowerCase(),
    toOperation(verb, path, method),
  ])
  return { ...(parameters.length && { parameters }), ...Object.fromEntries(operations) }
}

function toOperation(verb: Verb, path: string, method: string): object {
  const { summary, query = {}, answer, answerType, status = answer ? 200 : 204, faults } = verb
  const body = verb.documentedBody ?? verb.body
  const words = path.replace('/-/mock/api/', '').split('/').filter(Boolean)
  const id = [method.toLowerCase(), ...words.map((word) => word.replace(/^\{(\w+)\}$/, 'by_$1'))].join('_')
  return {
    operationId: id,
    summary,
    parameters: Object.entries(query).map(([name, description]) => ({
      name,
      in: 'query',
      description,
      schema: { type: 'string' },
    })),
    ...(body && { requestBody: { required: verb.isBodyOptional !== true, content: contentOf(body) } }),
    responses: {
      [status]: { description: summary, ...(answer && { content: contentOf(answer, answerType) }) },
      ...Object.fromEntries(
        Object.entries({ ...FAULTS, ...(body && BODY_FAULTS), ...faults }).map(([code, description]) => [
          code,
          { description, content: contentOf(answers.fault) },
        ]),
      ),
    },
  }
}

/** What any verb may answer instead. */
const FAULTS = {
  400: 'Something is wrong, as its problems say.',
  401: 'The token is missing, or wrong.',
  403: 'A page of another origin asks.',
  404: 'What the path names is not there.',
  405: 'The method is none of the path; Allow names those that are.',
} as const
/** What a verb with a body may answer beside that. */
const BODY_FAULTS = { 415: 'The body is no JSON by its Content-Type.' } as const

const contentOf = (schema: z.ZodMiniType, type = 'application/json') => ({ [type]: { schema: toSchema(schema) } })

function toSchema(schema: z.ZodMiniType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any' }) as Record<string, unknown>
  void $schema
  return rest
}
