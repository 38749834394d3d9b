/** The control API's own OpenAPI document. */
import { beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../src/control/routes.ts'
import { SCENARIO_FIELDS } from '../../src/control/scenario-fields.ts'
import type { Row } from '../support/client.ts'
import { askerIn, controlledMock } from '../support/control.ts'

let document: Row
beforeAll(async () => {
  document = (await askerIn(await controlledMock())('GET', 'schema/')).json
})

const operations = () =>
  Object.entries<Row>(document['paths']).flatMap(([path, item]) =>
    Object.entries<Row>(item)
      .filter(([method]) => method !== 'parameters')
      .map(([method, operation]) => ({ path, method, operation, parameters: item['parameters'] ?? [] })),
  )

describe('the document', () => {
  it('is one of OpenAPI 3.1, with what that asks of each operation', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: expect.any(String), version: expect.any(String) },
      servers: [{ url: '/' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    })
    const ids = operations().map(({ operation }) => operation['operationId'])
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, method, operation, parameters } of operations()) {
      expect(path.startsWith('/-/mock/api/')).toBe(true)
      expect(['get', 'put', 'post', 'delete', 'patch']).toContain(method)
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(parameters.map(({ name }: Row) => name)).toEqual(names)
      const taken: Row[] = [...parameters, ...(operation['parameters'] ?? [])]
      expect(new Set(taken.map(({ name, in: place }) => `${place} ${name}`)).size).toBe(taken.length)
      for (const { in: place, required, schema } of taken) {
        expect(schema).toEqual({ type: 'string' })
        expect([place, place === 'path' ? required : undefined]).toEqual([place, place === 'path' ? true : undefined])
      }
      expect(Object.keys(operation['responses']).length).toBeGreaterThan(0)
      for (const [status, response] of Object.entries<Row>(operation['responses'])) {
        expect(status).toMatch(/^[2-5]\d\d$/)
        expect(response['description'].length).toBeGreaterThan(0)
      }
      expect([operation['requestBody'] === undefined, method]).not.toEqual([false, 'get'])
    }
    expect(JSON.stringify(document)).not.toContain('$ref')
    expect(JSON.stringify(document)).not.toContain('"$schema"')
  })

  it('has every route that answers, and every field that a scenario may have', () => {
    const documented = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    const answered = routes.flatMap(({ path, methods }) => Object.keys(methods).map((method) => `${method} ${path}`))
    expect(documented.toSorted()).toEqual([...answered, 'GET /-/mock/api/schema/'].toSorted())
    const body = document['paths']['/-/mock/api/scenarios/'].post.requestBody.content['application/json'].schema
    expect(Object.keys(body.properties)).toEqual([...SCENARIO_FIELDS.keys()])
    const optional = document['paths']['/-/mock/api/seed/'].post.requestBody
    expect(optional.required).toBe(false)
  })

  it('names the base path as its server', async () => {
    const authentik = await controlledMock({ basePath: '/auth/', release: '2025.12' })
    expect((await askerIn(authentik, '/auth')('GET', 'schema/')).json['servers']).toEqual([{ url: '/auth' }])
  })
})
