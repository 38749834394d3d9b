/** What an editor completes a world by: its JSON Schema, which follows from the resources. */
import * as z from 'zod/mini'
import { ASIDE, resources } from '../authentik/resources/index.ts'
import type { Fields } from '../rest/field.ts'
import { toOpenApi } from '../schema/words.ts'
import { hasIntegerKey, type Resource } from '../store/resource.ts'

type JsonSchema = Record<string, unknown>

/** What the words of a world stand for. */
const WORDS: Readonly<Record<string, JsonSchema>> = {
  superuser: { type: 'boolean', description: 'Whether the user is in a group that makes superusers.' },
  application: { type: 'string', description: 'The slug or the name of an application.' },
}

/** The JSON Schema of a world in short, of every release (JSON Schema, draft 2020-12). */
export function toWorldSchema(): JsonSchema {
  const lists = resources.map((resource) => [
    resource.name,
    { type: 'array', items: toRowSchema(resource as Resource & { fields: Fields }) },
  ])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A world of authentik-mock',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      extends: { const: 'default', description: 'Merges these rows into the default world.' },
      ...Object.fromEntries(lists),
      permissions: {
        type: 'object',
        description: "authentik's permission codenames, by username.",
        additionalProperties: { type: 'array', items: { type: 'string' } },
      },
      secret_key: { type: 'string', description: "authentik's SECRET_KEY." },
    },
    patternProperties: { [ASIDE.source]: {} },
    additionalProperties: false,
  }
}

function toRowSchema(resource: Resource & { fields: Fields }): JsonSchema {
  const fields = Object.keys(resource.model.shape).map((field) => [field, toFieldSchema(resource, field)])
  const words = Object.keys(resource.shorthand?.words ?? {}).map((word) => [word, WORDS[word] ?? {}])
  return {
    type: 'object',
    properties: { ...Object.fromEntries(words), ...Object.fromEntries(fields) },
    additionalProperties: false,
  }
}

function toFieldSchema(resource: Resource & { fields: Fields }, field: string): JsonSchema {
  const target = resource.references[field]
  const { schema: word } = resource.fields[field] ?? {}
  const { description } = word ? toOpenApi(word) : {}
  const described = typeof description === 'string' ? { description } : {}
  if (target !== undefined) return { ...described, ...toReferenceSchema(resource, field, target) }
  if (resource.instants.includes(field))
    return { type: ['string', 'null'], description: 'An instant in RFC 3339, or a time from now: +5m, -1h30m, +2d.' }
  const model = resource.model.shape[field]
  if (!model) return described
  const {
    $schema: _,
    default: fallback,
    ...schema
  } = z.toJSONSchema(model, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  // What is made anew for each row is no default.
  const isPlain = fallback !== undefined && (typeof fallback !== 'object' || fallback === null)
  return { ...described, ...schema, ...(isPlain && { default: fallback }) }
}

/** A key, or a name; a row as the API lists it has the whole row there. */
function toReferenceSchema(resource: Resource, field: string, target: string): JsonSchema {
  const referenced = resources.find(({ name }) => name === target)
  const names = referenced?.shorthand?.names ?? []
  const type =
    referenced && hasIntegerKey(referenced) ? ['integer', 'string', 'object', 'null'] : ['string', 'object', 'null']
  const description = `A row of ${target}, by its ${[...names, referenced?.key].join(' or ')}.`
  return resource.keyLists.includes(field)
    ? { type: 'array', items: { type: type.filter((word) => word !== 'null') }, description }
    : { type, description }
}
