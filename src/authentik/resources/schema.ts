/** The OpenAPI document, as the API itself hands it out (docs/authentik.md#config-version-schema). */
import type { Renderer } from '../../rest/negotiate.ts'
import { operation } from '../../rest/operation.ts'
import { anyObject, oneOf } from '../../schema/words.ts'

const inJson = (json: string) => json
/** Loaded only when it is asked for. */
const inYaml = async (json: string) =>
  (await import('yaml')).stringify(JSON.parse(json), { aliasDuplicateObjects: false })

const renderer = (format: string, type: string, render: Renderer['render']): Renderer => ({
  format,
  type,
  contentType: `${type}; charset=utf-8`,
  render,
})
const renderers = [
  renderer('yaml', 'application/vnd.oai.openapi', inYaml),
  renderer('yaml', 'application/yaml', inYaml),
  renderer('json', 'application/vnd.oai.openapi+json', inJson),
  renderer('json', 'application/json', inJson),
]

/** The languages that authentik's framework knows. */
export const LANGUAGES =
  'af ar ar-dz ast az be bg bn br bs ca ckb cs cy da de dsb el en en-au en-gb eo es es-ar es-co es-mx es-ni es-ve et eu fa fi fr fy ga gd gl he hi hr hsb hu hy ia id ig io is it ja ka kab kk km kn ko ky lb lt lv mk ml mn mr ms my nb ne nl nn os pa pl pt pt-br ro ru sk sl sq sr sr-latn sv sw ta te tg th tk tr tt udm ug uk ur uz vi zh-hans zh-hant'.split(
    ' ',
  ) as [string, ...string[]]

export const FORMATS = ['json', 'yaml'] as const

const DAY = 86_400

/** What can be asked of the document. */
export const operations = [
  operation({
    id: 'schema_retrieve',
    method: 'GET',
    view: {
      path: '/schema/',
      name: 'Spectacular API',
      description: 'OpenApi3 schema for this API.',
      open: 'everybody',
      renderers,
    },
    tag: 'schema',
    summary: 'This document: in YAML, or in JSON with `?format=json`.',
    parameters: {},
    query: { format: { schema: oneOf(FORMATS) }, lang: { schema: oneOf(LANGUAGES) } },
    responses: { 200: anyObject() },
    headers: ({ world }, format) => [
      ['Content-Disposition', `inline; filename="authentik.${format}"`],
      ['Expires', new Date(world.clock.now() + DAY * 1000).toUTCString()],
      ['Cache-Control', `max-age=${DAY}`],
      ['Vary', 'Accept, Cookie'],
    ],
    async resolve({ release }) {
      const { toDocument } = await import('../answers/document.ts')
      return toDocument(release)
    },
  }),
]
