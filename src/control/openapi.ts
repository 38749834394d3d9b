/** The OpenAPI document of the control API, made of its routes. */
import * as z from 'zod/mini'
import manifest from '../../package.json' with { type: 'json' }
import type { ControlRoute, Verb } from './control-route.ts'
import { answers } from './schemas.ts'

/** The document. @param base what stands before every path, without its final slash */
export function toControlDocument(routes: readonly ControlRoute[], base: string): object {
  return {
    openapi: '3.1.0',
    info: { title: 'authentik-mock, control API', version: manifest.version },
    servers: [{ url: base === '' ? '/' : base }],
    security: [{ token: [] }],
    paths: Object.fromEntries(routes.map((route) => [route.path, toPathItem(route)])),
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
  const { summary, body, query = {}, answer, status = answer ? 200 : 204 } = verb
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
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      [status]: { description: summary, ...(answer && { content: contentOf(answer) }) },
      ...Object.fromEntries(
        FAULTS.map(([code, description]) => [code, { description, content: contentOf(answers.fault) }]),
      ),
    },
  }
}

/** What any verb may answer instead. */
const FAULTS = [
  ['400', 'Something is wrong, as its problems say.'],
  ['401', 'The token is missing, or wrong.'],
  ['404', 'What the path names is not there.'],
] as const

const contentOf = (schema: z.ZodMiniType) => ({ 'application/json': { schema: toSchema(schema) } })

function toSchema(schema: z.ZodMiniType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any' }) as Record<string, unknown>
  void $schema
  return rest
}
