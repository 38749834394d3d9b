/** Drift reports how a schema changed. A change may break the reader of an answer, the writer of a request, both or nobody. */
import { expect, it } from 'vitest'
import type { JsonObject } from '../../../src/schema/json.ts'
import { compare, integer, listOf, objectOf, oneOf, ref, text, withAnswer, withBody } from './support.ts'

const nullableText = { ...text, nullable: true }
const textUpTo = (maxLength: number) => ({ ...text, maxLength })
const mapOf = (additionalProperties: object | boolean) => ({ type: 'object', additionalProperties })
const [requiredKey, optionalKey] = [objectOf({ a: text }, 'a'), objectOf({ a: text })]

/** What changed, its report, whom it breaks in an answer and in a request, and the schema before and after. */
type SchemaChange = [
  title: string,
  report: string,
  inAnswer: string,
  inRequest: string,
  oldSchema: JsonObject,
  newSchema: JsonObject,
]

const CHANGES: SchemaChange[] = [
  [
    'a key that was removed',
    'removed $.a is gone / has no effect any more',
    'reader',
    'writer',
    optionalKey,
    objectOf({}),
  ],
  ['a key that is no longer required', 'retyped $.a may be absent', 'reader', 'nobody', requiredKey, optionalKey],
  ['a key that has become required', 'retyped $.a is required', 'nobody', 'writer', optionalKey, requiredKey],
  [
    'a new key that is required',
    'added $.a is new: string / is new and required',
    'nobody',
    'writer',
    objectOf({}),
    requiredKey,
  ],
  ['a new key that is optional', 'added $.a is new: string', 'nobody', 'nobody', objectOf({}), optionalKey],
  [
    'a key with another name',
    'renamed $.jwks_uri is now called keys_uri',
    'reader',
    'writer',
    objectOf({ jwks_uri: text }),
    objectOf({ keys_uri: text }),
  ],
  [
    'a value that may now be null',
    'retyped $.a can be null',
    'reader',
    'nobody',
    optionalKey,
    objectOf({ a: nullableText }),
  ],
  [
    'a value that may no longer be null',
    'retyped $.a can no longer be null',
    'nobody',
    'writer',
    objectOf({ a: nullableText }),
    optionalKey,
  ],
  ['another type', 'retyped $.a is string, then integer', 'reader', 'writer', optionalKey, objectOf({ a: integer })],
  [
    'a format that was added',
    'retyped $.a is string, then string (uuid)',
    'nobody',
    'writer',
    optionalKey,
    objectOf({ a: { ...text, format: 'uuid' } }),
  ],
  [
    'one more allowed value',
    'retyped $.a can also be "y"',
    'reader',
    'nobody',
    objectOf({ a: oneOf('x') }),
    objectOf({ a: oneOf('y', 'x') }),
  ],
  [
    'one allowed value fewer',
    'retyped $.a can no longer be "y"',
    'nobody',
    'writer',
    objectOf({ a: oneOf('x', 'y') }),
    objectOf({ a: oneOf('x') }),
  ],
  [
    'an enumeration that was dropped',
    'retyped $.a can be anything',
    'reader',
    'nobody',
    objectOf({ a: oneOf('x') }),
    optionalKey,
  ],
  [
    'a new enumeration',
    'retyped $.a can only be one of "x", "y"',
    'nobody',
    'writer',
    optionalKey,
    objectOf({ a: oneOf('x', 'y') }),
  ],
  [
    'a longer maximum length',
    'retyped $.a has at most 9 characters, not at most 8 characters',
    'reader',
    'nobody',
    objectOf({ a: textUpTo(8) }),
    objectOf({ a: textUpTo(9) }),
  ],
  [
    'a new maximum length',
    'retyped $.a has at most 9 characters, not any number of characters',
    'nobody',
    'writer',
    optionalKey,
    objectOf({ a: textUpTo(9) }),
  ],
  [
    'another type of list items',
    'retyped $.a[] is string, then integer',
    'reader',
    'writer',
    objectOf({ a: listOf(text) }),
    objectOf({ a: listOf(integer) }),
  ],
  [
    'a list in place of a text',
    'retyped $.a is string, then a list of Part',
    'reader',
    'writer',
    optionalKey,
    objectOf({ a: listOf(ref('Part')) }),
  ],
  [
    'a higher minimum',
    'retyped $.a is at least 1, not any number',
    'nobody',
    'writer',
    objectOf({ a: integer }),
    objectOf({ a: { ...integer, minimum: 1 } }),
  ],
  [
    'a lower minimum',
    'retyped $.a is at least 0, not at least 1',
    'reader',
    'nobody',
    objectOf({ a: { ...integer, minimum: 1 } }),
    objectOf({ a: { ...integer, minimum: 0 } }),
  ],
  [
    'a higher maximum',
    'retyped $.a is at most 9, not at most 8',
    'reader',
    'nobody',
    objectOf({ a: { ...integer, maximum: 8 } }),
    objectOf({ a: { ...integer, maximum: 9 } }),
  ],
  [
    'a new pattern',
    'retyped $.a has the pattern ^a$, not no pattern',
    'nobody',
    'writer',
    optionalKey,
    objectOf({ a: { ...text, pattern: '^a$' } }),
  ],
  [
    'another pattern',
    'retyped $.a has the pattern b, not the pattern a',
    'reader',
    'writer',
    objectOf({ a: { ...text, pattern: 'a' } }),
    objectOf({ a: { ...text, pattern: 'b' } }),
  ],
  [
    'a pattern that was dropped',
    'retyped $.a has no pattern, not the pattern a',
    'reader',
    'nobody',
    objectOf({ a: { ...text, pattern: 'a' } }),
    optionalKey,
  ],
  [
    'another type under every key of a map',
    'retyped $.a.* is string, then integer',
    'reader',
    'writer',
    objectOf({ a: mapOf(text) }),
    objectOf({ a: mapOf(integer) }),
  ],
  [
    'another type of a key inside a map',
    'retyped $.a.*.b is string, then integer',
    'reader',
    'writer',
    objectOf({ a: mapOf(objectOf({ b: text })) }),
    objectOf({ a: mapOf(objectOf({ b: integer })) }),
  ],
  [
    'further keys that are no longer allowed',
    'retyped $.a.* can no longer be there',
    'nobody',
    'writer',
    objectOf({ a: mapOf({}) }),
    objectOf({ a: mapOf(false) }),
  ],
  [
    'further keys that are now allowed',
    'retyped $.a.* can be there',
    'reader',
    'nobody',
    objectOf({ a: mapOf(false) }),
    objectOf({ a: { type: 'object' } }),
  ],
  [
    'a map whose values now have a type',
    'retyped $.a.* can only be string',
    'nobody',
    'writer',
    objectOf({ a: mapOf({}) }),
    objectOf({ a: mapOf(text) }),
  ],
  [
    'a map whose values may now be anything',
    'retyped $.a.* can be anything',
    'reader',
    'nobody',
    objectOf({ a: mapOf(text) }),
    objectOf({ a: mapOf(true) }),
  ],
  [
    'one more alternative of oneOf',
    'retyped $.a can also be Part',
    'reader',
    'nobody',
    objectOf({ a: { oneOf: [text] } }),
    objectOf({ a: { oneOf: [ref('Part'), text] } }),
  ],
  [
    'one alternative of anyOf fewer',
    'retyped $.a can no longer be integer',
    'nobody',
    'writer',
    objectOf({ a: { anyOf: [integer, text] } }),
    objectOf({ a: { anyOf: [text] } }),
  ],
  [
    'a new key with the name of a member of every JavaScript object',
    'added $.constructor is new: string',
    'nobody',
    'nobody',
    objectOf({}),
    objectOf({ constructor: text }),
  ],
  [
    'another type of a key in a nested object',
    'retyped $.a.b is string, then integer',
    'reader',
    'writer',
    objectOf({ a: objectOf({ b: text }) }),
    objectOf({ a: objectOf({ b: integer }) }),
  ],
]

it.each(CHANGES)(
  'drift reports %s: "%s" breaks %s in an answer, %s in a request',
  (_, report, inAnswer, inRequest, oldSchema, newSchema) => {
    const [, kind, path = '', answerChange, requestChange = answerChange] =
      /^(\w+) \$(\S+) (.+?)(?: \/ (.+))?$/.exec(report) ?? []
    const subject = `Book${path.replace('[]', '')}`
    expect(compare(withAnswer(oldSchema), withAnswer(newSchema))).toEqual([
      `${kind} ${subject} ${answerChange} (${inAnswer}) put 200 $${path}`,
    ])
    expect(compare(withBody(oldSchema), withBody(newSchema))).toEqual([
      `${kind} ${subject} ${requestChange} (${inRequest}) put body $${path}`,
    ])
  },
)
