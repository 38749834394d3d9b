/** Holds answers of the control API against its own OpenAPI document. */
import { z } from 'zod'
import type { Ask, ControlAnswer } from './control.ts'
import type { Row } from './client.ts'

const schemas = new WeakMap<object, z.ZodType>()

/** What is wrong with a value beside a schema of the document. */
export function misfitsOf(schema: object, value: unknown): string[] {
  const checked = schemas.get(schema) ?? z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  schemas.set(schema, checked)
  const result = checked.safeParse(value)
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

/** The operation of the document for a method on a path below `/-/mock/api/`. */
export function operationOf(document: Row, method: string, path: string): Row | undefined {
  const [target = ''] = path.split('?')
  const template = Object.keys(document['paths']).find((candidate) => {
    const pattern = candidate.slice('/-/mock/api/'.length).replace(/\{\w+\}/g, '[^/]+')
    const isFixed = !Object.keys(document['paths']).includes(`/-/mock/api/${target}`) || !candidate.includes('{')
    return isFixed && new RegExp(`^${pattern}$`).test(target)
  })
  return template === undefined ? undefined : document['paths'][template][method.toLowerCase()]
}

/** What an answer has that the document does not say of it. */
export function undocumentedIn(document: Row, method: string, path: string, answer: ControlAnswer): string[] {
  const operation = operationOf(document, method, path)
  if (!operation) return answer.status === 404 || answer.status === 405 ? [] : [`${method} ${path} is not there`]
  const response = operation['responses'][answer.status]
  if (!response) return [`${method} ${path} has no ${answer.status}`]
  const schema = response.content?.['application/json']?.schema
  if (!schema) return answer.text === '' ? [] : [`${method} ${path} has a body`]
  return misfitsOf(schema, answer.json)
}

/** Asks as another does, and throws where an answer is not as documented. */
export async function documentedAsker(ask: Ask): Promise<Ask> {
  const { json: document } = await ask('GET', 'schema/')
  return async (method, path, body, headers) => {
    const answer = await ask(method, path, body, headers)
    const faults = undocumentedIn(document, method, path, answer)
    if (faults.length) throw new Error(`${method} ${path} ${answer.status}: ${faults.join('; ')}`)
    return answer
  }
}
