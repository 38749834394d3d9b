/** The OpenAPI document of a mock's operations, as authentik writes its own. */
import type { Operation } from '../core/operation.ts'
import type { Release } from '../core/release.ts'
import { toComponents, toOpenApi, type Fragment, type Schema } from '../core/schema.ts'

/** @returns an OpenAPI 3.0.3 document */
export function toDocument({ version, server, operations }: Release): Fragment {
  const paths: Record<string, Fragment> = {}
  for (const one of operations) (paths[one.view.path] ??= {})[one.method.toLowerCase()] = toOperation(one)
  const schemas = operations.flatMap((one) => Object.values(one.responses).filter((schema): schema is Schema => schema !== null))
  return {
    openapi: '3.0.3',
    info: { title: 'authentik', version },
    servers: [{ url: server }],
    paths,
    components: { schemas: toComponents(schemas), securitySchemes: { authentik: { type: 'http', scheme: 'bearer' } } },
  }
}

const toOperation = ({ id, summary, parameters, tag, responses }: Operation): Fragment => ({
  operationId: id,
  description: summary,
  parameters: Object.entries(parameters).map(([name, { schema, description }]) => ({ in: 'path', name, schema: toOpenApi(schema), description, required: true })),
  tags: [tag],
  security: [{ authentik: [] }],
  responses: Object.fromEntries(Object.entries(responses).map(([status, schema]) => [status, toResponse(schema)])),
})

const toResponse = (schema: Schema | null): Fragment => ({ ...(schema ? { content: { 'application/json': { schema: toOpenApi(schema) } } } : {}), description: '' })
