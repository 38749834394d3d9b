/** The OpenAPI document of a mock's operations, as authentik writes its own. */
import type { Operation } from '../core/operation.ts'
import type { Release } from '../core/release.ts'
import { integer, toComponents, toOpenApi, type Fragment, type Schema } from '../core/schema.ts'

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

const toOperation = ({ id, summary, tag, responses, ...asked }: Operation): Fragment => ({
  operationId: id,
  description: summary,
  ...(hasParameters(asked) ? { parameters: toParameters(asked) } : {}),
  tags: [tag],
  security: [{ authentik: [] }],
  responses: Object.fromEntries(Object.entries(responses).map(([status, schema]) => [status, toResponse(schema)])),
})

type Asked = Pick<Operation, 'parameters' | 'query' | 'filters' | 'view'>

const hasParameters = ({ parameters, query }: Asked) => Object.keys({ ...parameters, ...query }).length > 0

/** By name, as authentik lists them. On the path of one row it does not document the filters that hold there too (FACTS 2.6). */
function toParameters({ parameters, query = {}, filters = {}, view }: Asked): Fragment[] {
  const isList = !view.path.includes('{')
  const all: Fragment[] = [
    ...Object.entries(parameters).map(([name, { schema, description }]) => ({ in: 'path', name, schema: toOpenApi(schema), description, required: true })),
    ...Object.entries(query).map(([name, { schema, description }]) => ({ name, required: false, in: 'query', description, schema: toOpenApi(schema) })),
    ...Object.keys(isList ? filters : {}).map((name) => ({ in: 'query', name, schema: toOpenApi(integer()) })),
  ]
  return all.sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1))
}

const toResponse = (schema: Schema | null): Fragment => ({ ...(schema ? { content: { 'application/json': { schema: toOpenApi(schema) } } } : {}), description: '' })
