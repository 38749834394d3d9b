/** The OpenAPI document that a server hands out. */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { observedAdmin } from '../../support/recordings.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

/** What was read of a text in YAML: several answers have the same, which takes long to read. */
const documents = new Map<string, any>()
const parseOnce = (yaml: string) => {
  const document = documents.get(yaml) ?? parse(yaml)
  documents.set(yaml, document)
  return document
}

describe('the OpenAPI document that a server hands out', () => {
  const read = (query: string, headers: Record<string, string> = {}) =>
    reader.get(`/schema/${query}`, { as: null, headers })

  it.each([
    ['', undefined, 'application/vnd.oai.openapi; charset=utf-8'],
    ['', '*/*', 'application/vnd.oai.openapi; charset=utf-8'],
    ['', 'application/vnd.oai.openapi', 'application/vnd.oai.openapi; charset=utf-8'],
    ['', 'application/yaml', 'application/yaml; charset=utf-8'],
    ['', 'application/json', 'application/json; charset=utf-8'],
    ['', 'application/vnd.oai.openapi+json', 'application/vnd.oai.openapi+json; charset=utf-8'],
    ['', 'text/html, application/json', 'application/json; charset=utf-8'],
    ['', 'application/*', 'application/vnd.oai.openapi; charset=utf-8'],
    ['?format=yaml', undefined, 'application/vnd.oai.openapi; charset=utf-8'],
    ['?format=yaml', 'application/yaml', 'application/yaml; charset=utf-8'],
    ['?format=json', undefined, 'application/vnd.oai.openapi+json; charset=utf-8'],
    ['?format=json', '*/*', 'application/vnd.oai.openapi+json; charset=utf-8'],
    ['?format=json', 'application/json', 'application/json; charset=utf-8'],
  ])('with the query "%s" and Accept %s has the media type %s', async (query, accept, type) => {
    const { status, headers, text } = await read(query, accept ? { Accept: accept } : {})
    expect([status, headers.get('Content-Type')]).toEqual([200, type])
    expect((type.includes('json') ? JSON.parse(text) : parseOnce(text)).info.version).toBe('2024.8.4')
  })

  it('says the same in YAML as in JSON', async () => {
    const [yaml, json] = await Promise.all([read(''), read('?format=json')])
    expect(parseOnce(yaml.text)).toEqual(JSON.parse(json.text))
    expect(() => JSON.parse(yaml.text)).toThrow(SyntaxError)
  })

  it('is OpenAPI 3.0.3, with the paths of the API', async () => {
    const document = JSON.parse((await read('?format=json')).text)
    expect(document).toMatchObject({ openapi: '3.0.3', info: { title: 'authentik' } })
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/schema/',
        '/root/config/',
        '/core/users/me/',
        '/core/groups/{group_uuid}/',
        '/providers/oauth2/{id}/setup_urls/',
      ]),
    )
    expect(document.paths['/schema/'].get.security).toEqual([{ authentik: [] }, {}])
  })

  it('is the same with credentials and without', async () => {
    expect((await reader.get('/schema/?format=json', { as: 'seed-alice' })).text).toBe(
      (await read('?format=json')).text,
    )
  })

  it.each(['xml', 'html', 'openapi', 'JSON'])('does not exist as ?format=%s', async (format) => {
    expect((await read(`?format=${format}`)).status).toBe(404)
  })

  it.each(['text/html', 'application/xml', 'image/*'])('does not exist as %s', async (accept) => {
    expect((await read('', { Accept: accept })).status).toBe(406)
  })

  it('is refused to a caller whose query says JSON and whose Accept header allows only YAML', async () => {
    expect((await read('?format=json', { Accept: 'application/yaml' })).status).toBe(406)
  })

  it('has a file name for its format, and may be cached for a day', async () => {
    const { headers } = await read('')
    expect(headers.get('Content-Disposition')).toBe('inline; filename="authentik.yaml"')
    expect(headers.get('Cache-Control')).toBe('max-age=86400')
    expect((await read('?format=json')).headers.get('Content-Disposition')).toBe('inline; filename="authentik.json"')
  })
})
