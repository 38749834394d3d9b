/** A schema as another release has it: rebuilt from the words it is made of, where something in it changed. */
import { component, isSchema, meaningOf, type Component, type Schema, type Shape } from './words.ts'

/**
 * What a release changed in components, by their name; a `*` stands for any letters. A key gets another schema, or null
 * when it is gone; a new one stands last, or where `placedAfter` says. A component can be replaced or `renamed`.
 */
export type Changes = Record<string, Change>
type Change = Schema | Renamed | KeyChanges
type KeyChanges = Record<string, Schema | Placed | null>

class Placed {
  readonly previous: string
  readonly schema: Schema
  constructor(previous: string, schema: Schema) {
    this.previous = previous
    this.schema = schema
  }
}

class Renamed {
  readonly name: string
  readonly keys: KeyChanges
  constructor(name: string, keys: KeyChanges) {
    this.name = name
    this.keys = keys
  }
}

/** A key that stands behind another. */
export const placedAfter = (previous: string, schema: Schema) => new Placed(previous, schema)

/** The component under another name, its keys changed or not. */
export const renamed = (name: string, keys: KeyChanges = {}) => new Renamed(name, keys)

/** The same changes in each of several components. */
export const inEach = (names: readonly string[], change: KeyChanges): Changes =>
  Object.fromEntries(names.map((name) => [name, change]))

/**
 * Rebuilds schemas, each once.
 * @param steps what each release on the way changed, the oldest first
 */
export function amender(steps: readonly Changes[]): (schema: Schema) => Schema {
  const amendments = new Map<Schema, Schema>()
  return function amend(schema: Schema): Schema {
    const finished = amendments.get(schema)
    if (finished) return finished
    const amended = amendOne(schema, steps, amend)
    amendments.set(schema, amended)
    if (amended !== schema) amendments.set(amended, amended)
    return amended
  }
}

type Amend = (schema: Schema) => Schema

function amendOne(schema: Schema, steps: readonly Changes[], amend: Amend): Schema {
  const { component: definition, parts, make } = meaningOf(schema)
  if (definition?.shape) return amendComponent(schema, definition, definition.shape, steps, amend)
  if (definition && parts.length === 0) return replacementOf(definition.name, steps) ?? schema
  const amended = parts.map(amend)
  return amended.every((part, index) => part === parts[index]) ? schema : make(amended)
}

/** The schema that stands in place of a component, where a step says so; the last such step decides. */
const replacementOf = (name: string, steps: readonly Changes[]): Schema | undefined =>
  steps.flatMap((step) => changesOf(step, name).filter(isSchema)).at(-1)

function amendComponent(
  schema: Schema,
  definition: Component,
  shape: Shape,
  steps: readonly Changes[],
  amend: Amend,
): Schema {
  let name = definition.name
  let keys = shape
  let replacement: Schema | undefined
  for (const step of steps) {
    for (const change of changesOf(step, name)) {
      if (isSchema(change)) replacement = change
      else if (change instanceof Renamed) {
        name = change.name
        keys = applyTo(keys, change.keys)
      } else keys = applyTo(keys, change)
    }
  }
  if (replacement) return replacement
  const amended = Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, amend(value)]))
  const isSame =
    name === definition.name &&
    Object.keys(amended).join() === Object.keys(shape).join() &&
    Object.entries(amended).every(([key, value]) => shape[key] === value)
  return isSame ? schema : component(name, amended, definition)
}

const changesOf = (step: Changes, name: string) =>
  Object.entries(step).flatMap(([pattern, change]) => (isNamed(name, pattern) ? [change] : []))

/** Whether a name is of a pattern. @param pattern a name, in which a `*` stands for any letters */
export function isNamed(name: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*')
  return end === undefined ? name === pattern : name.startsWith(start) && name.endsWith(end)
}

function applyTo(shape: Shape, changes: KeyChanges): Shape {
  const entries = Object.entries(shape)
  const indexOf = (key: string) => entries.findIndex(([name]) => name === key)
  for (const [key, change] of Object.entries(changes)) {
    const index = indexOf(key)
    const isMoved = change === null || change instanceof Placed
    if (isMoved && index >= 0) entries.splice(index, 1)
    if (change === null) continue
    if (change instanceof Placed) {
      const previous = indexOf(change.previous)
      if (previous < 0) throw new TypeError(`Failed to place "${key}": there is no key "${change.previous}" before it.`)
      entries.splice(previous + 1, 0, [key, change.schema])
    } else if (index >= 0) entries[index] = [key, change]
    else entries.push([key, change])
  }
  return Object.fromEntries(entries)
}
